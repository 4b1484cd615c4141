"""Free text that takes back or corrects another message of the same wire, and which one it means.

Formats without a field for it say it in words: 'KILL KILL KILL. Please kill item dpa 157', AP 'A
kill is mandatory. … Kill BC-Slug, V0123', AFP 'ANNULATION', EFE 'ANULACION', 'Berichtigung zu dpa
0157'. What is killed is withdrawn everywhere, so a word counts only where it stands alone or before
the number of a message, and a phrase only in a short message or with a number. How the message
itself is set is not known here.

Sources: the stylebooks of AP and dpa; the other languages' habits from the wires themselves.
"""

import re
from dataclasses import dataclass
from datetime import date

from schemas.stories import Signal
from streams.core.wire.day_time import century, month_number

_OPENINGS: tuple[tuple[Signal, str], ...] = (
    (
        "kill",
        r"(?:mandatory |bulletin )?kill|bulletin elimination|annulations?|annul[eé]e?|annullare|"
        r"annullat[oa]|annullamento|anula[cç](?:i[oó]n|[aã]o)|anulad[oa]|anular|annullierung|"
        r"zur(?:ü|ue)ckgezogen|storno",
    ),
    (
        "correction",
        r"berichtigung|korrektur|correcti(?:on|ve|f)|corrected|rectificati(?:f|on)|"
        r"rectificaci[oó]n|correcci[oó]n|correzione|rettifica|corre[cç][aã]o|retifica[cç][aã]o|"
        r"errat(?:a|um)",
    ),
)
_OPENING = tuple(
    (
        signal,
        re.compile(
            rf"\W{{0,8}}(?P<word>{words})\b(?:\W{{1,3}}(?:{words})\b){{0,9}}", re.IGNORECASE
        ),
    )
    for signal, words in _OPENINGS
)
_PHRASES: tuple[tuple[Signal, re.Pattern[str]], ...] = (
    (
        "kill",
        re.compile(
            r"\bkill is mandatory\b|\bplease kill\b|\bpri[eè]re d['’ ]?annuler\b"
            r"|\b(?:rogamos|ruega|favor) (?:que )?anul(?:en|ar|ad|em)\b"
            r"|\b(?:pedimos|solicitamos|pede-se|solicita-se) (?:que )?(?:a )?anul\w{2,5}\b"
            r"|\bprega di annullare\b"
            r"|\bbitte [^.\n]{0,60}\bnicht (?:mehr )?(?:verwenden|verbreiten|veröffentlichen)\b"
            r"|\bmeldung [^.\n]{0,60}\b(?:wird|ist|wurde) (?:hiermit )?"
            r"(?:zurückgezogen|annulliert)\b"
            r"|\bis hereby withdrawn\b",
            re.IGNORECASE,
        ),
    ),
    (
        "correction",
        re.compile(
            r"\bplease read\b|\bbitte (?:richtig )?lesen\b|\bmuss es (?:richtig )?heißen\b"
            r"|\b(?:bien|prière de) lire\b|\bl[eé]ase\b|\bleia-se\b|\bleggasi\b|\bsi legga\b",
            re.IGNORECASE,
        ),
    ),
)
_ITEM_WORDS = (
    r"(?:item|story|message|take|meldung|noticia|nota|despacho|cable|d[eé]p[eê]che|notizia|lancio"
    r"|not[ií]cia|texto|information)s?,? (?:(?:n[°ºo]?|nr|num|n[uú]mero|nummer|number)\.? ?)?"
)
_DAY = re.compile(
    r"\b(?P<d>\d{1,2})(?:[./-](?P<mo>\d{1,2})(?:[./-](?P<y>\d{4}|\d\d)\b)?"
    r"|\.? (?:de )?(?P<mon>[^\W\d_]{3,10})\.?(?: (?:de )?(?P<year>\d{4}))?)"
)
_LINES = 6
_LOOKED_AT = 1_500
_NEAR = 300
_DAY_WITHIN = 40
_SHORT = 1_500
"""Characters; a kill is a message of its own and says no more than that."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Another message as this one names it."""

    number: int
    letters: str | None = None
    """Of its source or service, as written; `None` where only a number is given."""
    day: date | None = None
    """Only where the text gives one; the year may follow from this message's own day."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What a message says of others."""

    signal: Signal
    named: tuple[Reference, ...] = ()


def advice(text: str, names: tuple[str, ...], today: date | None) -> Advice | None:
    """What a message takes back or corrects; `None` where it does neither.

    `text` has keywords, headline and body, in this order; `names` are the sender's own, as they may
    stand before a number; `today` is the day of this message.
    """
    looked_at = text[:_LOOKED_AT]
    at = 0
    for line in looked_at.split("\n", _LINES)[:_LINES]:
        signal = opening(line)
        if signal:
            found = _references(looked_at[at : at + _NEAR], names, today)
            if found or _stands_alone(line, signal):
                return Advice(signal, found)
        at += len(line) + 1
    for signal, phrase in _PHRASES:
        match = phrase.search(looked_at)
        if match:
            # 'In item 157 please read': a correction names the message first.
            begin = 0 if signal == "correction" else match.start()
            found = _references(looked_at[begin : match.end() + _NEAR], names, today)
            if found or (signal == "kill" and len(text) <= _SHORT):
                return Advice(signal, found)
    return None


def opening(line: str) -> Signal | None:
    """The signal whose word a line begins with."""
    return next((signal for signal, words in _OPENING if words.match(line)), None)


def _stands_alone(line: str, signal: Signal) -> bool:
    words = dict(_OPENING)[signal].match(line)
    if words is None:
        return False
    rest = line[words.end() :].strip()
    if not rest.strip(" =-–—.!:*/)<"):
        # A line that is no more than the word; in copy it would not be in capitals.
        return words["word"].isupper() or signal == "correction"
    if signal == "correction":
        return rest[0] in "-–—:/("
    return words["word"].upper().endswith("KILL") and rest[0] in "-–—:.,!/"


def _references(text: str, names: tuple[str, ...], today: date | None) -> tuple[Reference, ...]:
    own = "|".join(re.escape(name) for name in names if name) or "(?!)"
    # Letters close to digits are a number on a wire only with three letters, or AP's one and four.
    pattern = re.compile(
        rf"(?<!\w)(?:(?P<name>{own})[ -]{{0,2}}(?P<number>\d{{1,5}})"
        r"|(?-i:(?P<letters>[A-Z]{3}(?=\d{3,4}\b)|[A-Za-z](?=\d{4}\b)))(?P<close>\d{3,4})"
        rf"|{_ITEM_WORDS}(?P<item>\d{{1,5}}))(?!\d|[/:.]\d)",
        re.IGNORECASE,
    )
    found: dict[tuple[str | None, int], Reference] = {}
    for match in pattern.finditer(text):
        number = int(match["number"] or match["close"] or match["item"])
        letters = match["name"] or match["letters"]
        day = _day(text[match.end() : match.end() + _DAY_WITHIN], today)
        found.setdefault((letters, number), Reference(number, letters, day))
    return tuple(found.values())


def _day(text: str, today: date | None) -> date | None:
    match = _DAY.search(text)
    if match is None:
        return None
    month = month_number(match["mon"]) if match["mon"] else int(match["mo"])
    year = match["y"] or match["year"]
    if not month or not (year or today):
        return None
    try:
        if year:
            return date(century(year), month, int(match["d"]))
        assert today is not None
        day = date(today.year, month, int(match["d"]))
        return day if day <= today else day.replace(year=today.year - 1)
    except ValueError:
        return None
