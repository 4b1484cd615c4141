"""When partitions come and go: what Faust must be helped with, and how the worker stands.

What is hooked in, and one record of the worker's standing. Which messages are handled and how is no
business of this module.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol, cast

import faust
from aiokafka.errors import IllegalStateError
from faust.transport.consumer import Consumer
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from streams.shell.standstill import Uncommitted

_log = logging.getLogger(__name__)


class Placed(Protocol):
    """A message that says where it lies."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...


class Work(Protocol):
    """Whoever knows whether messages are in hand."""

    async def finished(self, timeout_s: float) -> bool: ...


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether messages are being read, and what is missing where they are not."""

    started: bool
    assigned: bool
    recovered: bool
    rebalancing: bool
    halted: str | None

    @property
    def is_ready(self) -> bool:
        """Assigned, recovered, not rebalancing, not halted."""
        ready = self.started and self.assigned and self.recovered and not self.rebalancing
        return ready and self.halted is None


class Standing:
    """How one worker stands. Kept on the event loop, by the sensor and the guard."""

    def __init__(self) -> None:
        self.assigned: Mapping[str, frozenset[int]] = {}
        """Partitions by topic, without changelogs, as of the last rebalance that ended."""
        self._was_assigned = False
        self._recovered = False
        self._rebalancing = False
        self._began = monotonic()
        self._progress: float | None = None
        self._read_since: float | None = None
        self._rebalancing_since: float | None = None
        self.halted: str | None = None
        """Why the guard has stopped the worker, where it has."""
        self.uncommitted = Uncommitted()
        """What is acknowledged and not known to be committed."""
        self.reading = asyncio.Event()
        """Set while partitions are assigned, recovered and not being shared out anew."""
        self.interrupted = asyncio.Event()
        """The opposite of `reading`, for those who wait for its end."""
        self.interrupted.set()

    def rebalance_started(self) -> None:
        """Partitions are being shared out; tables are not to be trusted until `recovered`."""
        if not self._rebalancing:
            self._rebalancing_since = monotonic()
        self._rebalancing = True
        self._recovered = False
        self.reading.clear()
        self.interrupted.set()
        self.uncommitted.forget()

    def recovered(self, assigned: Mapping[str, frozenset[int]]) -> None:
        """Partitions are assigned, tables read back, and reading goes on."""
        self.assigned = assigned
        self._was_assigned = True
        self._recovered = True
        self._rebalancing = False
        self.interrupted.clear()
        # Again: what was in hand has been acknowledged meanwhile, and is not committed any more.
        self.uncommitted.forget()
        self._rebalancing_since = None
        self._read_since = monotonic()
        self.reading.set()

    def stopping(self) -> None:
        """Nothing more is read, and nobody has to wait for it."""
        self.reading.clear()
        self.interrupted.set()

    def progressed(self) -> None:
        """A message was handled."""
        self._progress = monotonic()

    def acknowledged(self, message: Placed) -> None:
        """A message may be committed; one of a partition that has gone is another's affair."""
        if self.holds(message.topic, message.partition):
            partition = (message.topic, message.partition)
            self.uncommitted.acknowledged(partition, message.offset, monotonic())

    def holds(self, topic: str, partition: int) -> bool:
        """Whether this worker reads a partition."""
        return partition in self.assigned.get(topic, frozenset())

    @property
    def progress_age_s(self) -> float | None:
        """Seconds since a message was last handled; `None` before the first."""
        return None if self._progress is None else monotonic() - self._progress

    @property
    def uncommitted_age_s(self) -> float:
        """For how long the oldest message has been acknowledged and, as far as is known, not
        committed; 0 where none is. Right to the last look that was taken."""
        return self.uncommitted.age_s(monotonic())

    @property
    def idle_s(self) -> float:
        """Seconds since a message was last handled, or since reading began; 0 before."""
        since = max(
            (at for at in (self._progress, self._read_since) if at is not None), default=None
        )
        return 0.0 if since is None else monotonic() - since

    @property
    def recovering_s(self) -> float:
        """Seconds since the rebalance that is under way began, tables and all; 0 where none is."""
        return 0.0 if self._rebalancing_since is None else monotonic() - self._rebalancing_since

    @property
    def uptime_s(self) -> float:
        """Seconds since the app was built."""
        return monotonic() - self._began

    def readiness(self, started: bool) -> Readiness:
        """What /readyz says."""
        return Readiness(
            started=started,
            assigned=self._was_assigned,
            recovered=self._recovered,
            rebalancing=self._rebalancing,
            halted=self.halted,
        )


def stop_flow_before_seek(app: faust.App) -> None:
    """Keeps messages from being skipped after a recovery (faust-streaming#596, open in 0.15.3).

    `Recovery.on_recovery_completed` resumes the partitions and only then seeks them to the
    committed offsets. Records fetched in between move the read position ahead, what the seek
    brings back is then dropped as already read, and the gap jams the commits. With the flow
    stopped from before until Faust itself resumes it behind the seek, nothing is fetched in
    between. A regression test fails without this, so that we see when Faust mends it.
    """

    async def hold(*_: Any, **__: Any) -> None:
        consumer = cast("Consumer", app.consumer)
        consumer.stop_flow()
        await consumer.wait_for_stopped_flow()

    app.on_rebalance_complete.connect(hold)


def seek_to_the_start(app: faust.App, topics: Collection[str]) -> None:
    """Has partitions without a commit read from their start after a rebalance.

    A fetch from before a rebalance can take what comes after it; Faust drops that, and seeks to the
    committed offsets. aiokafka's `seek_to_committed` (0.14) leaves a partition where it is for
    which nothing is committed: what was dropped is skipped, and the first commit goes over it. Of
    other topics, such as changelogs, nothing is ever committed, and where they are read from is no
    business of ours.
    """

    class FromTheStart(driver.Consumer):
        async def seek_to_committed(self) -> Mapping[TP, int]:
            committed = await super().seek_to_committed()
            uncommitted = [tp for tp, at in committed.items() if not at and tp.topic in topics]
            if uncommitted:
                # Not `seek_to_beginning`: what looks after livelocks falls over a partition whose
                # position is not known for a moment.
                starts = await self._thread.earliest_offsets(*uncommitted)
                # Raised where partitions have moved again meanwhile, and are sought again.
                with suppress(IllegalStateError):
                    await self._thread.seek_wait(starts)
            return committed

    cast("Any", app.transport).Consumer = FromTheStart


def finish_before_revocation(app: faust.App, work: Work, timeout_s: float) -> None:
    """Lets messages in hand be finished before their partitions go to another worker.

    Otherwise a late write of ours could come behind the new owner's on the changelog, and its
    state be lost at the next recovery. A worker that the broker has given up for dead is not
    reached by this; what then can be lost is a dossier's newest report until the story is read
    again, never an alert.
    """

    async def finish(*_: Any, **__: Any) -> None:
        if not await work.finished(timeout_s):
            _log.warning("a message was still in hand when partitions were revoked")
        await asyncio.shield(app.producer.flush())

    app.on_partitions_revoked.connect(finish)


def member_id(app: faust.App) -> str:
    """The id under which the worker is in its group, by its own word; empty before it has joined.

    Neither Faust nor aiokafka 0.14 tells it in public.
    """
    client = cast("Any", app.consumer)._thread._consumer
    return str(client._coordinator.member_id)
