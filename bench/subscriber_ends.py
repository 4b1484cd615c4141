"""Ends of webhooks that answer well, badly, late and not at all, on loopback, in a thread."""

import asyncio
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # pragma: allowlist secret
"""The example of the standard's own library."""


@dataclass(frozen=True)
class Received:
    """One request, with the answer it got; `None` where it got none."""

    id: str
    answer: int | None
    headers: dict[str, str]
    body: bytes
    at_s: float
    """Of the clock on the wall."""

    @property
    def alerts(self) -> tuple[dict[str, Any], ...]:
        said = json.loads(self.body)
        return tuple(said) if isinstance(said, list) else (said,)


@dataclass
class Ends:
    """`/{way}` answers in the way it is called; what came is in `received`, by way."""

    received: dict[str, list[Received]] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    """Ways that answer 503 as long as they are in it."""
    address: str = ""
    _loop: asyncio.AbstractEventLoop | None = None
    _ready: threading.Event = field(default_factory=threading.Event)
    _over: asyncio.Event | None = None

    def __enter__(self) -> "Ends":
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        assert self._over is not None
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(30)

    def url(self, way: str) -> str:
        return f"{self.address}/{way}"

    def accepted(self, way: str) -> list[Received]:
        return [each for each in self.received.get(way, []) if each.answer == 204]

    def alerts(self, way: str) -> list[str]:
        """Ids of the alerts that were accepted, in the order in which they first were."""
        ids = [alert["id"] for each in self.accepted(way) for alert in each.alerts]
        return list(dict.fromkeys(ids))

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application()
        app.add_routes([web.post("/{way}", self._take)])
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        assert site._server is not None
        host, port = site._server.sockets[0].getsockname()[:2]  # type: ignore[attr-defined]
        self.address = f"http://{host}:{port}"
        self._ready.set()
        await self._over.wait()
        await runner.cleanup()

    async def _take(self, request: web.Request) -> web.StreamResponse:
        way, body = request.match_info["way"], await request.read()
        key = request.headers["webhook-id"]
        before = Counter(each.id for each in self.received.get(way, []))[key]
        answer = 503 if way in self.away else self._answer(way.partition("-")[0], before)
        self.received.setdefault(way, []).append(
            Received(key, answer, dict(request.headers), body, time.time())
        )
        if answer is None:
            assert request.transport is not None
            if way.startswith("hanging"):
                await asyncio.Event().wait()
            request.transport.abort()
            return web.Response(status=500)
        if way.startswith("slow"):
            await asyncio.sleep(1)
        return web.Response(status=answer, headers={"Retry-After": "1"} if answer == 429 else {})

    @staticmethod
    def _answer(way: str, before: int) -> int | None:
        """To a request whose id came so many times before."""
        match way:
            case "gone":
                return 410
            case "busy":
                return 429 if before < 1 else 204
            case "failing":
                return 500 if before < 2 else 204
            case "closing":
                return None if before < 1 else 204
            case "hanging":
                return None
            case "broken":
                return None
            case "dead":
                return 500
            case _:
                return 204
