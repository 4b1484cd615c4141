"""What three nodes of Apache Kafka promise when one of them is lost."""

import asyncio

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from streams.shell.brokers.kafka import ApacheKafka

PATIENCE_S = 120
ASK_AGAIN_S = 0.1  # a client is told of no change of leader or replicas; it must ask
GROUP = "reads-through-a-loss"


async def partition_of(cluster: ApacheKafka, topic: str) -> dict[str, object]:
    """The leader, the replicas and the in-sync replicas of the topic's only partition."""
    admin = AIOKafkaAdminClient(bootstrap_servers=cluster.bootstrap)
    await admin.start()
    try:
        while True:
            (described,) = await admin.describe_topics([topic])
            if described["error_code"] == 0 and described["partitions"][0]["leader"] >= 0:
                found: dict[str, object] = described["partitions"][0]
                return found
            await asyncio.sleep(ASK_AGAIN_S)
    finally:
        await admin.close()


async def create_on_three(cluster: ApacheKafka, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=cluster.bootstrap)
    await admin.start()
    try:
        answer = await admin.create_topics([NewTopic(topic, 1, replication_factor=3)])
        assert [code for _, code, _ in answer.topic_errors] == [0]
    finally:
        await admin.close()


def test_an_acknowledged_record_survives_the_kill_of_its_leader_and_the_cluster_goes_on(
    kafka_cluster: ApacheKafka,
) -> None:
    topic = "survives-a-kill"

    async def scenario() -> tuple[int, int, list[bytes]]:
        await create_on_three(kafka_cluster, topic)
        async with AIOKafkaProducer(
            bootstrap_servers=kafka_cluster.bootstrap, acks="all"
        ) as producer:
            await producer.send_and_wait(topic, b"before")
            leader = (await partition_of(kafka_cluster, topic))["leader"]
            assert isinstance(leader, int)
            kafka_cluster.kill_node(leader)
            await producer.send_and_wait(topic, b"after")
        next_leader = (await partition_of(kafka_cluster, topic))["leader"]
        assert isinstance(next_leader, int)
        async with AIOKafkaConsumer(
            topic,
            bootstrap_servers=kafka_cluster.bootstrap,
            group_id=GROUP,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        ) as consumer:
            values = [(await consumer.getone()).value for _ in range(2)]
            await consumer.commit()
        return leader, next_leader, values

    async def in_time() -> tuple[int, int, list[bytes]]:
        async with asyncio.timeout(PATIENCE_S):
            return await scenario()

    killed, leads_now, values = asyncio.run(in_time())
    assert values == [b"before", b"after"]
    assert leads_now != killed
    assert not kafka_cluster.node_is_running(killed)


def test_a_killed_node_comes_back_with_its_data_and_catches_up(kafka_cluster: ApacheKafka) -> None:
    topic = "comes-back"

    async def write(value: bytes) -> None:
        async with AIOKafkaProducer(
            bootstrap_servers=kafka_cluster.bootstrap, acks="all"
        ) as producer:
            await producer.send_and_wait(topic, value)

    async def until_in_sync(nodes: set[int]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                partition = await partition_of(kafka_cluster, topic)
                in_sync = partition["isr"]
                assert isinstance(in_sync, list)
                if set(in_sync) == nodes:
                    return
                await asyncio.sleep(ASK_AGAIN_S)

    asyncio.run(create_on_three(kafka_cluster, topic))
    kafka_cluster.kill_node(1)
    asyncio.run(write(b"while it was away"))
    asyncio.run(until_in_sync({0, 2}))
    kafka_cluster.start_node(1)
    assert kafka_cluster.is_running
    asyncio.run(until_in_sync({0, 1, 2}))
