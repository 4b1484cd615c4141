"""What a postman says of desks, on `desk.v1`: what comes up while the brokers take something goes
together, a message for each partition.

Nothing is held back to be collected: where little is said, each word goes at once. What the words
mean is known to the desk's agent alone.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import Context
from typing import TypeVar

from schemas.deliveries import Said, Word
from schemas.topics import DESK
from streams.shell.outbox import NotConfirmedError, Outbox, Outgoing

MOST_AT_ONCE = 100
"""Words in one message."""

_CONFIRM_AGAIN_S = 1.0

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Saying:
    """One for each postman. For one event loop. `desk_of` gives the partition of a subscription."""

    def __init__(self, outbox: Outbox, desk_of: Callable[[str], int]) -> None:
        self._outbox = outbox
        self._desk_of = desk_of
        self._words: list[Word] = []
        self._sending = asyncio.Lock()
        self._next: asyncio.Task[None] | None = None
        """Takes what has come up by then, when what is being sent is there."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def say(self, word: Word) -> None:
        """Comes back when the brokers have it. Words for one desk keep their order."""
        self._words.append(word)
        if self._next is None:
            # In a context of its own: what is sent belongs to no one story.
            self._next = asyncio.create_task(self._send(), context=Context())
            self._tasks.add(self._next)
            self._next.add_done_callback(self._tasks.discard)
        await asyncio.shield(self._next)

    async def close(self) -> None:
        """Breaks off; what is not sent by then is not said."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _send(self) -> None:
        async with self._sending:
            words, self._words, self._next = self._words, [], None
            said = together(words, lambda word: self._desk_of(word.subscription), MOST_AT_ONCE)
            await confirm_in_the_end(
                self._outbox,
                [Outgoing(DESK, some[0].subscription, Said(words=some)) for some in said],
            )


def together(items: Iterable[T], desk_of: Callable[[T], int], most: int) -> Iterator[tuple[T, ...]]:
    """Those of one partition, in their order, not more than `most` in one go."""
    by_desk: dict[int, list[T]] = {}
    for item in items:
        by_desk.setdefault(desk_of(item), []).append(item)
    for some in by_desk.values():
        for begin in range(0, len(some), most):
            yield tuple(some[begin : begin + most])


async def confirm_in_the_end(outbox: Outbox, messages: Sequence[Outgoing]) -> None:
    """Until the brokers have it: what was done must not be forgotten."""
    while True:
        try:
            await outbox.confirm(messages)
        except NotConfirmedError as reason:
            _log.warning("word of a delivery waits for the brokers: %s", reason)
            await asyncio.sleep(_CONFIRM_AGAIN_S)
        else:
            return
