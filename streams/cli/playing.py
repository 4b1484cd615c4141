"""The demo while it runs: feeds a wire to a worker and knows when all of it has come through.

The worker runs in this process, on this loop; everything between it and the wire goes over the
broker as it would in a newsroom. What is shown is handed to a `Stage`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from schemas.alerts import AlertEvent
from schemas.dead_letters import DeadLetter
from schemas.topics import ALERTS, DEAD_LETTERS, TopicDeclaration
from streams.cli.items import Item
from streams.core.reader import Reader
from streams.shell.record import RawItem, decoded, follow_topic, sender
from streams.shell.settings import Settings
from streams.shell.worker import serve

FEED = "demo"
_POLL_S = 0.1
_STUCK_S = 60.0


class PlayError(Exception):
    """The demo cannot go on; the message says why."""


class Stage(Protocol):
    """Where a play is shown."""

    def opened(self, broker: str, pages: str) -> None:
        """The worker reads, and its pages answer at this address."""

    def fed(self, item: Item) -> None:
        """An item is on the raw topic."""

    def alerted(self, event: AlertEvent) -> None:
        """An alert is on its topic."""

    def refused(self, letter: DeadLetter) -> None:
        """A message was refused."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the worker is, by its own metrics."""

    parsed: int
    stories: int
    read: int
    readings: int
    reports: int
    folded: int
    alerts: int
    delivered: int
    dead_letters: int

    def is_through(self, sent: int) -> bool:
        """Whether all that was sent has come out at the other end."""
        return (
            self.parsed >= sent
            and self.read >= self.stories
            and self.folded >= self.reports
            and self.delivered >= self.alerts
        )


@dataclass(frozen=True, slots=True)
class Script:
    """What is played, and how. `pace_s` is the pause between items in seconds."""

    items: Iterable[Item]
    format_name: str
    pace_s: float
    ends: bool
    """End when all is through, rather than wait to be stopped."""


async def play(
    settings: Settings, reader: Reader, script: Script, stage: Stage, stop: asyncio.Event
) -> tuple[int, Tally]:
    """Plays it; gives back how many items were sent, and the worker's tally at the end.

    Ends when `stop` is set, or by itself if the script says so. Raises `PlayError`, `ClusterError`.
    """
    pages: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with _worker(settings, reader, pages, stop) as working:
        await _either(pages, working)
        stage.opened(settings.broker, pages.result())
        shown = _Shown(stage)
        following = [
            asyncio.create_task(shown.follow(settings, ALERTS)),
            asyncio.create_task(shown.follow(settings, DEAD_LETTERS)),
        ]
        try:
            sent = await _feed(settings, script, stage, stop, working)
            if script.ends:
                await _until_through(pages.result(), sent, shown, stop, [working, *following])
            else:
                await _either(asyncio.ensure_future(stop.wait()), working, *following)
            return sent, await tally(pages.result())
        finally:
            for task in following:
                task.cancel()
            await asyncio.gather(*following, return_exceptions=True)


async def tally(address: str) -> Tally:
    """The worker's metrics as a tally."""
    async with aiohttp.ClientSession() as session, session.get(f"{address}/metrics") as page:
        return tally_of(await page.text())


def tally_of(exposition: str) -> Tally:
    """A tally from metrics in Prometheus's text format."""
    counts: dict[tuple[str, str], float] = {}
    for family in text_string_to_metric_families(exposition):
        for sample in family.samples:
            for label in (sample.labels.get("hop") or sample.labels.get("outcome") or "", "*"):
                key = (sample.name.removeprefix("dragoman_"), label)
                counts[key] = counts.get(key, 0.0) + sample.value

    def count(name: str, label: str = "*") -> int:
        return int(counts.get((name, label), 0))

    handled = "stage_duration_seconds_count"
    return Tally(
        parsed=count(handled, "parse"),
        stories=count("items_total", "story"),
        read=count(handled, "read"),
        readings=count("readings_total"),
        reports=count("reports_total"),
        folded=count(handled, "fold"),
        alerts=count("alerts_total"),
        delivered=count(handled, "deliver"),
        dead_letters=count("dead_letters_total"),
    )


class _Shown:
    """Puts alerts and refusals on the stage as they come, and counts them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.alerts = 0
        self.dead_letters = 0

    async def follow(self, settings: Settings, topic: TopicDeclaration) -> None:
        async for message in follow_topic(settings, topic):
            record = decoded(topic, message)
            if isinstance(record, AlertEvent):
                self.alerts += 1
                self._stage.alerted(record)
            elif isinstance(record, DeadLetter):
                self.dead_letters += 1
                self._stage.refused(record)


@asynccontextmanager
async def _worker(
    settings: Settings, reader: Reader, pages: "asyncio.Future[str]", stop: asyncio.Event
) -> AsyncIterator["asyncio.Task[int]"]:
    """A worker that runs inside the block and has stopped behind it."""
    ending = asyncio.Event()

    def ready(address: str) -> None:
        if not pages.done():
            pages.set_result(address)

    async def until_stopped() -> None:
        await stop.wait()
        ending.set()

    passing_on = asyncio.create_task(until_stopped())
    working = asyncio.create_task(serve(settings, stop=ending, reader=reader, on_ready=ready))
    try:
        yield working
    finally:
        ending.set()
        passing_on.cancel()
        await asyncio.gather(working, passing_on, return_exceptions=True)


async def _either(wanted: "asyncio.Future[Any]", *others: "asyncio.Task[Any]") -> None:
    """Waits for the first; raises `PlayError` where one of the others ends before it."""
    await asyncio.wait({wanted, *others}, return_when=asyncio.FIRST_COMPLETED)
    if not wanted.done():
        _raise_first(others)


def _raise_first(tasks: Iterable["asyncio.Task[Any]"]) -> None:
    for task in tasks:
        if task.done():
            fault = task.exception()
            if fault is not None:
                raise fault
            raise PlayError("the worker stopped by itself; what it said last is above")


async def _feed(
    settings: Settings,
    script: Script,
    stage: Stage,
    stop: asyncio.Event,
    working: "asyncio.Task[int]",
) -> int:
    sent = 0
    async with sender(settings) as sending:
        for item in script.items:
            if stop.is_set():
                break
            await sending.send(
                RawItem(item.data, FEED, datetime.now(UTC), format=script.format_name)
            )
            sent += 1
            if script.pace_s > 0:
                await sending.confirm()
            stage.fed(item)
            await _pause(script.pace_s, stop)
            _raise_first([task for task in [working] if task.done() and not stop.is_set()])
    return sent


async def _pause(seconds: float, stop: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


async def _until_through(
    address: str,
    sent: int,
    shown: _Shown,
    stop: asyncio.Event,
    tasks: "list[asyncio.Task[Any]]",
) -> None:
    """Comes back when all is read, folded, delivered and shown, or when it is to stop."""
    clock: Callable[[], float] = asyncio.get_running_loop().time
    last, since = None, clock()
    while not stop.is_set():
        _raise_first(tasks)
        now = await tally(address)
        if (
            now.is_through(sent)
            and shown.alerts >= now.alerts
            and shown.dead_letters >= now.dead_letters
        ):
            return
        progress = (now, shown.alerts, shown.dead_letters)
        if progress != last:
            last, since = progress, clock()
        elif clock() - since > _STUCK_S:
            raise PlayError(f"nothing has moved for {_STUCK_S:g} s: {now}")
        await _pause(_POLL_S, stop)
