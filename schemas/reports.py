"""What the wires said: the record from which everything else can be rebuilt.

A report is a claim made by one edition of one story about one leader. On `reports.v1` it is keyed
by the leader whose dossier it goes to, in the role that leader has in it. A withdrawal says that
older editions' reports to that dossier no longer stand, and that a newer edition's now do.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import (
    CountryCode,
    Dates,
    Instant,
    LanguageCode,
    LeaderId,
    PartialDate,
    Person,
    Place,
    Record,
    ReportId,
    StoryId,
)
from schemas.ids import content_id
from schemas.stories import EditionRank

TripStatus = Literal["possible", "planned", "under_way", "completed", "cancelled"]
InvitationStatus = Literal["possible", "extended", "accepted", "declined", "withdrawn"]
Role = Literal["owner", "host", "inviter"]
"""Owner: the traveller of a trip, the invitee of an invitation. The others see a mirror."""


class TripClaim(Record):
    """A leader or official goes, went, will or may go to another country."""

    kind: Literal["trip"] = "trip"
    leader: Person
    destination: Place
    dates: Dates = Dates()
    status: TripStatus
    rescheduled: bool = False
    """The sentence tells a postponement or a bringing forward to these dates."""
    hosts: tuple[Person, ...] = ()
    """Who receives or meets the traveller there, where the story says so."""


class InvitationClaim(Record):
    """A leader, government or organisation asks a foreign leader or official to come."""

    kind: Literal["invitation"] = "invitation"
    inviter: Person
    """An organisation or a government has an id as well, such as `org:g7` or `gov:CL`."""
    invitee: Person
    to: CountryCode | None = None
    occasion: str | None = None
    """One or two English words, such as `inauguration` or `state visit`."""
    date: PartialDate | None = None
    status: InvitationStatus


Claim = Annotated[TripClaim | InvitationClaim, Field(discriminator="kind")]


def owner_of(claim: TripClaim | InvitationClaim) -> Person:
    """The one who travels owns it: the traveller, or the one who is invited."""
    return claim.leader if claim.kind == "trip" else claim.invitee


class Source(Record):
    """Which edition of which story a report comes from, and what tells reprints apart."""

    story: StoryId
    rank: EditionRank
    name: str
    """Outlet or agency."""
    language: LanguageCode
    published_at: Instant
    received_at: Instant
    fingerprint: str
    """Of the story's text as read: a reprint word for word has the same."""
    signature: str | None = None
    """Of its runs of words, to be compared: a lightly edited reprint has one that is alike."""
    headline: str | None = None
    links: tuple[str, ...] = ()
    embargoed_until: Instant | None = None


class Evidence(Record):
    """The words of the story that say it, verbatim."""

    text: str
    language: LanguageCode


SURE_ENOUGH = 0.5
"""Confidence from which a report raises an alert; what is less sure is kept in the dossier only."""
LOW_TRUST_MOST = 0.49
"""Highest confidence of a report from a low-trust source: never enough for an alert by itself."""


class Report(Record):
    """One claim of one edition, addressed to one dossier."""

    type: Literal["report"] = "report"
    id: ReportId
    leader: LeaderId
    """Whose dossier this goes to; the key on `reports.v1`."""
    role: Role
    claim: Claim
    foreground: bool
    evidence: Evidence
    confidence: float = Field(ge=0, le=1)
    topics: tuple[str, ...] = ()
    """Ids of the topics of the story."""
    source: Source
    knowledge: str
    """Version digest of the knowledge and rules that read it."""
    via: tuple[LeaderId, ...] = ()
    """Dossiers it was first addressed to, whose leaders proved to be others."""


class Withdrawal(Record):
    """Reports of this story older than `rank` no longer stand in this leader's dossier.

    It follows the reports of a newer edition to the same dossier, which stand from then on, and
    goes before those of an older edition that came late. The order is for the sake of calm only:
    the dossier in the end is the same in any order.
    """

    type: Literal["withdrawal"] = "withdrawal"
    id: ReportId
    leader: LeaderId
    story: StoryId
    rank: EditionRank
    reason: Literal["superseded", "corrected", "killed"]
    published_at: Instant
    received_at: Instant
    embargoed_until: Instant | None = None
    """Of the edition that brought it: like its reports, it counts from then on."""
    via: tuple[LeaderId, ...] = ()


def report_id(
    claim: TripClaim | InvitationClaim, source: Source, leader: LeaderId, role: Role
) -> ReportId:
    """Same edition, same claim, same dossier: same id, whoever reads it and however often.

    Evidence and confidence are left out on purpose: two sentences of one edition that say the same
    are one report.
    """
    return ReportId(
        content_id(
            "report",
            source.story,
            source.rank.edition,
            leader,
            role,
            claim.model_dump_json(exclude={"hosts"} if claim.kind == "trip" else None),
        )
    )


def withdrawal_id(leader: LeaderId, story: StoryId, rank: EditionRank) -> ReportId:
    """One withdrawal for each dossier and edition."""
    return ReportId(content_id("withdrawal", leader, story, rank.edition))
