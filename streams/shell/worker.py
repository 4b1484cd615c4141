"""The worker: checks everything, starts the app and its pages, and stops them in good order.

Whatever is wrong with settings, data files, channels or topics is told before the first message is
read. What the app consists of is in `streams.shell.app`.
"""

import asyncio
import gc
import logging
import sys
from collections.abc import Callable, Collection, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn, cast

from faust.transport.consumer import Consumer

from schemas.base import CountryCode, LeaderId
from schemas.subscriptions import Subscription
from streams.channels import ChannelError
from streams.channels.log import LogChannel
from streams.channels.ways import Ways
from streams.core.home_countries import HomeCountries
from streams.core.leader_edits import EditedReader
from streams.core.reader import Reader, RuleReader
from streams.knowledge import KnowledgeError, load
from streams.shell import logs
from streams.shell.agents import HOPS, Hop
from streams.shell.allowed import require_rights
from streams.shell.app import READ_WORDS, DeliveryParts, Dragoman, build_app
from streams.shell.cluster import ClusterError, create_topics
from streams.shell.edits import EditsInForce
from streams.shell.ends import follow_ends
from streams.shell.exits import FAILED, HALTED, STOPPED, UNUSABLE, end_at_once, stop_on_signals
from streams.shell.following import Following
from streams.shell.in_force import SubscriptionsInForce, put
from streams.shell.lost_connections import tell_lost_connections
from streams.shell.metrics import Vocabulary
from streams.shell.serving import PageError
from streams.shell.settings import Settings, environment
from streams.shell.spans import SpansError, open_spans
from streams.shell.subscribers import SubscriptionsError, load_subscriptions
from streams.shell.tables import tables_of
from streams.shell.ways_out import open_way, ways_of
from streams.shell.web import Pages

_log = logging.getLogger(__name__)

_DRAIN_S = 5.0
_STOP_S = 20.0
_STOP_WITHOUT_COMMIT_S = 2.0
"""For a worker that stands still: its last commit would wait for ever."""

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
    logs.set_up(settings.log_level, settings.log_format)
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
            on_stuck=end_at_once,
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
    on_stuck: Callable[[int], None] | None = None,
) -> int:
    """Like `run`, in a running loop: sets up no logs and no signals, ends when `stop` is set.

    `on_stuck` is told the exit code where the app does not stop in time; its threads go on then.
    """
    try:
        known = _known(settings, reader, only)
        spans = open_spans(settings.otlp_endpoint, version("dragoman"))
        if "deliver" in only:
            await check_alert_log(settings)
    except (KnowledgeError, SubscriptionsError, ChannelError, SpansError) as error:
        _log.critical("%s", error)
        return UNUSABLE
    try:
        hops = tuple(hop for hop in HOPS if hop in only)
        await require_rights(settings, hops)
        await create_topics(settings, tables_of(hops))
        edits, subscriptions = EditsInForce(settings), SubscriptionsInForce(settings)
        _leave_to_stay()
        followed: list[Following] = []
        if "read" in only:
            followed.append(edits)
        if "deliver" in only:
            followed.append(subscriptions)
        for each in followed:
            await each.load()
        if known.subscriptions is not None:
            await put(settings, subscriptions.differing(known.subscriptions))
        delivery = DeliveryParts(
            subscriptions, partial(open_way, known.ways, environment()), known.home_of
        )
        edited = EditedReader(known.reader, edits.current)
        app = build(settings, edited, delivery, only, words=known.words, spans=spans)
        pages = Pages(app, settings)
        address = await pages.start()
    except (ClusterError, PageError) as error:
        _log.critical("%s", error)
        return FAILED
    _log.info("pages at %s", address)
    _tell(on_web, address)
    following = [
        *(asyncio.create_task(each.follow()) for each in followed),
        asyncio.create_task(follow_ends(settings, app.lag, app.clock)),
    ]
    try:
        return await _work(app, pages, stop, on_ready, on_stuck)
    finally:
        await _cancel(following)
        await asyncio.to_thread(spans.close)


async def check_alert_log(settings: Settings) -> None:
    """Opens it and lets it go: raises `ChannelError` where it could not be written."""
    if settings.alert_log != "-":
        await LogChannel(Path(settings.alert_log)).close()


@dataclass(frozen=True, slots=True)
class _Known:
    """What the data files give, and the file of subscriptions, which is checked against them."""

    reader: Reader
    words: Vocabulary
    home_of: Callable[[LeaderId], CountryCode | None]
    ways: Ways
    subscriptions: tuple[Subscription, ...] | None


def _known(settings: Settings, reader: Reader | None, only: Collection[Hop]) -> _Known:
    """Raises `KnowledgeError` and `SubscriptionsError`."""
    file = settings.subscriptions_file if "deliver" in only else None
    if reader is not None and file is None:
        return _Known(reader, READ_WORDS, HomeCountries(()).of, ways_of(settings), None)
    knowledge = load(settings.knowledge_dir)
    return _Known(
        reader or RuleReader(knowledge),
        Vocabulary(
            languages=tuple(knowledge.lexicons),
            topics=tuple(topic.id for topic in knowledge.topics),
            countries=tuple(country.code for country in knowledge.countries),
        ),
        HomeCountries(knowledge.leaders).of,
        ways_of(settings, knowledge),
        None if file is None else load_subscriptions(file, knowledge, environment()),
    )


async def _work(
    app: Dragoman,
    pages: Pages,
    stop: asyncio.Event,
    on_ready: Notify | None,
    on_stuck: Callable[[int], None] | None,
) -> int:
    running = asyncio.create_task(_start(app, pages, on_ready))
    bringing: list[asyncio.Task[NoReturn]] = []
    if app.postman is not None and app.trays is not None:
        bringing.append(asyncio.create_task(app.postman.run(app.trays)))
    ends: set[asyncio.Task[Any]] = {
        running,
        *bringing,
        asyncio.create_task(stop.wait()),
        asyncio.create_task(app.guard.halted.wait()),
    }
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        code = _verdict(app, running, *bringing)
        _log.info("stopping")
        await _cancel(bringing)  # it says how its tries ended, and needs the app for that
        app.standing.stopping()
        if not await _stop(app):
            code = code or FAILED
            if on_stuck is not None:
                on_stuck(code)
        return code
    finally:
        await _cancel([*ends, *bringing])
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


def _verdict(app: Dragoman, *running: asyncio.Task[Any]) -> int:
    if app.guard.halted.is_set():
        return HALTED
    fault = app.crash_reason
    for task in running:
        if task.done() and not task.cancelled():
            fault = task.exception() or fault
    if fault is None:
        return STOPPED
    _log.critical("the worker crashed", exc_info=fault)
    return FAILED


async def _stop(app: Dragoman) -> bool:
    """Finishes what is in hand, commits and leaves; `False` where that took too long."""
    limit_s = _STOP_WITHOUT_COMMIT_S if app.lookout.stands_still else _STOP_S
    if app.started and app.standing.assigned and not app.crashed:
        app.consumer.stop_flow()
        app.flow_control.suspend()
        await app.guard.finished(_DRAIN_S)
        if not app.lookout.stands_still:
            await _commit(app)
    stopping = asyncio.create_task(app.stop())
    # Not `wait_for`: Faust goes on when its stop is cancelled, and would be waited for.
    await asyncio.wait({stopping}, timeout=limit_s)
    if not stopping.done():
        _log.critical("the worker did not stop within %g s", limit_s)
        return False
    stopping.result()
    return True


def _leave_to_stay() -> None:
    """Takes what is there by now, all knowledge among it, out of what the garbage collector goes
    through time and again: that held everything up for some tenths of a second."""
    gc.collect()
    gc.freeze()


async def _commit(app: Dragoman) -> None:
    """Commits what is finished. A commit of Faust's that finds another one under way waits for that
    and does nothing itself, so its last one may leave out what was finished meanwhile."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_DRAIN_S):
            consumer = cast("Consumer", app.consumer)
            await consumer.maybe_wait_for_commit_to_finish()
            await consumer.commit()


def _run(main: Coroutine[Any, Any, int]) -> int:
    """Runs on uvloop where it is to be had; the consumer's own thread takes it by the policy."""
    if sys.platform != "win32":
        import uvloop  # noqa: PLC0415 - not on Windows

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
        tell_lost_connections()
    return asyncio.run(main)


async def _cancel(tasks: Iterable[asyncio.Task[Any]]) -> None:
    tasks = tuple(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _tell(notify: Notify | None, address: str) -> None:
    if notify is not None:
        notify(address)
