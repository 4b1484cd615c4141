"""Messages that build on one another, several in hand at once.

Each is decided on what the one before it will leave, while the brokers still confirm what that one
sent. It is kept when that one is: what a kill leaves is what one message after the other would
have left. What is decided and what is kept is not known here.
"""

import asyncio
from collections.abc import Awaitable, Callable

from streams.shell.guard import HaltError
from streams.shell.outbox import NotConfirmedError, TooLargeToSendError


class Row:
    """Messages that have one order. For one event loop."""

    def __init__(self) -> None:
        self._deciding = asyncio.Lock()
        self._last: asyncio.Event | None = None
        """Of the message that was decided last: set when it is out of hand."""
        self._is_broken = False

    async def take(
        self, decide: Callable[[], Awaitable[Awaitable[None]]], keep: Callable[[], None]
    ) -> None:
        """Comes back when the message is kept.

        `decide` sends what the message gives rise to, and gives what is to be awaited until that is
        confirmed; whatever it raises but for `NotConfirmedError` concerns this message alone. What
        goes wrong after it can't be undone, since others may build on it: `HaltError` for all that
        come later, and for this message where the brokers don't take what it sent. Those that wait
        are decided in the order of their calls.
        """
        done = asyncio.Event()
        async with self._deciding:
            self._look()
            try:
                confirmed = await decide()
            except NotConfirmedError:
                self._is_broken = True
                raise
            before, self._last = self._last, done
        is_sound = False
        try:
            await confirmed
            if before is not None:
                await before.wait()
            self._look()
            keep()
            is_sound = True
        except asyncio.CancelledError:
            is_sound = True  # all that is in hand is called off with it
            raise
        except (NotConfirmedError, TooLargeToSendError) as fault:
            raise HaltError(str(fault)) from fault
        finally:
            self._is_broken |= not is_sound
            done.set()

    def _look(self) -> None:
        if self._is_broken:
            raise HaltError("what came before it is not kept")
