"""Messages in IPTC 7901 and its American dialect ANPA 1312: text between control characters.

    SOH bdt0157 3 pl 245  dpa 0208 CR LF
    Chile/Ecuador/ CR LF
    STX headline = … text … ETX 141530 DEZ 25 EOT

Source and number, priority, category, words, and what the sender adds; keywords; the text; the
day/time group, behind the text or as its last line. Numbers begin anew each day, so an id is made
of source, number and day, as header and day/time group have them; a message that names no day has
none. A kill or correction that names another message of that source gets the id of that message:
dpa 157 of this day, unless it says of which. One that corrects by 'please read' alone stands for
the whole story from then on.

Files of messages in any code page, as none is declared. Text without these control characters is
no such message, whatever it looks like.

Sources: IPTC Recommendation 7901 (1995); agenturjournalismus.de/index.php/technik/iptc-7901;
Superdesk's parsers.
"""

import re
from dataclasses import dataclass

from schemas.stories import Signal
from streams.core.wire import anpa1312, signals
from streams.core.wire.advisories import Advice, Reference, advice
from streams.core.wire.encodings import decoded
from streams.core.wire.item import Draft, RefusedError
from streams.core.wire.seven_bit import with_national_letters
from streams.core.wire.teletype import Copy, copy_of

_SOH, _STX, _ETX, _EOT = b"\x01", b"\x02", b"\x03", b"\x04"
_START = re.compile(rb"[\x16\x00\x7f]{0,8}\x01+")
_BEGINS = re.compile(rb"[\x00\x03\x04\x16\x7f\s]{0,64}\x01")
_ESCAPES = re.compile(rb"\x1b[ -/]{0,4}[0-~]?")
_FILLERS = b"\x00\x16\x7f"
_PART = b"\x0c"
"""Between header, text and what is behind it, once the control characters are gone."""
_CONTROLS = bytes(sign for sign in range(32) if sign not in b"\t\n")
_PLAIN = bytes.maketrans(_CONTROLS, bytes(b" \n"[s in b"\x0b\x1c\x1d\x1e"] for s in _CONTROLS))
"""Separators of file, group and record part lines, the others words."""

_HEADER = re.compile(
    r"(?P<service>[^\W\d_]{1,10})[ -]?(?P<number>\d{1,6})(?:\s+(?P<priority>\d))?"
    r"(?:\s+(?P<category>[^\W\d_]{1,4}(?:[/-][^\W\d_]{1,4})?))?(?:\s+(?P<words>\d{1,6}))?"
    r"(?P<info>(?:\s.*)?)"
)
_SERIAL = re.compile(
    r"(?<!\S)(?P<name>[^\W\d_]{2,10}(?:-[^\W\d_]{2,10})?)\s+(?P<serial>\d{1,6})(?!\S)"
)
_NAMED = re.compile(r"(?<!\S)(?:/(?P<slashed>[A-Za-z]{2,8})-|(?P<before>[A-Za-z]{2,6}) (?=\d))")
_LEAD = re.compile(r"\blead\b|\bld\b|\bzusammenfassung\b|\broundup\b", re.IGNORECASE)
_LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class _Header:
    """The header line; nothing in it where it cannot be read."""

    source: str | None = None
    """The agency, where the line names it."""
    service: str | None = None
    who: str | None = None
    """Whose numbers these are: the agency's, or else the service's."""
    number: int | None = None
    priority: int | None = None
    category: str | None = None
    keywords: str | None = None


def read(data: bytes) -> Draft:
    """What one message says. Raises `RefusedError`."""
    if len(split(data)) > 1:
        raise RefusedError("not_a_story", "several messages; one item carries one")
    header, text, after, remarks = _parts(data)
    lines = [line.strip()[:_LONGEST_LINE] for line in header.split("\n") if line.strip()]
    if anpa1312.is_header(lines):
        return anpa1312.draft_of(lines, text, after, remarks)
    told = _header(lines)
    if told.number is None:
        remarks += (f"a header line that is not understood: {''.join(lines[:1])[:60]!r}",)
    return _draft(told, copy_of(text, after), remarks)


def begins(head: bytes) -> bool:
    """Whether it begins with a start of heading, after fillers at most."""
    return _BEGINS.match(head) is not None


def split(data: bytes) -> tuple[bytes, ...]:
    """The messages of a stream, each from its start of heading on. Never raises."""
    starts = [match.start() for match in _START.finditer(data)]
    if not starts:
        return (data,)
    if data[: starts[0]].translate(None, bytes(range(33)) + b"\x7f"):
        starts.insert(0, 0)
    return tuple(
        data[start:end] for start, end in zip(starts, [*starts[1:], len(data)], strict=True)
    )


def _parts(data: bytes) -> tuple[str, str, str, tuple[str, ...]]:
    """Header, text, what stands behind the text, and remarks."""
    heading = data.find(_SOH)
    if heading < 0:
        raise RefusedError("not_a_story", "no start of heading (SOH) in it")
    start = data.find(_STX, heading)
    if start < 0:
        raise RefusedError("missing_field", "no start of text (STX) after the heading")
    end = data.find(_ETX, start)
    told = end >= 0
    end = end if told else len(data)
    raw = (data[heading + 1 : start], data[start + 1 : end], data[end + 1 :].partition(_EOT)[0])
    plain = _PART.join(_plain(part) for part in raw)
    text, remarks = decoded(plain)
    text, more = with_national_letters(text)
    header, body, after = (*text.split("\x0c"), "", "")[:3]
    if not told:
        more += ("no end of text (ETX): it may be cut short",)
    if data.find(_STX, end) >= 0:
        more += ("another text without a heading follows, and is left out",)
    return header, body, after, remarks + more


def _plain(part: bytes) -> bytes:
    unix = _ESCAPES.sub(b"", part).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return unix.translate(_PLAIN, _FILLERS)


def _header(lines: list[str]) -> _Header:
    found = _HEADER.fullmatch(lines[0]) if lines else None
    if found is None:
        return _Header(keywords=" ".join(lines[1:]) or None)
    serial, named = _SERIAL.search(found["info"]), _NAMED.search(found["info"])
    source = serial["name"] if serial else None
    if source is None and named:
        source = named["slashed"] or named["before"]
    return _Header(
        source=source,
        service=found["service"],
        who=serial["name"] if serial else found["service"],
        number=int(serial["serial"] if serial else found["number"]),
        priority=int(found["priority"]) if found["priority"] else None,
        category=found["category"],
        keywords=" ".join(lines[1:]).rstrip("/ ") or None,
    )


def _draft(told: _Header, copy: Copy, remarks: tuple[str, ...]) -> Draft:
    day = copy.signed.day if copy.signed else None
    source = told.source or (copy.signed.who if copy.signed else None) or copy.agency
    names = tuple(dict.fromkeys(filter(None, (source, told.who, told.service))))
    said = advice(_words(told, copy), names, day)
    if copy.signed is None:
        remarks += ("no day/time group with a year in it",)
    elif copy.signed.zone is None:
        remarks += ("the day/time group names no zone; taken as UTC",)
    if said and len(said.named) > 1:
        others = ", ".join(str(other.number) for other in said.named[1:])
        remarks += (f"it names {others} too; only the first message named is meant here",)
    return Draft(
        id=_id(told, copy, said, source),
        signal=_signal(said, copy),
        headline=copy.headline,
        body=copy.body,
        published_at=copy.signed.at if copy.signed else None,
        source=source or told.service,
        slugline=told.keywords,
        byline=copy.byline,
        dateline=copy.dateline,
        urgency=told.priority or None,
        subjects=(told.category.lower(),) if told.category else (),
        note=" ".join([*copy.labels, *([copy.note] if copy.note else [])]) or None,
        remarks=remarks,
    )


def _words(told: _Header, copy: Copy) -> str:
    parts = (told.keywords, *copy.labels, copy.headline, copy.body.lstrip("\n"))
    return "\n".join(part for part in parts if part)


def _id(told: _Header, copy: Copy, said: Advice | None, source: str | None) -> str | None:
    if copy.signed is None or told.who is None or told.number is None:
        return None
    meant = said.named[0] if said and said.named else Reference(told.number)
    # Who is named by the agency's name or not at all is one of the numbers that this one is of.
    own = meant.letters is None or meant.letters.lower() in (
        (source or "").lower(),
        told.who.lower(),
    )
    who = told.who if own else meant.letters
    return f"iptc7901:{who}:{meant.day or copy.signed.day}:{meant.number}".lower()


def _signal(said: Advice | None, copy: Copy) -> Signal:
    # A kill is for `advice` to tell, which is stricter than what holds for a note to editors.
    labels = [told for label in copy.labels if (told := signals.from_note(label)) != "kill"]
    leads: list[Signal] = ["update" for label in copy.labels if _LEAD.search(label)]
    return signals.strongest(
        said.signal if said else "none",
        signals.from_headline(copy.headline),
        *labels,
        *leads,
    )
