"""Whether a subscription wants an alert, when it wants it, and the reason of either.

Pure: the time is given. What was brought to whom before comes in as what the subscriber was told;
how and whether something arrives is none of this module's business. The rules, each with its
reason, are set out in docs/decisions/0019-who-is-told-what.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from schemas.alerts import AlertEvent, AlertKind
from schemas.base import CountryCode, Instant
from schemas.subscriptions import (
    WEEKDAYS,
    QuietHours,
    Silence,
    Subscription,
    TimeOfDay,
    clock,
)

Reason = Literal[
    "wanted",
    "follows",
    "sent_again",
    "removed",
    "paused",
    "other_leader",
    "other_home",
    "other_destination",
    "other_kind",
    "only_possible",
    "other_topic",
    "other_language",
    "too_few_sources",
    "silenced",
    "never_told",
    "taken_back_before_told",
    "superseded",
    "known",
]
"""Closed list. The first three are wanted, the others not."""
REASONS: tuple[Reason, ...] = get_args(Reason)

Told = Literal["no", "waiting", "yes"]
"""Whether the subscriber was told of the subject before: `waiting` is planned and not brought."""

_LONGEST_QUIET = timedelta(days=8)
"""Quiet hours that follow on one another for longer hold no more."""
ENDS = ("retracted", "trip.cancelled")
"""Kinds that mean nothing to one who never heard of the subject."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an alert is wanted. `detail` says in words what decided."""

    wanted: bool
    reason: Reason
    detail: str


def judge(
    subscription: Subscription,
    event: AlertEvent,
    *,
    home: CountryCode | None,
    told: Told,
    silences: Iterable[Silence] = (),
    now: Instant,
) -> Verdict:
    """What becomes of an alert for one subscription.

    `home` is the owner's country, `None` where it is not known; `told` whether the subscriber has
    heard of what the alert replaces. What changes or takes back goes to all who were told, whatever
    their filters say of it now; to whom was not told, a change is news like any other, and an end
    is none.
    """
    alert = event.data
    if subscription.state == "removed":
        return Verdict(False, "removed", "the subscription was removed")
    if subscription.state == "paused":
        text = "the subscription is paused: its end said that it is gone"
        return Verdict(False, "paused", text)
    if not may_be_news(subscription, event):
        return Verdict(False, "known", "it came before, and is told by more sources now")
    if told == "yes":
        return Verdict(True, "follows", f"it follows {alert.replaces}, which was brought")
    if alert.kind == "retracted" and told == "waiting":
        text = "what it takes back was still waiting, and goes with it"
        return Verdict(False, "taken_back_before_told", text)
    if alert.kind in ENDS and alert.replaces is not None and told == "no":
        return Verdict(False, "never_told", f"{alert.replaces} was not brought here")
    refusal = _filtered(subscription, event, home)
    if refusal is not None:
        return refusal
    for silence in silences:
        if _silences(silence, subscription, event, home, now):
            until = silence.ends_at.isoformat(timespec="minutes")
            text = f"silence {silence.id} by {silence.author} holds until {until}"
            return Verdict(False, "silenced", text)
    return Verdict(True, "wanted", "every filter lets it through")


def heard_as(event: AlertEvent) -> frozenset[AlertKind]:
    """Kinds that an alert is to one who was not told before: a change is then new as well."""
    kind = event.data.kind
    return frozenset((kind, "trip.new") if kind == "trip.changed" else (kind,))


def may_be_news(subscription: Subscription, event: AlertEvent) -> bool:
    """Whether an alert could be wanted by one who was not told. One that comes again with more
    sources could by those alone for whom there were too few."""
    before = event.data.sources_before
    enough = subscription.least_sources
    return before is None or before < enough <= event.data.independent_sources


def _filtered(wanted: Subscription, event: AlertEvent, home: CountryCode | None) -> Verdict | None:
    """The first filter that keeps it away."""
    alert = event.data
    people = {alert.leader.id, *([alert.inviter.id] if alert.inviter else ())}
    checks: tuple[tuple[Reason, bool, object, object], ...] = (
        ("other_leader", _meets(wanted.leaders, people), alert.leader.id, wanted.leaders),
        ("other_home", _meets(wanted.of_countries, {home}), home, wanted.of_countries),
        (
            "other_destination",
            _meets(wanted.to_countries, {alert.country}),
            alert.country,
            wanted.to_countries,
        ),
        ("other_kind", _meets(wanted.kinds, heard_as(event)), alert.kind, wanted.kinds),
        (
            "only_possible",
            wanted.status == "any" or alert.status != "possible",
            alert.status,
            "what is confirmed",
        ),
        ("other_topic", _meets(wanted.topics, alert.topics), alert.topics, wanted.topics),
        (
            "other_language",
            _meets(wanted.languages, {each.language for each in alert.evidence}),
            sorted({each.language for each in alert.evidence}),
            wanted.languages,
        ),
        (
            "too_few_sources",
            alert.independent_sources >= wanted.least_sources,
            alert.independent_sources,
            wanted.least_sources,
        ),
    )
    for reason, passes, has, asked in checks:
        if not passes:
            return Verdict(False, reason, f"it has {_words(has)}; asked for is {_words(asked)}")
    return None


def _meets(wanted: Iterable[object], has: Iterable[object]) -> bool:
    wanted = frozenset(wanted)
    return not wanted or not wanted.isdisjoint(has)


def _words(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value)) or "none"
    return "none known" if value is None else str(value)


def _silences(
    silence: Silence,
    subscription: Subscription,
    event: AlertEvent,
    home: CountryCode | None,
    now: Instant,
) -> bool:
    return (
        silence.holds(now)
        and silence.subscription in (None, subscription.id)
        and _meets(silence.leaders, {event.data.leader.id})
        and _meets(silence.countries, {event.data.country, home})
        and _meets(silence.kinds, {event.data.kind})
    )


def due_at(subscription: Subscription, now: Instant) -> Instant:
    """When what comes up now is brought: at once, or after grouping, digest and quiet hours."""
    zone = ZoneInfo(subscription.time_zone)
    due = now + timedelta(seconds=subscription.group_s)
    if subscription.digest:
        due = _next_digest(subscription.digest, due, zone)
    latest = due + _LONGEST_QUIET
    while due < latest:
        # Quiet hours may follow on one another.
        ends = [_end_of(hours, due, zone) for hours in subscription.quiet]
        later = max([due, *(end for end in ends if end is not None)])
        if later == due:
            break
        due = later
    return due


def _next_digest(times: Iterable[TimeOfDay], after: Instant, zone: ZoneInfo) -> Instant:
    today = after.astimezone(zone).date()
    days = (today + timedelta(days=n) for n in range(3))
    moments = (_at(day, at, zone) for day in days for at in sorted(times))
    return next(moment for moment in moments if moment >= after)


def _end_of(hours: QuietHours, moment: Instant, zone: ZoneInfo) -> Instant | None:
    """When the quiet hours end that hold at a moment; `None` where they don't hold."""
    today = moment.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        if WEEKDAYS[day.weekday()] not in hours.days:
            continue
        over_night = hours.end <= hours.begin
        end = _at(day + timedelta(days=int(over_night)), hours.end, zone)
        if _at(day, hours.begin, zone) <= moment < end:
            return end
    return None


def _at(day: date, at: TimeOfDay, zone: ZoneInfo) -> Instant:
    """A time on the wall of a day. One that a clock leaves out in spring is an hour later, of one
    that it shows twice in autumn it is the first."""
    return datetime.combine(day, clock(at), zone).astimezone(UTC)


def never_matches(subscription: Subscription) -> str | None:
    """Why nothing could ever come of it; `None` where something could."""
    if subscription.kinds and set(subscription.kinds) <= {"retracted"}:
        return "what is taken back goes to those who were told, and its kinds tell of nothing else"
    if _is_always_quiet(subscription):
        return "its quiet hours never end"
    home, away = set(subscription.of_countries), set(subscription.to_countries)
    if len(home) == 1 and home == away:
        return f"nobody of {subscription.of_countries[0]} travels there: a trip goes abroad"
    return None


def _is_always_quiet(subscription: Subscription) -> bool:
    return any(
        hours.begin == hours.end and set(hours.days) == set(WEEKDAYS)
        for hours in subscription.quiet
    )
