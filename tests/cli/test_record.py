"""The record on a broker: items in, topics read to their end, dead letters put back."""

import asyncio
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from own_topics import KINDS, settings_with_own_topics

from schemas.codec import encode, version_headers
from schemas.dead_letters import DeadLetter, Header, dead_letter_id
from schemas.topics import DEAD_LETTERS, MAX_RAW_BYTES, REPORTS, STORIES, STORIES_RAW
from streams.shell.brokers.tansu import EmbeddedTansu
from streams.shell.cluster import ClusterError, client_options, partition_of
from streams.shell.record import (
    Message,
    RawItem,
    Unread,
    dead_letters,
    decoded,
    in_order_of_time,
    read_topic,
    requeue,
    sender,
)
from streams.shell.settings import Settings

DRAGOMAN = Path(sys.executable).parent / "dragoman"
NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)


@pytest.fixture(scope="module", params=KINDS)
def settings(request: pytest.FixtureRequest) -> Iterator[Settings]:
    yield from settings_with_own_topics(request)


def run(
    settings: Settings, *arguments: str, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("DRAGOMAN_")}
    return subprocess.run(
        [str(DRAGOMAN), *arguments],
        env=own | {"DRAGOMAN_BROKER": settings.broker},
        input=given,
        capture_output=True,
        timeout=180,
        check=False,
    )


async def all_of(settings: Settings, key: str | None = None) -> list[Message]:
    return [message async for message in read_topic(settings, STORIES_RAW, key=key)]


async def send(settings: Settings, *items: RawItem) -> None:
    async with sender(settings) as sending:
        for item in items:
            await sending.send(item)


def test_what_is_sent_is_read_back_with_key_and_headers(settings: Settings) -> None:
    item = RawItem(b"some bytes \xff", "desk", NOON, format="text", source="AFP")

    asyncio.run(send(settings, item))
    found = [m for m in asyncio.run(all_of(settings)) if m.value == item.data]

    assert [(m.key, m.headers) for m in found] == [
        (
            sha256(item.data).hexdigest().encode(),
            (
                ("feed", b"desk"),
                ("format", b"text"),
                ("received_at", b"2026-01-14T12:00:00+00:00"),
                ("source", b"AFP"),
            ),
        )
    ]


def test_the_largest_item_goes_and_a_larger_one_does_not(settings: Settings) -> None:
    largest = RawItem(b"x" * MAX_RAW_BYTES, "desk", NOON)

    asyncio.run(send(settings, largest))

    assert any(len(m.value) == MAX_RAW_BYTES for m in asyncio.run(all_of(settings)))
    with pytest.raises(ClusterError, match="so large"):
        asyncio.run(send(settings, RawItem(b"x" * 2 * MAX_RAW_BYTES, "desk", NOON)))


def test_many_items_are_all_there_and_a_keys_partition_holds_its_own(settings: Settings) -> None:
    items = [RawItem(f"many {number}".encode(), "desk", NOON) for number in range(1200)]

    asyncio.run(send(settings, *items))
    found = {message.value: message.partition for message in asyncio.run(all_of(settings))}
    key = sha256(items[7].data).hexdigest()
    partition = asyncio.run(all_of(settings, key))

    assert {item.data for item in items} <= found.keys()
    assert {message.partition for message in partition} == {partition_of(key, 4)}
    assert items[7].data in {message.value for message in partition}


def test_an_empty_topic_is_read_to_its_end(settings: Settings) -> None:
    async def read() -> list[Message]:
        return [message async for message in read_topic(settings, REPORTS)]

    assert asyncio.run(read()) == []


def test_a_message_that_is_no_record_is_told(settings: Settings) -> None:
    message = Message(STORIES.name, 0, 0, 0, None, b"{}", ())

    unread = decoded(STORIES, message)

    assert isinstance(unread, Unread)
    assert "id: Field required" in unread.reason


def test_messages_of_partitions_are_merged_by_time_and_never_turned_round() -> None:
    def message(partition: int, offset: int, at: int) -> Message:
        return Message("t", partition, offset, at, None, b"", ())

    merged = in_order_of_time(
        [message(1, 0, 15), message(0, 0, 10), message(0, 1, 5), message(0, 2, 20)]
    )

    assert [(m.partition, m.offset) for m in merged] == [(0, 0), (0, 1), (1, 0), (0, 2)]


def letter(value: bytes, *, key: bytes | None = b"key") -> DeadLetter:
    return DeadLetter(
        id=dead_letter_id(STORIES_RAW.name, 3, 1, value),
        reason="missing_field",
        detail="uri",
        topic=STORIES_RAW.name,
        partition=3,
        offset=1,
        key=None if key is None else b64encode(key),
        value=b64encode(value),
        headers=(Header(key="feed", value=b64encode(b"desk")),),
        hop="parse",
        software="0",
        failed_at=NOON,
    )


async def refuse(settings: Settings, *letters: DeadLetter) -> None:
    producer = AIOKafkaProducer(**client_options(settings))
    await producer.start()
    try:
        for each in letters:
            await producer.send_and_wait(
                DEAD_LETTERS.name,
                encode(each),
                key=each.id.encode(),
                headers=list(version_headers(DEAD_LETTERS).items()),
            )
    finally:
        await producer.stop()


@pytest.mark.parametrize("key", [b"key", None], ids=["with its key", "without a key"])
def test_a_requeued_message_is_where_it_was_with_all_it_had(
    settings: Settings, key: bytes | None
) -> None:
    refused = letter(b"requeued with %r" % key, key=key)
    told: list[str] = []

    async def there_and_back() -> DeadLetter:
        await refuse(settings, refused)
        before = (await dead_letters(settings))[refused.id]
        assert before == refused
        await requeue(settings, [before], lambda each: told.append(each.id))
        return (await dead_letters(settings))[refused.id]

    assert asyncio.run(there_and_back()) == refused.model_copy(update={"state": "requeued"})
    (found,) = [m for m in asyncio.run(all_of(settings)) if m.value == refused.value]
    assert (found.key, found.headers) == (key, (("feed", b"desk"),))
    assert found.partition == (3 if key is None else partition_of("key", 4))
    assert told == [refused.id]


def test_dead_letters_are_listed_shown_and_requeued_by_command(settings: Settings) -> None:
    refused = letter(b"by command \xff\x00")
    asyncio.run(refuse(settings, refused))

    listed = run(settings, "dead-letters", "list")
    shown = run(settings, "dead-letters", "show", refused.id[:20])
    raw = run(settings, "dead-letters", "show", refused.id, "--raw")
    requeued = run(settings, "dead-letters", "requeue", "--all", "--reason", "missing_field")
    after = run(settings, "dead-letters", "list")
    everything = run(settings, "dead-letters", "list", "--all")

    assert refused.id.encode() in listed.stdout
    assert b"62 79 20 63 6f 6d 6d 61" in shown.stdout
    assert raw.stdout == refused.value
    assert f"requeued {refused.id}".encode() in requeued.stdout
    assert refused.id.encode() not in after.stdout
    assert refused.id.encode() in everything.stdout
    assert run(settings, "dead-letters", "show", "dead:none").returncode == 1


def test_ingest_sends_what_it_can_and_says_what_it_cannot(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"uri":"in:1"}\n{"uri":"in:2"}\n')
    (tmp_path / "b.txt").write_bytes(b"x" * (MAX_RAW_BYTES + 1))

    done = run(
        settings,
        *("ingest", str(tmp_path), "-", str(tmp_path / "missing")),
        *("--source", "AFP", "--as", "archive", "--received", "2026-01-14T12:00Z"),
        given=b"from standard input",
    )
    sent = {m.value: dict(m.headers) for m in asyncio.run(all_of(settings))}

    assert done.returncode == 1
    assert done.stdout == b""
    assert b"b.txt: too large: 8,388,609 bytes" in done.stderr
    assert b"missing: No such file" in done.stderr
    assert b"3 items sent" in done.stderr
    assert b"2 refused" in done.stderr
    for item in (b'{"uri":"in:1"}', b'{"uri":"in:2"}', b"from standard input"):
        assert sent[item] == {
            "feed": b"archive",
            "format": b"auto",
            "received_at": b"2026-01-14T12:00:00+00:00",
            "source": b"AFP",
        }


def test_topics_are_checked_against_what_is_wanted(settings: Settings) -> None:
    assert run(settings, "topics", "check").returncode == 0
    assert b"all topics are there" in run(settings, "topics", "create").stdout


def test_a_broker_without_topics_says_what_makes_them() -> None:
    with EmbeddedTansu() as broker:
        bare = Settings(broker=broker.bootstrap)

        listed = run(bare, "dead-letters", "list")
        checked = run(bare, "topics", "check")

    assert listed.returncode == 1
    assert b"`dragoman topics create`" in listed.stderr
    assert checked.returncode == 1
    assert b"missing" in checked.stdout
