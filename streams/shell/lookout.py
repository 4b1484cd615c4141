"""The lookout: asks the brokers now and then how far the group is committed and who is in it, and
stops the worker that stands still. How that is judged is in `streams.shell.standstill`.
"""

from collections.abc import Awaitable, Callable, Collection
from time import monotonic

from streams.shell.cluster import ClusterError, GroupState
from streams.shell.guard import Guard
from streams.shell.recovery import Standing
from streams.shell.standstill import LOOKS, Partition, Patience, Seen, judge

Ask = Callable[[Collection[Partition]], Awaitable[GroupState]]
"""How the group stands; raises `ClusterError` where the brokers do not say."""


class Lookout:
    """One for each app. Let it `look` every `between_looks_s` seconds."""

    def __init__(
        self, ask: Ask, member: Callable[[], str], standing: Standing, guard: Guard
    ) -> None:
        """`member` gives the id under which the worker is in its group."""
        self._ask = ask
        self._member = member
        self._standing = standing
        self._guard = guard
        self._patience = Patience()
        self.stands_still = False
        """Whether the worker was stopped because of it: it can no longer commit when it stops."""

    async def look(self) -> None:
        """Takes one look. Nobody is asked while nothing waits, so a quiet stream costs nothing."""
        standing = self._standing
        something_waits = bool(standing.uncommitted.partitions)
        group = None
        if standing.reading.is_set() and (something_waits or self._patience.looks):
            group = await self._answer()
        seen = Seen(
            something_waits,
            is_reading=standing.reading.is_set(),
            brokers_answered=group is not None,
            is_member=group is not None and self._member() in group.members,
        )
        self._patience, verdict = judge(self._patience, seen)
        if verdict == "stands_still" and not self.stands_still:
            self.stands_still = True
            self._guard.halt(
                f"the brokers answer and do not count this worker among its group, {LOOKS + 1} "
                "looks in a row: it gives no sign of life any more. What waits for a commit, for "
                f"{standing.uncommitted_age_s:.0f} s so far, is read again after the restart"
            )

    async def _answer(self) -> GroupState | None:
        waiting = self._standing.uncommitted
        try:
            group = await self._ask(waiting.partitions)
        # aiokafka's errors are RuntimeErrors; it may raise one as late as when it is closed.
        except (ClusterError, RuntimeError):
            return None
        waiting.committed(group.committed, monotonic())
        return group
