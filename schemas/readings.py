"""What the reader made of one edition of one story."""

from typing import Literal

from pydantic import Field

from schemas.base import (
    CountryCode,
    EditionId,
    Instant,
    LanguageCode,
    Record,
    StoryId,
)
from schemas.reports import Claim, Evidence
from schemas.stories import EditionRank, Trust

EntityKind = Literal["leader", "official", "person", "country", "city", "organisation"]


class Entity(Record):
    """Someone or something the story names; `spans` are character offsets in `Story.body`."""

    id: str
    name: str
    kind: EntityKind
    country: CountryCode | None = None
    spans: tuple[tuple[int, int], ...] = ()


class Topic(Record):
    """What the story is about. `words` are the ones that decided it."""

    id: str
    score: float = Field(ge=0, le=1)
    words: tuple[str, ...] = ()


class Finding(Record):
    """A claim as found in the text, before it is addressed to dossiers."""

    claim: Claim
    foreground: bool
    evidence: Evidence
    confidence: float = Field(ge=0, le=1)
    rule: str
    """Name of the rule that decided, for people who ask why."""
    because: tuple[str, ...] = ()
    """Of a finding that was weighed: the counts that moved the answer most, with their log-odds."""


class Rejected(Record):
    """Something that looked like a report and is none, with the reason, for people who ask why."""

    text: str
    rule: str
    reason: str


class Reading(Record):
    """All that was read in one edition; on `readings.v1`, keyed by story."""

    story: StoryId
    edition: EditionId
    rank: EditionRank
    source: str
    trust: Trust = "full"
    """Of the story: reports from a low-trust one are never sure enough for an alert."""
    language: LanguageCode
    """As detected; `und` where the text is too short or too strange to tell."""
    published_at: Instant
    """The agency's time, or the time of arrival where the item gave none."""
    received_at: Instant
    fingerprint: str
    signature: str | None = None
    headline: str | None = None
    links: tuple[str, ...] = ()
    embargoed_until: Instant | None = None
    signal: str = "none"
    topics: tuple[Topic, ...] = ()
    entities: tuple[Entity, ...] = ()
    findings: tuple[Finding, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    set_aside: int = 0
    """How many blocks of page chrome and teasers were set aside."""
    truncated: bool = False
    """The story was longer than the reader reads; what lies beyond was not looked at."""
    reader: str
    """Name and version of the reader."""
    knowledge: str
    """Version digest of the knowledge and rules."""
