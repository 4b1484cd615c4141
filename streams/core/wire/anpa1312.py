"""ANPA 1312, the American dialect of IPTC 7901, as AP and those who follow it write it.

    SYN SYN SOH v0123 US ----- CR LF
    u i DC4 DC1 BC-Chile-Ecuador 1stLd-Writethru 12-14 0320 CR LF
    STX ^BC-Chile-Ecuador, 1st Ld-Writethru,320< … ETX AP-WF-12-14-25 1530GMT

Service level and story number; priority, category and format; keyword with version, month and day,
words. Lines of the head begin with `^`, paragraphs with a tab. The year stands only in the last
line. Each version has a number, and so an id, of its own: what links a writethru to the story
before it is the keyword, which wires use again for other stories on other days.

Sources: ANPA Bulletin 1312; Superdesk's parsers; AP's stylebook for kills. Frame and code pages are
read in `iptc7901`.
"""

import re
from dataclasses import dataclass, field

from schemas.stories import Signal
from streams.core.wire import signals
from streams.core.wire.advisories import Reference, advice
from streams.core.wire.item import Draft
from streams.core.wire.teletype import Copy, copy_of, without_end_sign

_SERVICE = re.compile(r"(?P<level>[A-Za-z])(?P<number>\d{4})(?:[\s-].*|[a-z]{0,12})")
_SELECTOR = re.compile(
    r"(?P<priority>[A-Za-z]) (?P<category>[A-Za-z])\s+(?P<keyword>\S.*?)\s+"
    r"\d{1,2}-\d{1,2}(?:\s+\d{1,5})?"
)
_KEYWORD = re.compile(r"(?:[A-Z]{2}|[ap]m)-\S")
_VERSION = re.compile(
    r"\d{0,2}(?:st|nd|rd|th)? ?(?:ld|add|sub|take|writethr[ou]\w*)\b.*|urgent.*|kill|correct.*"
    r"|.*-writethru.*|bulletin.*|advisory",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\(?(?:Eds?:|EDITORS?\b|EDITOR'S NOTE|AP (?:Photo|Video|Graphic)|With AP)")
_URGENCY = {"f": 1, "b": 2, "u": 3, "r": 4, "d": 5}
"""Flash, bulletin, urgent, rush, deferred. The others are days of release, and no urgency."""


@dataclass(slots=True)
class _Head:
    keyword: str | None = None
    version: str | None = None
    headline: str | None = None
    byline: list[str] = field(default_factory=list)
    note: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def is_header(lines: list[str]) -> bool:
    """Whether the lines before the text are a header of this dialect."""
    return (
        len(lines) > 1
        and _SERVICE.fullmatch(lines[0]) is not None
        and _SELECTOR.fullmatch(lines[1]) is not None
    )


def draft_of(header: list[str], text: str, after: str, remarks: tuple[str, ...]) -> Draft:
    """What one message says; `header` is one for which `is_header` holds."""
    service, selector = _SERVICE.fullmatch(header[0]), _SELECTOR.fullmatch(header[1])
    assert service is not None
    assert selector is not None
    head, rest = _head(text)
    copy = copy_of(_typographic("\n".join([*head.more, "", *rest])), after, with_head=False)
    keyword, version = _keyword(head, selector["keyword"])
    source = (copy.signed.who if copy.signed else None) or copy.agency
    said = advice(
        "\n".join([selector["keyword"], *head.said, copy.body]),
        (),
        copy.signed.day if copy.signed else None,
    )
    named = said.named if said else ()
    own = Reference(int(service["number"]), service["level"])
    meant = named[0] if named else own
    notes = [*head.note, *([copy.note] if copy.note else [])]
    return Draft(
        id=_id(source, copy, meant, own),
        version=version,
        signal=signals.strongest(
            said.signal if said else "none",
            _version_signal(version),
            signals.from_note(" ".join(head.note)),
            signals.from_headline(head.headline),
        ),
        headline=head.headline,
        body=copy.body,
        published_at=copy.signed.at if copy.signed else None,
        source=source,
        slugline=keyword,
        byline=" ".join(head.byline) or None,
        dateline=copy.dateline,
        urgency=_URGENCY.get(selector["priority"].lower()),
        subjects=(selector["category"].lower(),),
        note=" ".join(notes) or None,
        remarks=remarks,
    )


def _id(source: str | None, copy: Copy, meant: Reference, own: Reference) -> str | None:
    if source is None or copy.signed is None:
        return None
    day = meant.day or copy.signed.day
    letter = meant.letters or own.letters
    return f"anpa1312:{source}:{day}:{letter}{meant.number:04}".lower()


def _head(text: str) -> tuple[_Head, list[str]]:
    head, lines = _Head(), text.split("\n")
    at = 0
    while at < len(lines) and (lines[at].startswith("^") or not lines[at].strip()):
        line = lines[at].strip("^ \r")
        plain = without_end_sign(line)
        if plain:
            head.said.append(plain)
            _take(plain, head)
        at += 1
    return head, lines[at:]


def _take(line: str, head: _Head) -> None:
    if head.keyword is None and not head.headline and _KEYWORD.match(line):
        parts = [part.strip() for part in line.split(",")]
        head.keyword = parts[0]
        rest = [part for part in parts[1:] if part and not part.isdigit()]
        head.version = ", ".join(rest) or None
    elif _NOTE.match(line):
        head.note.append(line)
    elif head.byline or line.startswith("By "):
        head.byline.append(line)
    elif head.headline is None:
        head.headline = line
    else:
        head.more.append(f"   {line}")


def _keyword(head: _Head, selector: str) -> tuple[str, str | None]:
    """Keyword and version: in full in the text, cut short in the header."""
    words = selector.split()
    cut = next((at for at, word in enumerate(words) if at and _VERSION.fullmatch(word)), None)
    keyword = head.keyword or " ".join(words[:cut])
    return keyword, head.version or (" ".join(words[cut:]) if cut else None)


def _version_signal(version: str | None) -> Signal:
    told = (version or "").lower()
    if "correct" in told:
        return "correction"
    return "update" if re.search(r"ld\b|ld-|writethr|update", told) else "none"


def _typographic(text: str) -> str:
    """AP's quotation marks and dashes, which seven bits do not have."""
    return text.replace("``", "“").replace("''", "”").replace(" _ ", " — ")
