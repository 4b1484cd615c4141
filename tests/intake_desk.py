"""What tests of the ways in share: a clock that is turned by hand, a door, a shift."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from memory_brokers import MemoryBrokers

from streams.shell.intake.door import Door
from streams.shell.intake.ledger import Ledger
from streams.shell.intake.shift import Shift
from streams.shell.intake.sources import Source
from streams.shell.settings import Settings

START = datetime(2026, 3, 1, 8, tzinfo=UTC)


@dataclass
class TurnedClock:
    """Time that passes only when someone waits, or turns it."""

    time: datetime = START

    def now(self) -> datetime:
        return self.time

    def turn(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        self.turn(seconds)
        await asyncio.sleep(0)


class Desk:
    """A door with all it needs, and shifts for sources."""

    def __init__(self, directory: Path) -> None:
        self.clock = TurnedClock()
        self.brokers = MemoryBrokers("the brokers are away")
        self.ledger = Ledger(directory / "ledger.sqlite3")
        self.stop = asyncio.Event()
        self.door = Door(self.brokers, self.ledger, now=self.clock.now)

    def shift(self, source: Source) -> Shift:
        return Shift(source, Settings(), self.stop, self.clock.now, self.clock.sleep)
