"""From what single sentences tell to what the story reports: one finding for each journey and
invitation, with days as of publication, status, foreground and the sentence that says it best.

Two tellings are one journey when traveller and country agree and their days do not stand more than
three days apart, or one of them has none. A journey of the past told beside a coming one to the
same country stays apart from it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import get_args

from schemas.base import Dates, LeaderId, PartialDate, Person, Place
from schemas.readings import Finding
from schemas.reports import (
    SURE_ENOUGH,
    Evidence,
    InvitationClaim,
    InvitationStatus,
    TripClaim,
    TripStatus,
)
from streams.core.reports.features import Pair
from streams.core.reports.invitations import InvitationTold
from streams.core.reports.judge import FRESH_DAYS, SURE, Standing
from streams.core.reports.scene import Scene
from streams.core.reports.trips import TripTold
from streams.core.windows import APART_DAYS, Window, days_of

_AHEAD = ("possible", "planned", "under_way")
_LEAD_SENTENCES = 3
_WEEK = 6
_YEAR = 365
_DAY_LENGTH, _MONTH_LENGTH = len("2026-01-01"), len("2026-01")
_STAGES: tuple[TripStatus, ...] = ("possible", "planned", "under_way", "completed", "cancelled")
_ANSWERS: tuple[InvitationStatus, ...] = get_args(InvitationStatus)


@dataclass(frozen=True, slots=True)
class _Trip:
    """A telling with its days resolved."""

    told: TripTold
    dates: Dates
    status: TripStatus | None
    background: bool


def findings(
    trips: Sequence[TripTold],
    invitations: Sequence[InvitationTold],
    scenes: Sequence[Scene],
    published: date,
    office_begins: Callable[[LeaderId], str | None],
    *,
    standings: Mapping[Pair, Standing] = MappingProxyType({}),
) -> tuple[Finding, ...]:
    """All that a story reports, in the order in which it tells it.

    `office_begins` gives the ISO day on which someone takes an office they do not yet hold;
    `standings` what the whole story makes of each pair of person and country.
    """
    resolved = [_resolve(trip, scenes, published, office_begins) for trip in trips]
    groups = _journeys(resolved)
    found = [_trip_finding(group, groups, scenes, published) for group in groups]
    found = list(_standing(found, standings, published))
    invited = [_invitation_finding(group, scenes, published) for group in _asked(invitations)]
    return tuple(_with_accepted(invited, found) + invited)


def _standing(
    found: Sequence[Finding], standings: Mapping[Pair, Standing], published: date
) -> Iterable[Finding]:
    """As the whole story has them, where a journey is told but once.

    Of what a sentence says by itself, its days and its status stand; whether it is news, and days
    it does not tell, the whole story knows better. A sentence that looks ahead is not read as of a
    year ago.
    """
    times = Counter(map(_pair_of, found))
    for finding in found:
        standing = standings.get(_pair_of(finding))
        assert finding.claim.kind == "trip"
        told = finding.claim.dates
        weighed = standing.dates if standing is not None else None
        if (
            standing is None
            or times[_pair_of(finding)] > 1
            or finding.claim.rescheduled
            or (weighed and _is_ahead(told, published) and not _is_ahead(weighed, published))
        ):
            yield finding
            continue
        sure = finding.confidence >= SURE
        deadline = told.start is None and told.end is not None
        dates = told if deadline or (sure and told != Dates()) else standing.dates or Dates()
        said = sure or finding.claim.status in ("possible", "cancelled")
        status = finding.claim.status if said else standing.status
        claim = finding.claim.model_copy(update={"status": status, "dates": dates})
        news = standing.news or status in _AHEAD
        last = _last_day(told.end or told.start) if sure else None
        if last is not None and (published - last).days > FRESH_DAYS:
            news = False
        yield finding.model_copy(update={"claim": claim, "foreground": news})


def _pair_of(finding: Finding) -> Pair:
    claim = finding.claim
    assert claim.kind == "trip"
    return (claim.leader.id, claim.destination.country)


def _resolve(
    trip: TripTold,
    scenes: Sequence[Scene],
    published: date,
    office_begins: Callable[[LeaderId], str | None],
) -> _Trip:
    dates = Dates()
    if trip.before_office:
        dates = Dates(end=office_begins(trip.traveller.id))
    elif trip.day is not None:
        dates = trip.day.resolve(published, trip.tense) or Dates()
    elif trip.then:
        dates = _day_told_last(trip, scenes, published)
    status = trip.status
    first, last = _first_day(dates.start or dates.end), _last_day(dates.end or dates.start)
    over = last is not None and last < published
    ahead = first is not None and first > published
    if status in (None, "planned", "under_way") and over:
        arrived = trip.arrival and last is not None and (published - last).days <= 1
        status = "under_way" if arrived else "completed"
    elif ahead and (status == "completed" or (status == "under_way" and not trip.arrival)):
        status = "planned"
    long_ago = last is not None and (published - last).days > FRESH_DAYS
    return _Trip(trip, dates, status, (trip.past and not _is_ahead(dates, published)) or long_ago)


def _is_ahead(dates: Dates, published: date) -> bool:
    last = _last_day(dates.end or dates.start)
    return last is not None and last >= published


def _day_told_last(trip: TripTold, scenes: Sequence[Scene], published: date) -> Dates:
    """The day of the nearest sentence before in the same paragraph that tells one."""
    here = scenes[trip.sentence]
    for scene in reversed(scenes[: trip.sentence]):
        if scene.sentence.paragraph != here.sentence.paragraph:
            break
        for day in scene.days:
            dates = day.resolve(published, trip.tense)
            if dates is not None and dates.start and len(dates.start) == _DAY_LENGTH:
                return dates
    return Dates()


def _first_day(partial: PartialDate | None) -> date | None:
    return None if partial is None else date.fromordinal(days_of(partial).first)


def _last_day(partial: PartialDate | None) -> date | None:
    return None if partial is None else date.fromordinal(days_of(partial).last)


def _journeys(trips: Sequence[_Trip]) -> list[list[_Trip]]:
    """Tellings of one journey together; dated ones first, so that vague ones join what is there."""
    groups: list[list[_Trip]] = []
    ordered = sorted(trips, key=lambda t: (_vagueness(t), t.told.sentence))
    for trip in ordered:
        homes = [group for group in groups if _belongs(trip, group)]
        homes.sort(key=lambda group: all(other.background for other in group))
        home = homes[0] if homes else None
        if home is None:
            groups.append([trip])
        else:
            home.append(trip)
    for group in groups:
        group.sort(key=lambda t: t.told.sentence)
    groups.sort(key=lambda group: group[0].told.sentence)
    return groups


def _vagueness(trip: _Trip) -> int:
    if trip.dates.start is None:
        return 3 if trip.dates.end is None else 2
    return 0 if len(trip.dates.start) == _DAY_LENGTH else 1


def _belongs(trip: _Trip, group: Sequence[_Trip]) -> bool:
    lead = group[0]
    if (trip.told.traveller.id, trip.told.country) != (lead.told.traveller.id, lead.told.country):
        return False
    if trip.dates != Dates():
        return any(_near(trip.dates, other.dates) for other in group)
    if any(other.told.sentence == trip.told.sentence for other in group):
        return True
    past_group = all(other.background for other in group)
    if trip.background:
        return past_group
    return not past_group or (trip.status == "completed" and not trip.told.ended)


def _near(one: Dates, two: Dates) -> bool:
    """Their spans overlap or stand at most three days apart, or the second has none."""
    return two == Dates() or _span(one).gap(_span(two)) <= APART_DAYS


def _span(dates: Dates) -> Window:
    """First to last day; a deadline reaches back a year."""
    last = dates.end or dates.start
    assert last is not None
    end = days_of(last).last
    return Window(end - _YEAR if dates.start is None else days_of(dates.start).first, end)


def _trip_finding(
    group: Sequence[_Trip],
    groups: Sequence[Sequence[_Trip]],
    scenes: Sequence[Scene],
    published: date,
) -> Finding:
    best = max(group, key=lambda t: (t.told.confidence, -t.told.sentence))
    dates = _dates(group, groups)
    background = all(t.background for t in group)
    status = _stage(group, dates, published)
    if status == "completed" and dates == Dates() and not background:
        background = not _is_fresh(group)
    elif status == "completed" and not background:
        last = _last_day(dates.end or dates.start)
        background = last is not None and (published - last).days > FRESH_DAYS
    told = best.told
    claim = TripClaim(
        leader=Person(id=told.traveller.id, name=told.traveller.name),
        destination=Place(country=told.country, city=_city(group)),
        dates=dates,
        status=status,
        rescheduled=any(t.told.rescheduled for t in group),
        hosts=tuple(
            Person(id=host.id, name=host.name)
            for host in dict.fromkeys(host for t in group for host in t.told.hosts)
            if host.kind != "person"
        ),
    )
    return Finding(
        claim=claim,
        foreground=not background,
        evidence=_evidence(scenes[told.sentence]),
        confidence=_together(told.confidence, len(group)),
        rule=told.rule,
        because=told.because,
    )


def _together(best: float, sentences: int) -> float:
    """Sentences that say the same make it surer, but not what the whole story speaks against."""
    if best < SURE_ENOUGH:
        return best
    return min(0.99, round(best + 0.02 * (sentences - 1), 2))


def _is_fresh(group: Sequence[_Trip]) -> bool:
    """An undated journey that is over is news only where the story opens with it."""
    return any(t.told.sentence < _LEAD_SENTENCES or t.told.arrival for t in group)


def _dates(group: Sequence[_Trip], groups: Sequence[Sequence[_Trip]]) -> Dates:
    """First to last of the days told; else the span told; else the deadline."""
    exact = [t.dates for t in group if t.dates.start and len(t.dates.start) == _DAY_LENGTH]
    if exact:
        moved = [t.dates for t in group if t.told.rescheduled and t.dates in exact]
        chosen = [d for d in moved or exact if not _holds_another(d, moved or exact)]
        start = min(d.start for d in chosen if d.start)
        end = max(d.end or d.start or "" for d in chosen)
        only_set_out = all(t.told.arrival for t in group if t.dates in chosen)
        over = any(t.told.ended or t.status == "completed" for t in group)
        return Dates(start=start, end=None if only_set_out and not over else end)
    spans = [t.dates for t in group if t.dates.start]
    if spans:
        return spans[0]
    deadlines = [t.dates.end for t in group if t.dates.end]
    if deadlines:
        return Dates(end=min(deadlines))
    return _until_what_followed(group, groups)


def _holds_another(dates: Dates, others: Sequence[Dates]) -> bool:
    """'Next week' says less than 'on Tuesday' beside it."""
    span = _span(dates)
    return span.last - span.first >= _WEEK and any(
        span.hull(_span(other)) == span for other in others if other != dates
    )


def _until_what_followed(group: Sequence[_Trip], groups: Sequence[Sequence[_Trip]]) -> Dates:
    """A stop on the way was over when the journey it led to began."""
    for trip in group:
        for other in groups:
            lead = other[0].told
            if (
                trip.told.ahead_of == lead.country
                and lead.traveller.id == trip.told.traveller.id
                and other is not group
            ):
                return Dates(end=_dates(other, ()).start)
    return Dates()


def _stage(group: Sequence[_Trip], dates: Dates, published: date) -> TripStatus:
    """The furthest stage that a sentence tells, held against the days."""
    told = [t.status for t in group if t.status is not None]
    if "cancelled" in told:
        return "cancelled"
    sure = [status for status in told if status != "possible"]
    if "possible" in told and not set(sure) - {"planned"}:
        return "possible"
    first, last = _first_day(dates.start), _last_day(dates.end or dates.start)
    stage = max(sure, key=_STAGES.index, default=None)
    if stage is None and last is None:
        return "planned" if group[0].told.sentence == 0 else "completed"
    if first is None or last is None:
        return stage or ("completed" if last is not None and last < published else "planned")
    if first > published:
        return stage if stage and any(t.told.arrival for t in group) else "planned"
    if last < published:
        return "under_way" if stage == "under_way" else "completed"
    over = stage == "completed" and any(t.told.ended for t in group)
    if len(dates.start or "") <= _MONTH_LENGTH:
        return stage or "planned"
    return "completed" if over else "under_way"


def _city(group: Sequence[_Trip]) -> str | None:
    # A side trip names a city that is not where the journey goes.
    main = [t for t in group if t.told.rule != "noun:stop"] or group
    cities = [t.told.city for t in main if t.told.city]
    return max(cities, key=lambda city: (cities.count(city), -cities.index(city)), default=None)


def _asked(invitations: Sequence[InvitationTold]) -> list[list[InvitationTold]]:
    """Tellings of one invitation together: same invitee, and the same inviter where both say it."""
    groups: list[list[InvitationTold]] = []
    for told in invitations:
        home = next(
            (
                group
                for group in groups
                if group[0].invitee.id == told.invitee.id
                and (
                    told.inviter is None
                    or any(t.inviter is None or t.inviter.id == told.inviter.id for t in group)
                )
            ),
            None,
        )
        if home is None:
            groups.append([told])
        else:
            home.append(told)
    return [group for group in groups if any(told.inviter for told in group)]


def _invitation_finding(
    group: Sequence[InvitationTold], scenes: Sequence[Scene], published: date
) -> Finding:
    best = max(group, key=lambda t: (t.confidence, -t.sentence))
    inviter = next(t.inviter for t in (best, *group) if t.inviter)
    days = [t.day.resolve(published, "future") for t in group if t.day is not None]
    day = next((d.start for d in days if d is not None and d.start), None)
    return Finding(
        claim=InvitationClaim(
            inviter=Person(id=LeaderId(inviter.id), name=inviter.name),
            invitee=Person(id=best.invitee.id, name=best.invitee.name),
            to=best.to or next((t.to for t in group if t.to), None),
            occasion=best.occasion or next((t.occasion for t in group if t.occasion), None),
            date=day,
            status=max((t.status for t in group), key=_ANSWERS.index),
        ),
        foreground=day is None or (_last_day(day) or published) >= published,
        evidence=_evidence(scenes[best.sentence]),
        confidence=_together(best.confidence, len(group)),
        rule=best.rule,
        because=best.because,
    )


def _with_accepted(invited: Sequence[Finding], trips: Sequence[Finding]) -> list[Finding]:
    """An accepted invitation is a journey as well, where no sentence tells one of its own."""
    accepted = list(_accepted_journeys(invited, trips))
    pairs = {_pair_of(finding) for finding in accepted}
    told = [trip for trip in trips if trip.rule != "weighed" or _pair_of(trip) not in pairs]
    return told + accepted


def _accepted_journeys(invited: Sequence[Finding], trips: Sequence[Finding]) -> Iterable[Finding]:
    told = {_pair_of(trip) for trip in trips if trip.foreground and trip.rule != "weighed"}
    for finding in invited:
        claim = finding.claim
        if claim.kind != "invitation" or claim.status != "accepted" or claim.to is None:
            continue
        if finding.rule == "weighed":
            continue  # the journey was weighed as well
        if (claim.invitee.id, claim.to) in told:
            continue
        yield finding.model_copy(
            update={
                "claim": TripClaim(
                    leader=claim.invitee,
                    destination=Place(country=claim.to),
                    dates=Dates(start=claim.date, end=claim.date),
                    status="planned",
                    hosts=(claim.inviter,) if ":" not in claim.inviter.id else (),
                ),
                "rule": "accepted_invitation",
            }
        )


def _evidence(scene: Scene) -> Evidence:
    return Evidence(text=scene.sentence.text, language=scene.grammar.language)
