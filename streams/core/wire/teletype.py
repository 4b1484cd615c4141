"""Copy as it is set on a teleprinter wire: headline, byline, dateline, notes, paragraphs, sign-off.

No format has fields for these; agencies set them by habit. A headline ends with `=`, a blank line,
or where the dateline begins; a byline is what the same block ends with; what follows a row of stars
is not for publication; the last line is the day/time group. What does not stand where the habit has
it is body. Control characters and headers are read before this.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from streams.core.wire.advisories import opening
from streams.core.wire.day_time import DayTime, day_time

_MOST_HEAD_LINES = 12
_LONGEST_HEADLINE = 250
_LONGEST_LABEL = 90
_SIGN_OFF_LINES = 8
_MOST_BYLINE_LINES = 3
_PAPER = (50, 100)
"""Characters of the longest line, where lines end because the paper does."""
_SLACK = 4

_LABEL = re.compile(
    r"\W*(?:\d{1,2}(?:st|nd|rd|th)? ?\.? ?)?"
    r"(?:(?:lead|ld(?:-writethru)?|eilmeldung|eil|blitz|flash|urgente?|bulletin|zusammenfassung|roundup|refile|repeat|wiederholung|repetici[oó]n|"
    r"r[eé]p[eé]tition|ripetizione|repeti[cç][aã]o|update|actualizaci[oó]n|actualisation|"
    r"aggiornamento|atualiza[cç][aã]o|advisory|achtung|attention|"
    r"atenci[oó]n|atenç[aã]o)\b[ \d]*\W*)+"
)
"""A line of the head that says what kind of message this is."""
_BYLINE = re.compile(r"By\s+\S|(?:Von|Por|Par|Di|De|Da)\s+(?=[^\W\d_a-z])\S")
_NOTE_START = re.compile(
    r"(?:\*\s*){3,}\*?|#+ (?:Notizblock|Notebook|Bloc-notes|Cuaderno)\b.*"
    r"|(?:The following information is not|Die folgenden Informationen sind nicht)\b.*"
)
_SIGNATURE = re.compile(
    r"[a-zA-Z]{2,4}(?:[ /][a-z0-9]{2,4}){1,6}|[A-Z]{2,4}|NNNN|\(?[A-Z][A-Za-z]{1,20}/Fim\)?\.?"
)
"""Initials of who wrote and edited; a line of copy ends with a full stop."""
_NUMBER = re.compile(r" \d{1,5}\b")
_FEW_WORDS = 3
_DATELINES = (
    re.compile(
        r"(?P<city>[^\W\d_a-z][^()\n]{1,60}?)\s*\((?P<who>[A-Za-z][A-Za-z/. -]{1,20})\)\s*"
        r"(?:[-–—_:]|\.\s*[-–—])"
    ),
    re.compile(
        r"\((?P<who>[A-Z][A-Za-z]{1,11})\)\s*[-–—.]{1,2}\s*"
        r"(?P<city>[^\W\d_a-z][^\W\d_a-z' ]{2,40}),"
    ),
)
_CITY_ENDS = re.compile(r",\s+(?=(?:\w{1,12}\.?\s+)?\d)")


@dataclass(frozen=True, slots=True)
class Copy:
    """What stands on the paper, without the sender's header."""

    headline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    agency: str | None = None
    """The name in the dateline's brackets."""
    labels: tuple[str, ...] = ()
    note: str | None = None
    body: str = ""
    signed: DayTime | None = None


@dataclass(slots=True)
class _Head:
    headline: list[str] = field(default_factory=list)
    byline: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


def copy_of(text: str, after: str = "", *, with_head: bool = True) -> Copy:
    """What a message's text says; `after` stands behind its end sign, where some agencies sign.

    Not `with_head`: the headline was told otherwise, and all of the text is body.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    signed = _signed(after.split("\n"), anywhere=True) or _signed(lines, anywhere=False)
    if signed:
        _cut_initials(lines)
    note = _cut_note(lines)
    head, rest = _head(lines) if with_head else (_Head(), lines)
    agency, city = dateline_of(rest)
    return Copy(
        headline=" ".join(head.headline) or None,
        byline=" ".join(head.byline) or None,
        dateline=city,
        agency=agency,
        labels=tuple(head.labels),
        note=note,
        body=paragraphs(rest),
        signed=signed,
    )


def dateline_of(lines: list[str]) -> tuple[str | None, str | None]:
    """Agency and city of the dateline that one of the first five lines with words begins with."""
    for line in [line for line in lines if line.strip()][:5]:
        found = _dateline(line)
        if found:
            city = _CITY_ENDS.split(found["city"], maxsplit=1)[0]
            return found["who"].strip(), city.strip(" ,")
    return None, None


def paragraphs(lines: list[str]) -> str:
    """Their paragraphs: parted by blank lines, begun by a line set in, ended by a sign.

    Lines that end where the paper does are joined; others stay, as those of lists and tables.
    """
    out: list[str] = []
    for line in lines:
        begins = line.startswith(("   ", "\t"))
        plain = line.strip()
        copy = without_end_sign(plain)
        out += [*([""] if begins else []), copy, *([""] if copy != plain else [])]
    return _unwrapped(out)


def _unwrapped(lines: list[str]) -> str:
    width = max(map(len, lines), default=0)
    if not _PAPER[0] <= width <= _PAPER[1]:
        return "\n".join(lines)
    out = [lines[0]]
    for before, line in pairwise(lines):
        # Full: the next line's first word would not have stood on this one.
        full = len(before) + 1 + len(line.split(" ", 1)[0]) > width - _SLACK
        out += [" " if before and line and full else "\n", line]
    return "".join(out)


def without_end_sign(line: str) -> str:
    """The line without the signs for its end, `<` and `=`."""
    return line.rstrip().rstrip("<=").rstrip()


def _signed(lines: list[str], *, anywhere: bool) -> DayTime | None:
    """The day/time group. Not `anywhere`: among the last lines only, which it is taken out of."""
    told = [index for index, line in enumerate(lines) if line.strip()]
    for index in told[:_SIGN_OFF_LINES] if anywhere else told[-1 : -_SIGN_OFF_LINES - 1 : -1]:
        found = day_time(lines[index])
        if found is None:
            continue
        if not anywhere:
            del lines[index:]
        return found
    return None


def _cut_initials(lines: list[str]) -> None:
    while lines and (not lines[-1].strip() or _SIGNATURE.fullmatch(lines[-1].strip())):
        lines.pop()


def _cut_note(lines: list[str]) -> str | None:
    for index, line in enumerate(lines):
        if line[:1] in ("*", "#", "T", "D") and _NOTE_START.fullmatch(line[:200].strip()):
            note = " ".join(part.strip("*# ") for part in lines[index:] if part.strip("*# "))
            del lines[index:]
            return note or None
    return None


def _head(lines: list[str]) -> tuple[_Head, list[str]]:
    head, at = _Head(), 0
    while at < _MOST_HEAD_LINES:
        while at < len(lines) and not lines[at].strip():
            at += 1
        block, ended = _block(lines[at:])
        if not _take(block, ended, head):
            break
        at += len(block)
        if ended == "dateline":
            break
    return head, lines[at:]


def _block(lines: list[str]) -> tuple[list[str], str]:
    """The lines up to the end of what may be a headline, and what ends it."""
    block: list[str] = []
    for line in lines[:_MOST_HEAD_LINES]:
        if not line.strip():
            return block, "blank"
        if _dateline(line):
            return block, "dateline"
        block.append(line)
        if line.rstrip().endswith("="):
            return block, "sign"
    return block, "body"


def _take(block: list[str], ended: str, head: _Head) -> bool:
    """Takes the block into the head; says whether it belonged there."""
    plain = [without_end_sign(line).strip() for line in block]
    labels = [line for line in plain if is_label(line)]
    words = [line for line in plain if line and line not in labels]
    if not block or sum(map(len, words)) > _LONGEST_HEADLINE:
        return False
    byline = _byline(words, head)
    words = words[: len(words) - len(byline)]
    if words and (head.headline or ended == "body"):
        return False
    if words and ended == "blank" and words[-1].endswith((".", "!", ":", ",", ";")):
        return False
    head.labels += labels
    head.headline += words
    head.byline += byline
    return bool(labels or words or byline)


def _byline(words: list[str], head: _Head) -> list[str]:
    """The last lines, from one that begins like a byline; a headline may begin with Von or Par."""
    first = 0 if head.headline else 1
    for index in range(max(first, len(words) - _MOST_BYLINE_LINES), len(words)):
        if _BYLINE.match(words[index]) and len(words[index]) <= _LONGEST_LABEL:
            return words[index:]
    return []


def is_label(line: str) -> bool:
    """Whether this line of a head says what kind of message it is, and nothing else."""
    plain = line.strip()
    if len(plain) > _LONGEST_LABEL:
        return False
    if _LABEL.fullmatch(plain.lower()):
        return True
    # What is all in brackets is said of the message.
    if plain.startswith("(") and plain.endswith(")"):
        return True
    # 'Berichtigung zu dpa 0157'; 'BERICHTIGUNG: Kast in Lima' is a headline.
    told = opening(plain) is not None and ":" not in plain.rstrip(": =")
    return told and (len(plain.split()) <= _FEW_WORDS or _NUMBER.search(plain) is not None)


def _dateline(line: str) -> re.Match[str] | None:
    plain = line[:140].lstrip()
    return next((found for form in _DATELINES if (found := form.match(plain))), None)
