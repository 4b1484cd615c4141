"""Desks: `desk.v1` to their trays and to `deliveries.v2`, and to dead letters what is given up.

What a message does to a tray is decided in `streams.core.desk`. The postman, who brings what is
due, is told of each tray that has changed and of each message that was taken: only an agent that
has a message in hand can set a table, so whatever the postman does comes back here.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Protocol, cast

from schemas.base import CountryCode, LeaderId
from schemas.codec import decode, encode
from schemas.dead_letters import DeadLetter, dead_letter_id
from schemas.deliveries import Cleared, DeskMessage, Offered, Opened, Packed, Tray, Tried
from schemas.subscriptions import Silence, Subscription
from schemas.topics import DEAD_LETTERS, DELIVERIES, DESK
from streams.core.desk import Offer, Taken, Undelivered, cleared, offered, packed, tried
from streams.shell.dead_letters import Event, payload
from streams.shell.guard import Handle
from streams.shell.outbox import Outbox, Outgoing
from streams.shell.tables import StateTable

_SOFTWARE = version("dragoman")


class Subscriptions(Protocol):
    """Those that hold."""

    def get(self, subscription: str) -> Subscription | None: ...

    def silences(self, now: datetime) -> tuple[Silence, ...]: ...


class Hears(Protocol):
    """Who brings what is due."""

    def heard(self, message: DeskMessage, trays: Iterable[Tray]) -> None: ...


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What the desks go by."""

    subscriptions: Subscriptions
    trays: StateTable[Tray]
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
        taken = [
            _taken(message, tray, event.message.offset, clock()) for tray in _trays_of(message)
        ]
        bytes_of = {_key(each.tray): trays.packed(each.tray) for each in taken}
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
        parts.postman.heard(message, [each.tray for each in taken])

    def _trays_of(message: DeskMessage) -> Iterable[Tray]:
        if isinstance(message, Opened):
            return
        if isinstance(message, Offered):
            subscription = parts.subscriptions.get(message.subscription) or message.wanted
            leader = message.event.data.leader.id
            kept = trays.get(tray_key(subscription.id, leader))
            yield kept or Tray(
                subscription=subscription.id, channel=subscription.channel, leader=leader
            )
            return
        for leader in message.leaders:
            kept = trays.get(tray_key(message.subscription, leader))
            if kept is not None:
                yield kept

    def _taken(message: DeskMessage, tray: Tray, offset: int, now: datetime) -> Taken:
        match message:
            case Offered():
                subscription = parts.subscriptions.get(message.subscription) or message.wanted
                home = parts.home_of(message.event.data.leader.id)
                silences = parts.subscriptions.silences(now)
                return offered(
                    tray, subscription, Offer(message.event, offset, home, silences, now)
                )
            case Packed():
                return packed(tray, message, now)
            case Tried():
                return tried(tray, message)
            case Cleared():
                return cleared(tray, message)
            case Opened():
                return Taken(tray)

    def _dead_letter(subscription: str, lost: Undelivered, event: Event, now: datetime) -> Outgoing:
        """The offer once more, as it is put back when somebody asks for it."""
        wanted = parts.subscriptions.get(subscription)
        assert wanted is not None  # nothing is brought for one that is not known
        value = encode(Offered(subscription=subscription, wanted=wanted, event=lost.event))
        partition = event.message.partition
        letter = DeadLetter(
            id=dead_letter_id(DESK.name, partition, lost.offset, value),
            reason="undeliverable",
            detail=f"{subscription}: {lost.detail}",
            topic=DESK.name,
            partition=partition,
            offset=lost.offset,
            key=b64encode(subscription.encode()),
            value=b64encode(value),
            hop="desk",
            software=_SOFTWARE,
            failed_at=now,
        )
        return Outgoing(DEAD_LETTERS, letter.id, letter)

    return handle


def _key(tray: Tray) -> str:
    return tray_key(tray.subscription, tray.leader)
