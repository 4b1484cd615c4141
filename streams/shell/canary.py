"""Sends canary stories, and counts those that come to their end.

Each worker that parses sends one for every partition of the raw topic that it reads. So there is
one for each partition at a time, however many workers there are, and nobody has to be chosen. The
ids are such that it takes the partition of that number on every topic. What a canary is stands in
`streams.core.canary`.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from hashlib import sha256
from itertools import count

import faust
from aiokafka.errors import KafkaError
from faust.exceptions import ProducerSendError

from schemas.alerts import AlertEvent
from schemas.topics import STORIES_RAW
from streams.core import canary
from streams.shell.cluster import partition_of
from streams.shell.metrics import Metrics

_log = logging.getLogger(__name__)


class Canaries:
    """Those of one worker."""

    def __init__(
        self,
        app: faust.App,
        metrics: Metrics,
        clock: Callable[[], datetime],
        partitions: int,
        ours: Callable[[], Iterable[int]],
    ) -> None:
        """`ours`: the partitions of the raw topic that the worker reads now."""
        self._topic = app.topic(STORIES_RAW.name, key_serializer="raw", value_serializer="raw")
        self._metrics = metrics
        self._clock = clock
        self._partitions = partitions
        self._ours = ours

    async def send(self) -> None:
        """One for each partition that is ours. Those the brokers do not confirm are not counted."""
        for partition in sorted(self._ours()):
            try:
                await self._send(partition)
            except (KafkaError, ProducerSendError) as reason:
                _log.warning("the brokers did not take a canary: %r", reason)
            else:
                self._metrics.canaries_sent.inc()

    async def _send(self, partition: int) -> None:
        now = self._clock()
        item = canary.item(*numbers_for(partition, self._partitions), now)
        confirmation = await self._topic.send(
            key=sha256(item).hexdigest().encode(),
            value=item,
            partition=partition,
            headers={
                "feed": canary.FEED.encode(),
                "format": canary.FORMAT.encode(),
                "received_at": now.isoformat().encode(),
            },
        )
        await confirmation


def arrived(event: AlertEvent, metrics: Metrics, clock: Callable[[], datetime], at: int) -> bool:
    """Whether the event is a canary's, which has then come to its end and is counted.

    `at`: the partition of `alerts.v1` it came on.
    """
    if not canary.is_canary(event):
        return False
    now = clock()
    metrics.canary_seconds.observe(max(0.0, (now - event.time).total_seconds()))
    metrics.canary_arrival.labels(str(at)).set(now.timestamp())
    return True


@cache
def numbers_for(partition: int, partitions: int) -> tuple[int, int]:
    """The lowest numbers of a story and of a leader whose ids have this partition."""
    return (
        next(n for n in count() if partition_of(canary.story_id(n), partitions) == partition),
        next(n for n in count() if partition_of(canary.leader_id(n), partitions) == partition),
    )
