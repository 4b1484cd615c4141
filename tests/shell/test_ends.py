"""How far partitions go, and where reading begins, as Apache Kafka says."""

import asyncio
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from worker_process import until

from streams.shell.brokers.kafka import ApacheKafka
from streams.shell.ends import follow_ends
from streams.shell.lag import Behind, Lag
from streams.shell.settings import Settings

TOPIC = "ends.v1"
LOOKED_AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


async def prepare(bootstrap: str) -> None:
    """Three messages on one of two partitions; the group has committed one of them."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC, 2, 1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        for _ in range(3):
            await producer.send_and_wait(TOPIC, b"x", partition=1)
    async with AIOKafkaConsumer(
        bootstrap_servers=bootstrap, group_id="ends", enable_auto_commit=False
    ) as consumer:
        consumer.assign([TopicPartition(TOPIC, 1)])
        await consumer.commit({TopicPartition(TOPIC, 1): 1})


def test_a_worker_to_which_nothing_comes_knows_how_far_it_is_behind(kafka: ApacheKafka) -> None:
    settings = Settings(broker=kafka.bootstrap, app_id="ends")
    lag = Lag([TOPIC])
    lag.assigned({TOPIC: (0, 1)})

    async def run() -> None:
        await prepare(kafka.bootstrap)
        following = asyncio.create_task(follow_ends(settings, lag, lambda: LOOKED_AT))
        await asyncio.to_thread(until, "both are placed", lambda: not lag.unplaced())
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

    asyncio.run(run())
    assert lag.behind(LOOKED_AT.timestamp() + 7) == {TOPIC: Behind(2, 7.0)}
