"""The worker: checks everything, starts the app and its pages, and stops them in good order.

Whatever is wrong with settings, data files, channels or topics is told before the first message is
read. What the app consists of is in `streams.shell.app`.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Collection, Coroutine, Sequence
from pathlib import Path
from typing import Any

from streams.channels import Channel, ChannelError
from streams.channels.log import LogChannel, StreamLogChannel
from streams.core.leader_edits import EditedReader
from streams.core.reader import Reader, RuleReader
from streams.knowledge import KnowledgeError, load
from streams.shell import logs
from streams.shell.agents import HOPS, Hop
from streams.shell.allowed import require_rights
from streams.shell.app import READ_LANGUAGES, Dragoman, build_app
from streams.shell.cluster import ClusterError, create_topics
from streams.shell.edits import EditsInForce
from streams.shell.exits import FAILED, HALTED, STOPPED, UNUSABLE, stop_on_signals
from streams.shell.serving import PageError
from streams.shell.settings import Settings
from streams.shell.tables import tables_of
from streams.shell.web import Pages

_log = logging.getLogger(__name__)

_DRAIN_S = 5.0
_STOP_S = 20.0

Notify = Callable[[str], None]


def run(
    settings: Settings,
    only: Collection[Hop] = HOPS,
    *,
    reader: Reader | None = None,
    build: Callable[..., Dragoman] = build_app,
    on_web: Notify | None = None,
    on_ready: Notify | None = None,
) -> int:
    """Runs a worker until SIGTERM, SIGINT or a fault; gives back the exit code.

    `reader` stands in for the rules of the package, `build` for `build_app`. `on_web` and
    `on_ready` are told the address of the pages, when they answer and when messages are read.
    """
    logs.set_up(settings.log_level)
    stop = asyncio.Event()

    async def main() -> int:
        stop_on_signals(stop)
        return await serve(
            settings,
            only,
            stop=stop,
            reader=reader,
            build=build,
            on_web=on_web,
            on_ready=on_ready,
        )

    return _run(main())


async def serve(
    settings: Settings,
    only: Collection[Hop] = HOPS,
    *,
    stop: asyncio.Event,
    reader: Reader | None = None,
    build: Callable[..., Dragoman] = build_app,
    on_web: Notify | None = None,
    on_ready: Notify | None = None,
) -> int:
    """Like `run`, in a running loop: sets up no logs and no signals, ends when `stop` is set."""
    try:
        reader, languages = _reader(settings, reader)
        channels = open_channels(settings) if "deliver" in only else ()
    except (KnowledgeError, ChannelError) as error:
        _log.critical("%s", error)
        return UNUSABLE
    try:
        hops = tuple(hop for hop in HOPS if hop in only)
        await require_rights(settings, hops)
        await create_topics(settings, tables_of(hops))
        edits = EditsInForce(settings)
        if "read" in only:
            await edits.load()
        edited = EditedReader(reader, edits.current)
        app = build(settings, edited, channels, only, languages=languages)
        pages = Pages(app, settings)
        address = await pages.start()
    except (ClusterError, PageError) as error:
        _log.critical("%s", error)
        return FAILED
    else:
        _log.info("pages at %s", address)
        _tell(on_web, address)
        # Only who reads stories asks who is who, and need be allowed to.
        following = asyncio.create_task(edits.follow() if "read" in only else asyncio.sleep(0))
        try:
            return await _work(app, pages, stop, on_ready)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
    finally:
        for channel in channels:
            channel.close()


def open_channels(settings: Settings) -> tuple[Channel, ...]:
    """The ways out for alerts that the settings name. Raises `ChannelError`."""
    if settings.alert_log == "-":
        return (StreamLogChannel(sys.stdout),)
    return (LogChannel(Path(settings.alert_log)),)


def _reader(settings: Settings, reader: Reader | None) -> tuple[Reader, Sequence[str]]:
    if reader is not None:
        return reader, READ_LANGUAGES
    knowledge = load(settings.knowledge_dir)
    return RuleReader(knowledge), tuple(knowledge.lexicons)


async def _work(app: Dragoman, pages: Pages, stop: asyncio.Event, on_ready: Notify | None) -> int:
    running = asyncio.create_task(_start(app, pages, on_ready))
    ends = {
        running,
        asyncio.create_task(stop.wait()),
        asyncio.create_task(app.guard.halted.wait()),
    }
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        code = _verdict(app, running)
        _log.info("stopping")
        return code if await _stop(app) else FAILED
    finally:
        for task in ends:
            task.cancel()
        await asyncio.gather(*ends, return_exceptions=True)
        await pages.stop()


async def _start(app: Dragoman, pages: Pages, on_ready: Notify | None) -> None:
    """Starts the app and comes back, or raises, when it has crashed."""
    await app.start()
    reading = asyncio.create_task(app.standing.reading.wait())
    ended = asyncio.create_task(app.wait_until_stopped())
    await asyncio.wait({reading, ended}, return_when=asyncio.FIRST_COMPLETED)
    if reading.done():
        _log.info("reading %s", ", ".join(hop for hop in HOPS if hop in app.hops))
        _tell(on_ready, pages.address)
    reading.cancel()
    await ended


def _verdict(app: Dragoman, running: asyncio.Task[None]) -> int:
    if app.guard.halted.is_set():
        return HALTED
    fault = app.crash_reason
    if running.done() and not running.cancelled():
        fault = running.exception() or fault
    if fault is None:
        return STOPPED
    _log.critical("the worker crashed", exc_info=fault)
    return FAILED


async def _stop(app: Dragoman) -> bool:
    """Finishes what is in hand, commits and leaves; `False` where that took too long."""
    if app.started and app.standing.assigned and not app.crashed:
        app.consumer.stop_flow()
        app.flow_control.suspend()
        await app.guard.finished(_DRAIN_S)
    try:
        await asyncio.wait_for(app.stop(), _STOP_S)
    except TimeoutError:
        _log.critical("the worker did not stop within %g s", _STOP_S)
        return False
    return True


def _run(main: Coroutine[Any, Any, int]) -> int:
    """Runs on uvloop where it is to be had; the consumer's own thread takes it by the policy."""
    if sys.platform != "win32":
        import uvloop  # noqa: PLC0415 - not on Windows

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    return asyncio.run(main)


def _tell(notify: Notify | None, address: str) -> None:
    if notify is not None:
        notify(address)
