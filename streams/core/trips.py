"""Which reports tell of the same trip, and what is believed of it.

Everything here depends on the set of reports only. Reports that date a trip to the day are put
together first; what is vaguer is then attached to the nearest trip it fits, the least vague first,
so that 'in January' or 'on an earlier visit' never glues two dated trips together. What is told of
a trip is `streams.core.alerts`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from schemas.base import CountryCode, Dates, LeaderId, Person, Place, TripId
from schemas.dossiers import Clash, Sighting, Trip
from schemas.ids import content_id
from schemas.reports import SURE_ENOUGH, Report, Role, TripClaim, TripStatus
from streams.core.reprints import outlets, texts
from streams.core.windows import (
    APART_DAYS,
    Placed,
    Precision,
    Window,
    days_of,
    place,
    precision_of,
)

NEXT_STATUS: dict[TripStatus, dict[TripStatus, TripStatus]] = {
    "possible": {
        "possible": "possible",
        "planned": "planned",
        "under_way": "under_way",
        "completed": "completed",
        "cancelled": "cancelled",
    },
    "planned": {
        "possible": "planned",
        "planned": "planned",
        "under_way": "under_way",
        "completed": "completed",
        "cancelled": "cancelled",
    },
    "under_way": {
        "possible": "under_way",
        "planned": "under_way",
        "under_way": "under_way",
        "completed": "completed",
        "cancelled": "cancelled",
    },
    # What took place can no longer be called off.
    "completed": {
        "possible": "completed",
        "planned": "completed",
        "under_way": "completed",
        "completed": "completed",
        "cancelled": "completed",
    },
    # 'It may yet come about' does not bring a trip back; only firm news does.
    "cancelled": {
        "possible": "cancelled",
        "planned": "planned",
        "under_way": "under_way",
        "completed": "completed",
        "cancelled": "cancelled",
    },
}
"""What is believed, then what a later report says, then what is believed from there on."""

_STRENGTH: dict[TripStatus, int] = {
    "possible": 0,
    "planned": 1,
    "under_way": 2,
    "completed": 3,
    "cancelled": 4,
}
"""Within one story the weightier word comes last."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A report of a trip with its place in time."""

    report: Report
    claim: TripClaim
    placed: Placed

    @property
    def told(self) -> tuple[datetime, str]:
        """Key of the order of publication."""
        return (self.report.source.published_at, self.report.id)


@dataclass(frozen=True, slots=True)
class Belief:
    """What some reports of one trip, taken together, say of it."""

    city: str | None
    dates: Dates
    status: TripStatus


@dataclass(frozen=True, slots=True)
class Journey:
    """The reports of one trip, in order of publication."""

    seen: tuple[Seen, ...]
    window: Window
    """Where the trip itself lies: of what attached to it, nothing counts."""

    @property
    def id(self) -> TripId:
        """Made of owner, country and the window of the report published first."""
        first = self.seen[0].placed
        days = (str(day) for day in first.window)
        sense = "past" if first.past else "ahead"
        return TripId(content_id("trip", self.leader.id, self.country, *days, sense))

    @property
    def leader(self) -> Person:
        """The traveller, as last spelled."""
        return self.seen[-1].claim.leader

    @property
    def country(self) -> CountryCode:
        """Where it goes."""
        return self.seen[0].claim.destination.country

    @property
    def role(self) -> Role:
        """Of the dossier's leader in it."""
        return self.seen[0].report.role


class _Cluster:
    """A journey in the making."""

    __slots__ = ("hull", "seen", "windows")

    def __init__(self, first: Seen) -> None:
        self.seen = [first]
        self.windows = [first.placed.window]
        self.hull = first.placed.window

    def gap(self, window: Window) -> int:
        """Days to the nearest of the dates the trip was to have."""
        if len(self.windows) == 1:
            return window.gap(self.hull)
        return min(window.gap(each) for each in self.windows)

    def move(self, windows: Iterable[Window]) -> None:
        """Further dates, apart from those known."""
        self.windows.extend(windows)
        self.hull = Window(
            min(each.first for each in self.windows), max(each.last for each in self.windows)
        )

    def widen(self, window: Window) -> None:
        """The same dates, as another report has them. Only before any move."""
        self.hull = self.hull.hull(window)
        self.windows = [self.hull]


def journeys(reports: Iterable[Report]) -> tuple[Journey, ...]:
    """The trips these reports tell of, each traveller and country apart, in a fixed order."""
    groups: dict[tuple[Role, LeaderId, CountryCode], list[Seen]] = {}
    for report in reports:
        claim = report.claim
        if isinstance(claim, TripClaim):
            placed = place(claim, report.foreground, report.source.published_at)
            key = (report.role, claim.leader.id, claim.destination.country)
            groups.setdefault(key, []).append(Seen(report, claim, placed))
    return tuple(
        Journey(tuple(sorted(each.seen, key=lambda seen: seen.told)), each.hull)
        for key in sorted(groups)
        for each in _clusters(groups[key])
    )


def _clusters(group: list[Seen]) -> list[_Cluster]:
    moved = sorted((each for each in group if each.claim.rescheduled), key=lambda each: each.told)
    first_told = [each for each in group if not each.claim.rescheduled]
    clusters = _dated([each for each in first_told if each.placed.precision is Precision.DAY])
    vague = [each for each in first_told if each.placed.precision is not Precision.DAY]
    for seen in sorted(vague, key=lambda each: (each.placed.precision, each.told)):
        nearest = _nearest(clusters, seen)
        if nearest is None:
            clusters.append(_Cluster(seen))
        else:
            nearest.seen.append(seen)
    for seen in moved:
        _move(clusters, seen)
    return clusters


def _dated(dated: list[Seen]) -> list[_Cluster]:
    """Single linkage: a chain of windows each at most `APART_DAYS` from the ones before."""
    clusters: list[_Cluster] = []
    for seen in sorted(dated, key=lambda each: (each.placed.window, each.told)):
        if clusters and clusters[-1].gap(seen.placed.window) <= APART_DAYS:
            clusters[-1].seen.append(seen)
            clusters[-1].widen(seen.placed.window)
        else:
            clusters.append(_Cluster(seen))
    return clusters


def _nearest(clusters: list[_Cluster], seen: Seen) -> _Cluster | None:
    """The trip this report fits best: nearest to its window, then to the day it speaks from."""
    placed = seen.placed
    anchor = placed.window.last if placed.past else placed.window.first
    today = Window(anchor, anchor)
    fitting = [each for each in clusters if _fits(placed, each)]
    return min(
        fitting,
        key=lambda each: (each.gap(placed.window), each.gap(today), each.hull),
        default=None,
    )


def _fits(placed: Placed, cluster: _Cluster) -> bool:
    """Near enough, and a look back fits no trip that was yet to come, nor a plan one long over."""
    if cluster.gap(placed.window) > APART_DAYS:
        return False
    if placed.precision is Precision.DAY:
        return True
    hull = cluster.hull
    if placed.past:
        return hull.first <= placed.window.last and hull.last <= placed.window.last + APART_DAYS
    return hull.last >= placed.window.first


def _move(clusters: list[_Cluster], seen: Seen) -> None:
    """A report that a trip was moved joins the trip to its former dates, where one stands.

    The trip at the new dates, if others have told of it since, is then the same. Where the new
    dates had been told before, or fit the former ones, nothing is left to join.
    """
    target = _nearest(clusters, seen)
    if target is not None and any(_before(each, seen) for each in target.seen):
        target.seen.append(seen)
        if seen.placed.precision is not Precision.NONE:
            target.move([seen.placed.window])
        return
    standing = [each for each in clusters if each is not target and _stands(each, seen)]
    origin = min(standing, key=lambda each: (each.gap(seen.placed.window), each.hull), default=None)
    if target is None:
        target = _Cluster(seen)
        clusters.append(target)
    else:
        target.seen.append(seen)
    if origin is not None:
        target.seen.extend(origin.seen)
        target.move(origin.windows)
        clusters.remove(origin)


def _before(one: Seen, other: Seen) -> bool:
    return one.report.source.published_at < other.report.source.published_at


def _stands(cluster: _Cluster, seen: Seen) -> bool:
    """Told of before this report, not over by then and not known to have taken place."""
    known = [each for each in cluster.seen if _before(each, seen)]
    today = seen.report.source.published_at.toordinal()
    return (
        bool(known)
        and all(each.claim.status != "completed" for each in known)
        and cluster.hull.last >= today - APART_DAYS
    )


def believe(seen: Iterable[Seen]) -> Belief:
    """What these reports of one trip say together: the table of statuses, the best dates, a city.

    The reports are at least one.
    """
    told = sorted(seen, key=_by_weight)
    named = [each.claim.destination.city for each in told if each.claim.destination.city]
    return Belief(
        city=named[-1] if named else None,
        dates=_dates(told),
        status=_status(told),
    )


def _by_weight(seen: Seen) -> tuple[datetime, bool, int, str]:
    published_at, report = seen.told
    return (published_at, seen.claim.rescheduled, _STRENGTH[seen.claim.status], report)


def _status(told: list[Seen]) -> TripStatus:
    held: TripStatus = told[0].claim.status
    for each in told[1:]:
        heard = each.claim.status
        if each.claim.rescheduled:
            held = heard
        elif held != "cancelled" or each.report.foreground or heard == "completed":
            held = NEXT_STATUS[held][heard]
    return held


def _dates(told: list[Seen]) -> Dates:
    """The most precise, the latest of equals; once moved, only what agrees with the move."""
    moves = [position for position, each in enumerate(told) if each.claim.rescheduled]
    if moves:
        move = told[moves[-1]]
        told = [
            each
            for each in told[moves[-1] :]
            if each.placed.window.gap(move.placed.window) <= APART_DAYS
        ]
    best = told[0].claim.dates
    for each in told[1:]:
        if _vagueness(each.claim.dates) <= _vagueness(best):
            best = each.claim.dates
    return best


def _vagueness(dates: Dates) -> tuple[int, bool]:
    return (precision_of(dates), dates.start is None or dates.end is None)


def shown(journey: Journey, clashes: tuple[Clash, ...] = ()) -> Trip:
    """The trip as people are shown it."""
    reports = [each.report for each in journey.seen]
    sure = [each for each in journey.seen if each.report.confidence >= SURE_ENOUGH]
    belief = believe(sure or journey.seen)
    hosts = {host.id: host for each in journey.seen for host in each.claim.hosts}
    told = texts(reports)
    return Trip(
        id=journey.id,
        role=journey.role,
        leader=journey.leader,
        destination=Place(country=journey.country, city=belief.city),
        dates=belief.dates,
        status=belief.status,
        foreground=any(report.foreground for report in reports),
        confidence=max(report.confidence for report in reports),
        independent_sources=len(told),
        told_by=outlets(told),
        topics=tuple(sorted({topic for report in reports for topic in report.topics})),
        hosts=tuple(hosts[each] for each in sorted(hosts)),
        clashes=clashes,
        sightings=tuple(map(sighting, reports)),
    )


def sighting(report: Report) -> Sighting:
    """One story behind a belief."""
    source, claim = report.source, report.claim
    dates = claim.dates if claim.kind == "trip" else Dates(start=claim.date, end=claim.date)
    return Sighting(
        report=report.id,
        story=source.story,
        source=source.name,
        language=source.language,
        published_at=source.published_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        status=claim.status,
        dates=dates,
        evidence=report.evidence.text,
        foreground=report.foreground,
        headline=source.headline,
    )


def first_day(trip: Trip) -> tuple[bool, int, str]:
    """Sorts trips by their first day, undated ones last, then by id."""
    known = trip.dates.start or trip.dates.end
    return (known is None, days_of(known).first if known else 0, trip.id)
