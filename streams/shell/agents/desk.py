"""Desks: `desk.v1` to their trays and to `deliveries.v2`, and to dead letters what is given up.

What a message does to a tray is decided in `streams.core.desk`. The postman, who brings what is
due, is told of each tray that has changed and of each message that was taken: only an agent that
has a message in hand can set a table, so whatever the postman does comes back here.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from schemas.base import CountryCode, LeaderId
from schemas.codec import decode, encode
from schemas.deliveries import (
    Cleared,
    DeskMessage,
    Offered,
    Opened,
    Packed,
    Said,
    Tray,
    Tried,
    Word,
)
from schemas.subscriptions import Silence, Subscription
from schemas.topics import DEAD_LETTERS, DELIVERIES, DESK
from streams.core.desk import (
    Offer,
    Taken,
    Undelivered,
    cleared,
    handed_over,
    offered,
    packed,
    tried,
)
from streams.shell.dead_letters import Event, Lying, Refusal, letter_of, payload
from streams.shell.guard import Handle
from streams.shell.outbox import Outbox, Outgoing
from streams.shell.rows import Row
from streams.shell.trays import Trays


class Subscriptions(Protocol):
    """Those that hold."""

    def get(self, subscription: str) -> Subscription | None: ...

    def silences(self) -> tuple[Silence, ...]: ...


class Hears(Protocol):
    """Who brings what is due."""

    def heard(self, message: DeskMessage, trays: Iterable[Tray]) -> None: ...


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What the desks go by."""

    subscriptions: Subscriptions
    trays: Trays
    postman: Hears
    home_of: Callable[[LeaderId], CountryCode | None]


class _Changes:
    """Trays as one message leaves them: what is said later in it finds what was said before."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._trays: dict[tuple[str, LeaderId], Tray] = {}
        self.taken: list[Taken] = []

    @property
    def trays(self) -> Iterable[Tray]:
        """Those that have changed."""
        return self._trays.values()

    def take(self, message: DeskMessage, offset: int, now: datetime) -> None:
        """All of it."""
        match message:
            case Offered():
                home = self._parts.home_of(message.event.data.leader.id)
                offer = Offer(
                    message.event, offset, home, self._parts.subscriptions.silences(), now
                )
                for each in message.subscriptions:
                    self._offer(self._parts.subscriptions.get(each.id) or each, offer)
            case Said():
                for word in message.words:
                    self._hear(word, now)

    def _offer(self, wanted: Subscription, offer: Offer) -> None:
        leader, replaces = offer.event.data.leader.id, offer.event.data.replaces
        tray = self._tray(wanted.id, leader) or Tray(
            subscription=wanted.id, channel=wanted.channel, leader=leader
        )
        if replaces is not None and all(each.alert != replaces for each in tray.entries):
            before = self._parts.trays.leader_of(wanted.id, replaces)
            origin = self._tray(wanted.id, before) if before else None
            if origin is not None and before != leader:
                origin, tray = handed_over(origin, tray, replaces)
                self._add(Taken(origin))
        self._add(offered(tray, wanted, offer))

    def _hear(self, word: Word, now: datetime) -> None:
        if isinstance(word, Opened):
            return
        kept = [self._tray(word.subscription, leader) for leader in word.leaders]
        for tray in filter(None, kept):
            match word:
                case Packed():
                    self._add(packed(tray, word, now))
                case Tried():
                    self._add(tried(tray, word))
                case Cleared():
                    self._add(cleared(tray, word))

    def _tray(self, subscription: str, leader: LeaderId) -> Tray | None:
        here = self._trays.get((subscription, leader))
        return here or self._parts.trays.get(subscription, leader)

    def _add(self, taken: Taken) -> None:
        self._trays[taken.tray.subscription, taken.tray.leader] = taken.tray
        self.taken.append(taken)


def desk_agent(outbox: Outbox, clock: Callable[[], datetime], parts: DeskParts) -> Handle:
    """What to do with one message for desks. Those of one partition are decided in the order of the
    calls, each on what the one before it will leave, and kept in it."""
    rows: defaultdict[int, Row] = defaultdict(Row)

    async def handle(event: Event) -> None:
        message = cast("DeskMessage", decode(DESK, *payload(event)))
        changes = _Changes(parts)
        bytes_of: dict[str, bytes] = {}

        async def decide() -> Awaitable[None]:
            now = clock()
            changes.take(message, event.message.offset, now)
            bytes_of.update(parts.trays.packed(changes.trays))
            sent = await outbox.begin([*outputs(changes.taken, event, now)])
            parts.trays.decide(changes.trays)
            return sent

        def keep() -> None:
            parts.trays.keep(bytes_of)
            parts.postman.heard(message, changes.trays)

        try:
            await rows[event.message.partition].take(decide, keep)
        finally:
            parts.trays.let_go(changes.trays)

    def outputs(taken: Iterable[Taken], event: Event, now: datetime) -> Iterator[Outgoing]:
        for each in taken:
            for step in each.steps:
                yield Outgoing(DELIVERIES, step.subscription, step)
            for lost in each.given_up:
                yield dead_letter(each.tray.subscription, lost, event, now)

    def dead_letter(subscription: str, lost: Undelivered, event: Event, now: datetime) -> Outgoing:
        """The offer once more, for this one alone, as it is put back when somebody asks for it."""
        wanted = parts.subscriptions.get(subscription)
        assert wanted is not None  # nothing is brought for one that is not known
        value = encode(Offered(subscriptions=(wanted,), event=lost.event))
        lying = Lying(DESK.name, event.message.partition, lost.offset, subscription.encode(), value)
        refusal = Refusal("undeliverable", f"{subscription}: {lost.detail}")
        letter = letter_of(lying, refusal, "desk", now)
        return Outgoing(DEAD_LETTERS, letter.id, letter)

    return handle
