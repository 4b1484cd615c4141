"""A story as the wire sent it, once its format is understood: one record an edition."""

from typing import Literal

from schemas.base import EditionId, Instant, LanguageCode, LeaderId, Record, StoryId

Signal = Literal["none", "update", "correction", "refile", "repeat", "kill"]
"""What an edition says of the one before it. A kill withdraws the story altogether."""

Trust = Literal["full", "low"]
"""What is thought of a source. Reports of low-trust sources alone raise no alert."""


class EditionRank(Record):
    """Which of two editions of a story is the newer: compare `order()`.

    Agencies number versions in many ways, some with hashes, so the time of the version decides,
    then a kill over a text, then the edition's own id, which is arbitrary but the same everywhere.
    """

    versioned_at: Instant
    kill: bool = False
    edition: EditionId

    def order(self) -> tuple[str, bool, str]:
        """A key that sorts older editions before newer ones."""
        return (self.versioned_at.isoformat(), self.kill, self.edition)


class Story(Record):
    """One edition of one story, on `stories.v1`, keyed by `id`.

    `published_at` is the agency's time of this version and is `None` where the format gave none:
    parsing invents nothing. `received_at` is ours, from the raw message.
    """

    id: StoryId
    edition: EditionId
    version: str | None = None
    signal: Signal = "none"
    published_at: Instant | None
    first_published_at: Instant | None = None
    received_at: Instant
    embargoed_until: Instant | None = None
    source: str
    """Name of the outlet or agency as the item gives it, else of the feed it came by."""
    feed: str
    """Name of the way in, as set by whoever put the item on the raw topic."""
    format: str
    trust: Trust = "full"
    """Of the source it came from, as set by whoever put the item on the raw topic."""
    language: LanguageCode | None = None
    """As declared by the item, else as hinted for its source; the reader detects its own."""
    headline: str | None = None
    slugline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    """City the story was filed from, as written."""
    body: str = ""
    """Paragraphs separated by a blank line."""
    urgency: int | None = None
    subjects: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    note: str | None = None
    """Note to editors, as sent."""
    remarks: tuple[str, ...] = ()
    """What parsing had to put right, such as an encoding that was declared wrong."""

    def is_held_at(self, now: Instant) -> bool:
        """Under embargo then. A kill is never held: it takes back, and tells nothing."""
        until = self.embargoed_until
        return until is not None and until > now and self.signal != "kill"

    def rank(self) -> EditionRank:
        """Place of this edition among the editions of its story."""
        return EditionRank(
            versioned_at=self.published_at or self.received_at,
            kill=self.signal == "kill",
            edition=self.edition,
        )


class StoryState(Record):
    """What the read hop remembers of one story, in its table, keyed by story id."""

    story: StoryId
    newest: EditionRank
    reported: tuple[LeaderId, ...] = ()
    """Every dossier that any edition of this story has reported to, sorted."""
    current: tuple[LeaderId, ...] = ()
    """Those that the newest edition reports to, sorted."""
    editions: tuple[EditionId, ...] = ()
    """Editions read so far, sorted: one of them seen again is a repeat and reports nothing."""
