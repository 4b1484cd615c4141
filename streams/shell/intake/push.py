"""The way in by HTTP: agencies post stories, and hear of them once the brokers have them.

`POST /stories` with a key of a source. The answer is 202 only when all that is new is durable.
Until then nothing is acknowledged, and whoever has no answer sends again: the same bytes are known
by their digest. What the bytes mean is not known here.

Whether they are a story is found out later, and what is refused then is kept as a dead letter, so
it is answered with 202: an upgrade or a corrected setting may yet read it. Only what no wire format
can ever be, such as a PDF or a picture, is answered with 422 at once: the sender alone can help it,
and would never hear of a dead letter.
"""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from aiohttp import web

from schemas.topics import MAX_RAW_BYTES
from streams.core.wire import Refusal, recognise, split
from streams.shell.cluster import ClusterError
from streams.shell.intake.body import BodyError, read_body
from streams.shell.intake.door import Door, Taken
from streams.shell.intake.ledger import Ledger, LedgerError
from streams.shell.intake.media_types import format_meant
from streams.shell.intake.shift import Shift
from streams.shell.secret import SecretError
from streams.shell.serving import Server, json_page
from streams.shell.settings import Settings

_log = logging.getLogger(__name__)

KEY_HEADER = "X-Dragoman-Key"
_BEARER = "bearer"
_A_WHILE_S = 3_600.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PushLimits:
    """What one server bears."""

    body_bytes: int = MAX_RAW_BYTES
    """Of one request, after decompression too."""
    head_s: float = 20.0
    """For a request's first lines, and between two requests of a connection."""
    body_s: float = 30.0
    confirm_s: float = 30.0
    """For the brokers to confirm; after that, 503."""
    at_once: int = 16
    """Requests in hand; each may hold its body twice. One more is answered with 503."""


class PushError(Exception):
    """Sources share a key; the message says what to do."""


class _AnswerError(Exception):
    """An answer that is not 202."""

    def __init__(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.headers = headers or {}


async def push(shifts: Sequence[Shift], door: Door, _: Ledger) -> None:
    """Serves all sources of the way `push` until their shifts are over.

    Raises `PushError` and, where the port is taken, `PageError`.
    """
    server = PushServer(shifts, door, shifts[0].settings)
    _log.info("stories are taken at %s/stories", await server.start())
    try:
        while await shifts[0].pause(_A_WHILE_S):
            pass
    finally:
        await server.stop()


class PushServer:
    """The server. `start` and `stop` it on one loop."""

    def __init__(
        self,
        shifts: Sequence[Shift],
        door: Door,
        settings: Settings,
        limits: PushLimits | None = None,
    ) -> None:
        self._shifts = tuple(shifts)
        self._door = door
        self._limits = limits or PushLimits()
        self._in_hand = 0
        self._server = Server(
            self._application(),
            settings.push_host,
            settings.push_port,
            "DRAGOMAN_PUSH_PORT",
            auto_decompress=False,
            keepalive_timeout=self._limits.head_s,
            lingering_time=1.0,
            shutdown_timeout=self._limits.confirm_s,
        )

    @property
    def address(self) -> str:
        """`http://host:port`, once started."""
        return self._server.address

    async def start(self) -> str:
        """Opens the port and gives back the address. Raises `PushError` and `PageError`."""
        self._require_own_keys()
        return await self._server.start()

    async def stop(self) -> None:
        """Finishes the requests in hand and closes the port."""
        await self._server.stop()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[_in_json])
        application.add_routes(
            [web.post("/stories", self._stories), web.get("/healthz", self._health)]
        )
        return application

    async def _health(self, _: web.Request) -> web.Response:
        return json_page({"sources": len(self._shifts), "in_hand": self._in_hand})

    async def _stories(self, request: web.Request) -> web.Response:
        shift = self._shift_of(request)
        _require_bare(request)
        with self._place():
            try:
                data = await read_body(
                    request, limit=self._limits.body_bytes, timeout_s=self._limits.body_s
                )
            except BodyError as error:
                raise _AnswerError(error.status, str(error)) from None
            _require_something(data)
            said = request.headers.get("Content-Type")
            format_name = format_meant(said, shift.source.format)
            taken = await self._taken(shift, data, format_name)
        return _answer(taken, split(data, format_name or shift.source.format))

    async def _taken(self, shift: Shift, data: bytes, format_name: str | None) -> Taken:
        try:
            async with asyncio.timeout(self._limits.confirm_s):
                taken = await self._door.take(shift.source, data, format=format_name)
        except TimeoutError:
            shift.failing(f"the brokers did not confirm within {self._limits.confirm_s:g} s")
        except (ClusterError, LedgerError) as error:
            shift.failing(str(error))
        else:
            shift.well()
            return taken
        # The reason is for the operator: it names our brokers.
        raise _AnswerError(
            503, "not taken: it could not be made durable; send it again", {"Retry-After": "5"}
        )

    def _shift_of(self, request: web.Request) -> Shift:
        """The source whose key it has. Every key is compared, so that time tells nothing."""
        given = sha256(_key_in(request.headers).encode()).digest()
        found: Shift | None = None
        for shift, key in self._keys():
            if hmac.compare_digest(given, sha256(key.encode()).digest()):
                found = shift
        if found is None:
            raise _AnswerError(
                401,
                f"no source has this key; send it as Authorization: Bearer … or {KEY_HEADER}",
                {"WWW-Authenticate": "Bearer"},
            )
        return found

    def _keys(self) -> Iterator[tuple[Shift, str]]:
        for shift in self._shifts:
            for secret in shift.source.keys:
                try:
                    yield shift, secret.reveal()
                except SecretError as error:
                    shift.failing(f"a key cannot be read: {error}")

    def _require_own_keys(self) -> None:
        owners: dict[str, str] = {}
        for shift, key in self._keys():
            name = shift.source.name
            if owners.setdefault(key, name) != name:
                raise PushError(
                    f"sources {owners[key]} and {name} have the same key: nobody could tell whose "
                    "stories they are. Give each a key of its own."
                )

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._in_hand >= self._limits.at_once:
            raise _AnswerError(
                503, f"{self._in_hand} requests are in hand; send it again", {"Retry-After": "1"}
            )
        self._in_hand += 1
        try:
            yield
        finally:
            self._in_hand -= 1


def _key_in(headers: Mapping[str, str]) -> str:
    scheme, _, value = headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() == _BEARER and value.strip():
        return value.strip()
    return headers.get(KEY_HEADER, "").strip()


def _require_bare(request: web.Request) -> None:
    if request.content_type.startswith("multipart/"):
        raise _AnswerError(
            415, f"{request.content_type} is not read: send the item itself as the body"
        )


def _require_something(data: bytes) -> None:
    if not data.strip():
        raise _AnswerError(400, "the body is empty; send an item, or several")
    told = recognise(data)
    if isinstance(told, Refusal) and told.reason == "not_a_story":
        raise _AnswerError(422, f"this is {told.detail}")


def _answer(taken: Taken, items: Sequence[bytes]) -> web.Response:
    refused = [refusal.detail for refusal in taken.refused]
    if refused and not taken.sent and not taken.repeated:
        raise _AnswerError(413, f"nothing was taken: {refused[0]}")
    digests = [sha256(item).hexdigest() for item in dict.fromkeys(items)]
    told = {"sent": taken.sent, "repeated": taken.repeated, "refused": refused}
    return json_page({**told, "digests": digests}, status=202)


@web.middleware
async def _in_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every answer in JSON; the connection is closed where the body was not read to its end."""
    try:
        return await handler(request)
    except _AnswerError as error:
        answer = json_page({"error": str(error)}, error.status, error.headers)
    except web.HTTPException as error:
        told = {"error": f"{error.reason}: {request.method} {request.path[:100]}"}
        kept = {name: error.headers[name] for name in ("Allow",) if name in error.headers}
        answer = json_page(told, error.status, kept)
    if not request.content.is_eof():
        answer.force_close()
    return answer
