"""Stories by HTTP: who may send, what is answered, and that nothing is acknowledged too early."""

import asyncio
import gzip
import logging
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from memory_brokers import MemoryBrokers

from streams.shell.intake.door import Door
from streams.shell.intake.ledger import Ledger
from streams.shell.intake.push import PushError, PushLimits, PushServer, push
from streams.shell.intake.shift import Shift
from streams.shell.intake.sources import Source
from streams.shell.secret import Secret
from streams.shell.serving import PageError
from streams.shell.settings import Settings

KEYS = {"OLD": "old-key-of-norte", "NEW": "new-key-of-norte", "SUD": "key-of-sud"}
NORTE = Source(
    name="norte",
    way="push",
    outlet="Agencia Norte",
    keys=(Secret("env:OLD", KEYS), Secret("env:NEW", KEYS)),
)
SUD = Source(name="sud", way="push", format="ninjs", keys=(Secret("env:SUD", KEYS),))
AS_NORTE = {"Authorization": f"Bearer {KEYS['NEW']}"}
STORY = b'{"uri": "norte:1", "headline": "Minister to visit Quito"}'
OTHER = b'{"uri": "norte:2", "headline": "Talks in Lima put off"}'
SETTINGS = Settings(push_port=0)


class Desk:
    """A server with two sources, and a client."""

    def __init__(self, server: PushServer, shifts: list[Shift], brokers: MemoryBrokers) -> None:
        self.server = server
        self.shifts = shifts
        self.brokers = brokers
        self.client = aiohttp.ClientSession(auto_decompress=False)

    async def send(
        self, body: Any, headers: dict[str, str] | None = None, key: bool = True
    ) -> tuple[int, dict[str, Any]]:
        given = {**(AS_NORTE if key else {}), **(headers or {})}
        async with self.client.post(
            f"{self.server.address}/stories", data=body, headers=given
        ) as answer:
            return answer.status, await answer.json()

    def posting(
        self, *lines: str
    ) -> AbstractAsyncContextManager[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """A connection by hand, with the begin of a push and these lines sent."""
        key = f"X-Dragoman-Key: {KEYS['NEW']}"
        return self.socket("POST /stories HTTP/1.1", "Host: x", key, *lines)

    @asynccontextmanager
    async def socket(
        self, *lines: str
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """A connection by hand, with these first lines sent."""
        host, _, port = self.server.address.removeprefix("http://").rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.write("".join(f"{line}\r\n" for line in lines).encode())
            yield reader, writer
        finally:
            writer.close()


def shift_of(source: Source, stop: asyncio.Event, settings: Settings = SETTINGS) -> Shift:
    return Shift(source, settings, stop, lambda: datetime.now(UTC), asyncio.sleep)


def at_a_desk(
    folder: Path,
    work: Callable[[Desk], Awaitable[None]],
    sources: Sequence[Source] = (NORTE, SUD),
    **limits: Any,
) -> None:
    async def run() -> None:
        brokers, ledger = MemoryBrokers(), Ledger(folder / "ledger.sqlite3")
        shifts = [shift_of(source, asyncio.Event()) for source in sources]
        server = PushServer(shifts, Door(brokers, ledger), SETTINGS, PushLimits(**limits))
        await server.start()
        desk = Desk(server, shifts, brokers)
        try:
            await work(desk)
        finally:
            await desk.client.close()
            await server.stop()
            ledger.close()

    asyncio.run(run())


def digest(item: bytes) -> str:
    return sha256(item).hexdigest()


def test_a_story_goes_to_the_raw_topic_as_it_is_in_the_name_of_its_source(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        assert await desk.send(STORY) == (
            202,
            {"sent": 1, "repeated": 0, "refused": [], "digests": [digest(STORY)]},
        )
        (item,) = desk.brokers.items
        assert (item.data, item.feed, item.source) == (STORY, "norte", "Agencia Norte")

    at_a_desk(tmp_path, work)


def test_nothing_is_answered_before_the_brokers_have_confirmed(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        desk.brokers.free.clear()
        sending = asyncio.create_task(desk.send(STORY))
        await desk.brokers.asked.wait()
        # Time for an answer that came too early to arrive.
        await asyncio.wait({sending}, timeout=0.2)
        assert not sending.done()
        desk.brokers.free.set()
        assert (await sending)[0] == 202

    at_a_desk(tmp_path, work)


def test_the_same_bytes_again_are_accepted_and_sent_once(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.send(STORY)
        status, said = await desk.send(STORY)
        assert (status, said["sent"], said["repeated"]) == (202, 0, 1)
        assert len(desk.brokers.items) == 1

    at_a_desk(tmp_path, work)


@pytest.mark.parametrize(
    ("body", "items"),
    [
        pytest.param(b"[" + STORY + b"," + OTHER + b"]", 2, id="an array"),
        pytest.param(STORY + b"\n" + OTHER + b"\n", 2, id="one object a line"),
        pytest.param(STORY + b"\n" + STORY, 1, id="the same story twice"),
    ],
)
def test_several_stories_may_come_in_one_body(tmp_path: Path, body: bytes, items: int) -> None:
    async def work(desk: Desk) -> None:
        status, said = await desk.send(body, {"Content-Type": "application/json"})
        assert (status, said["sent"]) == (202, items)
        assert said["digests"] == [digest(item.data) for item in desk.brokers.items]

    at_a_desk(tmp_path, work)


def test_a_message_of_several_items_is_taken_apart(tmp_path: Path) -> None:
    items = "".join(f'<newsItem guid="urn:n:{n}"><itemMeta/></newsItem>' for n in (1, 2, 3))
    message = f'<newsMessage xmlns="x"><itemSet>{items}</itemSet></newsMessage>'.encode()

    async def work(desk: Desk) -> None:
        said = {"Content-Type": "application/vnd.iptc.g2.newsmessage+xml"}
        status, told = await desk.send(message, said)
        assert (status, told["sent"]) == (202, 3)
        assert [item.format for item in desk.brokers.items] == ["newsml-g2"] * 3
        assert told["digests"] == [digest(item.data) for item in desk.brokers.items]

    at_a_desk(tmp_path, work)


@pytest.mark.parametrize(
    ("headers", "feed"),
    [
        pytest.param({"Authorization": f"Bearer {KEYS['OLD']}"}, "norte", id="the old key"),
        pytest.param({"Authorization": f"bearer  {KEYS['NEW']}"}, "norte", id="the new key"),
        pytest.param({"X-Dragoman-Key": KEYS["NEW"]}, "norte", id="in a header of ours"),
        pytest.param({"X-Dragoman-Key": KEYS["SUD"]}, "sud", id="of another source"),
        pytest.param({}, None, id="none"),
        pytest.param({"Authorization": "Bearer wrong"}, None, id="wrong"),
        pytest.param({"Authorization": f"Basic {KEYS['NEW']}"}, None, id="in another scheme"),
        pytest.param({"X-Dragoman-Key": KEYS["NEW"][:-1]}, None, id="cut off"),
        pytest.param({"X-Dragoman-Key": ""}, None, id="empty"),
        pytest.param({"X-Dragoman-Key": "ключ"}, None, id="not in ASCII"),
    ],
)
def test_a_key_tells_whose_the_story_is(
    tmp_path: Path, headers: dict[str, str], feed: str | None
) -> None:
    async def work(desk: Desk) -> None:
        status, said = await desk.send(STORY, headers, key=False)
        assert [item.feed for item in desk.brokers.items] == ([feed] if feed else [])
        assert status == (202 if feed else 401), said

    at_a_desk(tmp_path, work)


def test_a_key_is_in_no_log_and_in_no_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def work(desk: Desk) -> None:
        answers = [
            await desk.send(STORY),
            await desk.send(STORY, {"Authorization": "Bearer nearly-a-key"}),
            await desk.send(b"%PDF-1.7"),
        ]
        told = f"{answers} {caplog.text} {desk.shifts[0].source!r}"
        assert not [key for key in (*KEYS.values(), "nearly-a-key") if key in told]

    at_a_desk(tmp_path, work)


def test_a_key_can_be_changed_while_the_server_runs(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("first\n")
    source = Source(name="norte", way="push", keys=(Secret(f"file:{file}", {}),))

    async def work(desk: Desk) -> None:
        assert (await desk.send(STORY, {"X-Dragoman-Key": "first"}, key=False))[0] == 202
        file.write_text("second\n")
        assert (await desk.send(STORY, {"X-Dragoman-Key": "first"}, key=False))[0] == 401
        assert (await desk.send(STORY, {"X-Dragoman-Key": "second"}, key=False))[0] == 202
        file.unlink()
        assert (await desk.send(STORY, {"X-Dragoman-Key": ""}, key=False))[0] == 401
        assert "a key cannot be read" in (desk.shifts[0].standing.problem or "")

    at_a_desk(tmp_path, work, sources=[source])


async def in_pieces(piece: bytes, times: int) -> AsyncIterator[bytes]:
    for _ in range(times):
        yield piece


ZIPPED = {"Content-Encoding": "gzip"}
BARE = zlib.compressobj(wbits=-15)
DEFLATED_BARE = BARE.compress(STORY) + BARE.flush()


@pytest.mark.parametrize(
    ("body", "headers", "status", "why"),
    [
        pytest.param(b"x" * 1_001, {}, 413, "more than 1,000 bytes", id="too long"),
        pytest.param(gzip.compress(STORY), ZIPPED, 202, "", id="gzip"),
        pytest.param(
            gzip.compress(STORY[:9]) + gzip.compress(STORY[9:]), ZIPPED, 202, "", id="in two parts"
        ),
        pytest.param(zlib.compress(STORY), {"Content-Encoding": "deflate"}, 202, "", id="deflate"),
        pytest.param(
            DEFLATED_BARE, {"Content-Encoding": "deflate"}, 202, "", id="deflate, without zlib's"
        ),
        pytest.param(STORY, {"Content-Encoding": "identity"}, 202, "", id="said not to be"),
        pytest.param(gzip.compress(b"x" * 1_001), ZIPPED, 413, "more than 1,000", id="a bomb"),
        pytest.param(
            gzip.compress(b"") * 40, ZIPPED, 400, "empty", id="parts with nothing in them"
        ),
        pytest.param(gzip.compress(STORY)[:-9], ZIPPED, 400, "cut off", id="cut off"),
        pytest.param(gzip.compress(STORY)[:8] + b"\xff" * 9, ZIPPED, 400, "broken", id="broken"),
        pytest.param(STORY, ZIPPED, 400, "broken", id="not compressed at all"),
        pytest.param(STORY, {"Content-Encoding": "br"}, 415, "'br': send gzip", id="unknown"),
        pytest.param(STORY, {"Content-Encoding": "gzip, gzip"}, 415, "gzip, gzip", id="twice"),
        pytest.param(b"", {}, 400, "empty", id="empty"),
        pytest.param(b" \n\t", {}, 400, "empty", id="blank"),
        pytest.param(b"%PDF-1.7 ...", {}, 422, "a PDF, not a story", id="a PDF"),
        pytest.param(b"\x89PNG\r\n", {}, 422, "a PNG image, not a story", id="a picture"),
        pytest.param(b"<unknown/>", {}, 202, "", id="XML that is none of ours: a dead letter"),
        pytest.param(b'{"no": "uri"}', {}, 202, "", id="JSON that is no story: a dead letter"),
        pytest.param(
            STORY,
            {"Content-Type": "multipart/form-data; boundary=x"},
            415,
            "item itself",
            id="form",
        ),
    ],
)
def test_a_body_is_taken_within_bounds_or_refused_with_a_reason(
    tmp_path: Path, body: bytes, headers: dict[str, str], status: int, why: str
) -> None:
    async def work(desk: Desk) -> None:
        answered, said = await desk.send(body, headers)
        assert (answered, why in said.get("error", "")) == (status, True), said
        assert len(desk.brokers.items) == (1 if status == 202 else 0)
        # And it goes on.
        assert (await desk.send(OTHER))[0] == 202

    at_a_desk(tmp_path, work, body_bytes=1_000)


def test_a_body_that_says_it_is_too_long_is_not_waited_for(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        async with desk.posting(
            "Content-Length: 99999999999",
            "",
        ) as (reader, _):
            assert b" 413 " in await reader.readline()

    at_a_desk(tmp_path, work)


def test_a_body_of_no_said_length_is_read_to_the_limit_only(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        status, _ = await desk.send(in_pieces(b"x" * 100, 11))
        assert status == 413

    at_a_desk(tmp_path, work, body_bytes=1_000)


@pytest.mark.parametrize(
    ("said", "as_norte", "as_sud"),
    [
        pytest.param("application/json", "ninjs", "ninjs", id="JSON is ninjs"),
        pytest.param("Application/JSON; charset=utf-8", "ninjs", "ninjs", id="with a parameter"),
        pytest.param("application/x-ndjson", "ninjs", "ninjs", id="one object a line"),
        pytest.param("text/plain", "auto", "ninjs", id="anything is labelled text/plain"),
        pytest.param(
            "application/vnd.iptc.g2.newsitem+xml", "newsml-g2", "newsml-g2", id="a registered type"
        ),
        pytest.param("application/xml", "auto", "ninjs", id="XML is no format of news"),
        pytest.param("application/x-www-form-urlencoded", "auto", "ninjs", id="what curl says"),
        pytest.param("", "auto", "ninjs", id="nothing"),
    ],
)
def test_the_content_type_counts_where_it_says_more_than_the_source_does(
    tmp_path: Path, said: str, as_norte: str, as_sud: str
) -> None:
    async def work(desk: Desk) -> None:
        await desk.send(STORY, {"Content-Type": said})
        await desk.send(STORY, {"Content-Type": said, "Authorization": f"Bearer {KEYS['SUD']}"})
        assert [item.format for item in desk.brokers.items] == [as_norte, as_sud]

    at_a_desk(tmp_path, work)


def test_without_brokers_nothing_is_acknowledged_and_the_same_story_goes_later(
    tmp_path: Path,
) -> None:
    async def work(desk: Desk) -> None:
        desk.brokers.away = True
        async with desk.client.post(
            f"{desk.server.address}/stories", data=STORY, headers=AS_NORTE
        ) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
            assert "secret-host" not in await answer.text()
        assert "secret-host" in (desk.shifts[0].standing.problem or "")
        desk.brokers.away = False
        assert (await desk.send(STORY))[1]["sent"] == 1
        assert desk.shifts[0].standing.problem is None

    at_a_desk(tmp_path, work)


def test_brokers_that_never_answer_are_not_waited_for_for_ever(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        desk.brokers.free.clear()
        status, said = await desk.send(STORY)
        assert (status, "send it again" in said["error"]) == (503, True)

    at_a_desk(tmp_path, work, confirm_s=0.1)


def test_a_body_that_does_not_come_is_given_up(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        async with desk.posting(
            "Content-Length: 900",
            "",
            "{",
        ) as (reader, _):
            assert b" 408 " in await reader.readline()
        assert (await desk.send(STORY))[0] == 202

    at_a_desk(tmp_path, work, body_s=0.2)


def test_first_lines_that_do_not_come_to_an_end_are_given_up(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        async with desk.socket("POST /stories HTTP/1.1", "Host: x") as (reader, _):
            async with asyncio.timeout(60):
                assert await reader.read() == b""

    at_a_desk(tmp_path, work, head_s=0.2)


def test_a_client_that_goes_away_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        async with desk.posting(
            "Content-Length: 900",
            "",
            "{",
        ) as (_, writer):
            await writer.drain()
        assert (await desk.send(STORY))[0] == 202
        async with desk.client.get(f"{desk.server.address}/healthz") as answer:
            assert (await answer.json())["sources"] == 2
        assert [item.data for item in desk.brokers.items] == [STORY]

    at_a_desk(tmp_path, work, body_s=5.0)


def test_more_requests_at_once_than_are_borne_are_asked_to_come_again(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        desk.brokers.free.clear()
        first = asyncio.create_task(desk.send(STORY))
        await desk.brokers.asked.wait()
        async with desk.client.post(
            f"{desk.server.address}/stories", data=OTHER, headers=AS_NORTE
        ) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
        desk.brokers.free.set()
        assert (await first)[0] == 202
        assert (await desk.send(OTHER))[0] == 202

    at_a_desk(tmp_path, work, at_once=1)


def test_what_is_not_there_is_said_in_json_too(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        async with desk.client.get(f"{desk.server.address}/stories") as answer:
            assert (answer.status, answer.headers["Allow"]) == (405, "POST")
            assert "error" in await answer.json()
        async with desk.client.post(f"{desk.server.address}/story", data=STORY) as answer:
            assert answer.status == 404
            assert "error" in await answer.json()

    at_a_desk(tmp_path, work)


def test_a_port_that_is_taken_is_told_with_the_setting_to_change(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        port = int(desk.server.address.rpartition(":")[2])
        stop = asyncio.Event()
        second = shift_of(NORTE, stop, Settings(push_port=port))
        with pytest.raises(PageError, match="DRAGOMAN_PUSH_PORT"):
            await push([second], Door(desk.brokers, Ledger(tmp_path / "2")), Ledger(tmp_path / "2"))

    at_a_desk(tmp_path, work)


def test_two_sources_with_one_key_are_told_apart_by_nobody(tmp_path: Path) -> None:
    twin = Source(name="twin", way="push", keys=(Secret("env:NEW", KEYS),))

    with pytest.raises(PushError, match="norte and twin have the same key"):
        at_a_desk(tmp_path, lambda desk: desk.send(STORY), sources=[NORTE, twin])


def test_the_server_runs_until_its_shift_is_over(tmp_path: Path) -> None:
    async def run() -> None:
        stop = asyncio.Event()
        ledger = Ledger(tmp_path / "ledger")
        running = asyncio.create_task(
            push([shift_of(NORTE, stop)], Door(MemoryBrokers(), ledger), ledger)
        )
        await asyncio.wait({running}, timeout=0.1)
        assert not running.done()
        stop.set()
        await running
        ledger.close()

    asyncio.run(run())
