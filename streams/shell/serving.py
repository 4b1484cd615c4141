"""A small server of pages: opens a port and says where, or why it cannot.

What the pages show is not known here, nor is Faust.
"""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

_SHUTDOWN_S = 2.0
"""For answers that are under way when it is stopped; aiohttp would wait for a minute."""


class PageError(Exception):
    """The pages cannot be served; the message says why and what to do."""


class Server:
    """Serves one application. `start` and `stop` it on the same loop."""

    def __init__(
        self, pages: web.Application, host: str, port: int, port_variable: str, **bounds: Any
    ) -> None:
        """`bounds`: times and the like that aiohttp's `AppRunner` takes."""
        bounds.setdefault("shutdown_timeout", _SHUTDOWN_S)
        self._runner = web.AppRunner(pages, access_log=None, **bounds)
        self._host, self._port, self._variable = host, port, port_variable
        self.address = ""
        """`http://host:port`, once started."""

    async def start(self) -> str:
        """Opens the port and gives back the address. Raises `PageError`."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise PageError(
                f"the pages cannot be served on {self._host}:{self._port}: {error.strerror}. "
                f"Set {self._variable} to another port, or to 0 for a free one."
            ) from error
        bound = self._runner.addresses[0][1]
        self.address = f"http://{f'[{self._host}]' if ':' in self._host else self._host}:{bound}"
        return self.address

    async def stop(self) -> None:
        """Closes the port."""
        await self._runner.cleanup()


def json_page(
    body: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """An answer in JSON, in letters as they are."""
    return web.Response(
        text=json.dumps(body, ensure_ascii=False) + "\n",
        status=status,
        content_type="application/json",
        headers=headers,
    )


def metrics_page(exposition: bytes) -> web.Response:
    """An answer in Prometheus's text format."""
    return web.Response(
        body=exposition, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
    )
