"""Desks: `desk.v1` to their trays and to `deliveries.v2`, and to dead letters what is given up.

What a message does to a tray is decided in `streams.core.desk`. The postman, who brings what is
due, is told of each tray that has changed and of each message that was taken: only an agent that
has a message in hand can set a table, so whatever the postman does comes back here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from schemas.base import AlertId, CountryCode, LeaderId
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
from streams.shell.tables import StateTable


class Subscriptions(Protocol):
    """Those that hold."""

    def get(self, subscription: str) -> Subscription | None: ...

    def silences(self) -> tuple[Silence, ...]: ...


class Hears(Protocol):
    """Who brings what is due."""

    def heard(self, message: DeskMessage, trays: Iterable[Tray]) -> None: ...


class Whereabouts:
    """In whose tray an alert lies, of each subscription; built anew when partitions have moved."""

    def __init__(self, trays: StateTable[Tray], assigned: Callable[[], object]) -> None:
        """`assigned` gives another object after each rebalance."""
        self._trays = trays
        self._assigned = assigned
        self._as_of: object = None
        self._leader: dict[tuple[str, AlertId], LeaderId] = {}

    def leader_of(self, subscription: str, alert: AlertId) -> LeaderId | None:
        """Reads the whole table where partitions have moved since."""
        if self._as_of is not self._assigned():
            self._as_of, self._leader = self._assigned(), {}
            for _, tray in self._trays.records():
                self.note(tray)
        return self._leader.get((subscription, alert))

    def note(self, tray: Tray) -> None:
        """A tray as it is now. Nothing is kept before somebody asks: most workers never do."""
        if self._as_of is self._assigned():
            self._leader |= {(tray.subscription, each.alert): tray.leader for each in tray.entries}


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What the desks go by."""

    subscriptions: Subscriptions
    trays: StateTable[Tray]
    whereabouts: Whereabouts
    postman: Hears
    home_of: Callable[[LeaderId], CountryCode | None]


def tray_key(subscription: str, leader: LeaderId) -> str:
    """Of a tray, in the table."""
    return f"{subscription} {leader}"


class _Changes:
    """Trays as one message leaves them, before they are kept: what is said later in it finds what
    was said before."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._trays: dict[str, Tray] = {}
        self.taken: list[Taken] = []

    def tray(self, subscription: str, leader: LeaderId) -> Tray | None:
        """As it is now."""
        key = tray_key(subscription, leader)
        return self._trays.get(key) or self._parts.trays.get(key)

    def add(self, taken: Taken) -> None:
        """What one desk makes of it."""
        self._trays[tray_key(taken.tray.subscription, taken.tray.leader)] = taken.tray
        self.taken.append(taken)

    def packed(self) -> dict[str, bytes]:
        """The bytes to be kept, by key. Raises `StateTooLargeError`."""
        return {key: self._parts.trays.packed(tray) for key, tray in self._trays.items()}

    def keep(self, bytes_of: dict[str, bytes]) -> None:
        """Sets the table."""
        for key, value in bytes_of.items():
            self._parts.trays.put(key, value)
        for tray in self._trays.values():
            self._parts.whereabouts.note(tray)

    @property
    def trays(self) -> Iterable[Tray]:
        """Those that have changed."""
        return self._trays.values()


def desk_agent(outbox: Outbox, clock: Callable[[], datetime], parts: DeskParts) -> Handle:
    """What to do with one message for desks. Those of one partition come in their order."""

    async def handle(event: Event) -> None:
        message = cast("DeskMessage", decode(DESK, *payload(event)))
        changes = _Changes(parts)
        _take(changes, message, event.message.offset, clock())
        bytes_of = changes.packed()
        await outbox.confirm(
            [
                *(
                    Outgoing(DELIVERIES, step.subscription, step)
                    for each in changes.taken
                    for step in each.steps
                ),
                *(
                    _dead_letter(each.tray.subscription, lost, event, clock())
                    for each in changes.taken
                    for lost in each.given_up
                ),
            ]
        )
        changes.keep(bytes_of)
        parts.postman.heard(message, changes.trays)

    def _take(changes: _Changes, message: DeskMessage, offset: int, now: datetime) -> None:
        match message:
            case Offered():
                home = parts.home_of(message.event.data.leader.id)
                offer = Offer(message.event, offset, home, parts.subscriptions.silences(), now)
                for each in message.subscriptions:
                    _offer(changes, parts.subscriptions.get(each.id) or each, offer)
            case Said():
                for word in message.words:
                    _hear(changes, word, now)

    def _offer(changes: _Changes, wanted: Subscription, offer: Offer) -> None:
        leader, replaces = offer.event.data.leader.id, offer.event.data.replaces
        tray = changes.tray(wanted.id, leader) or Tray(
            subscription=wanted.id, channel=wanted.channel, leader=leader
        )
        if replaces is not None and all(each.alert != replaces for each in tray.entries):
            before = parts.whereabouts.leader_of(wanted.id, replaces)
            origin = changes.tray(wanted.id, before) if before else None
            if origin is not None and before != leader:
                origin, tray = handed_over(origin, tray, replaces)
                changes.add(Taken(origin))
        changes.add(offered(tray, wanted, offer))

    def _hear(changes: _Changes, word: Word, now: datetime) -> None:
        if isinstance(word, Opened):
            return
        kept = [changes.tray(word.subscription, leader) for leader in word.leaders]
        for tray in filter(None, kept):
            match word:
                case Packed():
                    changes.add(packed(tray, word, now))
                case Tried():
                    changes.add(tried(tray, word))
                case Cleared():
                    changes.add(cleared(tray, word))

    def _dead_letter(subscription: str, lost: Undelivered, event: Event, now: datetime) -> Outgoing:
        """The offer once more, for this one alone, as it is put back when somebody asks for it."""
        wanted = parts.subscriptions.get(subscription)
        assert wanted is not None  # nothing is brought for one that is not known
        value = encode(Offered(subscriptions=(wanted,), event=lost.event))
        lying = Lying(DESK.name, event.message.partition, lost.offset, subscription.encode(), value)
        refusal = Refusal("undeliverable", f"{subscription}: {lost.detail}")
        letter = letter_of(lying, refusal, "desk", now)
        return Outgoing(DEAD_LETTERS, letter.id, letter)

    return handle
