"""What the desk of a subscription keeps of a leader: a fold of what it is told.

Pure; the time is given. An alert that comes twice is taken once. Whether one is wanted is decided
in `streams.core.subscribing`, what is brought next in `streams.core.rounds`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schemas.alerts import AlertEvent
from schemas.base import AlertId, CountryCode
from schemas.deliveries import Cleared, Delivery, Entry, Packed, ParcelId, Step, Tray, Tried
from schemas.subscriptions import Silence, Subscription
from streams.core.subscribing import ENDS, Reason, Told, Verdict, due_at, judge, may_be_news

MOST_CLOSED = 100
"""Alerts on one leader that are remembered after they were brought or passed over: a follow-up on
an older one is taken for news."""

MOST_TOLD = 20
"""Alerts on one leader whose words are kept after they were brought: what follows on an older one
comes without what was told before."""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """An alert that is given up, with the offset of its offer on the desk's partition."""

    event: AlertEvent
    offset: int
    detail: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The tray after a message, the steps it made, and what is given up by it."""

    tray: Tray
    steps: tuple[Delivery, ...] = ()
    given_up: tuple[Undelivered, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """An alert before a desk, with what is known at that moment."""

    event: AlertEvent
    offset: int
    home: CountryCode | None
    silences: tuple[Silence, ...]
    now: datetime


def offered(tray: Tray, subscription: Subscription, offer: Offer) -> Taken:
    """Plans an alert or passes it over; what waited on its subject makes room for it."""
    known = next((each for each in tray.entries if each.alert == offer.event.id), None)
    if known is not None and not _comes_again(known, subscription, offer.event):
        return Taken(tray)
    before = _last_told(tray, offer.event.data.replaces)
    told: Told = "no" if before is None else "waiting" if before.state == "waiting" else "yes"
    verdict = judge(
        subscription,
        offer.event,
        home=offer.home,
        told=told,
        silences=offer.silences,
        now=offer.now,
    )
    if known is not None and known.state == "passed_over" and not verdict.wanted:
        return Taken(tray)  # as before, so that coming twice changes nothing
    if known is not None and known.state == "given_up" and subscription.state == "active":
        verdict = Verdict(True, "sent_again", "it was given up, and put back by hand")
    entries, steps = [each for each in tray.entries if each is not known], []
    if before is not None and before.state == "waiting":
        taken_out = before.model_copy(
            update={"state": "taken_out", "since": offer.now, "event": None}
        )
        entries[entries.index(before)] = taken_out
        steps.append(_step(tray, before, "taken_out", _superseded(offer.event), offer.now))
    entry = _entry(subscription, offer, verdict)
    step: Step = "planned" if verdict.wanted else "passed_over"
    steps.append(
        _step(tray, entry, step, (verdict.reason, verdict.detail), offer.now, due_at=entry.due_at)
    )
    return Taken(_with(tray, [*entries, entry]), tuple(steps))


def packed(tray: Tray, message: Packed, now: datetime) -> Taken:
    """What still waits of a parcel is on its way from here on."""
    update = {"state": "packed", "parcel": message.parcel, "since": now}
    entries = [
        each.model_copy(update=update)
        if each.state == "waiting" and each.alert in message.alerts
        else each
        for each in tray.entries
    ]
    return Taken(_with(tray, entries))


def tried(tray: Tray, message: Tried) -> Taken:
    """How a try ended, for the alerts of a parcel that are in this tray."""
    entries, steps, given_up = list(tray.entries), [], []
    for number, entry in enumerate(entries):
        if entry.state != "packed" or entry.parcel != message.parcel:
            continue
        if message.attempt <= entry.attempts:
            continue  # said twice
        entries[number] = _after(entry, message)
        detail = message.detail or "it arrived"
        steps.append(
            _step(
                tray,
                entry,
                message.outcome,
                (message.outcome, detail),
                message.at,
                parcel=message.parcel,
                attempt=message.attempt,
                due_at=message.again_at,
            )
        )
        if message.outcome == "given_up" and entry.event is not None:
            given_up.append(Undelivered(entry.event, entry.offset, detail))
    if message.outcome == "given_up":
        pointless = _ends_of_nothing(_with(tray, entries), message.at)
        entries, steps = list(pointless.tray.entries), [*steps, *pointless.steps]
    return Taken(_with(tray, _without_old_words(entries)), tuple(steps), tuple(given_up))


def cleared(tray: Tray, message: Cleared) -> Taken:
    """Nothing that is still open is brought."""
    entries, steps, given_up = list(tray.entries), [], []
    step: Literal["taken_out", "given_up"] = "taken_out" if message.why == "removed" else "given_up"
    text = f"the subscription was {message.why}"
    for number, entry in enumerate(entries):
        if entry.is_open:
            update = {"state": step, "since": message.at, "event": None}
            entries[number] = entry.model_copy(update=update)
            attempt = entry.attempts if step == "given_up" else None
            steps.append(_step(tray, entry, step, (message.why, text), message.at, attempt=attempt))
            if step == "given_up" and entry.event is not None:
                given_up.append(Undelivered(entry.event, entry.offset, text))
    return Taken(_with(tray, entries), tuple(steps), tuple(given_up))


def handed_over(origin: Tray, into: Tray, alert: AlertId) -> tuple[Tray, Tray]:
    """Both trays after what was told on the subject of an alert goes from one to the other.

    For leaders who proved to be one: their alerts replace what was told under the other name. What
    is on its way stays where its tries are told, and is remembered as told.
    """
    chain = {each.alert for each in _chain(origin, alert)}
    going = [each for each in origin.entries if each.alert in chain]
    left = [each for each in origin.entries if each.alert not in chain or each.state == "packed"]
    come = [
        each.model_copy(update={"state": "brought"}) if each.state == "packed" else each
        for each in going
    ]
    return _with(origin, left), _with(into, [*come, *into.entries])


def brought_before(tray: Tray, event: AlertEvent) -> AlertEvent | None:
    """The newest alert on its subject that was brought before it, where it is still kept."""
    return next(
        (each.event for each in _chain(tray, event.data.replaces) if each.state == "brought"), None
    )


def _chain(tray: Tray, alert: AlertId | None) -> Iterator[Entry]:
    """What an alert replaces, and what that replaced, as far as it is known here."""
    by_id = {each.alert: each for each in tray.entries}
    seen: set[AlertId] = set()
    while alert is not None and alert not in seen and alert in by_id:
        seen.add(alert)
        yield by_id[alert]
        alert = by_id[alert].replaces


def _last_told(tray: Tray, alert: AlertId | None) -> Entry | None:
    """The latest alert on the subject that was, or may have been, or is to be told."""
    told = ("waiting", "packed", "brought")
    return next((each for each in _chain(tray, alert) if each.state in told), None)


def _comes_again(known: Entry, subscription: Subscription, event: AlertEvent) -> bool:
    """It was given up and put back, or had too few sources here and has enough now."""
    if known.state == "passed_over":
        return event.data.sources_before is not None and may_be_news(subscription, event)
    return known.state == "given_up"


def _superseded(event: AlertEvent) -> tuple[Reason, str]:
    if event.data.kind == "retracted":
        return "taken_back_before_told", f"{event.id} took it back while it waited"
    return "superseded", f"{event.id} came on the same subject while it waited"


def _entry(subscription: Subscription, offer: Offer, verdict: Verdict) -> Entry:
    entry = Entry(
        alert=offer.event.id,
        replaces=offer.event.data.replaces,
        state="passed_over",
        offset=offer.offset,
        since=offer.now,
    )
    if not verdict.wanted:
        return entry
    due = due_at(subscription, offer.now)
    update = {"state": "waiting", "event": offer.event, "due_at": due}
    if due <= offer.now and not subscription.least_pause_s:
        # Alone and at once: nothing can come to it, so it need not be packed first.
        update |= {"state": "packed", "parcel": ParcelId(offer.event.id)}
    return entry.model_copy(update=update)


def _after(entry: Entry, message: Tried) -> Entry:
    update: dict[str, object] = {
        "attempts": message.attempt,
        "tried_at": message.at,
        "again_at": message.again_at,
    }
    if message.outcome != "failed":
        update |= {"state": message.outcome, "since": message.at}
    if message.outcome == "given_up":
        update |= {"event": None}
    return entry.model_copy(update=update)


def _ends_of_nothing(tray: Tray, now: datetime) -> Taken:
    """Takes out what waits to say that something is over which, as it turns out, nobody heard."""
    entries, steps = list(tray.entries), []
    for number, entry in enumerate(entries):
        event = entry.event
        if not entry.is_open or entry.attempts or event is None or event.data.kind not in ENDS:
            continue
        if event.data.replaces is None or _last_told(tray, event.data.replaces) is not None:
            continue
        update = {"state": "taken_out", "since": now, "event": None}
        entries[number] = entry.model_copy(update=update)
        text = f"{event.data.replaces} was given up"
        steps.append(_step(tray, entry, "taken_out", ("never_told", text), now))
    return Taken(_with(tray, entries), tuple(steps))


def _without_old_words(entries: Iterable[Entry]) -> list[Entry]:
    """Of what was brought, the words of the newest on each subject alone, and of few subjects."""
    entries = list(entries)
    replaced = {each.replaces for each in entries if each.state == "brought"}
    newest = [e.alert for e in entries if e.state == "brought" and e.alert not in replaced]
    kept = set(newest[-MOST_TOLD:])
    return [
        each.model_copy(update={"event": None})
        if each.state == "brought" and each.event is not None and each.alert not in kept
        else each
        for each in entries
    ]


def _step(
    tray: Tray,
    entry: Entry,
    step: Step,
    why: tuple[str, str],
    now: datetime,
    *,
    parcel: ParcelId | None = None,
    attempt: int | None = None,
    due_at: datetime | None = None,
) -> Delivery:
    return Delivery(
        alert=entry.alert,
        leader=tray.leader,
        subscription=tray.subscription,
        channel=tray.channel,
        step=step,
        reason=why[0],
        detail=why[1],
        at=now,
        parcel=parcel,
        attempt=attempt,
        due_at=due_at,
    )


def _with(tray: Tray, entries: Iterable[Entry]) -> Tray:
    """Open ones all stay, of the others the last that came."""
    entries = tuple(entries)
    closed = [each for each in entries if not each.is_open]
    old = {id(each) for each in closed[:-MOST_CLOSED]}
    return tray.model_copy(
        update={"entries": tuple(each for each in entries if id(each) not in old)}
    )
