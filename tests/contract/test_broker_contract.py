"""What Dragoman asks of a broker, asked of each broker that it is said to run on.

What Tansu cannot do is a strict expected failure with what was measured, so that a newer Tansu
that can do it is noticed. Measured with Tansu 0.6.0 (510f3e2) and Apache Kafka 4.4.0, both
through aiokafka 0.14.0.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    InvalidConfigurationError,
    KafkaConnectionError,
    KafkaError,
    MessageSizeTooLargeError,
    TopicAlreadyExistsError,
    UnknownError,
    UnknownTopicOrPartitionError,
    for_code,
)
from aiokafka.structs import ConsumerRecord

from streams.shell.brokers import Broker

MIB = 1024 * 1024
PATIENCE_S = 120
ASK_AGAIN_S = 0.05
_DID_NOT_RAISE = pytest.fail.Exception


def on_both(
    tansu_cannot: str | None = None,
    raises: type[BaseException] = AssertionError,
) -> pytest.MarkDecorator:
    """Runs the test on Tansu and on Apache Kafka; Tansu may be known to fail it."""
    tansu_marks = [pytest.mark.broker]
    if tansu_cannot is not None:
        tansu_marks.append(pytest.mark.xfail(strict=True, reason=tansu_cannot, raises=raises))
    return pytest.mark.parametrize(
        "broker",
        [
            pytest.param("tansu", marks=tansu_marks),
            pytest.param("kafka", marks=[pytest.mark.broker, pytest.mark.kafka]),
        ],
        indirect=True,
    )


@asynccontextmanager
async def admin_of(broker: Broker) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def create(
    broker: Broker, topic: str, partitions: int = 1, config: dict[str, str] | None = None
) -> None:
    """Creates the topic and waits until it can be used.

    Raises the broker's error, which aiokafka only hands back.
    """
    new = NewTopic(topic, partitions, replication_factor=1, topic_configs=config)
    async with admin_of(broker) as admin:
        for _, code, message in (await admin.create_topics([new])).topic_errors:
            if code:
                raise for_code(code)(message)
        await until_listed(admin, topic)


async def until_listed(admin: AIOKafkaAdminClient, topic: str, listed: bool = True) -> None:
    """Kafka's controller answers before its brokers have heard: they must be asked again."""
    async with asyncio.timeout(PATIENCE_S):
        while (topic in await admin.list_topics()) is not listed:  # noqa: ASYNC110
            await asyncio.sleep(ASK_AGAIN_S)


def producing_to(broker: Broker, **settings: object) -> AIOKafkaProducer:
    settings.setdefault("acks", "all")
    return AIOKafkaProducer(
        bootstrap_servers=broker.bootstrap, max_request_size=16 * MIB, **settings
    )


def reading_from(broker: Broker, *topics: str, **settings: object) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        *topics,
        bootstrap_servers=broker.bootstrap,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        **settings,
    )


def member_of(broker: Broker, group: str) -> AIOKafkaConsumer:
    # Tansu holds a join for half the session timeout, so a long one is slow there.
    return reading_from(broker, group_id=group, session_timeout_ms=3000, heartbeat_interval_ms=300)


async def read(consumer: AIOKafkaConsumer, count: int) -> list[ConsumerRecord]:
    async with asyncio.timeout(PATIENCE_S):
        return [await consumer.getone() for _ in range(count)]


async def send_in_one_batch(broker: Broker, topic: str, times_ms: list[int]) -> None:
    """One record for each time, all of them in a single batch on partition 0."""
    async with producing_to(broker) as producer:
        batch = producer.create_batch()
        for time_ms in times_ms:
            assert batch.append(key=None, value=b"v", timestamp=time_ms) is not None
        await (await producer.send_batch(batch, topic, partition=0))


class Members(ConsumerRebalanceListener):
    """Wakes a waiting test whenever a member of the group is given partitions."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        pass

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:  # noqa: ARG002
        async with self._changed:
            self._changed.notify_all()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(holds)


@on_both()
def test_a_topic_has_the_partitions_it_was_created_with(broker: Broker, name: str) -> None:
    async def scenario() -> list[int]:
        await create(broker, name, partitions=3)
        async with admin_of(broker) as admin:
            (topic,) = await admin.describe_topics([name])
        return sorted(partition["partition"] for partition in topic["partitions"])

    assert asyncio.run(scenario()) == [0, 1, 2]


@on_both()
def test_creating_a_topic_again_is_told_apart_from_other_errors_and_changes_nothing(
    broker: Broker, name: str
) -> None:
    async def scenario() -> int:
        await create(broker, name, partitions=2)
        with pytest.raises(TopicAlreadyExistsError):
            await create(broker, name, partitions=5)
        async with admin_of(broker) as admin:
            (topic,) = await admin.describe_topics([name])
        return len(topic["partitions"])

    assert asyncio.run(scenario()) == 2


async def settings_of(broker: Broker, topic: str, names: list[str] | None) -> dict[str, str]:
    wanted = None if names is None else dict.fromkeys(names)
    resource = ConfigResource(ConfigResourceType.TOPIC, topic, configs=wanted)
    async with admin_of(broker) as admin:
        (response,) = await admin.describe_configs([resource])
    ((*_, entries),) = response.resources
    return {entry[0]: entry[1] for entry in entries}


OURS = {"cleanup.policy": "compact", "retention.ms": "3600000", "max.message.bytes": "8388608"}


@on_both()
def test_retention_compaction_and_message_size_are_read_back_as_set(
    broker: Broker, name: str
) -> None:
    async def scenario() -> dict[str, str]:
        await create(broker, name, config=OURS)
        return await settings_of(broker, name, None)

    assert asyncio.run(scenario()).items() >= OURS.items()


@on_both("closes the connection when settings are asked for by name", KafkaConnectionError)
def test_settings_can_be_asked_for_by_name(broker: Broker, name: str) -> None:
    async def scenario() -> dict[str, str]:
        await create(broker, name, config=OURS)
        return await settings_of(broker, name, sorted(OURS))

    assert asyncio.run(scenario()) == OURS


@on_both("takes any value for a setting and keeps it", _DID_NOT_RAISE)
def test_a_setting_that_makes_no_sense_is_refused(broker: Broker, name: str) -> None:
    with pytest.raises(InvalidConfigurationError):
        asyncio.run(create(broker, name, config={"cleanup.policy": "nonsense"}))


@on_both("makes the topic, with 4 partitions", _DID_NOT_RAISE)
def test_writing_to_a_topic_that_nobody_created_is_refused(broker: Broker, name: str) -> None:
    async def scenario() -> None:
        async with producing_to(broker, request_timeout_ms=2000) as producer:
            await producer.send_and_wait(name, b"v")

    with pytest.raises(UnknownTopicOrPartitionError):
        asyncio.run(scenario())


@on_both()
def test_a_deleted_topic_goes_and_comes_back_empty_when_created_again(
    broker: Broker, name: str
) -> None:
    async def scenario() -> int:
        await create(broker, name)
        async with producing_to(broker) as producer:
            await producer.send_and_wait(name, b"old")
        async with admin_of(broker) as admin:
            await admin.delete_topics([name])
            await until_listed(admin, name, listed=False)
        await create(broker, name)
        async with producing_to(broker) as producer:
            offset: int = (await producer.send_and_wait(name, b"new")).offset
        return offset

    assert asyncio.run(scenario()) == 0


@on_both()
def test_a_record_comes_back_byte_for_byte(broker: Broker, name: str) -> None:
    every_byte = bytes(range(256))
    headers = (("content-type", b"application/json"), ("empty", b""), ("again", b"1"))
    headers += (("again", every_byte),)
    sent = [
        (b"k\x00\xff", every_byte, headers, 1_766_000_000_000),
        (b"tombstone", None, (), 1_766_000_000_001),
        (None, b"", (), 1_766_000_000_002),
    ]

    async def scenario() -> list[ConsumerRecord]:
        await create(broker, name)
        async with producing_to(broker) as producer:
            for key, value, with_headers, time_ms in sent:
                await producer.send_and_wait(
                    name, value, key=key, headers=list(with_headers), timestamp_ms=time_ms
                )
        async with reading_from(broker, name) as consumer:
            return await read(consumer, len(sent))

    got = asyncio.run(scenario())
    assert [(r.key, r.value, tuple(r.headers), r.timestamp) for r in got] == sent
    assert [r.offset for r in got] == [0, 1, 2]


@on_both()
def test_each_partition_keeps_the_order_in_which_it_was_written(broker: Broker, name: str) -> None:
    count, partitions = 600, 3

    async def scenario() -> list[ConsumerRecord]:
        await create(broker, name, partitions)
        async with producing_to(broker, linger_ms=5, max_batch_size=1024) as producer:
            waiting = [
                await producer.send(name, b"%d" % number, partition=number % partitions)
                for number in range(count)
            ]
            await asyncio.gather(*waiting)
        async with reading_from(broker, name) as consumer:
            return await read(consumer, count)

    got = asyncio.run(scenario())
    for partition in range(partitions):
        numbers = [int(r.value) for r in got if r.partition == partition]
        assert numbers == list(range(partition, count, partitions))


@on_both()
def test_a_record_of_6_mib_passes_where_the_topic_allows_it(broker: Broker, name: str) -> None:
    large = bytes(range(256)) * (6 * MIB // 256)

    async def scenario() -> bytes | None:
        await create(broker, name, config={"max.message.bytes": str(8 * MIB)})
        async with producing_to(broker) as producer:
            await producer.send_and_wait(name, large)
        async with reading_from(broker, name) as consumer:
            (record,) = await read(consumer, 1)
        value: bytes | None = record.value
        return value

    assert asyncio.run(scenario()) == large


@on_both("does not look at max.message.bytes", _DID_NOT_RAISE)
def test_a_record_above_the_size_of_its_topic_is_refused_and_the_next_one_passes(
    broker: Broker, name: str
) -> None:
    async def scenario() -> int:
        await create(broker, name, config={"max.message.bytes": str(MIB)})
        async with producing_to(broker) as producer:
            with pytest.raises(MessageSizeTooLargeError):
                await producer.send_and_wait(name, b"x" * 6 * MIB)
            offset: int = (await producer.send_and_wait(name, b"next")).offset
        return offset

    assert asyncio.run(scenario()) == 0


@on_both("accepts it, though compaction could never remove it", _DID_NOT_RAISE)
def test_a_record_without_a_key_is_refused_by_a_compacted_topic(broker: Broker, name: str) -> None:
    async def scenario() -> None:
        await create(broker, name, config={"cleanup.policy": "compact"})
        async with producing_to(broker) as producer:
            await producer.send_and_wait(name, b"v")

    # Kafka says INVALID_RECORD, a code that aiokafka 0.14 does not know.
    with pytest.raises(UnknownError):
        asyncio.run(scenario())


@on_both("refuses InitProducerId", UnknownError)
def test_an_idempotent_producer_can_write(broker: Broker, name: str) -> None:
    async def scenario() -> int:
        await create(broker, name)
        producer = producing_to(broker, enable_idempotence=True)
        try:
            await producer.start()
            offset: int = (await producer.send_and_wait(name, b"v")).offset
        finally:
            await producer.stop()
        return offset

    assert asyncio.run(scenario()) == 0


@on_both("answers the last batch's first offset plus one: 1, not 50")
def test_the_end_of_a_partition_is_exact(broker: Broker, name: str) -> None:
    there = TopicPartition(name, 0)

    async def scenario() -> int:
        await create(broker, name)
        await send_in_one_batch(broker, name, times_ms=list(range(1000, 1050)))
        async with reading_from(broker) as consumer:
            end: int = (await consumer.end_offsets([there]))[there]
        return end

    assert asyncio.run(scenario()) == 50


@on_both("answers the partition's first offset for any time")
def test_an_offset_is_found_by_time(broker: Broker, name: str) -> None:
    there = TopicPartition(name, 0)
    wanted_ms = [0, 2000, 2001, 9000]

    async def scenario() -> list[int | None]:
        await create(broker, name)
        for time_ms in (1000, 2000, 3000):
            await send_in_one_batch(broker, name, times_ms=[time_ms])
        async with reading_from(broker) as consumer:
            found = [(await consumer.offsets_for_times({there: t}))[there] for t in wanted_ms]
        return [None if at is None else at.offset for at in found]

    assert asyncio.run(scenario()) == [0, 1, 2, None]


@on_both()
def test_a_member_that_comes_back_goes_on_where_it_had_committed(broker: Broker, name: str) -> None:
    there = TopicPartition(name, 0)

    async def first_run() -> None:
        async with member_of(broker, name) as consumer:
            consumer.subscribe([name])
            await read(consumer, 5)
            await consumer.commit({there: 3})

    async def second_run() -> list[bytes]:
        async with member_of(broker, name) as consumer:
            consumer.subscribe([name])
            return [record.value for record in await read(consumer, 2)]

    async def scenario() -> list[bytes]:
        await create(broker, name)
        async with producing_to(broker) as producer:
            for number in range(5):
                await producer.send_and_wait(name, b"%d" % number)
        await first_run()
        return await second_run()

    assert asyncio.run(scenario()) == [b"3", b"4"]


@on_both("closes the connection", KafkaError)
def test_what_a_group_has_committed_can_be_listed(broker: Broker, name: str) -> None:
    there = TopicPartition(name, 0)

    async def scenario() -> int:
        await create(broker, name)
        async with member_of(broker, name) as consumer:
            consumer.assign([there])
            await consumer.commit({there: 7})
        async with admin_of(broker) as admin:
            listed = await admin.list_consumer_group_offsets(name)
        offset: int = listed[there].offset
        return offset

    assert asyncio.run(scenario()) == 7


@on_both()
def test_two_members_share_the_partitions_and_the_one_that_stays_takes_over(
    broker: Broker, name: str
) -> None:
    everything = {TopicPartition(name, number) for number in range(4)}

    async def scenario() -> None:
        await create(broker, name, partitions=4)
        members = Members()
        async with member_of(broker, name) as stays:
            stays.subscribe([name], listener=members)
            await members.until(lambda: stays.assignment() == everything)
            async with member_of(broker, name) as leaves:
                leaves.subscribe([name], listener=members)
                await members.until(
                    lambda: (
                        len(stays.assignment()) == len(leaves.assignment()) == 2
                        and stays.assignment() | leaves.assignment() == everything
                    )
                )
            await members.until(lambda: stays.assignment() == everything)

    asyncio.run(scenario())
