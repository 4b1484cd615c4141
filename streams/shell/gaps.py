"""That no message is skipped: each partition is read without a gap, from where the group stands.

What a client has skipped comes never again once anything behind it is committed, and Faust commits
over it unseen (faust-streaming#596 is one way to get there; a starved machine has found others). So
the first message of a partition after a rebalance must be the one the brokers say is next, and each
later one must follow on the one before. Offsets without a message, as transactions leave them and
what retention has taken, are no gap: the log is asked. What is in a message is no business of ours.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping

from streams.shell.cluster import ClusterError
from streams.shell.dead_letters import Event
from streams.shell.guard import Guard
from streams.shell.recovery import Standing
from streams.shell.standstill import Partition

Committed = Callable[[Collection[Partition]], Awaitable[Mapping[Partition, int]]]
"""The offset to be read next, of each; -1 where there never was a commit. Raises `ClusterError`."""
Lying = Callable[[Partition, int, int], Awaitable[bool]]
"""Whether any message lies from one offset to before another. Raises `ClusterError`."""


class Gaps:
    """One for each app. For one event loop."""

    def __init__(
        self, committed: Committed, lying: Lying, standing: Standing, guard: Guard
    ) -> None:
        self._committed = committed
        self._lying = lying
        self._standing = standing
        self._guard = guard
        self._next: dict[Partition, int] = {}
        """Of each partition the offset of the message that is to come; too low is harmless."""
        self._as_of: object = None
        self._asking = asyncio.Lock()

    async def passes(self, event: Event) -> bool:
        """Whether nothing was skipped before this message; stops the worker where something was.

        Messages of a partition are given in the order in which they come.
        """
        message = event.message
        partition, offset = (message.topic, message.partition), message.offset
        await self._know_where_it_stands()
        wanted = self._next.get(partition)
        if wanted is not None and offset > wanted and await self._is_gap(partition, wanted, offset):
            self._guard.halt(
                f"messages {wanted} to {offset - 1} of {message.topic}[{message.partition}] were "
                "skipped; nothing behind them is acknowledged, and they are read after a restart"
            )
            return False
        self._next[partition] = max(offset + 1, wanted or 0)
        return True

    async def _know_where_it_stands(self) -> None:
        """Asks anew after each rebalance. Where the brokers do not say, what comes first counts."""
        async with self._asking:
            assigned = self._standing.assigned
            if self._as_of is assigned:
                return
            ours = [(topic, number) for topic, numbers in assigned.items() for number in numbers]
            try:
                found = await self._committed(ours)
            # aiokafka's errors are RuntimeErrors.
            except (ClusterError, RuntimeError):
                found = {}
            self._next = {partition: max(offset, 0) for partition, offset in found.items()}
            self._as_of = assigned

    async def _is_gap(self, partition: Partition, begin: int, end: int) -> bool:
        try:
            return await self._lying(partition, begin, end)
        except (ClusterError, RuntimeError):
            return True  # to read something again is better than to lose it
