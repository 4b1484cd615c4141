"""A log whose begin was deleted, on Apache Kafka: who was there before hears that it is gone."""

import asyncio

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from alert_events import event
from worker_process import delete_topics

from schemas.topics import ALERTS
from streams.shell.api.stream import GoneError, Source, require_kept
from streams.shell.api.view import View
from streams.shell.brokers.kafka import ApacheKafka
from streams.shell.cluster import create_topics
from streams.shell.record import first_offsets, read_topic, sender
from streams.shell.settings import Settings


def test_an_id_from_before_what_is_kept_is_refused(kafka: ApacheKafka) -> None:
    settings = Settings(broker=kafka.bootstrap, partitions=1)
    delete_topics(kafka.bootstrap)

    async def told() -> None:
        await create_topics(settings)
        async with sender(settings) as sending:
            for number in range(6):
                await sending.put(ALERTS, "ada", event(number))
        await _cut(kafka.bootstrap, 4)
        assert await first_offsets(settings, ALERTS) == {0: 4}
        view = View(home_of=lambda _: None)
        async for message in read_topic(settings, ALERTS):
            view.take_alert(message)
        source = Source(settings, view, partitions=1)
        await require_kept(source, {0: 4})
        with pytest.raises(GoneError, match="no longer"):
            await require_kept(source, {0: 3})

    try:
        asyncio.run(told())
    finally:
        delete_topics(kafka.bootstrap)


async def _cut(bootstrap: str, before: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        partition = TopicPartition(ALERTS.name, 0)
        await admin.delete_records({partition: RecordsToDelete(before_offset=before)})
    finally:
        await admin.close()
