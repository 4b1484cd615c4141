"""A server of HTTP on loopback that keeps what is brought to it."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answering(status: int, text: str = "https://hook.example/words", **headers: str) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers, text=text)

    return answer


class Receiver:
    """What is asked of it is kept, and answered by a handler."""

    def __init__(self, handler: Handler | None = None) -> None:
        self.handler = handler or answering(204)
        self.asked: list[tuple[dict[str, str], bytes]] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async def handle(request: web.Request) -> web.StreamResponse:
            body = await request.read()
            self.asked.append(({k.lower(): v for k, v in request.headers.items()}, body))
            return await self.handler(request)

        app = web.Application()
        app.router.add_post("/{path:.*}", handle)
        runner = web.AppRunner(app, shutdown_timeout=0.01, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        try:
            yield
        finally:
            await runner.cleanup()
