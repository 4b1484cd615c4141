"""The guard round every agent: what can go wrong with a message has exactly one end each.

Handled: acknowledge. Refused, or failed for a reason that lies in the message or in our code: a
confirmed dead letter, then acknowledge. The brokers do not confirm, or dead letters are over the
ceiling: stop the worker and acknowledge nothing, so that the message comes again.
Faust acknowledges a message whose agent raised; that is why nothing but a cancellation leaves
here, and why streams are read with `noack`. No rule on what is refused belongs here.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import perf_counter, time_ns

from schemas.codec import UndecodableError, UnknownVersionError
from schemas.dead_letters import Reason
from streams.shell import logs, tracing
from streams.shell.ceiling import Ceiling, Tally, count, judge
from streams.shell.dead_letters import DeadLetterOffice, Event, Refusal, headers_of
from streams.shell.metrics import Metrics
from streams.shell.outbox import NotConfirmedError, TooLargeToSendError
from streams.shell.recovery import Standing
from streams.shell.spans import NoSpans, Settled, Spans
from streams.shell.tables import StateTooLargeError

NO_SPANS = NoSpans()

_log = logging.getLogger(__name__)

Handle = Callable[[Event], Awaitable[None]]


class RefusedError(Exception):
    """An agent's word that a message is refused."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.refusal = Refusal(reason, detail)


class HaltError(Exception):
    """An agent's word that the worker must stop: going on would lose something."""


class Guard:
    """One for each app. Not thread-safe: all of it happens on the app's event loop."""

    def __init__(
        self,
        ceiling: Ceiling,
        office: DeadLetterOffice,
        metrics: Metrics,
        standing: Standing,
        spans: Spans = NO_SPANS,
    ) -> None:
        self._ceiling = ceiling
        self._office = office
        self._metrics = metrics
        self._standing = standing
        self._spans = spans
        self._tallies: dict[str, Tally] = {}
        self._in_hand = 0
        self._to_acknowledge = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.halted = asyncio.Event()

    async def handle(self, hop: str, event: Event, work: Handle) -> None:
        """Comes back when the message may be acknowledged; when it may not, never.

        Whoever waits for `halted` then stops the app, which cancels the wait.
        """
        if not await self._in_hands(hop, event, work):
            await asyncio.Event().wait()
        self._standing.progressed()

    async def _in_hands(self, hop: str, event: Event, work: Handle) -> bool:
        self._take()
        try:
            tracing.begin(hop, _where(event), event.message.key, dict(headers_of(event)))
            await self._settle(hop, event, work)
            self._to_acknowledge += 1
        except (HaltError, NotConfirmedError) as reason:
            self._halt(hop, event, str(reason))
            return False
        finally:
            self._put_down()
        return True

    async def acknowledge(self, event: Event, acknowledging: Awaitable[object]) -> None:
        """Acknowledges a message that `handle` came back from; until then it is not finished."""
        await acknowledging
        self._standing.acknowledged(event.message)
        self._to_acknowledge -= 1
        self._look_idle()

    async def finished(self, timeout_s: float) -> bool:
        """Waits until no message is in hand, and all that were are acknowledged.

        `False` when the time is up first. Behind a message that halted the worker none can be
        acknowledged, and none is waited for.
        """
        try:
            async with asyncio.timeout(timeout_s):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True

    async def _settle(self, hop: str, event: Event, work: Handle) -> None:
        began_ns, began = time_ns(), perf_counter()
        refusal = await self._try(hop, event, work)
        took = perf_counter() - began
        self._metrics.stage_seconds.labels(hop).observe(took)
        # Kept before anything is waited for: other messages of the hop are in hand as well.
        tally = count(self._ceiling, self._tallies.get(hop, Tally()), refusal is not None)
        self._tallies[hop] = tally
        if refusal is not None:
            verdict = judge(self._ceiling, tally)
            if verdict != "within":
                raise HaltError(
                    f"too many dead letters ({verdict}: {tally.run} in a row, {tally.refused} of "
                    f"the last {len(tally.recent)}); the last is {refusal.reason}: {refusal.detail}"
                )
            await self._office.send(event, refusal, hop)
            self._metrics.dead_letters.labels(hop, refusal.reason).inc()
        _tell(hop, event, took, refusal)
        self._spans.settled(_settled(hop, event, began_ns, took, refusal))

    async def _try(self, hop: str, event: Event, work: Handle) -> Refusal | None:
        try:
            await work(event)
        except RefusedError as error:
            return error.refusal
        except UnknownVersionError as error:
            return Refusal("unknown_version", str(error))
        except UndecodableError as error:
            return Refusal("undecodable", str(error))
        except (TooLargeToSendError, StateTooLargeError) as error:
            return Refusal("too_large", str(error))
        except (HaltError, NotConfirmedError):
            raise
        except Exception as error:  # noqa: BLE001 - the one place: whatever it is, the message is not lost
            _log.exception("%s failed on %s", hop, _where(event))
            return Refusal("unexpected", f"{type(error).__name__}: {error}")
        return None

    def halt(self, reason: str) -> None:
        """Has the worker stopped, for a reason that lies in no message."""
        self._stop(reason, f"stopping: {reason}")

    def _halt(self, hop: str, event: Event, reason: str) -> None:
        where = _where(event)
        self._stop(f"{hop}: {reason}", f"stopping, {where} is not acknowledged: {hop}: {reason}")

    def _stop(self, reason: str, told: str) -> None:
        """For the first reason: what comes after it may follow from it."""
        if self.halted.is_set():
            _log.warning("%s", told)
            return
        self._standing.halted = reason
        _log.critical("%s", told)
        self.halted.set()

    def _take(self) -> None:
        self._in_hand += 1
        self._idle.clear()

    def _put_down(self) -> None:
        self._in_hand -= 1
        self._look_idle()

    def _look_idle(self) -> None:
        if not self._in_hand and (not self._to_acknowledge or self.halted.is_set()):
            self._idle.set()


def _tell(hop: str, event: Event, took: float, refusal: Refusal | None) -> None:
    """One line for each message that is settled; of those refused also at `info`."""
    level = logging.DEBUG if refusal is None else logging.INFO
    if not _log.isEnabledFor(level):
        return
    message = event.message
    said = logs.about(
        hop=hop,
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        ms=round(took * 1000, 1),
        **({} if refusal is None else {"reason": refusal.reason, "detail": refusal.detail[:300]}),
    )
    _log.log(level, "handled" if refusal is None else "refused", extra=said)


def _settled(
    hop: str, event: Event, began_ns: int, took: float, refusal: Refusal | None
) -> Settled:
    message, trace = event.message, tracing.current()
    assert trace is not None
    return Settled(
        trace=trace,
        hop=hop,
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        began_ns=began_ns,
        ended_ns=began_ns + round(took * 1e9),
        refused=None if refusal is None else refusal.reason,
    )


def _where(event: Event) -> str:
    message = event.message
    return f"{message.topic}[{message.partition}] offset {message.offset}"
