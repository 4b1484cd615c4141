"""A page of a topic, the newest first: from memory, and where that ends from the log.

To go behind what is in memory reads the topic, or the partition of a key, through: seconds.
"""

import heapq
from collections.abc import Callable
from typing import TypeVar

from schemas.topics import TopicDeclaration
from streams.core.canary import is_of_canary
from streams.shell.api.cursors import Part, from_cursor, to_cursor
from streams.shell.api.tail import Kept, Order, Place, Tail
from streams.shell.record import Unread, decoded, read_topic
from streams.shell.settings import Settings

R = TypeVar("R")
P = TypeVar("P")


async def newest(
    settings: Settings,
    topic: TopicDeclaration,
    tail: Tail[R],
    wants: Callable[[R], bool],
    *,
    limit: int,
    cursor: str | None = None,
    key: str | None = None,
) -> tuple[tuple[R, ...], str | None]:
    """The newest that are wanted, before the place of the cursor, and the cursor of the next page.

    `key`: all that is wanted has it. Raises `CursorError` and `ClusterError`.
    """
    before = None if cursor is None else place_in(topic.name, cursor)
    found: list[Kept[R]] = []
    for each in tail.newest_first(before):
        if len(found) > limit:
            break
        if wants(each.record):
            found.append(each)
    if len(found) <= limit and tail.let_go:
        missing = limit + 1 - len(found)
        found += await _from_the_log(
            settings, topic, tail, wants, before=before, count=missing, key=key
        )
    shown = found[:limit]
    more = to_cursor(topic.name, shown[-1].place) if len(found) > limit else None
    return tuple(each.record for each in shown), more


def place_in(listed: str, cursor: str) -> Place:
    """The place that a cursor of a topic stands for. Raises `CursorError`."""
    at_ms, partition, offset = from_cursor(listed, (int, int, int), cursor)
    return (int(at_ms), int(partition), int(offset))


async def _from_the_log(
    settings: Settings,
    topic: TopicDeclaration,
    tail: Tail[R],
    wants: Callable[[R], bool],
    *,
    before: Place | None,
    count: int,
    key: str | None,
) -> list[Kept[R]]:
    """The newest at the horizon of memory and behind it."""
    order, found = Order(), list[tuple[Place, R]]()
    async for message in read_topic(settings, topic, key=key):
        place = order.place(message.partition, message.offset, message.timestamp_ms)
        if place > tail.horizon or (before is not None and place >= before):
            continue
        record = decoded(topic, message)
        if isinstance(record, Unread) or is_of_canary(record) or not wants(record):
            continue
        if tail.is_first(message.partition, message.offset, record):
            heapq.heappush(found, (place, record))
            if len(found) > count:
                heapq.heappop(found)
    return [Kept(place, record) for place, record in sorted(found, key=lambda pair: pair[0])[::-1]]


def keyset(
    matters: list[P],
    place_of: Callable[[P], tuple[Part, ...]],
    *,
    listed: str,
    kinds: tuple[type, ...],
    limit: int,
    cursor: str | None,
) -> tuple[list[P], str | None]:
    """The page of a list in memory after the cursor's place, and the cursor of the next.

    Raises `CursorError`.
    """
    after = None if cursor is None else from_cursor(listed, kinds, cursor)
    # Nobody's places differ in kind: the cursor was checked, and all of a list are alike.
    rest = sorted(
        (each for each in matters if after is None or place_of(each) > after), key=place_of
    )
    shown = rest[:limit]
    return shown, to_cursor(listed, place_of(shown[-1])) if len(rest) > limit else None
