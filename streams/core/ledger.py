"""Which line of the ledger is about which trip or invitation believed in now.

The ledger says what people were told; trips and invitations come and go with the reports. Whether
the two differ enough to tell people is decided in `streams.core.alerts`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from schemas.base import CountryCode, Dates, Person
from schemas.dossiers import Alerted
from schemas.reports import SURE_ENOUGH, InvitationStatus, Report, TripStatus
from streams.core import invitations, trips
from streams.core.windows import APART_DAYS, SAME_DAY_OR_NEXT, Window, days_apart, from_dates


@dataclass(frozen=True, slots=True)
class Matter:
    """A trip or invitation of the dossier's own leader, as there is to tell of it now.

    What it says rests on its foreground reports alone, so that background changes nothing people
    are told; where there are none, on all.
    """

    kind: Literal["trip", "invitation"]
    id: str
    leader: Person
    inviter: Person | None
    country: CountryCode | None
    city: str | None
    occasion: str | None
    dates: Dates
    status: TripStatus | InvitationStatus
    window: Window
    reports: tuple[Report, ...]
    """In order of publication."""
    news: tuple[Report, ...]
    """The foreground ones among them that are sure enough to tell people of."""


def matters(reports: Iterable[Report]) -> tuple[Matter, ...]:
    """All that these reports tell of their own leader, in a fixed order. Mirrors are left out."""
    owned = [report for report in reports if report.role == "owner"]
    return (
        *map(_of_journey, trips.journeys(owned)),
        *map(_of_bidding, invitations.gathered(owned)),
    )


def _of_journey(journey: trips.Journey) -> Matter:
    news = [each for each in journey.seen if _is_news(each.report)]
    belief = trips.believe(news or journey.seen)
    return Matter(
        kind="trip",
        id=journey.id,
        leader=journey.leader,
        inviter=None,
        country=journey.country,
        city=belief.city,
        occasion=None,
        dates=belief.dates,
        status=belief.status,
        window=journey.window,
        reports=tuple(each.report for each in journey.seen),
        news=tuple(each.report for each in news),
    )


def _is_news(report: Report) -> bool:
    return report.foreground and report.confidence >= SURE_ENOUGH


def _of_bidding(bidding: invitations.Bidding) -> Matter:
    news = [each for each in bidding.asked if _is_news(each.report)]
    belief = invitations.believe(news or bidding.asked)
    return Matter(
        kind="invitation",
        id=bidding.id,
        leader=bidding.invitee,
        inviter=belief.inviter,
        country=belief.to,
        city=None,
        occasion=belief.occasion,
        dates=belief.dates,
        status=belief.status,
        window=bidding.window,
        reports=tuple(each.report for each in bidding.asked),
        news=tuple(each.report for each in news),
    )


@dataclass(frozen=True, slots=True)
class Matched:
    """The ledger against what is believed."""

    followed: tuple[tuple[Alerted, Matter], ...]
    """Lines and what became of their subject. Of lines that proved to be about one, one goes on."""
    unheard: tuple[Matter, ...]
    """What no line is about."""
    gone: tuple[Alerted, ...]
    """Lines of which nothing stands, or not at the dates they told of."""


def match(ledger: Sequence[Alerted], current: Sequence[Matter]) -> Matched:
    """Pairs lines and matters by the reports they share, then by place and time, then by story.

    The last finds what a correction made of a trip: the same story tells of the same country, at
    dates so far off that it would pass for another trip.
    """
    held = {each.id: place for place, matter in enumerate(current) for each in matter.reports}
    lines: dict[int, list[Alerted]] = {}
    left: list[Alerted] = []
    for line in ledger:
        sharing = Counter(held[report] for report in line.reports if report in held)
        near = sharing or [place for place, each in enumerate(current) if _same(line, each)]
        if near:
            best = min(near, key=lambda place: (-sharing[place], _distance(line, current[place])))
            lines.setdefault(best, []).append(line)
        else:
            left.append(line)
    gone: list[Alerted] = []
    for line in left:
        free = [place for place in range(len(current)) if place not in lines]
        moved = [place for place in free if _corrected(line, current[place])]
        if moved:
            lines[min(moved, key=lambda place: _distance(line, current[place]))] = [line]
        else:
            gone.append(line)
    followed: list[tuple[Alerted, Matter]] = []
    for place in sorted(lines):
        kept, mistaken = _merged(lines[place], current[place])
        followed.append((kept, current[place]))
        gone.extend(mistaken)
    return Matched(
        followed=tuple(followed),
        unheard=tuple(each for place, each in enumerate(current) if place not in lines),
        gone=tuple(sorted(gone, key=lambda line: line.first_alert)),
    )


def _merged(lines: list[Alerted], matter: Matter) -> tuple[Alerted, list[Alerted]]:
    """The line that comes nearest to what is believed now, and those that told of other dates.

    A line that told of dates that can still be true is dropped in silence.
    """
    kept, *others = sorted(
        lines,
        key=lambda line: (
            days_apart(line.told.dates, matter.dates),
            line.told.status != matter.status,
            line.first_alert,
        ),
    )
    return kept, [
        line for line in others if days_apart(line.told.dates, matter.dates) > SAME_DAY_OR_NEXT
    ]


def _distance(line: Alerted, matter: Matter) -> tuple[int, Window, str]:
    return (from_dates(line.window).gap(matter.window), matter.window, matter.id)


def _same(line: Alerted, matter: Matter) -> bool:
    return _alike(line, matter) and from_dates(line.window).gap(matter.window) <= APART_DAYS


def _corrected(line: Alerted, matter: Matter) -> bool:
    return _alike(line, matter) and any(
        report.source.story in line.stories for report in matter.reports
    )


def _alike(line: Alerted, matter: Matter) -> bool:
    """Same kind and same country, or for an invitation the same inviter."""
    if line.kind != matter.kind:
        return False
    if line.told.inviter and matter.inviter and line.told.inviter.id == matter.inviter.id:
        return True
    return matter.country is not None and line.told.country == matter.country
