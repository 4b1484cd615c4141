"""Runs the API until it is told to stop: the server, and what keeps its view up with the topics."""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import uvicorn

from streams.core.knowledge import Knowledge
from streams.shell import logs
from streams.shell.api.app import build
from streams.shell.api.backing import Api, Standing
from streams.shell.api.following import Following, require_partitions
from streams.shell.api.keys import Keys
from streams.shell.cluster import ClusterError
from streams.shell.exits import FAILED, STOPPED, stop_on_signals
from streams.shell.serving import PageError
from streams.shell.settings import Settings

_log = logging.getLogger(__name__)

Notify = Callable[[str], None]

_LEAVE_S = 3
"""For answers that are under way when it is stopped; streams are ended."""
_KEEP_ALIVE_S = 20
_AT_ONCE = 1_000


def run(settings: Settings, knowledge: Knowledge, keys: Keys, on_web: Notify | None = None) -> int:
    """Serves until SIGTERM, SIGINT or a fault of the start; gives back the exit code.

    `on_web` is told the address when it answers.
    """
    logs.set_up(settings.log_level)

    async def main() -> int:
        stop = asyncio.Event()
        stop_on_signals(stop)
        api = Api(settings, knowledge, keys, now)
        return await serve(api, stop=stop, on_web=on_web)

    return asyncio.run(main())


async def serve(api: Api, *, stop: asyncio.Event, on_web: Notify | None = None) -> int:
    """Like `run`, in a running loop: sets up no logs and no signals, ends when `stop` is set."""
    settings = api.settings
    following = Following(settings, api.view)
    api.standing = Standing(lambda: frozenset(following.behind), lambda: following.problems)
    try:
        await require_partitions(settings)
        listening = _listening(settings)
    except (ClusterError, PageError) as error:
        _log.critical("%s", error)
        return FAILED
    server = _Server(
        uvicorn.Config(
            build(api),
            log_config=None,
            # Calendar programs have their key in the address.
            access_log=False,
            server_header=False,
            limit_concurrency=_AT_ONCE,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=_LEAVE_S,
            lifespan="off",
        )
    )
    keeping_up = asyncio.create_task(following.run())
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    stopping = asyncio.create_task(stop.wait())
    address = _address(settings.api_host, listening)
    _log.info("the API is at %s", address)
    if on_web is not None:
        on_web(address)
    try:
        await asyncio.wait({keeping_up, serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        fault = keeping_up.exception() if keeping_up.done() else None
        if fault is not None:
            _log.critical("the topics are followed no more", exc_info=fault)
        return STOPPED if stopping.done() and fault is None else FAILED
    finally:
        api.view.close()
        server.should_exit = True
        for task in (keeping_up, stopping):
            task.cancel()
        await asyncio.gather(keeping_up, serving, stopping, return_exceptions=True)
        with suppress(OSError):
            listening.close()


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class _Server(uvicorn.Server):
    """The signals are ours."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listening(settings: Settings) -> socket.socket:
    host, port = settings.api_host, settings.api_port
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, protocol)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.setblocking(False)
    except OSError as error:
        raise PageError(
            f"the API cannot be served on {host}:{port}: {error.strerror}. "
            "Set DRAGOMAN_API_PORT to another port, or to 0 for a free one."
        ) from error
    return made


def _address(host: str, listening: socket.socket) -> str:
    port = listening.getsockname()[1]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
