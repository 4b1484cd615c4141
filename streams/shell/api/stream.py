"""Alerts as they come, as server-sent events, so that whoever drops out goes on where it was.

The id of each event says where every partition of `alerts.v1` goes on after it. A client keeps no
place in a queue of ours: it holds its positions and reads the tail of the topic at its own speed;
one that falls behind all that is in memory is let go and may resume, then from the log.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from sse_starlette import ServerSentEvent

from schemas.alerts import AlertEvent
from schemas.topics import ALERTS
from streams.core.canary import is_of_canary
from streams.shell.api.cursors import to_event_id
from streams.shell.api.tail import Kept
from streams.shell.api.view import View
from streams.shell.cluster import ClusterError
from streams.shell.record import Unread, decoded, first_offsets, read_between
from streams.shell.settings import Settings

HEARTBEAT_S = 15.0
_RETRY_MS = 3_000

Wants = Callable[[AlertEvent], bool]


class GoneError(Exception):
    """The stream cannot go on from here; the message says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a stream is made from."""

    settings: Settings
    view: View
    partitions: int
    heartbeat_s: float = HEARTBEAT_S


async def require_kept(source: Source, start: Mapping[int, int]) -> None:
    """Raises `GoneError` where the log has not all that comes from here on, and `ClusterError`."""
    tail = source.view.alerts
    if tail.is_beyond(start):
        raise GoneError("it points behind the end of the log: it is an id of another one")
    if tail.has_from(start):
        return
    for partition, first in (await first_offsets(source.settings, ALERTS)).items():
        if start.get(partition, 0) < first:
            raise GoneError("the log no longer has what came after it: begin anew without it")


async def events(
    source: Source, wants: Wants, start: Mapping[int, int] | None = None
) -> AsyncIterator[ServerSentEvent]:
    """The alerts that are wanted, from these positions or from now on, until the view is closed.

    Ends, after an event `behind`, where the client was too slow.
    """
    tail, at = source.view.alerts, _Positions(source, start)
    count, until = tail.count, dict(tail.positions)
    held = tail.after(at.now) if start is not None and tail.has_from(at.now) else None
    yield at.mark("this is where it begins", retry_ms=_RETRY_MS)
    if start is not None:
        try:
            async for event in _missed(source, at, held, until):
                if wants(event):
                    yield at.event(event)
        except ClusterError:
            return  # the answer has begun; the client resumes where it is
    at.now.update(until)
    async for mark in _live(source, at, wants, count):
        yield mark


async def _live(
    source: Source, at: "_Positions", wants: Wants, count: int
) -> AsyncIterator[ServerSentEvent]:
    """What comes after so many alerts."""
    while not source.view.is_closed:
        changed = source.view.changed
        fresh = source.view.alerts.since(count)
        if fresh is None:
            yield ServerSentEvent("you were too slow; resume with Last-Event-ID", event="behind")
            return
        count += len(fresh)
        for each in fresh:
            at.pass_by(each.partition, each.offset)
            if wants(each.record):
                yield at.event(each.record)
        if not fresh:
            try:
                async with asyncio.timeout(source.heartbeat_s):
                    await changed.wait()
            except TimeoutError:
                yield at.mark("still here")


async def _missed(
    source: Source,
    at: "_Positions",
    held: list[Kept[AlertEvent]] | None,
    until: Mapping[int, int],
) -> AsyncIterator[AlertEvent]:
    """What came since the client was here: from memory where all of it is there."""
    if held is not None:
        for each in held:
            at.pass_by(each.partition, each.offset)
            yield each.record
        return
    tail = source.view.alerts
    async for message in read_between(source.settings, ALERTS, dict(at.now), until):
        at.pass_by(message.partition, message.offset)
        event = decoded(ALERTS, message)
        if isinstance(event, Unread) or is_of_canary(event):
            continue
        if tail.is_first(message.partition, message.offset, event):
            yield event


class _Positions:
    """Where a client is. `now` is what its next event's id says."""

    def __init__(self, source: Source, start: Mapping[int, int] | None) -> None:
        self._partitions = source.partitions
        self.now = dict(source.view.alerts.positions if start is None else start)

    def pass_by(self, partition: int, offset: int) -> None:
        self.now[partition] = offset + 1

    def event(self, event: AlertEvent) -> ServerSentEvent:
        return ServerSentEvent(event.model_dump_json(), id=self._id())

    def mark(self, said: str, retry_ms: int | None = None) -> ServerSentEvent:
        """Moves the client's id on, also where a filter lets nothing through; is no event."""
        return ServerSentEvent(comment=said, id=self._id(), retry=retry_ms)

    def _id(self) -> str:
        return to_event_id(self.now, self._partitions)
