"""The stream beside a view in memory and beside the log of a broker, client by client."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any, TypeVar

import pytest
from alert_events import event
from sse_starlette import ServerSentEvent

from schemas.alerts import AlertEvent
from schemas.codec import encode
from schemas.topics import ALERTS
from streams.shell.api.cursors import from_event_id
from streams.shell.api.listing import newest
from streams.shell.api.stream import GoneError, Source, events, require_kept
from streams.shell.api.tail import Tail
from streams.shell.api.view import View
from streams.shell.brokers.tansu import EmbeddedTansu
from streams.shell.cluster import create_topics
from streams.shell.record import Message, read_topic, sender
from streams.shell.settings import Settings

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def source(most: int = 10, heartbeat_s: float = 60, settings: Settings | None = None) -> Source:
    view = View(home_of=lambda _: None)
    view.alerts = Tail(most, id_of=lambda each: each.id)
    return Source(settings or Settings.model_validate({}), view, 2, heartbeat_s)


def comes(to: Source, number: int, offset: int, partition: int = 0) -> None:
    value = encode(event(number))
    to.view.take_alert(Message(ALERTS.name, partition, offset, 1_000 + number, b"ada", value, ()))


def everything(_: AlertEvent) -> bool:
    return True


async def blocks(stream: AsyncIterator[ServerSentEvent], count: int) -> list[str]:
    """What each block holds: an alert's id, or its comment or event."""
    found = []
    while len(found) < count:
        each = await anext(stream)
        said = AlertEvent.model_validate_json(each.data).id if each.id and each.data else None
        found.append(said or each.event or each.comment or "")
    return found


def test_a_client_gets_what_comes_and_a_sign_of_life_that_moves_its_id_on() -> None:
    async def told() -> None:
        at = source(heartbeat_s=0.01)
        comes(at, 1, 0)
        stream = events(at, lambda each: each.id == "alert:3")
        first = await anext(stream)
        assert (first.id, first.data) == ("v1:1,0", None)
        comes(at, 2, 1)
        comes(at, 1, 2)
        comes(at, 3, 0, partition=1)
        only = await anext(stream)
        assert (only.id, AlertEvent.model_validate_json(only.data).id) == ("v1:2,1", "alert:3")
        beat = await anext(stream)
        assert (beat.id, beat.data, beat.comment) == ("v1:2,1", None, "still here")

    run(told())


def test_a_client_that_comes_back_gets_what_it_missed_and_then_what_comes() -> None:
    async def told() -> None:
        at = source()
        for number in range(4):
            comes(at, number, number // 2, partition=number % 2)
        stream = events(at, everything, from_event_id("v1:1,0", 2))
        assert (await blocks(stream, 4))[1:] == ["alert:1", "alert:2", "alert:3"]
        comes(at, 4, 2)
        assert await blocks(stream, 1) == ["alert:4"]

    run(told())


def test_a_client_is_past_what_was_repeated_once_it_has_all() -> None:
    async def told() -> None:
        at = source(heartbeat_s=0.01)
        for offset, number in enumerate((1, 2, 1)):
            comes(at, number, offset)
        stream = events(at, everything, from_event_id("v1:1,0", 2))
        assert (await blocks(stream, 2))[1:] == ["alert:2"]
        assert (await anext(stream)).id == "v1:3,0"

    run(told())


def test_a_client_that_is_too_slow_is_let_go_and_told_so() -> None:
    async def told() -> None:
        at = source(most=2)
        stream = events(at, everything)
        await blocks(stream, 1)
        for number in range(3):
            comes(at, number, number)
        assert await blocks(stream, 1) == ["behind"]
        with pytest.raises(StopAsyncIteration):
            await anext(stream)

    run(told())


def test_a_stream_ends_when_the_service_does() -> None:
    async def told() -> None:
        at = source()
        stream = events(at, everything)
        await blocks(stream, 1)
        waiting = asyncio.create_task(anext(stream))
        await asyncio.sleep(0)
        at.view.close()
        with pytest.raises(StopAsyncIteration):
            await waiting

    run(told())


@pytest.fixture(scope="module")
def settings() -> Iterator[Settings]:
    """Of a broker with seven alerts on it, one of them twice, of leaders in both partitions."""
    with EmbeddedTansu() as broker:
        made = Settings(broker=broker.bootstrap, partitions=2)

        async def fill() -> None:
            await create_topics(made)
            async with sender(made) as sending:
                for number in (0, 1, 2, 3, 1, 4, 5, 6):
                    leader = "ada" if number % 2 else "bob-0"
                    await sending.put(ALERTS, leader, event(number, leader=leader))
                    await sending.confirm()

        asyncio.run(fill())
        yield made


async def filled(settings: Settings, most: int) -> Source:
    made = source(most=most, settings=settings)
    async for message in read_topic(settings, ALERTS):
        made.view.take_alert(message)
    return made


def test_what_is_no_longer_in_memory_comes_from_the_log_each_once(settings: Settings) -> None:
    async def told() -> None:
        at = await filled(settings, most=2)
        begin = dict.fromkeys(range(2), 0)
        await require_kept(at, begin)
        stream = events(at, everything, begin)
        found = (await blocks(stream, 8))[1:]
        assert sorted(found) == [f"alert:{number}" for number in range(7)]
        ends = at.view.alerts.positions
        comes(at, 7, ends[0], partition=0)
        assert await blocks(stream, 1) == ["alert:7"]

    run(told())


def test_every_cut_of_the_log_goes_on_without_a_gap_or_a_repetition(settings: Settings) -> None:
    async def told() -> None:
        at = await filled(settings, most=3)
        assert sorted(at.view.alerts.positions) == [0, 1]
        whole = events(at, everything, dict.fromkeys(range(2), 0))
        await anext(whole)
        order = [await anext(whole) for _ in range(7)]
        for number, each in enumerate(order):
            start = from_event_id(str(each.id), 2)
            rest = events(at, everything, start)
            found = await blocks(rest, 7 - number)
            later = {AlertEvent.model_validate_json(one.data).id for one in order[number + 1 :]}
            assert set(found[1:]) == later

    run(told())


def test_an_id_from_behind_the_end_is_refused(settings: Settings) -> None:
    async def told() -> None:
        at = await filled(settings, most=2)
        with pytest.raises(GoneError, match="behind the end"):
            await require_kept(at, {0: 10_000, 1: 0})

    run(told())


@pytest.mark.parametrize("most", [1, 3, 100])
def test_pages_go_on_from_memory_into_the_log(settings: Settings, most: int) -> None:
    async def told() -> list[list[str]]:
        at = await filled(settings, most)
        pages, cursor = [], None
        while True:
            items, cursor = await newest(
                settings, ALERTS, at.view.alerts, everything, limit=3, cursor=cursor
            )
            pages.append([each.id for each in items])
            if cursor is None:
                return pages

    found = run(told())
    assert [len(page) for page in found] == [3, 3, 1]
    assert [each for page in found for each in page] == [
        f"alert:{number}" for number in range(6, -1, -1)
    ]
