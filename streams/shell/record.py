"""The record on the brokers, for commands: put items in, read topics, requeue dead letters.

Plain aiokafka without Faust and without a consumer group: nothing here moves a worker's offsets.
What is printed of it is the command line's business.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from schemas.base import DeadLetterId, Record
from schemas.codec import UndecodableError, UnknownVersionError, decode, encode, version_headers
from schemas.dead_letters import DeadLetter
from schemas.stories import Story, Trust
from schemas.topics import DEAD_LETTERS, STORIES, STORIES_RAW, TopicDeclaration
from streams.core.kills import WaitingKills
from streams.shell.cluster import ClusterError, client_options, describe_topics, partition_of
from streams.shell.settings import Settings

_LARGEST = DEAD_LETTERS.max_message_bytes + 64 * 1024
_IN_HAND = 500
_FETCH_BYTES = 8 * 1024 * 1024
_QUIET_MS = 500
_STUCK_S = 30.0


@dataclass(frozen=True, slots=True)
class RawItem:
    """A wire item on its way to the raw topic, with what is known of how it came."""

    data: bytes
    feed: str
    received_at: datetime
    format: str = "auto"
    source: str | None = None
    language: str | None = None
    """Of the stories that declare none; ISO 639-1."""
    trust: Trust = "full"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a topic as it lies there."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A message that is no record of its topic, and why."""

    message: Message
    reason: str


class Sender:
    """Sends raw items and confirms them; made by `sender`.

    For one task at a time, but for `deliver`, which any number of tasks may call.
    """

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer
        self._waiting: set[asyncio.Future[Any]] = set()

    async def send(self, item: RawItem) -> None:
        """Queues an item; comes back before the brokers have it. `confirm` waits for them."""
        await self._queue(STORIES_RAW.name, **_raw_message(item))
        if len(self._waiting) >= _IN_HAND:
            await self.confirm()

    async def deliver(self, items: Sequence[RawItem]) -> None:
        """Sends these items and comes back when the brokers have them. Raises `ClusterError`.

        What other tasks have sent is not waited for; what they send meanwhile shares batches.
        """
        try:
            waiting = [
                await self._producer.send(STORIES_RAW.name, **_raw_message(item)) for item in items
            ]
        except KafkaError as error:
            raise ClusterError(f"the brokers did not take an item: {error!r}") from error
        await _confirmed(waiting)

    async def confirm(self) -> None:
        """Comes back when the brokers have all that was sent. Raises `ClusterError`."""
        waiting, self._waiting = self._waiting, set()
        await _confirmed(waiting)

    async def put(self, topic: TopicDeclaration, key: str, record: Record) -> None:
        """Queues a record for its topic. `confirm` waits for the brokers."""
        headers = list(version_headers(topic).items())
        await self._queue(topic.name, value=encode(record), key=key.encode(), headers=headers)

    async def put_back(self, letter: DeadLetter) -> None:
        """Sends a dead letter's message to where it came from, and then marks it requeued.

        Confirmed in this order: a crash between them leaves the letter open and the message there
        twice, which is harmless, rather than lost. Raises `ClusterError`.
        """
        await self._queue(
            letter.topic,
            value=letter.value,
            key=letter.key,
            headers=[(header.key, header.value) for header in letter.headers],
            # Without a key nothing says where it belongs but where it was.
            partition=letter.partition if letter.key is None else None,
        )
        await self.confirm()
        await self.put(DEAD_LETTERS, letter.id, letter.model_copy(update={"state": "requeued"}))
        await self.confirm()

    async def _queue(self, topic: str, **message: Any) -> None:
        try:
            self._waiting.add(await self._producer.send(topic, **message))
        except MessageSizeTooLargeError as error:
            raise ClusterError(f"{topic} does not take so large a message: {error}") from error


@asynccontextmanager
async def sender(settings: Settings) -> AsyncIterator[Sender]:
    """A sender that is connected; what it was given is confirmed on leaving."""
    producer = AIOKafkaProducer(
        **client_options(settings), acks="all", linger_ms=5, max_request_size=_LARGEST
    )
    try:
        with _cluster_errors(settings):
            await producer.start()
            made = Sender(producer)
            yield made
            await made.confirm()
    finally:
        await producer.stop()


async def read_topic(
    settings: Settings,
    topic: TopicDeclaration,
    *,
    key: str | None = None,
    since: datetime | None = None,
) -> AsyncIterator[Message]:
    """All messages of a topic, or of the one partition of a key, oldest first within a partition.

    `since`: only those that the log took at that time or later.

    Ends at what was there when it began, or a little later: the brokers' word for their end is not
    taken alone, as not every broker knows its own. Raises `ClusterError`.
    """
    consumer = _consumer(settings)
    with _cluster_errors(settings):
        try:
            partitions = await _partitions(settings, topic)
            await consumer.start()
            if key is not None:
                count = len(partitions)
                partitions = [partitions[partition_of(key, count)]]
            async for message in _to_the_end(consumer, partitions, since):
                if _is_since(message, since):
                    yield message
        finally:
            await consumer.stop()


async def read_between(
    settings: Settings,
    topic: TopicDeclaration,
    begins: Mapping[int, int],
    ends: Mapping[int, int],
) -> AsyncIterator[Message]:
    """The messages of a stretch of each partition, from its begin to before its end, as offsets.

    The ends must be behind messages that are there. Raises `ClusterError`.
    """
    stretches = {
        TopicPartition(topic.name, number): (begins.get(number, 0), end)
        for number, end in ends.items()
        if begins.get(number, 0) < end
    }
    if not stretches:
        return
    consumer = _consumer(settings)
    with _cluster_errors(settings):
        try:
            await consumer.start()
            consumer.assign(list(stretches))
            for partition, (begin, _) in stretches.items():
                consumer.seek(partition, begin)
            until = {partition: end for partition, (_, end) in stretches.items()}
            async for message in _up_to(consumer, until):
                if message.offset < ends[message.partition]:
                    yield message
        finally:
            await consumer.stop()


async def first_offsets(settings: Settings, topic: TopicDeclaration) -> dict[int, int]:
    """Of each partition the first offset that the log still has. Raises `ClusterError`."""
    consumer = _consumer(settings)
    with _cluster_errors(settings):
        try:
            partitions = await _partitions(settings, topic)
            await consumer.start()
            found = await consumer.beginning_offsets(partitions)
            return {partition.partition: offset for partition, offset in found.items()}
        finally:
            await consumer.stop()


async def follow_topic(
    settings: Settings,
    topic: TopicDeclaration,
    *,
    since: datetime | None = None,
    caught_up: Callable[[Mapping[int, int]], None] | None = None,
) -> AsyncIterator[Message]:
    """All messages of a topic from its begin, or a time, on, and those to come; never ends.

    `caught_up` is called once, with the offset of the next message of each partition, when all has
    been given that was there at the begin.
    """
    consumer = _consumer(settings)
    with _cluster_errors(settings):
        try:
            partitions = await _partitions(settings, topic)
            await consumer.start()
            if caught_up is None:
                consumer.assign(partitions)
                await _seek(consumer, partitions, since)
            else:
                async for message in _to_the_end(consumer, partitions, since):
                    if _is_since(message, since):
                        yield message
                caught_up({each.partition: await consumer.position(each) for each in partitions})
            async for record in consumer:
                message = _message(record)
                if _is_since(message, since):
                    yield message
        finally:
            await consumer.stop()


def decoded(topic: TopicDeclaration, message: Message) -> Any:
    """The record in a message of a topic, or `Unread`."""
    try:
        return decode(topic, message.value, dict(message.headers))
    except (UndecodableError, UnknownVersionError) as error:
        return Unread(message, str(error))


async def dead_letters(
    settings: Settings, since: datetime | None = None
) -> dict[DeadLetterId, DeadLetter]:
    """Every dead letter as it stands now, in the order in which they were first refused.

    `since`: those alone that were refused or requeued then or later. Raises `ClusterError`.
    """
    letters: dict[DeadLetterId, DeadLetter] = {}
    async for message in read_topic(settings, DEAD_LETTERS, since=since):
        letter = decoded(DEAD_LETTERS, message)
        if isinstance(letter, DeadLetter):
            letters[letter.id] = letter
    return letters


async def waiting_kills(settings: Settings) -> tuple[Story, ...]:
    """The kills on `stories.v1` whose story has no other edition there. Raises `ClusterError`."""
    kills = WaitingKills()
    async for message in read_topic(settings, STORIES):
        story = decoded(STORIES, message)
        if isinstance(story, Story):
            kills.add(story)
    return kills.waiting()


async def requeue(
    settings: Settings, letters: Iterable[DeadLetter], on_requeued: Callable[[DeadLetter], None]
) -> None:
    """Puts the messages of dead letters back where they came from, one after the other."""
    async with sender(settings) as sending:
        for letter in letters:
            await sending.put_back(letter)
            on_requeued(letter)


def in_order_of_time(messages: Sequence[Message]) -> list[Message]:
    """Messages of several partitions by the time the log took them; within one as they lie."""
    latest: dict[int, int] = {}
    keyed = []
    for message in sorted(messages, key=lambda each: (each.partition, each.offset)):
        # A producer's clock may step back; the order within a partition may not.
        latest[message.partition] = max(latest.get(message.partition, 0), message.timestamp_ms)
        keyed.append(((latest[message.partition], message.partition, message.offset), message))
    return [message for _, message in sorted(keyed, key=lambda pair: pair[0])]


def _consumer(settings: Settings) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        **client_options(settings),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=_FETCH_BYTES,
    )


async def _partitions(settings: Settings, topic: TopicDeclaration) -> list[TopicPartition]:
    # Of all topics: to ask for a missing one by its name makes it, on many clusters.
    states = {state.name: state for state in await describe_topics(settings)}
    if not states[topic.name].partitions:
        raise ClusterError(f"there is no topic {topic.name}; `dragoman topics create` makes it")
    return [TopicPartition(topic.name, n) for n in range(states[topic.name].partitions)]


async def _seek(
    consumer: AIOKafkaConsumer, partitions: list[TopicPartition], since: datetime | None
) -> None:
    if since is None:
        await consumer.seek_to_beginning(*partitions)
        return
    at_ms = int(since.timestamp() * 1000)
    found = await consumer.offsets_for_times(dict.fromkeys(partitions, at_ms))
    for partition in partitions:
        if found.get(partition) is None:  # nothing as young as that
            await consumer.seek_to_end(partition)
        else:
            consumer.seek(partition, found[partition].offset)


def _is_since(message: Message, since: datetime | None) -> bool:
    """Looked at once more: not every broker knows where a time begins."""
    return since is None or message.timestamp_ms >= int(since.timestamp() * 1000)


async def _to_the_end(
    consumer: AIOKafkaConsumer, partitions: list[TopicPartition], since: datetime | None
) -> AsyncIterator[Message]:
    consumer.assign(partitions)
    await _seek(consumer, partitions, since)
    async for message in _up_to(consumer, await consumer.end_offsets(partitions)):
        yield message


async def _up_to(
    consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]
) -> AsyncIterator[Message]:
    """What comes from here to these ends, or a little later."""
    positions = {partition: await consumer.position(partition) for partition in ends}
    quiet_since = asyncio.get_running_loop().time()
    while True:
        batches = await consumer.getmany(timeout_ms=_QUIET_MS)
        for partition, records in batches.items():
            for record in records:
                yield _message(record)
            positions[partition] = records[-1].offset + 1 if records else positions[partition]
        now = asyncio.get_running_loop().time()
        if batches:
            quiet_since = now
        elif all(positions[partition] >= end for partition, end in ends.items()):
            return
        elif now - quiet_since > _STUCK_S:
            raise ClusterError(
                f"{next(iter(ends)).topic} was read to {sum(positions.values())} of "
                f"{sum(ends.values())} and came no further for {_STUCK_S:g} s"
            )


def _message(record: Any) -> Message:
    return Message(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp_ms=record.timestamp,
        key=record.key,
        value=record.value or b"",
        headers=tuple((key, value or b"") for key, value in record.headers),
    )


async def _confirmed(waiting: Iterable[asyncio.Future[Any]]) -> None:
    for sent in await asyncio.gather(*waiting, return_exceptions=True):
        if isinstance(sent, BaseException):
            raise ClusterError(f"the brokers did not confirm: {sent or type(sent).__name__}")


def _raw_message(item: RawItem) -> dict[str, Any]:
    said = {
        "feed": item.feed,
        "format": item.format,
        "received_at": item.received_at.isoformat(),
        "source": item.source,
        "language": item.language,
        # Full trust is what the lack of the header means.
        "trust": None if item.trust == "full" else item.trust,
    }
    return {
        "value": item.data,
        "key": sha256(item.data).hexdigest().encode(),
        "headers": [(name, value.encode()) for name, value in said.items() if value is not None],
    }


@contextmanager
def _cluster_errors(settings: Settings) -> Iterator[None]:
    """Turns the client's errors into one that says which brokers it is about."""
    try:
        yield
    except (KafkaError, OSError) as error:
        raise ClusterError(
            f"no use could be made of the brokers at {settings.broker}: "
            f"{error or type(error).__name__}. Is the broker running, and is DRAGOMAN_BROKER right?"
        ) from error
