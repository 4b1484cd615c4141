"""A topic of somebody else's on Apache Kafka: what is committed when, and what is never lost."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from memory_brokers import MemoryBrokers

from schemas.topics import MAX_RAW_BYTES
from streams.shell.brokers.kafka import ApacheKafka
from streams.shell.cluster import ClusterError
from streams.shell.intake.door import Door
from streams.shell.intake.ledger import Ledger
from streams.shell.intake.shift import Shift
from streams.shell.intake.sources import Source
from streams.shell.intake.topic import consume, group_of
from streams.shell.settings import Settings

_numbers = itertools.count()
_LARGEST = 2 * MAX_RAW_BYTES
AT = datetime(2026, 3, 1, 11, 30, tzinfo=UTC)


class Bus:
    """A topic of others with two partitions, and the work of reading it."""

    def __init__(self, bootstrap: str, folder: Path, **mapping: object) -> None:
        self.bootstrap = bootstrap
        self.name = f"their-news-{next(_numbers)}"
        self.source = Source(
            name=f"bus-{self.name}",
            way="topic",
            topic=self.name,
            brokers=Settings(broker=bootstrap),
            outlet="Their Agency",
            **mapping,  # type: ignore[arg-type]
        )
        self.ledger = Ledger(folder / "ledger.sqlite3")

    async def make(self) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            await admin.create_topics(
                [NewTopic(self.name, 2, 1, topic_configs={"max.message.bytes": str(_LARGEST)})]
            )
        finally:
            await admin.close()

    async def send(self, *values: bytes, headers: Sequence[tuple[str, bytes]] = ()) -> None:
        async with AIOKafkaProducer(
            bootstrap_servers=self.bootstrap, max_request_size=_LARGEST
        ) as producer:
            for number, value in enumerate(values):
                await producer.send_and_wait(
                    self.name,
                    value,
                    headers=list(headers),
                    partition=number % 2,
                    timestamp_ms=int(AT.timestamp() * 1000),
                )

    async def committed(self) -> int:
        async with AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap, group_id=group_of(Settings(), self.source)
        ) as consumer:
            partitions = [TopicPartition(self.name, number) for number in (0, 1)]
            return sum([await consumer.committed(each) or 0 for each in partitions])

    def shift(self, stop: asyncio.Event) -> Shift:
        async def at_once(_: float) -> None:
            await asyncio.sleep(0.05)

        return Shift(self.source, Settings(), stop, lambda: datetime.now(UTC), at_once)

    async def read_while(
        self, brokers: MemoryBrokers, work: Callable[[Shift], Awaitable[None]]
    ) -> None:
        """Reads the topic while this is done, then ends the shift."""
        stop = asyncio.Event()
        shift = self.shift(stop)
        reading = asyncio.create_task(consume(shift, Door(brokers, self.ledger), self.ledger))
        doing = asyncio.create_task(work(shift))  # type: ignore[arg-type]
        await asyncio.wait({reading, doing}, return_when=asyncio.FIRST_COMPLETED, timeout=60)
        stop.set()
        await reading
        assert doing.done(), "it was not done within a minute"
        await doing


async def until(what: str, look: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(2_400):
        if await look():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"not within the time: {what}")


def has(brokers: MemoryBrokers, count: int) -> Callable[[Shift], Awaitable[None]]:
    async def wait(_: Shift) -> None:
        async def look() -> bool:
            return len(brokers.items) >= count

        await until(f"{count} items are there", look)

    return wait


def test_each_value_comes_in_with_what_its_headers_say(kafka: ApacheKafka, tmp_path: Path) -> None:
    async def run() -> None:
        bus = Bus(kafka.bootstrap, tmp_path, headers={"format": "type", "language": "lang"})
        brokers = MemoryBrokers()
        await bus.make()
        await bus.send(
            b'{"uri": "a", "headline": "x"}',
            b'{"uri": "b", "headline": "x"}',
            headers=[("type", b"application/json"), ("lang", b"pt-BR")],
        )
        await bus.read_while(brokers, has(brokers, 2))
        assert {item.data[9:10] for item in brokers.items} == {b"a", b"b"}
        assert {
            (item.format, item.language, item.source, item.received_at, item.feed)
            for item in brokers.items
        } == {("ninjs", "pt", "Their Agency", AT, bus.source.name)}
        assert await bus.committed() == 2
        bus.ledger.close()

    asyncio.run(run())


def test_nothing_is_committed_before_the_door_has_confirmed(
    kafka: ApacheKafka, tmp_path: Path
) -> None:
    async def run() -> None:
        bus, brokers = Bus(kafka.bootstrap, tmp_path), MemoryBrokers()
        brokers.away = True
        await bus.make()
        await bus.send(*(b"story %d" % number for number in range(10)))

        async def work(shift: Shift) -> None:
            async def is_failing() -> bool:
                return shift.standing.problem is not None

            await until("it complains", is_failing)
            assert await bus.committed() == 0
            brokers.away = False
            await has(brokers, 10)(shift)

        await bus.read_while(brokers, work)
        assert sorted(item.data for item in brokers.items) == [
            b"story %d" % number for number in range(10)
        ]
        assert await bus.committed() == 10
        bus.ledger.close()

    asyncio.run(run())


def test_a_shift_that_ends_while_the_brokers_are_away_leaves_all_to_the_next(
    kafka: ApacheKafka, tmp_path: Path
) -> None:
    async def run() -> None:
        bus, brokers = Bus(kafka.bootstrap, tmp_path), MemoryBrokers()
        brokers.away = True
        await bus.make()
        await bus.send(b"one", b"two", b"three")

        async def asked(_: Shift) -> None:
            await brokers.asked.wait()

        await bus.read_while(brokers, asked)
        assert await bus.committed() == 0
        brokers.away = False
        await bus.read_while(brokers, has(brokers, 3))
        await bus.send(b"four")
        await bus.read_while(brokers, has(brokers, 4))
        assert sorted(item.data for item in brokers.items) == [b"four", b"one", b"three", b"two"]
        bus.ledger.close()

    asyncio.run(run())


def test_what_cannot_be_mapped_comes_in_whole_beside_what_can(
    kafka: ApacheKafka, tmp_path: Path
) -> None:
    async def run() -> None:
        bus = Bus(kafka.bootstrap, tmp_path, envelope={"item": "body", "source": "from"})
        brokers = MemoryBrokers()
        await bus.make()
        good = json.dumps({"body": "A story.", "from": "Sur"}).encode()
        await bus.send(b"\xff no JSON", good)
        await bus.read_while(brokers, has(brokers, 2))
        assert {(item.data, item.source, item.format) for item in brokers.items} == {
            (b"A story.", "Sur", "auto"),
            (b"\xff no JSON", "Their Agency", "unmapped: the envelope is no JSON"),
        }
        assert await bus.committed() == 2
        bus.ledger.close()

    asyncio.run(run())


def test_an_item_that_is_too_large_is_told_of_and_does_not_stand_in_the_way(
    kafka: ApacheKafka, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        bus, brokers = Bus(kafka.bootstrap, tmp_path), MemoryBrokers()
        await bus.make()
        await bus.send(bytes(MAX_RAW_BYTES + 1), b"A story.", b"Another.")
        await bus.read_while(brokers, has(brokers, 2))
        assert {item.data for item in brokers.items} == {b"A story.", b"Another."}
        assert f"left where it is, {bus.name}[0]@0: 8,388,609 bytes" in caplog.text
        assert await bus.committed() == 3
        bus.ledger.close()

    asyncio.run(run())


def test_a_topic_that_is_not_there_is_told_of_and_not_made(
    kafka: ApacheKafka, tmp_path: Path
) -> None:
    async def run() -> None:
        bus, brokers = Bus(kafka.bootstrap, tmp_path), MemoryBrokers()
        shift = bus.shift(asyncio.Event())
        for _ in range(2):
            with pytest.raises(ClusterError, match=f"there is no topic {bus.name}"):
                await consume(shift, Door(brokers, bus.ledger), bus.ledger)
        bus.ledger.close()

    asyncio.run(run())


def test_brokers_that_are_not_there_are_told_of(tmp_path: Path) -> None:
    async def run() -> None:
        bus, brokers = Bus("127.0.0.1:9", tmp_path), MemoryBrokers()
        with pytest.raises(ClusterError, match="cannot be read"):
            await consume(bus.shift(asyncio.Event()), Door(brokers, bus.ledger), bus.ledger)
        bus.ledger.close()

    asyncio.run(run())
