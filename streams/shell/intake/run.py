"""Runs all sources: each on its own, so that one that fails stops none of the others.

A way that raises is shown as failing and run again after a while, a longer one each time. When it
is time to stop, each finishes what it has in hand.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from streams.shell import logs
from streams.shell.allowed import require_rights
from streams.shell.cluster import ClusterError, create_topics
from streams.shell.exits import FAILED, STOPPED, stop_on_signals
from streams.shell.intake.account import Accounts, Outcome
from streams.shell.intake.door import Door, Taken
from streams.shell.intake.follow import follow_accounts, looked_back
from streams.shell.intake.ledger import Ledger, LedgerError, ledger_path
from streams.shell.intake.pages import IntakePages, SourceMetrics
from streams.shell.intake.shift import Shift
from streams.shell.intake.sources import Source
from streams.shell.intake.topic import group_of
from streams.shell.intake.ways import WAYS, WayIn
from streams.shell.record import Message, sender
from streams.shell.rights import Right
from streams.shell.serving import PageError, Server
from streams.shell.settings import Settings

_log = logging.getLogger(__name__)

Notify = Callable[[str], None]

_STOP_S = 20.0
_LEAVE_S = 5.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0


def run(settings: Settings, sources: Sequence[Source], on_web: Notify | None = None) -> int:
    """Runs these sources until SIGTERM, SIGINT or a fault of the start; gives back the exit code.

    `on_web` is told the address of the pages when they answer.
    """
    logs.set_up(settings.log_level, settings.log_format)

    async def main() -> int:
        stop = asyncio.Event()
        stop_on_signals(stop)
        return await serve(settings, sources, stop=stop, on_web=on_web)

    return asyncio.run(main())


async def serve(
    settings: Settings,
    sources: Sequence[Source],
    *,
    stop: asyncio.Event,
    ways: Mapping[str, WayIn] = WAYS,
    on_web: Notify | None = None,
) -> int:
    """Like `run`, in a running loop: sets up no logs and no signals, ends when `stop` is set."""
    shifts = [Shift(source, settings, stop, now, asyncio.sleep) for source in sources]
    accounts = Accounts(looked_back(sources, now()), sources)
    metrics = SourceMetrics(sources)
    pages = Server(
        IntakePages(shifts, accounts, metrics).routes(),
        settings.web_host,
        settings.intake_port,
        "DRAGOMAN_INTAKE_PORT",
    )
    ledger = None
    try:
        ledger = Ledger(ledger_path(settings))
        await require_rights(settings, ["intake"], _rights_to_topics(sources, settings))
        await create_topics(settings, tables=())
        address = await pages.start()
        _log.info("pages at %s", address)
        async with sender(settings) as sending:
            door = Door(sending, ledger, now=now, on_taken=_counting(shifts, metrics))
            following = asyncio.create_task(_follow(settings, accounts, metrics, stop))
            if on_web is not None:
                on_web(address)
            try:
                await run_ways(shifts, door, ledger, stop, ways)
                _log.info("all sources have finished")
            finally:
                # Only the pages need it: what a client does not let go of, holds nobody up.
                following.cancel()
                await asyncio.wait({following}, timeout=_LEAVE_S)
    except (ClusterError, LedgerError, PageError) as error:
        _log.critical("%s", error)
        return FAILED
    finally:
        await pages.stop()
        if ledger is not None:
            ledger.close()
    return STOPPED


async def run_ways(
    shifts: Sequence[Shift],
    door: Door,
    ledger: Ledger,
    stop: asyncio.Event,
    ways: Mapping[str, WayIn] = WAYS,
) -> None:
    """Runs the sources until `stop` is set and each has finished, or the time for it is up."""
    running = {asyncio.create_task(work) for work in _works(shifts, door, ledger, ways)}
    try:
        await stop.wait()
        _log.info("stopping")
        if running:
            _, late = await asyncio.wait(running, timeout=_STOP_S)
            if late:
                _log.warning("%d sources did not finish within %g s", len(late), _STOP_S)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def _works(
    shifts: Sequence[Shift], door: Door, ledger: Ledger, ways: Mapping[str, WayIn]
) -> Iterator[Coroutine[Any, Any, None]]:
    for name, way in ways.items():
        ours = [shift for shift in shifts if shift.source.way == name]
        if way.together is not None and ours:
            yield _keep_running(ours, partial(way.together, ours, door, ledger))
        if way.each is not None:
            for shift in ours:
                yield _keep_running([shift], partial(way.each, shift, door, ledger))


async def _keep_running(
    shifts: Sequence[Shift], work: Callable[[], Coroutine[Any, Any, None]]
) -> None:
    shift, pause_s = shifts[0], _FIRST_PAUSE_S
    goes_on = True
    while goes_on:
        began = shift.now()
        # What a task raises stays with it: nothing is caught here, and nothing else is stopped.
        task = asyncio.create_task(work())
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
        if not shift.is_over or task.cancelled() or task.exception() is not None:
            _show_failing(shifts, task)
        if (shift.now() - began).total_seconds() > _LONGEST_PAUSE_S:
            pause_s = _FIRST_PAUSE_S
        goes_on = await shift.pause(pause_s)
        pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)


def _show_failing(shifts: Sequence[Shift], task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if isinstance(error, ClusterError | LedgerError):
        problem = str(error)
    elif error is None:
        problem = "it ended by itself"
    else:
        problem = f"{type(error).__name__}: {error}"
        _log.error("a way in failed", exc_info=error)
    for shift in shifts:
        shift.failing(problem)


def _rights_to_topics(sources: Iterable[Source], settings: Settings) -> Iterator[Right]:
    """What the sources that are topics on our own brokers ask for."""
    for source in sources:
        if source.topic is not None and source.brokers is None:
            yield Right("topic", source.topic, "Read")
            yield Right("group", group_of(settings, source), "Read")


def _counting(shifts: Sequence[Shift], metrics: SourceMetrics) -> Callable[[Source, Taken], None]:
    standings = {shift.source.name: shift.standing for shift in shifts}

    def count(source: Source, taken: Taken) -> None:
        standing = standings[source.name]
        standing.outcomes["sent"] += taken.sent
        standing.outcomes["repeated"] += taken.repeated
        standing.outcomes["refused"] += len(taken.refused)
        if taken.sent:
            standing.last_item_at = now()
        metrics.items.labels(source.name, "repeated").inc(taken.repeated)
        metrics.items.labels(source.name, "refused").inc(len(taken.refused))

    return count


async def _follow(
    settings: Settings, accounts: Accounts, metrics: SourceMetrics, stop: asyncio.Event
) -> None:
    """Counts what becomes of items; what came before the start is on the pages alone."""
    started_ms = int(now().timestamp() * 1000)

    def told(name: str, outcome: Outcome, message: Message) -> None:
        if message.timestamp_ms >= started_ms:
            metrics.items.labels(name, outcome).inc()

    while not stop.is_set():
        try:
            await follow_accounts(settings, accounts, told, now())
        except* ClusterError as group:
            _log.warning("what becomes of items cannot be seen: %s", group.exceptions[0])
        with suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_PAUSE_S * 10):
                await stop.wait()
