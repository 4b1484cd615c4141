"""The lookout: asks the brokers now and then how far the group is committed, and stops the worker
that stands still. How that is judged is in `streams.shell.standstill`.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from time import monotonic

from streams.shell.cluster import ClusterError
from streams.shell.guard import Guard
from streams.shell.recovery import Standing
from streams.shell.standstill import Partition, Patience, Seen, Waiting, judge

Ask = Callable[[Collection[Partition]], Awaitable[Mapping[Partition, int]]]
"""How far these partitions are committed; raises `ClusterError` where the brokers do not say."""


class Lookout:
    """One for each app. Let it `look` every `between_looks_s` seconds."""

    def __init__(self, ask: Ask, standing: Standing, guard: Guard) -> None:
        self._ask = ask
        self._standing = standing
        self._guard = guard
        self._patience = Patience()
        self.stands_still = False
        """Whether the worker was stopped because of it: it can no longer commit when it stops."""

    async def look(self) -> None:
        """Takes one look. Nobody is asked while nothing waits, so a quiet stream costs nothing."""
        standing = self._standing
        answered = standing.reading.is_set() and await self._answered()
        seen = Seen(standing.uncommitted.longest, standing.reading.is_set(), answered)
        self._patience, verdict = judge(self._patience, seen)
        if verdict == "stands_still" and seen.longest is not None and not self.stands_still:
            self.stands_still = True
            self._guard.halt(_reason(*seen.longest))

    async def _answered(self) -> bool:
        waiting = self._standing.uncommitted
        if not waiting.partitions:
            return False
        try:
            offsets = await self._ask(waiting.partitions)
        # uvloop's bare RuntimeError where a connection is lost just then: what this is all about.
        except (ClusterError, RuntimeError):
            return False
        waiting.committed(offsets, monotonic())
        return True


def _reason(partition: Partition, waiting: Waiting) -> str:
    topic, number = partition
    return (
        f"nothing is committed any more: {topic}[{number}] is acknowledged from offset "
        f"{waiting.oldest} to {waiting.newest}, for {monotonic() - waiting.since_s:.0f} s, and the "
        "brokers answer and have no commit of it; the client has lost its group's coordinator. "
        "What is not committed is read again after the restart"
    )
