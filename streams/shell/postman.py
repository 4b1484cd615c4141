"""Brings what is due: one round for each subscription whose desk this worker has.

A subscription that is slow or away holds up nobody else. Whatever the postman does is said on
`desk.v1` and comes back through the desk's agent, so that another worker can go on from there; what
is to be done next is decided in `streams.core.rounds`. A desk is served only when it has heard that
it was opened: by then it has heard how all earlier tries ended.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any, NoReturn, Protocol
from uuid import uuid4

from schemas.base import LeaderId
from schemas.deliveries import (
    Cleared,
    DeskMessage,
    Offered,
    Opened,
    Packed,
    ParcelId,
    Tray,
    Tried,
    Word,
)
from schemas.subscriptions import Subscription
from schemas.topics import DESK, SUBSCRIPTIONS
from streams.channels import (
    AlreadyDelivered,
    Channel,
    ChannelError,
    Delivered,
    Gone,
    NotDelivered,
    Outcome,
    Parcel,
)
from streams.core.rounds import Bring, Clear, Lane, Pack, Rest, again_at, next_errand, rested_at
from streams.shell.metrics import Metrics
from streams.shell.outbox import Outbox, Outgoing
from streams.shell.recovery import Standing
from streams.shell.saying import Saying, confirm_in_the_end
from streams.shell.tables import StateTable

AT_ONCE = 8
"""Tries of one subscription at once, of different leaders."""

UNHEARD_AT_ONCE = 32
"""Parcels of one subscription that are tried, or whose end is on its way to the brokers and back:
so many may be brought again after a kill. The next of the same leader waits for it."""

_LONGEST_TRY_S = 60.0
"""A channel ends by itself before that; one that does not is cut off."""
_UNHEARD_S = 60.0
"""After so long without hearing what was said of a parcel that is not tried yet, it is looked at
anew what is to be done."""
_FAREWELL_S = 5.0

_log = logging.getLogger(__name__)

OpenChannel = Callable[[Subscription], Channel]


class Subscriptions(Protocol):
    """Those that hold, and word of each that changes."""

    on_change: Callable[[str], None]

    def get(self, subscription: str) -> Subscription | None: ...

    def all(self) -> Iterable[Subscription]: ...

    def asked_at(self, subscription: str) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Rounds:
    """What the postman goes by."""

    subscriptions: Subscriptions
    open_channel: OpenChannel
    """Raises `ChannelError`."""
    desk_of: Callable[[str], int]
    """The partition of `desk.v1` on which a subscription has its desk."""
    pauses_s: Sequence[float]
    """Between tries; after the last a parcel is given up."""


class Postman:
    """One for each worker. All of it happens on the app's event loop."""

    def __init__(
        self,
        outbox: Outbox,
        metrics: Metrics,
        clock: Callable[[], datetime],
        standing: Standing,
        rounds: Rounds,
    ) -> None:
        self._outbox = outbox
        self._metrics = metrics
        self._clock = clock
        self._standing = standing
        self._rounds = rounds
        self._lanes: dict[str, dict[LeaderId, Lane]] = {}
        """Of each subscription, what is open."""
        self._packed_at: dict[str, datetime] = {}
        """When a parcel was last made up here; a restart may bring one early."""
        self._news: dict[str, asyncio.Event] = {}
        self._saying = Saying(outbox, rounds.desk_of)
        self._unheard: dict[Word, asyncio.Event] = {}
        self._rounding: dict[str, asyncio.Task[NoReturn]] = {}
        self._on_the_way: dict[tuple[str, ParcelId], asyncio.Task[Tried]] = {}
        """By subscription too: a parcel of one alert has the same id for all of them."""
        self._faults: asyncio.Queue[asyncio.Task[Any]] = asyncio.Queue()
        self._channels: dict[str, tuple[Subscription, Channel]] = {}
        rounds.subscriptions.on_change = self._wake

    def heard(self, message: DeskMessage, trays: Iterable[Tray]) -> None:
        """The desk's agent has taken a message; the trays are as it left them."""
        for tray in trays:
            self._keep(tray)
        if isinstance(message, Offered):
            for each in message.subscriptions:
                self._wake(each.id)
            return
        for word in message.words:
            if word in self._unheard:
                self._unheard[word].set()
            self._wake(word.subscription)

    async def run(self, trays: StateTable[Tray]) -> NoReturn:
        """Serves while this worker reads, until it is cancelled. Raises on a fault of ours alone:
        a worker that silently brings nothing would be worse than one that ends.
        """
        try:
            while True:
                await self._standing.reading.wait()
                self._load(trays)
                await self._close_channels_of_others()
                for each in {*self._lanes, *(s.id for s in self._rounds.subscriptions.all())}:
                    self._serve(each)
                await self._until_interrupted()
                await self._break_off()
        finally:
            await self._break_off()
            await self._farewell()

    async def _until_interrupted(self) -> None:
        ends = {
            asyncio.create_task(self._standing.interrupted.wait()),
            asyncio.create_task(self._faults.get()),
        }
        done, left = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for each in left:
            each.cancel()
        for each in done:
            fault = each.result()
            if isinstance(fault, asyncio.Task):
                await fault  # raises what it failed with

    def waiting(self) -> tuple[int, float]:
        """How many alerts are due and not brought, and for how many seconds the first of them."""
        now = self._clock()
        due = [
            at
            for subscription, lanes in self._lanes.items()
            for earliest in (self._rested_at(subscription),)
            for lane in lanes.values()
            for at in lane.due(earliest)
            if at <= now
        ]
        return len(due), max((now - each).total_seconds() for each in due) if due else 0.0

    def _rested_at(self, subscription: str) -> datetime | None:
        wanted = self._rounds.subscriptions.get(subscription)
        packed_at = self._packed_at.get(subscription)
        return None if wanted is None else rested_at(wanted, packed_at)

    def _is_ours(self, subscription: str) -> bool:
        return self._standing.holds(DESK.name, self._rounds.desk_of(subscription))

    def _load(self, trays: StateTable[Tray]) -> None:
        self._lanes = {}
        for _, tray in trays.records():
            if self._is_ours(tray.subscription):
                self._keep(tray)

    def _keep(self, tray: Tray) -> None:
        held, lane = self._lanes.setdefault(tray.subscription, {}), Lane.of(tray)
        if lane is None:
            held.pop(tray.leader, None)
        else:
            held[tray.leader] = lane

    def _serve(self, subscription: str) -> None:
        if subscription not in self._rounding and self._is_ours(subscription):
            self._news[subscription] = asyncio.Event()
            task = asyncio.create_task(self._round(subscription))
            task.add_done_callback(self._look_for_fault)
            self._rounding[subscription] = task

    def _wake(self, subscription: str) -> None:
        if self._standing.reading.is_set():
            self._serve(subscription)
        if subscription in self._news:
            self._news[subscription].set()

    def _look_for_fault(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and task.exception() is not None:
            self._faults.put_nowait(task)

    async def _break_off(self) -> None:
        """Ends the rounds. What is on its way goes on, and says how it ended."""
        rounding, self._rounding = self._rounding, {}
        for task in rounding.values():
            task.cancel()
        await asyncio.gather(*rounding.values(), return_exceptions=True)

    async def _close_channels_of_others(self) -> None:
        """Whoever has the desk now may need what they hold, such as a file."""
        for subscription in [each for each in self._channels if not self._is_ours(each)]:
            _, channel = self._channels.pop(subscription)
            await channel.close()

    async def _farewell(self) -> None:
        """Waits a little for what is on its way, and closes the channels."""
        tasks = tuple(self._on_the_way.values())
        if tasks:
            await asyncio.wait(tasks, timeout=_FAREWELL_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._saying.close()
        for _, channel in self._channels.values():
            await channel.close()

    async def _round(self, subscription: str) -> NoReturn:
        opening = Opened(subscription=subscription, by=uuid4().hex)
        await self._say(opening, within_s=None)
        async with asyncio.TaskGroup() as tries:
            await self._go_round(subscription, tries)

    async def _go_round(self, subscription: str, tries: asyncio.TaskGroup) -> NoReturn:
        news, busy = self._news[subscription], set[LeaderId]()
        room, trying = asyncio.Semaphore(UNHEARD_AT_ONCE), asyncio.Semaphore(AT_ONCE)

        async def bring(wanted: Subscription, errand: Bring) -> None:
            try:
                await self._bring(wanted, errand, trying)
            finally:
                busy.difference_update(errand.leaders)
                room.release()
                news.set()

        while True:
            news.clear()
            held = self._lanes.get(subscription, {})
            wanted = self._rounds.subscriptions.get(subscription)
            free = [lane for leader, lane in held.items() if leader not in busy]
            asked_at = self._rounds.subscriptions.asked_at(subscription)
            packed_at = self._packed_at.get(subscription)
            match next_errand(free, wanted, self._clock(), asked_at, packed_at):
                case Rest(until):
                    await self._rest(news, until)
                case Bring() as errand:
                    assert wanted is not None
                    busy.update(errand.leaders)
                    await room.acquire()
                    tries.create_task(bring(wanted, errand))
                case errand:
                    if isinstance(errand, Pack):
                        self._packed_at[subscription] = self._clock()
                    await self._say(self._word(subscription, wanted, errand))

    def _word(
        self, subscription: str, wanted: Subscription | None, errand: Pack | Clear
    ) -> Packed | Cleared:
        if isinstance(errand, Pack):
            return Packed(
                subscription=subscription,
                parcel=errand.parcel,
                leaders=errand.leaders,
                alerts=errand.alerts,
            )
        is_paused = wanted is not None and wanted.state == "paused"
        return Cleared(
            subscription=subscription,
            leaders=errand.leaders,
            why="paused" if is_paused else "removed",
            at=self._clock(),
        )

    async def _rest(self, news: asyncio.Event, until: datetime | None) -> None:
        left = None if until is None else (until - self._clock()).total_seconds()
        with suppress(TimeoutError):
            async with asyncio.timeout(left):
                await news.wait()

    async def _say(self, word: Word, within_s: float | None = _UNHEARD_S) -> None:
        """Says it on the desk's topic, and waits until the desk has heard it, or for so long."""
        await self._send(word)
        await self._until_heard(word, within_s)

    async def _until_heard(self, word: Word, within_s: float | None) -> None:
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(within_s):
                    await self._unheard[word].wait()
        finally:
            self._unheard.pop(word, None)

    async def _bring(self, wanted: Subscription, errand: Bring, trying: asyncio.Semaphore) -> None:
        """One try. A try that is under way from before a rebalance is waited for instead."""
        key = (wanted.id, errand.parcel)
        task = self._on_the_way.get(key)
        if task is None:
            # Here and not in the task: what has not begun when the round is broken off never does.
            await trying.acquire()
            task = asyncio.create_task(self._try(wanted, errand, trying))
            self._on_the_way[key] = task
            task.add_done_callback(lambda _: self._on_the_way.pop(key, None))
        # However long it takes: to try again what has arrived is worse than to hold up this leader.
        await self._until_heard(await asyncio.shield(task), None)

    async def _try(self, wanted: Subscription, errand: Bring, trying: asyncio.Semaphore) -> Tried:
        """Comes back when the brokers know how it ended; lets another try begin before that."""
        began = perf_counter()
        try:
            outcome = await self._outcome(wanted, errand)
        finally:
            trying.release()
        now = self._clock()
        again = (
            again_at(errand.attempt, self._rounds.pauses_s, outcome.retry_after_s, now)
            if isinstance(outcome, NotDelivered)
            else None
        )
        message = _tried(wanted, errand, outcome, now, again)
        self._count(wanted, errand, outcome, message)
        if isinstance(outcome, NotDelivered | Gone):
            _log.warning(
                "subscription %s, parcel %s, try %d (%.1f s): %s",
                wanted.id,
                errand.parcel,
                errand.attempt,
                perf_counter() - began,
                outcome.reason,
            )
        if isinstance(outcome, Gone):
            paused = wanted.model_copy(update={"state": "paused"})
            await confirm_in_the_end(self._outbox, [Outgoing(SUBSCRIPTIONS, paused.key(), paused)])
        await self._send(message)
        return message

    async def _outcome(self, wanted: Subscription, errand: Bring) -> Outcome:
        try:
            channel = await self._channel(wanted)
            async with asyncio.timeout(_LONGEST_TRY_S):
                return await channel.deliver(Parcel(errand.parcel, wanted, errand.contents))
        except ChannelError as error:
            return NotDelivered(str(error))
        except TimeoutError:
            return NotDelivered(f"no answer within {_LONGEST_TRY_S:g} s")
        except Exception as error:  # noqa: BLE001
            # A fault of ours in one channel must not end the rounds of its subscription.
            _log.exception("channel %s failed", wanted.channel)
            return NotDelivered(f"a fault of ours: {type(error).__name__}")

    async def _channel(self, wanted: Subscription) -> Channel:
        known = self._channels.get(wanted.id)
        if known is not None and known[0] == wanted:
            return known[1]
        if known is not None:
            await known[1].close()
            del self._channels[wanted.id]
        channel = self._rounds.open_channel(wanted)
        self._channels[wanted.id] = (wanted, channel)
        return channel

    def _count(self, wanted: Subscription, errand: Bring, outcome: Outcome, message: Tried) -> None:
        said = "already_delivered" if isinstance(outcome, AlreadyDelivered) else message.outcome
        label = "delivered" if said == "brought" else said
        self._metrics.deliveries.labels(wanted.channel, label).inc(len(errand.contents))
        if isinstance(outcome, Delivered):
            seconds = max(0.0, (message.at - errand.due_at).total_seconds())
            self._metrics.delivery_seconds.labels(wanted.channel).observe(seconds)

    async def _send(self, word: Word) -> None:
        self._unheard.setdefault(word, asyncio.Event())
        await self._saying.say(word)


def _tried(
    wanted: Subscription, errand: Bring, outcome: Outcome, now: datetime, again: datetime | None
) -> Tried:
    said = {
        "subscription": wanted.id,
        "parcel": errand.parcel,
        "leaders": errand.leaders,
        "attempt": errand.attempt,
        "at": now,
    }
    match outcome:
        case Delivered():
            return Tried(outcome="brought", **said)
        case AlreadyDelivered():
            return Tried(outcome="brought", detail="it was there already", **said)
        case Gone(reason):
            return Tried(outcome="given_up", detail=reason, **said)
        case NotDelivered(reason):
            if again is None:
                return Tried(outcome="given_up", detail=f"{reason} (the last try)", **said)
            return Tried(outcome="failed", detail=reason, again_at=again, **said)
