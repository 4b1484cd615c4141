"""What is to be done next for one subscription: bring a parcel, pack one, or rest.

Pure; the time is given. Within a leader alerts are brought in their order, and one that is tried
again holds up those behind it, of the same leader and subscription alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.alerts import AlertEvent
from schemas.base import AlertId, LeaderId
from schemas.deliveries import Entry, ParcelId, Tray, parcel_id
from schemas.subscriptions import Subscription
from streams.core.desk import brought_before

MOST_IN_A_PARCEL = 100
LONGEST_PEACE = timedelta(days=1)
"""No other end is left in peace for longer, whatever it asks for."""


@dataclass(frozen=True, slots=True)
class Item:
    """One alert of a parcel, and the one before it on its subject that the subscriber got."""

    event: AlertEvent
    before: AlertEvent | None = None


@dataclass(frozen=True, slots=True)
class Bring:
    """Try this parcel now, for the so-manieth time."""

    parcel: ParcelId
    leaders: tuple[LeaderId, ...]
    contents: tuple[Item, ...]
    attempt: int
    due_at: datetime
    """Of the first of it."""


@dataclass(frozen=True, slots=True)
class Pack:
    """Say that these are to be brought together."""

    parcel: ParcelId
    leaders: tuple[LeaderId, ...]
    alerts: tuple[AlertId, ...]


@dataclass(frozen=True, slots=True)
class Clear:
    """Say that nothing is brought any more."""

    leaders: tuple[LeaderId, ...]


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing is to be done before a time, or before something comes."""

    until: datetime | None = None


Next = Bring | Pack | Clear | Rest


@dataclass(frozen=True, slots=True)
class Lane:
    """What is open of one leader, in its order; never empty."""

    tray: Tray
    open: tuple[Entry, ...]

    @classmethod
    def of(cls, tray: Tray) -> "Lane | None":
        """`None` where nothing is open."""
        found = tuple(each for each in tray.entries if each.is_open)
        return cls(tray, found) if found else None

    @property
    def head(self) -> Entry:
        """What comes first; all behind it waits for it."""
        return self.open[0]

    def ready_at(self, asked_at: datetime | None, earliest: datetime | None) -> datetime:
        """When something is to be done about the head; what waits rests until `earliest`."""
        head = self.head
        if head.tried_at is not None and asked_at is not None and head.tried_at < asked_at:
            return asked_at
        at = head.again_at or head.since if head.state == "packed" else _due(head, earliest)
        assert at is not None  # what waits is due at some time
        return at

    def due(self, earliest: datetime | None) -> Iterator[datetime]:
        """When each is to be brought; what waits rests until `earliest`."""
        for each in self.open:
            at = _due(each, earliest)
            if at is not None:
                yield at

    def due_by(self, latest: datetime) -> tuple[Entry, ...]:
        """From the head on, those that wait and are due by then."""
        due = []
        for each in self.open:
            if each.state != "waiting" or each.due_at is None or each.due_at > latest:
                break
            due.append(each)
        return tuple(due)


def next_errand(
    lanes: Iterable[Lane],
    subscription: Subscription | None,
    now: datetime,
    asked_at: datetime | None = None,
    packed_at: datetime | None = None,
) -> Next:
    """What comes next. `subscription` is `None` where it is not known here yet: that is waited for.

    The lanes are all that are open of this subscription. What failed before `asked_at` does not
    wait for the time of its next try. `packed_at` is when the last parcel was made up, as far as
    that is known. Linear in the lanes, whatever is in them.
    """
    lanes = tuple(lanes)
    if not lanes or subscription is None:
        return Rest()
    if subscription.state != "active":
        return Clear(tuple(lane.tray.leader for lane in lanes))
    earliest = rested_at(subscription, packed_at)
    at, _, first = min(
        ((lane.ready_at(asked_at, earliest), lane.head.offset, lane) for lane in lanes),
        key=lambda each: each[:2],
    )
    if at > now:
        return Rest(at)
    if first.head.state == "packed":
        is_alone = first.head.parcel == parcel_id((first.head.alert,))
        return _bring(first.head, (first,) if is_alone else lanes)
    return _pack(lanes, now + timedelta(seconds=subscription.group_s))


def rested_at(subscription: Subscription, packed_at: datetime | None) -> datetime | None:
    """When the next parcel may be made up after one; `None` where nothing keeps it."""
    if packed_at is None or not subscription.least_pause_s:
        return None
    return packed_at + timedelta(seconds=subscription.least_pause_s)


def again_at(
    attempt: int, pauses_s: Sequence[float], peace_s: float | None, now: datetime
) -> datetime | None:
    """When a try that failed is made again; `None` when it was the last.

    `attempt` counts from 1; `peace_s` is what the other end asks for (Retry-After).
    """
    if attempt > len(pauses_s):
        return None
    asked = min(timedelta(seconds=peace_s or 0.0), LONGEST_PEACE)
    return now + max(timedelta(seconds=pauses_s[attempt - 1]), asked)


def _due(entry: Entry, earliest: datetime | None) -> datetime | None:
    if entry.due_at is None or earliest is None or entry.state != "waiting":
        return entry.due_at
    return max(entry.due_at, earliest)


def _bring(head: Entry, lanes: Iterable[Lane]) -> Bring:
    within = [
        (entry, lane.tray)
        for lane in lanes
        for entry in lane.open
        if entry.state == "packed" and entry.parcel == head.parcel
    ]
    within.sort(key=lambda pair: pair[0].offset)
    assert head.parcel is not None
    return Bring(
        parcel=head.parcel,
        leaders=tuple(dict.fromkeys(tray.leader for _, tray in within)),
        contents=tuple(
            Item(entry.event, brought_before(tray, entry.event))
            for entry, tray in within
            if entry.event is not None
        ),
        attempt=head.attempts + 1,
        due_at=min(entry.due_at or entry.since for entry, _ in within),
    )


def _pack(lanes: Iterable[Lane], latest: datetime) -> Pack:
    due = [(entry, lane.tray.leader) for lane in lanes for entry in lane.due_by(latest)]
    due.sort(key=lambda pair: pair[0].offset)
    due = due[:MOST_IN_A_PARCEL]
    alerts = tuple(entry.alert for entry, _ in due)
    return Pack(parcel_id(alerts), tuple(dict.fromkeys(leader for _, leader in due)), alerts)
