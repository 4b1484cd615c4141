"""What people and programs are told: one CloudEvent for each change of what we believe."""

from typing import Literal, get_args

from schemas.base import (
    AlertId,
    CountryCode,
    Dates,
    Instant,
    LanguageCode,
    Person,
    Record,
    StoryId,
)

AlertKind = Literal[
    "trip.new",
    "trip.changed",
    "trip.cancelled",
    "invitation.new",
    "invitation.answered",
    "retracted",
]
ALERT_KINDS: tuple[AlertKind, ...] = get_args(AlertKind)
EVENT_TYPE_PREFIX = "org.dragoman."


class AlertEvidence(Record):
    """A sentence that says it, with its language, story and source."""

    text: str
    language: LanguageCode
    story: StoryId
    source: str
    published_at: Instant
    headline: str | None = None
    links: tuple[str, ...] = ()


class Alert(Record):
    """The body of the event."""

    kind: AlertKind
    leader: Person
    """The owner: who travels, or is invited."""
    inviter: Person | None = None
    country: CountryCode | None
    """Destination of the trip, or where the invitation asks to come."""
    city: str | None = None
    occasion: str | None = None
    dates: Dates
    status: str
    independent_sources: int
    sources_before: int | None = None
    """Of an alert that comes again, with the same id, because more independent sources speak for it
    than ever did: how many did. News to nobody but those who asked for more than these."""
    confidence: float
    evidence: tuple[AlertEvidence, ...]
    """The sentence that raised it first; for `retracted`, empty where nothing stands any more."""
    sources: tuple[str, ...]
    """Outlets and agencies that say so, sorted."""
    told_by: tuple[tuple[str, ...], ...] = ()
    """The same by the text they have: those of one group reprint one another and count once."""
    topics: tuple[str, ...] = ()
    reason: str
    """Why it was raised, from a closed list in `streams.core.alerts`."""
    replaces: AlertId | None = None
    subject: str
    """Id of the trip or invitation."""
    embargoed_until: Instant | None = None


class AlertEvent(Record):
    """A CloudEvent 1.0 in structured JSON; on `alerts.v1`, keyed by the owner's leader id.

    `time` is the publication of the story that raised it, so that a replay gives the same bytes.
    """

    specversion: Literal["1.0"] = "1.0"
    id: AlertId
    source: Literal["/dragoman"] = "/dragoman"
    type: str
    subject: str
    """Leader id of the owner."""
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    data: Alert
