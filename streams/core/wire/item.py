"""One item on its way to a story: what a format hands over, and what is common to all formats.

A format module turns bytes into a `Draft`, or raises `RefusedError`; here the draft gets its ids
from content, its limits and its source. No format's names may come in here, and nothing may be
made up: what the item does not say stays `None`.
"""

import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from schemas.base import EditionId, StoryId
from schemas.codec import encode
from schemas.dead_letters import Reason
from schemas.ids import content_id
from schemas.stories import Signal, Story, Trust
from schemas.topics import STORIES

LOW_TRUST = "low-trust:"
"""How the ids of stories from low-trust sources begin; the feed and the agency's id follow."""
_ID_LIMIT = 1_000
_LINE_LIMIT = 1_000
_NOTE_LIMIT = 4_000
_MANY = 100
_ORDINAL_DIGITS = 4
_STORY_LIMIT = STORIES.max_message_bytes - 64 * 1024
"""Bytes of an encoded story; the rest is for key, headers and the broker's own framing."""
_SURELY_SMALL = _STORY_LIMIT // 6 // 2
"""A text of so many characters cannot pass the limit: JSON makes at most six bytes of a byte."""

# Everything of Unicode's control block but tab and line feed: a wire's own framing characters, and
# what could move the cursor of the terminal that a story is shown on.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BLANK_RUN = re.compile(r"\n{3,}")

_TERMINOLOGICAL = {
    "eng": "en",
    "spa": "es",
    "fra": "fr",
    "fre": "fr",
    "deu": "de",
    "ger": "de",
    "por": "pt",
    "ita": "it",
}
"""ISO 639-2 codes of the languages that are read, to the 639-1 codes used everywhere here."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """How an item came in: what is known of it besides its bytes."""

    feed: str
    received_at: datetime
    format: str = "auto"
    """A name in `FORMATS`, or `auto`: told from the bytes."""
    source: str | None = None
    """Outlet or agency behind the feed, for items that do not name one."""
    language: str | None = None
    """Of items that declare none."""
    trust: Trust = "full"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why these bytes are no story. `detail` is for the person who looks at the dead letter."""

    reason: Reason
    detail: str


class RefusedError(Exception):
    """Raised inside a format, where the fault is found; `parse` turns it into a `Refusal`."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.refusal = Refusal(reason, detail)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the item itself says, in our words. Fields as in `schemas.stories.Story`."""

    id: str | None
    """The agency's id; `None` where the item has none, and one is made from its text."""
    body: str = ""
    headline: str | None = None
    version: str | None = None
    signal: Signal = "none"
    published_at: datetime | None = None
    first_published_at: datetime | None = None
    embargoed_until: datetime | None = None
    source: str | None = None
    language: str | None = None
    slugline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    urgency: int | None = None
    subjects: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    note: str | None = None
    remarks: tuple[str, ...] = ()
    """What had to be put right to read the item. No part of what it says."""


def story(draft: Draft, arrival: Arrival, format_name: str) -> Story:
    """The story of a draft.

    The edition's id is made from all that the item says, but not from how it came in: the same item
    by two feeds, or sent twice, is the same edition. What a low-trust source sends is a story of
    its own, whatever id it claims: it must not correct, kill or forestall another's. Raises
    `RefusedError` for an item without any text that is not a kill, for a kill without an id, for an
    id beyond 1,000 characters, and for a story too large for its topic. Headlines and other lines
    are cut at 1,000 characters, notes at 4,000.
    """
    clean = _clean(draft)
    if not (clean.body or clean.headline or clean.signal == "kill"):
        raise RefusedError("missing_field", "neither headline nor body: there is nothing to read")
    if clean.signal == "kill" and clean.id is None:
        raise RefusedError("missing_field", "a kill that does not say of which story: it has no id")
    identity = clean.id or content_id("story", clean.headline, clean.body)
    if len(identity) > _ID_LIMIT:
        raise RefusedError("bad_value", f"an id of {len(identity)} characters; {_ID_LIMIT} at most")
    if arrival.trust == "low":
        identity = f"{LOW_TRUST}{arrival.feed}:{identity}"
    made = Story(
        id=StoryId(identity),
        edition=EditionId(content_id("edition", identity, *_said(clean))),
        version=clean.version,
        signal=clean.signal,
        published_at=clean.published_at,
        first_published_at=clean.first_published_at,
        received_at=arrival.received_at,
        embargoed_until=clean.embargoed_until,
        source=clean.source or one_line(arrival.source) or arrival.feed,
        feed=arrival.feed,
        format=format_name,
        trust=arrival.trust,
        language=clean.language or arrival.language,
        headline=clean.headline,
        slugline=clean.slugline,
        byline=clean.byline,
        dateline=clean.dateline,
        body=clean.body,
        urgency=clean.urgency,
        subjects=clean.subjects,
        links=clean.links,
        note=clean.note,
        remarks=clean.remarks,
    )
    _require_room(made)
    return made


def one_line(value: str | None, limit: int = _LINE_LIMIT) -> str | None:
    """A line without control characters and with single spaces; `None` where nothing is left."""
    if value is None:
        return None
    line = " ".join(_CONTROLS.sub(" ", value[: limit * 4]).split())
    return line[:limit].rstrip() or None


def text_block(value: str) -> str:
    """A text with line feeds only, no control characters, no more than one blank line in a row.

    Single line breaks stay: whether they end a paragraph is for the reader to judge.
    """
    unix = value.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    lines = unix.replace("\u2028", "\n").replace("\u2029", "\n\n").split("\n")
    # Line by line: an expression for spaces at a line's end is quadratic in a run of them.
    plain = "\n".join(_CONTROLS.sub("", line).rstrip() for line in lines)
    return _BLANK_RUN.sub("\n\n", plain).strip()


def instant(value: object, name: str) -> datetime | None:
    """The moment in an ISO 8601 text; `None` for an absent or empty one.

    A time without an offset is taken as UTC, as the feeds that leave it out mean it; where one does
    not, it is wrong by hours, never by a day's worth of news. A date alone is its midnight. Raises
    `RefusedError` for anything else.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise RefusedError("bad_value", f"{name}: a time is a text in ISO 8601")
    try:
        moment = datetime.fromisoformat(value.strip())
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        raise RefusedError("bad_value", f"{name}: {value[:60]!r} is no time in ISO 8601") from None


def is_later(version: str | None) -> bool:
    """Whether a version's number says that there were versions before it.

    A number of more than four digits is a hash or a time, and says nothing of it.
    """
    if version is None or not (version.isascii() and version.isdigit()):
        return False
    return len(version) <= _ORDINAL_DIGITS and int(version) > 1


def language_code(tag: object) -> str | None:
    """The language of a BCP 47 tag (`es-CL` gives `es`); `None` where it is none that is known.

    A tag that cannot be read is no reason to refuse a story: the reader looks for itself.
    """
    if not isinstance(tag, str):
        return None
    primary = re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]
    if not re.fullmatch(r"[a-z]{2,3}", primary):
        return None
    return _TERMINOLOGICAL.get(primary, primary)


def decode_utf8(data: bytes) -> str:
    """The text of UTF-8 bytes, without a byte order mark. Raises `RefusedError` with the offset."""
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise RefusedError(
            "not_utf8", f"byte 0x{data[error.start]:02x} at offset {error.start}: {error.reason}"
        ) from None


def _clean(draft: Draft) -> Draft:
    return Draft(
        id=one_line(draft.id, _ID_LIMIT + 1),
        body=text_block(draft.body),
        headline=one_line(draft.headline),
        version=one_line(draft.version),
        signal=draft.signal,
        published_at=draft.published_at,
        first_published_at=draft.first_published_at,
        embargoed_until=draft.embargoed_until,
        source=one_line(draft.source),
        language=draft.language,
        slugline=one_line(draft.slugline),
        byline=one_line(draft.byline),
        dateline=one_line(draft.dateline),
        urgency=draft.urgency,
        subjects=_lines(draft.subjects),
        links=_lines(draft.links),
        note=one_line(draft.note, _NOTE_LIMIT),
        remarks=_lines(draft.remarks),
    )


def _lines(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for value in values[:_MANY] if (line := one_line(value)))


def _said(draft: Draft) -> list[str | None]:
    """Every field of what the item says as a text, in order of declaration."""
    said: list[str | None] = []
    for field in fields(Draft):
        if field.name == "remarks":
            continue
        value = getattr(draft, field.name)
        if isinstance(value, tuple):
            said += [str(len(value)), *value]
        elif isinstance(value, datetime):
            said.append(value.isoformat())
        else:
            said.append(None if value is None else str(value))
    return said


def _require_room(made: Story) -> None:
    if len(made.body) <= _SURELY_SMALL:
        return
    size = len(encode(made))
    if size > _STORY_LIMIT:
        raise RefusedError(
            "too_large", f"a story of {size} bytes; {STORIES.name} takes {_STORY_LIMIT}"
        )
