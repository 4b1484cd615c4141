"""What one source is given to work with: clock, pauses, the word to stop, and where to complain.

Time comes from outside, so that a test need not wait. How a source stands is kept here for the
pages and the metrics; nothing is decided on it.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from streams.shell.intake.sources import Source
from streams.shell.settings import Settings

_log = logging.getLogger(__name__)

Now = Callable[[], datetime]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class Standing:
    """How a source stands in this process."""

    started_at: datetime
    problem: str | None = None
    failing_since: datetime | None = None
    last_item_at: datetime | None = None
    """When the last new item was confirmed."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """Items by `sent`, `repeated` and `refused`."""


class Shift:
    """The work on one source, from its start to the word to stop. For the tasks of one loop."""

    def __init__(
        self, source: Source, settings: Settings, stop: asyncio.Event, now: Now, sleep: Sleep
    ) -> None:
        self.source = source
        self.settings = settings
        self.now = now
        """The time, in UTC."""
        self.standing = Standing(now())
        self._stop = stop
        self._sleep = sleep

    @property
    def is_over(self) -> bool:
        """Whether it is time to finish what is in hand and return."""
        return self._stop.is_set()

    async def pause(self, seconds: float) -> bool:
        """Waits; `False`, and at once, when it is time to stop."""
        if self.is_over:
            return False
        stopped = asyncio.ensure_future(self._stop.wait())
        waited = asyncio.ensure_future(self._sleep(seconds))
        try:
            await asyncio.wait({stopped, waited}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (stopped, waited):
                task.cancel()
            await asyncio.gather(stopped, waited, return_exceptions=True)
        return not self.is_over

    def failing(self, problem: str) -> None:
        """The source does not work at present. Logged when it is a new problem."""
        if self.standing.problem is None:
            self.standing.failing_since = self.now()
        if problem != self.standing.problem:
            _log.warning("source %s: %s", self.source.name, problem)
        self.standing.problem = problem

    def well(self) -> None:
        """The source works (again)."""
        if self.standing.problem is not None:
            _log.info("source %s: well again", self.source.name)
        self.standing.problem = self.standing.failing_since = None
