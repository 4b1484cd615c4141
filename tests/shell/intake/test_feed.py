"""Feeds that are asked again and again, from a server that does what servers do."""

import asyncio
import gzip
import json
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver
from invented_names import Names
from yarl import URL

from schemas.stories import Story
from streams.channels.http_answers import retry_after
from streams.core.wire import Arrival, Refusal, parse
from streams.shell.cluster import ClusterError
from streams.shell.intake import feed
from streams.shell.intake.door import Door
from streams.shell.intake.fetch import Limits, authorization, redirected_to
from streams.shell.intake.ledger import Ledger
from streams.shell.intake.shift import Shift
from streams.shell.intake.sources import Source
from streams.shell.record import RawItem
from streams.shell.secret import Secret
from streams.shell.settings import load_settings

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)
LIMITS = Limits(connect_s=5.0, total_s=20.0, body_bytes=1_000_000)
HASTY = replace(LIMITS, total_s=0.3)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def xml(*numbers: int | str) -> bytes:
    items = (number if isinstance(number, str) else item(number) for number in numbers)
    return f'<rss version="2.0"><channel><title>W</title>{"".join(items)}</channel></rss>'.encode()


def item(number: int) -> str:
    return f'<item><guid isPermaLink="false">s-{number}</guid><title>Story {number}</title></item>'


def answer(body: bytes = b"", status: int = 200, **headers: str) -> Handler:
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def handle(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, status=status, headers=named)

    return handle


def versioned(body: bytes, etag: str) -> Handler:
    """As a server that knows conditional requests."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        return web.Response(body=body, headers={"ETag": etag})

    return handle


def broken_off(body: bytes, **headers: str) -> Handler:
    """Sends the body, and then nothing of what it has announced."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=named)
        if "Content-Length" not in named:
            response.enable_chunked_encoding()
        await response.prepare(request)
        await response.write(body)
        assert request.transport is not None
        request.transport.close()
        return response

    return handle


@dataclass
class Server:
    """Answers each request with the next handler, and with the last from then on."""

    handlers: Sequence[Handler]
    port: int = 0
    asked: list[web.Request] = field(default_factory=list)

    def url(self, path: str = "/feed", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        number = min(len(self.asked), len(self.handlers)) - 1
        return await self.handlers[number](request)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Server"]:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        await site.start()
        self.port = runner.addresses[0][1]
        try:
            yield self
        finally:
            await runner.cleanup()


class Kept:
    """Where the items of a test go."""

    def __init__(self) -> None:
        self.items: list[RawItem] = []
        self.is_down = False

    async def deliver(self, items: Sequence[RawItem]) -> None:
        if self.is_down:
            raise ClusterError("down")
        self.items += items

    def answers(self) -> list[Story | Refusal]:
        return [
            parse(item.data, Arrival(feed="f", format=item.format, received_at=NOON))
            for item in self.items
        ]

    def ids(self) -> list[str]:
        return [got.id for got in self.answers() if isinstance(got, Story)]


class Time:
    """Passes when somebody sleeps; sets the word to stop when that was often enough."""

    def __init__(self, polls: int) -> None:
        self.at = NOON
        self.stop = asyncio.Event()
        self.pauses: list[float] = []
        self._polls = polls

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.at += timedelta(seconds=seconds)
        if len(self.pauses) > self._polls:
            self.stop.set()


@dataclass
class Told:
    """What came of some polls."""

    pauses: list[float]
    problem: str | None
    asked: list[web.Request]


@dataclass
class Desk:
    """All that lasts over restarts: the ledger and what was sent."""

    folder: Path
    kept: Kept = field(default_factory=Kept)
    port: int = 0
    """Of the first server, and of all after it: a feed stays where it is."""

    def run(
        self,
        *handlers: Handler,
        polls: int = 1,
        source: Callable[[Server], Source] | None = None,
        limits: Limits = LIMITS,
        look_up: Callable[[], AbstractResolver] | None = None,
        at: datetime = NOON,
    ) -> Told:
        async def scene() -> Told:
            async with Server(handlers, self.port).serving() as server:
                self.port = server.port
                made = source(server) if source else wire(server)
                time = Time(polls)
                time.at = at
                shift = Shift(made, load_settings({}), time.stop, lambda: time.at, time.sleep)
                ledger = Ledger(self.folder / "ledger.sqlite3")
                try:
                    door = Door(self.kept, ledger, now=lambda: time.at)
                    await feed.run(shift, door, ledger, limits=limits, look_up=look_up)
                finally:
                    ledger.close()
                return Told(time.pauses, shift.standing.problem, server.asked)

        return asyncio.run(scene())


def wire(server: Server, **changes: object) -> Source:
    made = Source(name="wire", way="feed", url=server.url(), private=True, every_s=60.0)
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_an_entry_is_sent_once_however_often_it_is_seen(desk: Desk) -> None:
    told = desk.run(answer(xml(2, 1)), answer(xml(3, 2, 1)), answer(xml(4, 3)), polls=4)

    assert desk.kept.ids() == ["s-2", "s-1", "s-3", "s-4"]
    assert told.pauses == [0.0, 60.0, 60.0, 60.0, 60.0]
    assert told.problem is None


def test_a_feed_is_asked_for_what_is_new_also_after_a_restart(desk: Desk) -> None:
    handler = versioned(xml(1), '"v1"')

    first = desk.run(handler, polls=2)
    second = desk.run(handler, polls=1)

    asked = [request.headers.get("If-None-Match") for request in first.asked + second.asked]
    assert asked == [None, '"v1"', '"v1"']
    assert desk.kept.ids() == ["s-1"]


def test_a_feed_without_etag_is_asked_by_its_date(desk: Desk) -> None:
    dated = "Wed, 14 Jan 2026 11:00:00 GMT"

    told = desk.run(answer(xml(1), Last_Modified=dated), answer(status=304), polls=2)

    assert [request.headers.get("If-Modified-Since") for request in told.asked] == [None, dated]
    assert told.problem is None


def test_a_version_is_not_known_before_the_brokers_have_it(desk: Desk) -> None:
    handler = versioned(xml(1), '"v1"')
    desk.kept.is_down = True
    with pytest.raises(ClusterError):
        desk.run(handler)
    desk.kept.is_down = False

    told = desk.run(handler)

    assert told.asked[0].headers.get("If-None-Match") is None
    assert desk.kept.ids() == ["s-1"]


def test_another_address_or_format_is_asked_anew(desk: Desk) -> None:
    handler = versioned(xml(1), '"v1"')
    desk.run(handler, source=lambda server: wire(server, url=server.url("/old")))

    told = desk.run(handler, source=lambda server: wire(server, url=server.url("/new")))

    assert told.asked[0].headers.get("If-None-Match") is None


def test_nothing_new_is_no_answer_to_who_has_nothing(desk: Desk) -> None:
    assert desk.run(answer(status=304)).problem == "answers 304"


@pytest.mark.parametrize(
    ("handler", "problem"),
    [
        pytest.param(answer(b"x", 500), "answers 500", id="500"),
        pytest.param(answer(b"x", 404), "answers 404", id="404"),
        pytest.param(answer(xml(1), 206), "answers 206", id="a-part-nobody-asked-for"),
        pytest.param(answer(b" \n"), "an empty answer", id="empty"),
        pytest.param(
            answer(b"\n<!DOCTYPE html><p>Log in"),
            "answers with a page in HTML, which is no feed",
            id="a-page-for-a-feed",
        ),
        pytest.param(
            answer(b"x", Content_Encoding="br"),
            "answers in 'br', which was not asked for",
            id="packed-otherwise",
        ),
        pytest.param(
            answer(b"\x1f\x8b" + b"x" * 50, Content_Encoding="gzip"),
            "a body that cannot be unpacked",
            id="not-packed-at-all",
        ),
    ],
)
def test_a_feed_that_fails_is_asked_less_and_less_often(
    desk: Desk, handler: Handler, problem: str
) -> None:
    told = desk.run(handler, polls=9)

    assert told.problem == problem
    assert told.pauses == [0, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    assert desk.kept.items == []


def test_a_feed_that_is_well_again_is_asked_as_before(desk: Desk) -> None:
    bad, good = answer(status=500), answer(xml(1))

    told = desk.run(bad, bad, good, bad, good, polls=5)

    assert told.pauses == [0, 60, 120, 60, 60, 60]
    assert told.problem is None


def test_a_feed_of_long_interval_is_not_asked_more_often_when_it_fails(desk: Desk) -> None:
    told = desk.run(
        answer(status=500), polls=3, source=lambda server: wire(server, every_s=7_200.0)
    )

    assert told.pauses == [0, 7_200, 7_200, 7_200]


@pytest.mark.parametrize(
    ("said", "pause_s"),
    [
        pytest.param("300", 300, id="seconds"),
        pytest.param("5", 60, id="less-than-its-interval"),
        pytest.param("Wed, 14 Jan 2026 12:10:00 GMT", 600, id="a-date"),
        pytest.param("Wed, 14 Jan 2026 11:00:00 GMT", 60, id="a-date-gone-by"),
        pytest.param("99999999", 86_400, id="more-than-a-day"),
        pytest.param("soon", 60, id="a-word"),
        pytest.param("-5", 60, id="less-than-nothing"),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_peace_gets_it(
    desk: Desk, status: int, said: str, pause_s: float
) -> None:
    told = desk.run(answer(status=status, Retry_After=said))

    assert told.pauses == [0, pause_s]
    assert told.problem == f"answers {status}: wait"


def test_a_server_is_left_in_peace_over_a_restart(desk: Desk) -> None:
    desk.run(answer(status=429, Retry_After="900"))

    waiting = desk.run(answer(xml(1)), polls=0, at=NOON + timedelta(seconds=300))
    told = desk.run(answer(xml(1)), polls=2, at=NOON + timedelta(seconds=300))
    later = desk.run(answer(xml(1)))

    assert waiting.problem == "left alone until 2026-01-14T12:15:00+00:00, as its server asked"
    assert told.pauses == [600, 60, 60]
    assert told.problem is None
    assert later.pauses == [0, 60]


def test_another_address_need_not_wait_for_the_peace_of_the_first(desk: Desk) -> None:
    desk.run(answer(status=410))

    told = desk.run(answer(xml(1)), source=lambda server: wire(server, url=server.url("/new")))

    assert told.pauses == [0, 60]


def test_a_feed_that_is_gone_for_good_is_told_and_asked_rarely(desk: Desk) -> None:
    told = desk.run(answer(status=410), polls=2)

    assert told.pauses == [0, 21_600, 21_600]
    assert told.problem == "gone for good (410): ask the agency, or take the source out"


def test_a_server_that_does_not_answer_is_not_waited_for(desk: Desk) -> None:
    async def hang(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    told = desk.run(hang, answer(xml(1)), limits=HASTY, polls=1)
    again = desk.run(answer(xml(1)))

    assert told.problem == "no answer within 0.3 s"
    assert again.problem is None
    assert desk.kept.ids() == ["s-1"]


def test_a_server_that_stops_in_the_middle_is_not_waited_for(desk: Desk) -> None:
    async def stall(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "5000"})
        await response.prepare(request)
        await response.write(xml(2, 1)[:-60])
        await asyncio.Event().wait()
        raise AssertionError

    told = desk.run(stall, limits=HASTY)

    assert told.problem == "not whole within 0.3 s"
    assert desk.kept.ids() == ["s-2"]


def test_a_port_where_nobody_listens_is_told(desk: Desk) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/feed?key=hidden"
        told = desk.run(answer(), source=lambda server: wire(server, url=address))

    assert told.problem is not None
    assert told.problem.startswith("no connection to 127.0.0.1: ")
    assert "hidden" not in told.problem


CUT = xml(3, 2, 1)[:-70]


@pytest.mark.parametrize(
    "handler",
    [
        pytest.param(broken_off(CUT, Content_Length="5000"), id="of-a-known-length"),
        pytest.param(broken_off(CUT), id="in-chunks"),
        pytest.param(
            broken_off(gzip.compress(CUT), Content_Length="5000", Content_Encoding="gzip"),
            id="packed",
        ),
        pytest.param(
            answer(gzip.compress(xml(3, 2, 1), 0)[:-80], Content_Encoding="gzip"),
            id="packed-and-cut-before-it-was-sent",
        ),
    ],
)
def test_of_a_body_that_breaks_off_nothing_whole_is_lost_and_nothing_half_is_taken(
    desk: Desk, handler: Handler
) -> None:
    told = desk.run(handler, versioned(xml(4, 3, 2, 1), '"v1"'), polls=2)

    assert desk.kept.ids() == ["s-3", "s-2", "s-4", "s-1"]
    assert [request.headers.get("If-None-Match") for request in told.asked] == [None, None]
    assert told.problem is None
    assert not any(isinstance(got, Refusal) for got in desk.kept.answers())


def test_a_body_that_may_be_cut_short_is_asked_for_again(desk: Desk) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.0 200 OK\r\nETag: "v1"\r\n\r\n' + xml(2, 1))
        await writer.drain()
        writer.close()

    async def scene() -> str | None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            source = Source(name="wire", way="feed", url=url, private=True)
            time = Time(1)
            shift = Shift(source, load_settings({}), time.stop, lambda: time.at, time.sleep)
            ledger = Ledger(desk.folder / "ledger.sqlite3")
            await feed.run(shift, Door(desk.kept, ledger), ledger, limits=LIMITS)
            known = ledger.recall("wire", "feed.known")
            ledger.close()
            return known

    assert asyncio.run(scene()) is None
    assert desk.kept.ids() == ["s-2", "s-1"]


BOMB = b"<rss><channel><item>" + b" " * 200_000_000


def packed_bomb(window: int) -> bytes:
    engine = zlib.compressobj(1, zlib.DEFLATED, window)
    return engine.compress(BOMB) + engine.flush()


def test_a_body_without_end_is_read_no_further_than_its_limit(desk: Desk) -> None:
    sent = 0

    async def stream(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(200):
            await response.write(b" " * 1_000_000)
            sent += 1_000_000
        return response

    told = desk.run(stream)

    assert told.problem == "larger than 1,000,000 bytes"
    assert sent < 20_000_000


@pytest.mark.parametrize(
    ("coding", "window"),
    [
        pytest.param("gzip", 31, id="gzip"),
        pytest.param("deflate", 15, id="deflate"),
        pytest.param("deflate", -15, id="deflate-without-its-frame"),
    ],
)
def test_a_body_that_swells_is_unpacked_no_further_than_its_limit(
    desk: Desk, coding: str, window: int
) -> None:
    told = desk.run(answer(packed_bomb(window), Content_Encoding=coding))

    assert told.problem == "larger than 1,000,000 bytes"
    assert desk.kept.items == []


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        pytest.param("gzip", gzip.compress(xml(1)), id="gzip"),
        pytest.param("x-gzip", gzip.compress(xml(1)), id="gzip-by-its-old-name"),
        pytest.param("deflate", zlib.compress(xml(1)), id="deflate"),
        pytest.param("deflate", zlib.compress(xml(1))[2:-4], id="deflate-without-its-frame"),
        pytest.param(
            "gzip", gzip.compress(xml(1)[:50]) + gzip.compress(xml(1)[50:]), id="two-parts"
        ),
        pytest.param("gzip", gzip.compress(xml(1)) + b"\0" * 9, id="zeros-behind"),
        pytest.param("identity", xml(1), id="as-it-is"),
    ],
)
def test_a_packed_body_is_unpacked(desk: Desk, coding: str, body: bytes) -> None:
    told = desk.run(answer(body, Content_Encoding=coding))

    assert told.problem is None
    assert desk.kept.ids() == ["s-1"]


def test_of_malformed_xml_what_can_be_read_is_read_and_the_rest_kept_once(desk: Desk) -> None:
    half = "<item><title>Half of a"
    bad = xml(2, "<item><guid>x</guid></itm><item>", 1, half)[: -len("</channel></rss>")]

    told = desk.run(answer(bad), answer(bad + b"\n"), answer(bad), polls=3)

    assert desk.kept.ids() == ["s-2", "s-1"]
    refused = [got for got in desk.kept.answers() if isinstance(got, Refusal)]
    assert len(desk.kept.items) == len(desk.kept.ids()) + len(refused)
    assert [got.detail for got in refused][-1] == "a feed that ends in the middle of its entry"
    assert len({item.data for item in desk.kept.items}) == len(desk.kept.items)
    assert told.problem is None


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        pytest.param("utf-8", "cp1252", id="utf-8-that-is-windows"),
        pytest.param("iso-8859-1", "utf-8", id="latin-1-that-is-utf-8"),
        pytest.param("utf-16", "utf-16", id="utf-16"),
        pytest.param("x-none", "utf-8", id="an-encoding-nobody-knows"),
    ],
)
def test_a_wrong_encoding_is_put_right(desk: Desk, declared: str, real: str) -> None:
    text = "Der Präsident fährt am Freitag über Genf nach Zürich. Zwei Gespräche wären möglich."
    entry = f"<item><title>Präsident reist nach Zürich</title><description>{text}</description>"
    body = f'<?xml version="1.0" encoding="{declared}"?>'.encode() + xml(f"{entry}</item>")

    desk.run(answer(body.decode().encode(real), Content_Type="text/xml; charset=koi8-r"))

    (story,) = desk.kept.answers()
    assert isinstance(story, Story)
    assert story.headline == "Präsident reist nach Zürich"


def test_any_format_comes_by_http(desk: Desk) -> None:
    items = [{"uri": "a", "headline": "One"}, {"uri": "b", "headline": "Two"}]

    desk.run(answer(json.dumps(items).encode()), source=lambda server: wire(server, format="ninjs"))

    assert desk.kept.ids() == ["a", "b"]


def to(location: str, status: int = 302) -> Handler:
    return answer(status=status, Location=location)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_within_the_host_is_followed(desk: Desk, status: int) -> None:
    told = desk.run(to("/moved?x=1#top", status), answer(xml(1)))

    assert [request.path_qs for request in told.asked] == ["/feed", "/moved?x=1"]
    assert desk.kept.ids() == ["s-1"]


@pytest.mark.parametrize(
    ("handlers", "problem"),
    [
        pytest.param([to("/b"), to("/feed")], "redirected in a circle", id="a-circle"),
        pytest.param([to("/feed")], "redirected in a circle", id="to-itself"),
        pytest.param(
            [to(f"/{number}") for number in range(9)],
            "redirected more than 5 times",
            id="without-end",
        ),
        pytest.param([answer(status=302)], "redirected to nowhere", id="to-nowhere"),
        pytest.param(
            [to("file:///etc/passwd")], "redirected to what is no address of the web", id="a-file"
        ),
        pytest.param([to("http://[")], "redirected to what is no address", id="no-address"),
        pytest.param(
            [to("http://other.example/feed")],
            "redirected: the host other.example is not its own: "
            "list it in allowed_hosts if it may be",
            id="another-host",
        ),
        pytest.param(
            [to("http://169.254.169.254/latest/meta-data")],
            "redirected: the host 169.254.169.254 is not its own: "
            "list it in allowed_hosts if it may be",
            id="where-clouds-keep-their-keys",
        ),
    ],
)
def test_a_redirect_that_leads_astray_is_not_followed(
    desk: Desk, handlers: Sequence[Handler], problem: str
) -> None:
    told = desk.run(*handlers)

    assert told.problem == problem
    assert len(told.asked) <= 6
    assert desk.kept.items == []


def test_a_redirect_to_a_host_that_the_source_lists_is_followed_without_its_credentials(
    desk: Desk,
) -> None:
    async def elsewhere(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(f"http://other.example:{request.url.port}/feed")

    credentials = Secret("env:WIRE", {"WIRE": "user:word"})
    told = desk.run(
        elsewhere,
        answer(xml(1)),
        source=lambda server: wire(
            server, allowed_hosts=("other.example",), credentials=credentials
        ),
        look_up=lambda: Names(["127.0.0.1"]),
    )

    assert [request.headers.get("Authorization") for request in told.asked] == [
        "Basic dXNlcjp3b3Jk",
        None,
    ]
    assert desk.kept.ids() == ["s-1"]


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("127.0.0.1", id="an-address"),
        pytest.param("localhost", id="a-name-of-our-own"),
        pytest.param("innocent.example", id="a-name-that-leads-here"),
    ],
)
def test_our_own_network_is_asked_only_if_the_source_says_so(desk: Desk, host: str) -> None:
    def source(server: Server) -> Source:
        return wire(server, url=server.url(host=host), private=False)

    names = Names(["127.0.0.1"])
    refused = desk.run(answer(xml(1)), source=source, look_up=lambda: names)
    allowed = desk.run(
        answer(xml(1)),
        source=lambda server: replace(source(server), private=True),
        look_up=lambda: names,
    )

    assert refused.problem == f"{host} is no public address: set private = true if it is meant"
    assert refused.asked == []
    assert allowed.problem is None
    assert len(names.asked) == (0 if host == "127.0.0.1" else 2)


def test_a_redirect_to_a_name_that_leads_to_our_own_network_is_refused(desk: Desk) -> None:
    """Even if the source lists the name: whoever answers for it decides where it leads."""

    async def elsewhere(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(f"http://cdn.example:{request.url.port}/feed")

    told = desk.run(
        elsewhere,
        answer(xml(1)),
        source=lambda server: wire(
            server, private=False, url=server.url(), allowed_hosts=("127.0.0.1", "cdn.example")
        ),
        look_up=lambda: Names(["127.0.0.1"]),
    )

    assert told.problem == "cdn.example is no public address: set private = true if it is meant"
    assert len(told.asked) == 1


def test_credentials_that_are_not_there_are_told_by_their_place(desk: Desk) -> None:
    credentials = Secret("env:WIRE", {})

    told = desk.run(answer(xml(1)), source=lambda server: wire(server, credentials=credentials))

    assert told.problem == "credentials: env:WIRE: nothing is there"
    assert told.asked == []


@pytest.mark.parametrize(
    ("credentials", "value"),
    [
        ("user:word", "Basic dXNlcjp3b3Jk"),
        ("user:two words", "Basic dXNlcjp0d28gd29yZHM="),
        ("Bearer abc.def", "Bearer abc.def"),
        ("Basic dXNlcjp3b3Jk", "Basic dXNlcjp3b3Jk"),
    ],
)
def test_credentials_are_a_user_and_password_or_a_whole_value(credentials: str, value: str) -> None:
    assert authorization(credentials) == value


def test_https_is_never_left_for_http() -> None:
    url = URL("https://wire.example/feed")

    assert str(redirected_to(url, "//wire.example/b")) == "https://wire.example/b"
    assert "from https to http" in str(redirected_to(url, "http://wire.example/feed"))


def test_a_date_to_wait_for_without_a_zone_is_in_gmt() -> None:
    assert retry_after("Wed, 14 Jan 2026 12:00:30", NOON) == 30.0


def test_an_item_too_large_for_the_raw_topic_is_told(desk: Desk) -> None:
    large = f'<item><guid isPermaLink="false">l</guid><title>{"x" * 8_400_000}</title></item>'

    told = desk.run(answer(xml(2, large)), limits=replace(LIMITS, body_bytes=10_000_000))

    assert desk.kept.ids() == ["s-2"]
    assert told.problem is not None
    assert told.problem.startswith("1 not taken: ")
