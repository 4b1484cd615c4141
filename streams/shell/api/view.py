"""What the API knows: a view of the topics in memory, made from their messages.

Dossiers come from the changelog of the fold's table, which has each as it is: to fold the whole
record anew at each start would take minutes in a few years, for the same result. Here messages are
taken in and the view is asked; how they come from the brokers is not known.
"""

import asyncio
import logging
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from schemas.alerts import AlertEvent
from schemas.base import CountryCode, LeaderId
from schemas.codec import UndecodableError, decode_as
from schemas.deliveries import Delivery
from schemas.dossiers import DossierView
from schemas.subscriptions import Silence, Subscription, Wish
from schemas.topics import ALERTS, DELIVERIES, SUBSCRIPTIONS, TopicDeclaration
from streams.core.agenda import Asking, Journey, askings, journeys
from streams.core.canary import is_leader, is_of_canary
from streams.core.fold import view as shown
from streams.shell.api.tail import Tail
from streams.shell.record import Message, Unread, decoded
from streams.shell.tables import DOSSIERS_TABLE, unpack

_log = logging.getLogger(__name__)

HomeOf = Callable[[LeaderId], CountryCode | None]
R = TypeVar("R")

MOST_ALERTS = 10_000
MOST_STEPS = 50_000
"""Of deliveries that are in memory."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A leader's dossier, taken apart for questions over all of them."""

    view: DossierView
    journeys: tuple[Journey, ...]
    askings: tuple[Asking, ...]

    @property
    def is_gone(self) -> bool:
        """An editor merged or refused the leader: what is reported stands elsewhere, or nowhere."""
        return self.view.merged_into is not None or self.view.is_refused


class Dossiers:
    """All dossiers as they are. Until `settle`, what comes is only laid down: it may be old."""

    def __init__(self, home_of: HomeOf) -> None:
        self._home_of = home_of
        self._waiting: dict[LeaderId, bytes] | None = {}
        self._seen: dict[LeaderId, Seen] = {}

    def take(self, leader: LeaderId, value: bytes) -> None:
        """A dossier as the table has it now; no bytes for one it has no more."""
        if self._waiting is not None:
            self._waiting[leader] = value
        elif not value:
            self._seen.pop(leader, None)
        else:
            self._open(leader, value)

    async def settle(self) -> None:
        """Opens all that was laid down; lets other tasks run meanwhile."""
        waiting, self._waiting = self._waiting or {}, None
        for leader, value in waiting.items():
            if value and leader not in self._seen:
                self._open(leader, value)
                await asyncio.sleep(0)

    def _open(self, leader: LeaderId, value: bytes) -> None:
        try:
            view = shown(decode_as(DOSSIERS_TABLE.record, unpack(value), may_be_newer=True))
        except (UndecodableError, zlib.error) as error:
            _log.error("the dossier of %s cannot be read: %s", leader, error)
            return
        home = self._home_of(leader)
        seen = Seen(view, tuple(journeys(view, home)), tuple(askings(view, home)))
        self._seen[leader] = seen

    def get(self, leader: str) -> DossierView | None:
        """One of them, also of somebody who was merged or refused."""
        seen = self._seen.get(LeaderId(leader))
        return None if seen is None else seen.view

    def all(self) -> Iterator[Seen]:
        """Those that stand for themselves."""
        return (seen for seen in self._seen.values() if not seen.is_gone)


@dataclass(slots=True)
class View:
    """All of it. For one event loop."""

    home_of: HomeOf
    dossiers: Dossiers = field(init=False)
    alerts: Tail[AlertEvent] = field(
        default_factory=lambda: Tail(MOST_ALERTS, id_of=lambda event: event.id)
    )
    deliveries: Tail[Delivery] = field(default_factory=lambda: Tail(MOST_STEPS))
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    """By id; those that were removed are in it too."""
    silences: dict[str, Silence] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when an alert comes, and then replaced: whoever waits takes it before they look."""
    is_closed: bool = False

    def __post_init__(self) -> None:
        self.dossiers = Dossiers(self.home_of)

    def take_alert(self, message: Message) -> None:
        """A message of `alerts.v1`."""
        if self._tail(self.alerts, ALERTS, message):
            self.changed.set()
            self.changed = asyncio.Event()

    def close(self) -> None:
        """Nothing more comes; whoever waits is told."""
        self.is_closed = True
        self.changed.set()

    def take_step(self, message: Message) -> None:
        """A message of `deliveries.v2`."""
        self._tail(self.deliveries, DELIVERIES, message)

    def take_dossier(self, message: Message) -> None:
        """A message of the dossiers' changelog."""
        if message.key is not None and not is_leader(message.key.decode()):
            self.dossiers.take(LeaderId(message.key.decode()), message.value)

    def take_wish(self, message: Message) -> None:
        """A message of `subscriptions.v1`; no bytes where one was taken off the topic."""
        if not message.value and message.key is not None:
            kind, _, id_ = message.key.decode().partition(" ")
            if kind == "silence":
                self.silences.pop(id_, None)
            elif kind == "subscription":
                self.subscriptions.pop(id_, None)
            return
        record = _record(SUBSCRIPTIONS, message)
        if record is not None:
            self.note(record)

    def note(self, record: Wish) -> None:
        """What holds from now on; also what was just written, before it comes by the topic."""
        if isinstance(record, Silence):
            self.silences[record.id] = record
        elif isinstance(record, Subscription):
            self.subscriptions[record.id] = record

    def _tail(self, tail: Tail[R], topic: TopicDeclaration, message: Message) -> bool:
        record = _record(topic, message)
        return tail.take(message.partition, message.offset, message.timestamp_ms, record)


def _record(topic: TopicDeclaration, message: Message) -> Any:
    record = decoded(topic, message)
    if isinstance(record, Unread):
        _log.error("%s, at offset %d: %s", topic.name, message.offset, record.reason)
        return None
    return None if is_of_canary(record) else record
