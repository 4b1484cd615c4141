"""Several messages in hand at once: those of one key in order, all acknowledged in order.

An agent waits for the brokers to confirm what it sends, some milliseconds a message; one message
after the other that would be all the time there is. So others are handled meanwhile. Two things
must not follow: a message must find the state that the one before it under the same key has left,
and none may be acknowledged before all before it are, because a commit tells only how far
everything was handled (faust-streaming#606 commits over a gap).
What is done with a message is not known here.
"""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class _Turn:
    """How far one message is."""

    handled: asyncio.Event = field(default_factory=asyncio.Event)
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)


class Abreast(Generic[M]):
    """Handles up to `depth` messages at once.

    `handle` runs in a task of its own that inherits the context of the moment its message came
    (Faust keeps the message a table is written for in it). Not thread-safe.
    """

    def __init__(
        self,
        depth: int,
        key_of: Callable[[M], Hashable | None],
        handle: Callable[[M], Awaitable[None]],
        acknowledge: Callable[[M], Awaitable[object]],
    ) -> None:
        self._free = asyncio.Semaphore(depth)
        self._key_of = key_of
        self._handle = handle
        self._acknowledge = acknowledge
        self._last: dict[Hashable, _Turn] = {}
        """Of each key that has a message in hand, the newest."""

    async def run(self, messages: AsyncIterable[M]) -> None:
        """Until there are no more, or until a fault of `handle`, which ends all and is raised.

        When this is cancelled, all that is in hand is cancelled and not acknowledged.
        """
        before: _Turn | None = None
        async with asyncio.TaskGroup() as tasks:
            async for message in messages:
                await self._free.acquire()
                turn, key = _Turn(), self._key_of(message)
                same = self._last.get(key) if key is not None else None
                if key is not None:
                    self._last[key] = turn
                tasks.create_task(self._take(message, turn, same, before))
                before = turn

    async def _take(
        self, message: M, turn: _Turn, same: _Turn | None, before: _Turn | None
    ) -> None:
        if same is not None:
            await same.handled.wait()
        await self._handle(message)
        turn.handled.set()
        key = self._key_of(message)
        if self._last.get(key) is turn:
            del self._last[key]
        if before is not None:
            await before.acknowledged.wait()
        await self._acknowledge(message)
        turn.acknowledged.set()
        self._free.release()
