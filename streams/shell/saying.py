"""What a postman says of desks, on `desk.v1`: what comes up while the brokers take something goes
together, a message for each partition.

Nothing is held back to be collected: where little is said, each word goes at once. What the words
mean is known to the desk's agent alone.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextvars import Context

from schemas.deliveries import Said, Word
from schemas.topics import DESK
from streams.shell.outbox import NotConfirmedError, Outbox, Outgoing

MOST_AT_ONCE = 100
"""Words in one message."""

_CONFIRM_AGAIN_S = 1.0

_log = logging.getLogger(__name__)


class Saying:
    """One for each postman. For one event loop. `desk_of` gives the partition of a subscription."""

    def __init__(self, outbox: Outbox, desk_of: Callable[[str], int]) -> None:
        self._outbox = outbox
        self._desk_of = desk_of
        self._waiting: list[tuple[Word, asyncio.Future[None]]] = []
        self._sending: asyncio.Task[None] | None = None

    async def say(self, word: Word) -> None:
        """Comes back when the brokers have it. Words for one desk keep their order."""
        taken = asyncio.get_running_loop().create_future()
        self._waiting.append((word, taken))
        if self._sending is None:
            # In a context of its own: what is sent belongs to no one story.
            self._sending = asyncio.create_task(self._send(), context=Context())
        await taken

    async def close(self) -> None:
        """Breaks off; what is not sent by then is not said."""
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)

    async def _send(self) -> None:
        try:
            while self._waiting:
                together = self._waiting[:MOST_AT_ONCE]
                del self._waiting[:MOST_AT_ONCE]
                await self._send_together(together)
        finally:
            self._sending = None

    async def _send_together(self, together: Sequence[tuple[Word, asyncio.Future[None]]]) -> None:
        by_desk: dict[int, list[Word]] = {}
        for word, _ in together:
            by_desk.setdefault(self._desk_of(word.subscription), []).append(word)
        fault = None
        try:
            await confirm_in_the_end(
                self._outbox,
                [
                    Outgoing(DESK, words[0].subscription, Said(words=tuple(words)))
                    for words in by_desk.values()
                ],
            )
        except Exception as error:  # noqa: BLE001
            fault = error  # a fault of ours: those who wait for it raise it
        for _, taken in together:
            if taken.done():
                continue  # whoever said it was cancelled
            if fault is None:
                taken.set_result(None)
            else:
                taken.set_exception(fault)


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
