"""All we hold about one leader, and what of it was alerted.

`Dossier` is the state of the fold: a set of reports. Trips and invitations are views of it. The
ledger beside it remembers what was alerted; only the ledger depends on the order of arrival.
"""

from typing import Literal

from schemas.alerts import Alert
from schemas.base import (
    AlertId,
    CountryCode,
    Dates,
    Instant,
    InvitationId,
    LeaderId,
    PartialDate,
    Person,
    Place,
    Record,
    ReportId,
    StoryId,
    TripId,
)
from schemas.leaders import LeaderEdit
from schemas.reports import InvitationStatus, Report, Role, TripStatus
from schemas.stories import EditionRank


class Sighting(Record):
    """One story behind a belief: where it is known from."""

    report: ReportId
    story: StoryId
    source: str
    language: str
    published_at: str
    """ISO 8601, UTC."""
    status: str
    dates: Dates
    """As this story has them."""
    evidence: str
    foreground: bool
    headline: str | None = None


class Clash(Record):
    """Something told that cannot be true as well. Both are kept; what is believed is settled by the
    latest word, and this says that somebody has another."""

    about: Literal["place", "dates", "status"]
    trip: TripId | None = None
    """Of `place`: the other trip at the same time."""
    reports: tuple[ReportId, ...] = ()
    """Of the others: the sightings that speak against each other, in order of publication."""


class Trip(Record):
    """What we believe about one journey of one traveller to one country."""

    id: TripId
    role: Role
    """Of the dossier's leader in it: `owner` travels, `host` receives."""
    leader: Person
    destination: Place
    dates: Dates
    status: TripStatus
    foreground: bool
    confidence: float
    """Of its surest report. Under 0.5 the story as a whole makes it likely, but nobody was told."""
    independent_sources: int
    """Reprints of one wire count once."""
    told_by: tuple[tuple[str, ...], ...] = ()
    """The outlets, by the text they have: those of one group reprint one another."""
    topics: tuple[str, ...] = ()
    hosts: tuple[Person, ...] = ()
    clashes: tuple[Clash, ...] = ()
    sightings: tuple[Sighting, ...]


class Invitation(Record):
    """What we believe about one invitation."""

    id: InvitationId
    role: Role
    """Of the dossier's leader in it: `owner` is invited, `inviter` asks."""
    inviter: Person
    invitee: Person
    to: CountryCode | None
    occasion: str | None
    date: PartialDate | None
    status: InvitationStatus
    foreground: bool
    confidence: float
    """Of its surest report. Under 0.5 the story as a whole makes it likely, but nobody was told."""
    independent_sources: int
    told_by: tuple[tuple[str, ...], ...] = ()
    topics: tuple[str, ...] = ()
    trip: TripId | None = None
    """The trip that came of it, once accepted."""
    clashes: tuple[Clash, ...] = ()
    sightings: tuple[Sighting, ...]


class Alerted(Record):
    """One line of the ledger: a trip or invitation people were told of, and what they were told."""

    alert: AlertId
    """The latest alert on it."""
    first_alert: AlertId
    kind: Literal["trip", "invitation"]
    told: Alert
    """The body of the latest alert, with the first of its sentences only."""
    reports: tuple[ReportId, ...]
    """What it rests on now, sorted."""
    stories: tuple[StoryId, ...]
    """The stories of those reports, sorted: they lead to what a correction made of it."""
    window: Dates
    """First and last day it is looked for at, whatever is known of its dates."""


class Edition(Record):
    """The edition of a story that closed all older ones of it in this dossier."""

    story: StoryId
    rank: EditionRank


class Retired(Record):
    """A first alert that was retracted: the same news told again gets another id."""

    alert: AlertId
    last_day: int
    """As an ordinal: from then on the same news is too old to be told again."""


class Dossier(Record):
    """The state kept for one leader in the fold's table."""

    leader: LeaderId
    heard: Instant | None = None
    """The latest publication of any message to it; what is old is old against this."""
    reports: tuple[Report, ...] = ()
    """Those that can still matter, sorted by id, also those a withdrawal has closed. Of each story
    the oldest edition that is not closed stands; a newer one waits for the withdrawal."""
    editions: tuple[Edition, ...] = ()
    """Sorted by story id."""
    ledger: tuple[Alerted, ...] = ()
    """Sorted by first alert."""
    retired: tuple[Retired, ...] = ()
    """Sorted by alert."""
    fate: LeaderEdit | None = None
    """Whether an editor confirmed the leader, refused them, or merged them into another."""
    renamed: LeaderEdit | None = None
    handovers: tuple[ReportId, ...] = ()
    """Taken from dossiers whose leaders proved to be this one, sorted."""

    @property
    def merged_into(self) -> LeaderId | None:
        """Whom the leader proved to be: what comes here goes there."""
        return self.fate.into if self.fate and self.fate.action == "merge" else None

    @property
    def is_refused(self) -> bool:
        """The leader is nobody of ours: what is reported is kept and stands for nothing."""
        return self.fate is not None and self.fate.action == "refuse"


class DossierView(Record):
    """A dossier as people and programs are shown it: nothing in it depends on order of arrival."""

    id: LeaderId
    name: str
    trips: tuple[Trip, ...]
    """Sorted by first day, undated ones last, then by id."""
    invitations: tuple[Invitation, ...]
    merged_into: LeaderId | None = None
    is_refused: bool = False
