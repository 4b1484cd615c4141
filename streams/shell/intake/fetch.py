"""One request for a feed, with all that a server may do to whoever asks.

Redirects are followed by hand, so that each step is checked; a body is unpacked piece by piece and
never beyond its limit; what was cut short is told from what is whole. What comes back is a value:
nothing is raised for what a server does. When to ask is not known here.
"""

import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version

import aiohttp
from yarl import URL

from streams.channels.http_answers import retry_after, what_failed
from streams.channels.reach import MakeResolver, Reach, checked, plain_host
from streams.shell.intake.shift import Now
from streams.shell.intake.unpacking import CODINGS, PackedError, Unpacking

REDIRECTS = 5
_REDIRECT = (301, 302, 303, 307, 308)
_PLEASE_WAIT = (429, 503)
_WHOLE_VALUE = re.compile(r"[A-Za-z][A-Za-z0-9-]*\s+\S.*")
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds; bytes after unpacking."""

    connect_s: float = 10.0
    total_s: float = 60.0
    """Of one request, to the end of its body."""
    body_bytes: int = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server says of a version, to be asked for anything newer. RFC 9110, section 8.8."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """For a request that need not be answered if nothing is new."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Fresh:
    """A body, whole as far as can be told."""

    body: bytes
    validators: Validators = field(default_factory=Validators)
    """None where nothing tells that the body is whole: it is better asked for again."""
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing new since the last time."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The server says that it will not come back (410)."""


@dataclass(frozen=True, slots=True)
class CutShort:
    """The beginning of a body, which is not the feed."""

    body: bytes
    problem: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing was had. `wait_s`: how long the server asks to be left alone."""

    problem: str
    wait_s: float = 0.0


Answer = Fresh | Unchanged | Gone | CutShort | Failed


class Fetcher:
    """Asks for one source; made by `fetcher`."""

    def __init__(
        self, session: aiohttp.ClientSession, reach: Reach, limits: Limits, now: Now
    ) -> None:
        self._session = session
        self._reach = reach
        self._limits = limits
        self._now = now

    async def fetch(
        self, address: str, known: Validators, credentials: str | None = None
    ) -> Answer:
        """What there is at an address. `credentials` go to its own origin alone."""
        try:
            return await self._follow(URL(address), known, credentials)
        except TimeoutError:
            return Failed(f"no answer within {self._limits.total_s:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Failed(what_failed(error))

    async def _follow(self, url: URL, known: Validators, credentials: str | None) -> Answer:
        first, asked = url, set[URL]()
        while True:
            fault = self._reach.fault_of_host(url)
            if fault is not None:
                return Failed(f"redirected: {fault}" if asked else fault)
            if url in asked:
                return Failed("redirected in a circle")
            if len(asked) > REDIRECTS:
                return Failed(f"redirected more than {REDIRECTS} times")
            asked.add(url)
            headers = known.headers()
            if credentials and url.origin() == first.origin():
                headers["Authorization"] = authorization(credentials)
            async with self._session.get(url, headers=headers, allow_redirects=False) as response:
                if response.status not in _REDIRECT:
                    return await self._answer(response, conditional=bool(known.headers()))
                target = redirected_to(url, response.headers.get("Location"))
            if isinstance(target, Failed):
                return target
            url = target

    async def _answer(self, response: aiohttp.ClientResponse, *, conditional: bool) -> Answer:
        status = response.status
        if status == 304 and conditional:
            return Unchanged()
        if status == 410:
            return Gone()
        if status in _PLEASE_WAIT:
            wait_s = retry_after(response.headers.get("Retry-After"), self._now())
            return Failed(f"answers {status}: wait", wait_s)
        if status != 200:
            return Failed(f"answers {status}")
        return await self._body(response)

    async def _body(self, response: aiohttp.ClientResponse) -> Answer:
        coding = response.headers.get("Content-Encoding", "").strip().lower()
        if coding not in CODINGS:
            return Failed(f"answers in {coding[:40]!r}, which was not asked for")
        unpacking = Unpacking(coding, self._limits.body_bytes)
        try:
            async for piece in response.content.iter_chunked(_PIECE):
                unpacking.add(piece)
                if unpacking.is_too_large:
                    return Failed(f"larger than {self._limits.body_bytes:,} bytes")
        except (aiohttp.ClientPayloadError, ConnectionError):
            return CutShort(unpacking.body(), "the connection broke off in the middle")
        except TimeoutError:
            return CutShort(unpacking.body(), f"not whole within {self._limits.total_s:g} s")
        except PackedError:
            return CutShort(unpacking.body(), "a body that cannot be unpacked")
        if unpacking.is_unfinished:
            return CutShort(unpacking.body(), "a packed body that ends in the middle")
        body = unpacking.body()
        if not body.strip():
            return Failed("an empty answer")
        is_framed = response.content_length is not None or _is_chunked(response) or bool(coding)
        said = Validators(response.headers.get("ETag"), response.headers.get("Last-Modified"))
        return Fresh(body, said if is_framed else Validators(), response.content_type.lower())


@asynccontextmanager
async def fetcher(
    reach: Reach, limits: Limits, now: Now, look_up: MakeResolver | None = None
) -> AsyncIterator[Fetcher]:
    """Connections to what is in reach. `look_up` stands in for the system's resolver."""
    connector = aiohttp.TCPConnector(
        resolver=checked(reach, look_up), use_dns_cache=False, force_close=True
    )
    session = aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(
            total=limits.total_s, connect=limits.connect_s, sock_connect=limits.connect_s
        ),
        headers={
            "User-Agent": f"Dragoman/{version('dragoman')}",
            "Accept-Encoding": "gzip, deflate",
            "Accept": "application/atom+xml, application/rss+xml, application/xml, "
            "application/json, */*;q=0.5",
        },
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
    )
    async with session:
        yield Fetcher(session, reach, limits, now)


def authorization(credentials: str) -> str:
    """The value of the header: as it is where it names its scheme, else user and password."""
    if _WHOLE_VALUE.fullmatch(credentials):
        return credentials
    return "Basic " + base64.b64encode(credentials.encode()).decode("ascii")


def redirected_to(url: URL, location: str | None) -> URL | Failed:
    """Where a redirect leads, without fragment and user; never from https to http."""
    if not location:
        return Failed("redirected to nowhere")
    try:
        target = url.join(URL(location))
    except ValueError:
        return Failed("redirected to what is no address")
    if target.scheme not in ("http", "https") or not target.raw_host:
        return Failed("redirected to what is no address of the web")
    if url.scheme == "https" and target.scheme == "http":
        return Failed(f"redirected from https to http at {plain_host(target)[:100]}")
    return target.with_fragment(None).with_user(None)


def _is_chunked(response: aiohttp.ClientResponse) -> bool:
    return "chunked" in response.headers.get("Transfer-Encoding", "").lower()
