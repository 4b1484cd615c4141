"""Which reports tell of the same invitation, and what is believed of it.

Everything here depends on the set of reports only. What says most, a date and an occasion, goes
first; what says less is attached to the nearest invitation it fits. What is told of an invitation
is `streams.core.alerts`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from schemas.base import CountryCode, Dates, InvitationId, LeaderId, PartialDate, Person, TripId
from schemas.dossiers import Clash, Invitation
from schemas.ids import content_id
from schemas.reports import SURE_ENOUGH, InvitationClaim, InvitationStatus, Report, Role
from streams.core.editions import NO_PERSON
from streams.core.reprints import outlets, texts
from streams.core.trips import Journey, sighting
from streams.core.windows import APART_DAYS, HORIZON_DAYS, Window, days_of

SAME_OCCASION_DAYS = 31
"""Dates of one occasion may be put so far off and it is still the same: a summit comes yearly."""

NEXT_STATUS: dict[InvitationStatus, dict[InvitationStatus, InvitationStatus]] = {
    "possible": {
        "possible": "possible",
        "extended": "extended",
        "accepted": "accepted",
        "declined": "declined",
        "withdrawn": "withdrawn",
    },
    "extended": {
        "possible": "extended",
        "extended": "extended",
        "accepted": "accepted",
        "declined": "declined",
        "withdrawn": "withdrawn",
    },
    "accepted": {
        "possible": "accepted",
        "extended": "accepted",
        "accepted": "accepted",
        "declined": "declined",
        "withdrawn": "withdrawn",
    },
    # That someone was invited who declined is told again with every mention of it.
    "declined": {
        "possible": "declined",
        "extended": "declined",
        "accepted": "accepted",
        "declined": "declined",
        "withdrawn": "withdrawn",
    },
    "withdrawn": {
        "possible": "withdrawn",
        "extended": "extended",
        "accepted": "accepted",
        "declined": "declined",
        "withdrawn": "withdrawn",
    },
}
"""What is believed, then what a later report says, then what is believed from there on."""

_STRENGTH: dict[InvitationStatus, int] = {
    "possible": 0,
    "extended": 1,
    "accepted": 2,
    "declined": 3,
    "withdrawn": 4,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A report of an invitation."""

    report: Report
    claim: InvitationClaim

    @property
    def told(self) -> tuple[datetime, str]:
        """Key of the order of publication."""
        return (self.report.source.published_at, self.report.id)

    @property
    def today(self) -> int:
        """Day of publication, as an ordinal."""
        return self.report.source.published_at.toordinal()

    @property
    def window(self) -> Window | None:
        """The days it asks for, where it names any."""
        return days_of(self.claim.date) if self.claim.date else None

    @property
    def occasion(self) -> str | None:
        """As compared: case and spaces aside."""
        return " ".join((self.claim.occasion or "").casefold().split()) or None


@dataclass(frozen=True, slots=True)
class Belief:
    """What some reports of one invitation, taken together, say of it."""

    inviter: Person
    to: CountryCode | None
    occasion: str | None
    date: PartialDate | None
    status: InvitationStatus

    @property
    def dates(self) -> Dates:
        """The date as first and last day."""
        return Dates(start=self.date, end=self.date)


@dataclass(frozen=True, slots=True)
class Bidding:
    """The reports of one invitation, in order of publication."""

    asked: tuple[Asked, ...]
    window: Window
    """The days it asks for, else those on which it was told."""

    @property
    def id(self) -> InvitationId:
        """Made of invitee and of what the report published first says."""
        first = self.asked[0]
        said = first.claim
        return InvitationId(
            content_id(
                "invitation",
                self.invitee.id,
                said.inviter.id,
                said.to,
                first.occasion,
                said.date or str(first.today),
            )
        )

    @property
    def invitee(self) -> Person:
        """Who is invited, as last spelled."""
        return self.asked[-1].claim.invitee

    @property
    def role(self) -> Role:
        """Of the dossier's leader in it."""
        return self.asked[0].report.role


class _Cluster:
    """An invitation in the making."""

    __slots__ = ("asked", "countries", "inviters", "occasions", "published", "window")

    def __init__(self, first: Asked) -> None:
        self.asked: list[Asked] = []
        self.inviters: set[LeaderId] = set()
        self.countries: set[CountryCode | None] = set()
        self.occasions: set[str | None] = set()
        self.window = first.window
        self.published = Window(first.today, first.today)
        self.add(first)

    def add(self, asked: Asked) -> None:
        self.asked.append(asked)
        self.inviters.add(asked.claim.inviter.id)
        self.countries.add(asked.claim.to)
        self.occasions.add(asked.occasion)
        self.published = self.published.hull(Window(asked.today, asked.today))
        if asked.window is not None:
            self.window = asked.window if self.window is None else self.window.hull(asked.window)


def gathered(reports: Iterable[Report]) -> tuple[Bidding, ...]:
    """The invitations these reports tell of, each invitee apart, in a fixed order."""
    groups: dict[tuple[Role, LeaderId], list[Asked]] = {}
    for report in reports:
        claim = report.claim
        if isinstance(claim, InvitationClaim):
            groups.setdefault((report.role, claim.invitee.id), []).append(Asked(report, claim))
    return tuple(
        Bidding(tuple(sorted(each.asked, key=lambda one: one.told)), each.window or each.published)
        for key in sorted(groups)
        for each in _clusters(groups[key])
    )


def _clusters(group: list[Asked]) -> list[_Cluster]:
    clusters: list[_Cluster] = []
    for asked in sorted(group, key=_by_substance):
        fitting = [each for each in clusters if _fits(asked, each)]
        if fitting:
            min(fitting, key=lambda each: (_distance(asked, each), each.published)).add(asked)
        else:
            clusters.append(_Cluster(asked))
    return clusters


def _by_substance(asked: Asked) -> tuple[bool, bool, tuple[datetime, str]]:
    return (asked.window is None, asked.occasion is None, asked.told)


def _fits(asked: Asked, cluster: _Cluster) -> bool:
    claim = asked.claim
    if claim.inviter.id not in cluster.inviters and (
        claim.to is None or claim.to not in cluster.countries
    ):
        return False
    same_occasion = asked.occasion is not None and asked.occasion in cluster.occasions
    if asked.window is not None and cluster.window is not None:
        apart = SAME_OCCASION_DAYS if same_occasion else APART_DAYS
        return asked.window.gap(cluster.window) <= apart
    if not same_occasion and asked.occasion is not None and cluster.occasions != {None}:
        return False
    return _in_reach(asked, cluster)


def _in_reach(asked: Asked, cluster: _Cluster) -> bool:
    """Without a date to compare: told within a year, and no fresh word on what is long over."""
    if _distance(asked, cluster) > HORIZON_DAYS:
        return False
    over = cluster.window is not None and cluster.window.last < asked.today - APART_DAYS
    return not (over and asked.report.foreground)


def _distance(asked: Asked, cluster: _Cluster) -> int:
    if cluster.window is not None:
        return (asked.window or Window(asked.today, asked.today)).gap(cluster.window)
    return Window(asked.today, asked.today).gap(cluster.published)


def believe(asked: Iterable[Asked]) -> Belief:
    """What these reports of one invitation say together. The reports are at least one."""
    told = sorted(asked, key=_by_weight)
    claims = [each.claim for each in told]
    people = [each.inviter for each in claims if not each.inviter.id.startswith(NO_PERSON)]
    countries = [each.to for each in claims if each.to]
    occasions = [each.occasion for each in claims if each.occasion]
    dates = sorted((each.date for each in claims if each.date), key=len)  # stable: latest of equals
    held: InvitationStatus = claims[0].status
    for claim in claims[1:]:
        held = NEXT_STATUS[held][claim.status]
    return Belief(
        inviter=(people or [each.inviter for each in claims])[-1],
        to=countries[-1] if countries else None,
        occasion=occasions[-1] if occasions else None,
        date=dates[-1] if dates else None,
        status=held,
    )


def _by_weight(asked: Asked) -> tuple[datetime, int, str]:
    published_at, report = asked.told
    return (published_at, _STRENGTH[asked.claim.status], report)


def came_of(bidding: Bidding, journeys: Iterable[Journey]) -> TripId | None:
    """The trip that an accepted invitation led to: the invitee's, there, at about its time."""
    sure = [each for each in bidding.asked if each.report.confidence >= SURE_ENOUGH]
    belief = believe(sure or bidding.asked)
    if not sure or belief.status != "accepted":
        return None
    reach = SAME_OCCASION_DAYS if belief.date else HORIZON_DAYS
    since = bidding.window.first - APART_DAYS
    fitting = [
        each
        for each in journeys
        if (each.leader.id, each.country) == (bidding.invitee.id, belief.to)
        and each.window.last >= (0 if belief.date else since)
        and each.window.gap(bidding.window) <= reach
    ]
    nearest = min(
        fitting, key=lambda each: (each.window.gap(bidding.window), each.window), default=None
    )
    return None if nearest is None else nearest.id


def shown(
    bidding: Bidding, trip: TripId | None = None, clashes: tuple[Clash, ...] = ()
) -> Invitation:
    """The invitation as people are shown it, with the trip that came of it."""
    reports = [each.report for each in bidding.asked]
    sure = [each for each in bidding.asked if each.report.confidence >= SURE_ENOUGH]
    belief = believe(sure or bidding.asked)
    told = texts(reports)
    return Invitation(
        id=bidding.id,
        role=bidding.role,
        inviter=belief.inviter,
        invitee=bidding.invitee,
        to=belief.to,
        occasion=belief.occasion,
        date=belief.date,
        status=belief.status,
        foreground=any(report.foreground for report in reports),
        confidence=max(report.confidence for report in reports),
        independent_sources=len(told),
        told_by=outlets(told),
        topics=tuple(sorted({topic for report in reports for topic in report.topics})),
        trip=trip,
        clashes=clashes,
        sightings=tuple(map(sighting, reports)),
    )


def first_day(invitation: Invitation) -> tuple[bool, int, str]:
    """Sorts invitations by their date, undated ones last, then by id."""
    known = invitation.date
    return (known is None, days_of(known).first if known else 0, invitation.id)
