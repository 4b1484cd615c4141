"""What tests of the ways in share: a clock that is turned by hand, brokers in a list, a shift."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from streams.shell.cluster import ClusterError
from streams.shell.intake.door import Door
from streams.shell.intake.ledger import Ledger
from streams.shell.intake.shift import Shift
from streams.shell.intake.sources import Source
from streams.shell.record import RawItem
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


@dataclass
class ListedBrokers:
    """Keeps what is delivered, unless it is away."""

    items: list[RawItem] = field(default_factory=list)
    away: bool = False
    more: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, count: int) -> None:
        """Waits until so many items have come."""
        while len(self.items) < count:
            self.more.clear()
            await self.more.wait()

    async def deliver(self, items: Sequence[RawItem]) -> None:
        await asyncio.sleep(0)
        if self.away:
            raise ClusterError("the brokers are away")
        self.items.extend(items)
        self.more.set()

    @property
    def data(self) -> list[bytes]:
        return [item.data for item in self.items]


class Desk:
    """A door with all it needs, and shifts for sources."""

    def __init__(self, directory: Path) -> None:
        self.clock = TurnedClock()
        self.brokers = ListedBrokers()
        self.ledger = Ledger(directory / "ledger.sqlite3")
        self.stop = asyncio.Event()
        self.door = Door(self.brokers, self.ledger, now=self.clock.now)

    def shift(self, source: Source) -> Shift:
        return Shift(source, Settings(), self.stop, self.clock.now, self.clock.sleep)
