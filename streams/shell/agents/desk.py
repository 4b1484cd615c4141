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
from schemas.deliveries import Cleared, DeskMessage, Offered, Opened, Packed, Tray, Tried
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


def desk_agent(outbox: Outbox, clock: Callable[[], datetime], parts: DeskParts) -> Handle:
    """What to do with one message for a desk."""
    trays = parts.trays

    async def handle(event: Event) -> None:
        message = cast("DeskMessage", decode(DESK, *payload(event)))
        taken = _taken(message, event.message.offset, clock())
        bytes_of = {
            tray_key(tray.subscription, tray.leader): trays.packed(tray)
            for tray in (each.tray for each in taken)
        }
        await outbox.confirm(
            [
                *(
                    Outgoing(DELIVERIES, message.subscription, step)
                    for each in taken
                    for step in each.steps
                ),
                *(
                    _dead_letter(message.subscription, lost, event, clock())
                    for each in taken
                    for lost in each.given_up
                ),
            ]
        )
        for key, value in bytes_of.items():
            trays.put(key, value)
        for each in taken:
            parts.whereabouts.note(each.tray)
        parts.postman.heard(message, [each.tray for each in taken])

    def _offered(message: Offered, offset: int, now: datetime) -> list[Taken]:
        subscription = parts.subscriptions.get(message.subscription) or message.wanted
        leader, replaces = message.event.data.leader.id, message.event.data.replaces
        tray = trays.get(tray_key(subscription.id, leader)) or Tray(
            subscription=subscription.id, channel=subscription.channel, leader=leader
        )
        others: list[Taken] = []
        if replaces is not None and all(each.alert != replaces for each in tray.entries):
            before = parts.whereabouts.leader_of(subscription.id, replaces)
            origin = trays.get(tray_key(subscription.id, before)) if before else None
            if origin is not None and before != leader:
                origin, tray = handed_over(origin, tray, replaces)
                others.append(Taken(origin))
        home, silences = parts.home_of(leader), parts.subscriptions.silences()
        offer = Offer(message.event, offset, home, silences, now)
        return [offered(tray, subscription, offer), *others]

    def _held(message: Packed | Tried | Cleared) -> list[Tray]:
        kept = (trays.get(tray_key(message.subscription, leader)) for leader in message.leaders)
        return [tray for tray in kept if tray is not None]

    def _taken(message: DeskMessage, offset: int, now: datetime) -> list[Taken]:
        match message:
            case Offered():
                return _offered(message, offset, now)
            case Opened():
                return []
            case Packed():
                return [packed(tray, message, now) for tray in _held(message)]
            case Tried():
                return [tried(tray, message) for tray in _held(message)]
            case Cleared():
                return [cleared(tray, message) for tray in _held(message)]

    def _dead_letter(subscription: str, lost: Undelivered, event: Event, now: datetime) -> Outgoing:
        """The offer once more, as it is put back when somebody asks for it."""
        wanted = parts.subscriptions.get(subscription)
        assert wanted is not None  # nothing is brought for one that is not known
        value = encode(Offered(subscription=subscription, wanted=wanted, event=lost.event))
        lying = Lying(DESK.name, event.message.partition, lost.offset, subscription.encode(), value)
        refusal = Refusal("undeliverable", f"{subscription}: {lost.detail}")
        letter = letter_of(lying, refusal, "desk", now)
        return Outgoing(DEAD_LETTERS, letter.id, letter)

    return handle
