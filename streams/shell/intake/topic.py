"""The way in by a topic of somebody else's: each value goes to the door as the source maps it.

A consumer group of its own, and offsets that are committed only when the door has confirmed: what
was in hand when the process died comes again, and is known by its digest. Nothing of theirs is
written to, and no topic of theirs is made. What a value holds is `streams.shell.intake.mapping`'s.
"""

import asyncio
import dataclasses
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain, repeat
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.topics import MAX_RAW_BYTES
from streams.shell.cluster import ClusterError, client_options
from streams.shell.intake.door import Door
from streams.shell.intake.ledger import Ledger, LedgerError
from streams.shell.intake.mapping import mapped
from streams.shell.intake.shift import Shift
from streams.shell.intake.sources import Source
from streams.shell.settings import Settings

_log = logging.getLogger(__name__)

_AT_ONCE = 100
"""Messages that are brought to the door together."""
_POLL_MS = 500
_LARGEST = MAX_RAW_BYTES * 2
"""Of one fetch of a partition: an item in base64 with an envelope round it."""
_WAITS_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Before what did not go through is tried again; the last one for good."""


async def consume(shift: Shift, door: Door, _: Ledger) -> None:
    """Reads the source's topic until the shift is over.

    Raises `ClusterError` where their brokers or their topic cannot be used.
    """
    settings = shift.settings
    consumer = AIOKafkaConsumer(
        **client_options(shift.source.brokers or settings),
        group_id=group_of(settings, shift.source),
        group_instance_id=settings.group_instance_id,
        session_timeout_ms=round(settings.session_timeout_s * 1000),
        heartbeat_interval_ms=round(settings.heartbeat_interval_s * 1000),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=_LARGEST,
    )
    try:
        await _subscribe(consumer, shift)
        while not shift.is_over:
            batches = await consumer.getmany(timeout_ms=_POLL_MS, max_records=_AT_ONCE)
            if batches and await _brought(shift, door, batches):
                await _commit(consumer, shift, batches)
    except (KafkaError, OSError) as error:
        raise ClusterError(
            f"topic {shift.source.topic} cannot be read: {error or type(error).__name__}"
        ) from error
    finally:
        with suppress(KafkaError, OSError):
            await consumer.stop()


def group_of(settings: Settings, source: Source) -> str:
    """Its consumer group: of this installation and this source, like no other."""
    return f"{settings.app_id}.intake.{source.name}"


async def _subscribe(consumer: AIOKafkaConsumer, shift: Shift) -> None:
    await consumer.start()
    # To subscribe to a topic that is not there would make it, on many clusters.
    if shift.source.topic not in await consumer.topics():
        raise ClusterError(f"there is no topic {shift.source.topic} on those brokers")
    consumer.subscribe([shift.source.topic])
    shift.well()


async def _brought(
    shift: Shift, door: Door, batches: Mapping[TopicPartition, Sequence[Any]]
) -> bool:
    """Brings these messages to the door until all are through; `False` where it was too late."""
    waiting = [record for records in batches.values() for record in records]
    for wait_s in chain(_WAITS_S, repeat(_WAITS_S[-1])):
        outcomes = await asyncio.gather(
            *(_take(shift, door, record) for record in waiting), return_exceptions=True
        )
        faults = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        for fault in faults:
            if not isinstance(fault, ClusterError | LedgerError):
                raise fault
        if not faults:
            shift.well()
            return True
        shift.failing(str(faults[0]))
        waiting = [
            record
            for record, outcome in zip(waiting, outcomes, strict=True)
            if isinstance(outcome, BaseException)
        ]
        if not await shift.pause(wait_s):
            break
    return False


async def _take(shift: Shift, door: Door, record: Any) -> None:
    item = mapped(
        shift.source,
        record.value or b"",
        {name: value or b"" for name, value in record.headers},
        datetime.fromtimestamp(record.timestamp / 1000, UTC),
    )
    source = shift.source
    if item.outlet is not None:
        source = dataclasses.replace(source, outlet=item.outlet)
    taken = await door.take(
        source,
        item.data,
        format=item.format,
        received_at=item.received_at,
        language=item.language,
    )
    for refusal in taken.refused:
        _log.error(
            "source %s: left where it is, %s[%d]@%d: %s",
            source.name,
            record.topic,
            record.partition,
            record.offset,
            refusal.detail,
        )


async def _commit(
    consumer: AIOKafkaConsumer, shift: Shift, batches: Mapping[TopicPartition, Sequence[Any]]
) -> None:
    try:
        await consumer.commit(
            {partition: records[-1].offset + 1 for partition, records in batches.items()}
        )
    except KafkaError as error:
        # Another process has the partitions by now, or will: it reads these again, as repeats.
        shift.failing(f"offsets were not committed: {error or type(error).__name__}")
