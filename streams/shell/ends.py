"""Asks the brokers how far the partitions go, and where reading begins, for the worker's lag.

Over a connection of its own: Faust's consumer answers one question at a time, so that a broker that
is slow to say how far a partition goes would hold up its commits. Says what it hears to
`streams.shell.lag`, and decides nothing.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import NoReturn

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams.shell.cluster import ClusterError, client_options
from streams.shell.lag import Lag
from streams.shell.settings import Settings

LOOK_EVERY_S = 5.0
_ANSWER_S = 20.0
_AGAIN_AFTER_S = 30.0

_log = logging.getLogger(__name__)


async def follow_ends(settings: Settings, lag: Lag, clock: Callable[[], datetime]) -> NoReturn:
    """Looks again and again, until cancelled. Brokers that are away are asked again later.

    What was heard before goes on ageing meanwhile.
    """
    while True:
        try:
            await _follow(settings, lag, clock)
        # uvloop gives a bare RuntimeError where a connection is lost just then.
        except (ClusterError, KafkaError, OSError, RuntimeError) as reason:
            _log.warning("the brokers do not say how far partitions go: %r", reason)
        await asyncio.sleep(_AGAIN_AFTER_S)


async def _follow(settings: Settings, lag: Lag, clock: Callable[[], datetime]) -> NoReturn:
    # Of the group, to ask what it has committed; it never joins, as it subscribes to nothing.
    consumer = AIOKafkaConsumer(
        **client_options(settings), group_id=settings.app_id, enable_auto_commit=False
    )
    try:
        await consumer.start()
        while True:
            async with asyncio.timeout(_ANSWER_S):
                await _look(consumer, lag, clock)
            await asyncio.sleep(LOOK_EVERY_S)
    finally:
        await consumer.stop()


async def _look(consumer: AIOKafkaConsumer, lag: Lag, clock: Callable[[], datetime]) -> None:
    partitions = lag.partitions()
    if not partitions:
        return
    ends = await consumer.end_offsets([TopicPartition(*each) for each in partitions])
    now = clock().timestamp()
    for each in partitions:
        lag.ends_at(each, ends[TopicPartition(*each)], now)
    for each in lag.unplaced():
        committed = await consumer.committed(TopicPartition(*each))
        # A group that has committed nothing begins at the beginning, as the workers do.
        lag.placed(each, 0 if committed is None else committed)
