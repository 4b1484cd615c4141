"""Times as feeds write them: ISO 8601, RFC 822, and what people make of the two.

`email.utils` reads RFC 822 too, but takes `CET` and `+01:00` for UTC and drops `PM`, without a
word. What is no time stays `None`, with a remark: a bad date is no reason to lose a story. Numbers
alone, such as 4/5/2026, mean two days and are none.
"""

import re
from datetime import UTC, datetime, timedelta, timezone

from streams.core.wire.item import RefusedError, instant

_MONTHS = (
    "jan|january|januar|jän|jänner|ene|enero|janv|janvier|janeiro|gen|gennaio",
    "feb|february|februar|febrero|fév|févr|fev|février|fevereiro|febbraio",
    "mar|march|mär|mrz|märz|marzo|mars|março",
    "apr|april|abr|abril|avr|avril|aprile",
    "may|mai|mayo|maio|mag|maggio",
    "jun|june|juni|junio|juin|junho|giu|giugno",
    "jul|july|juli|julio|juil|juillet|julho|lug|luglio",
    "aug|august|ago|agosto|aoû|août|aout",
    "sep|sept|september|septiembre|septembre|set|setembro|settembre",
    "oct|october|okt|oktober|octubre|octobre|out|outubro|ott|ottobre",
    "nov|november|noviembre|novembre|novembro",
    "dec|december|dez|dezember|dic|diciembre|déc|décembre|dezembro|dicembre",
)
_MONTH = {
    name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split("|")
}
_NAMED = "|".join(sorted(_MONTH, key=len, reverse=True))
_HOURS = {
    -8: "pst",
    -7: "mst pdt",
    -6: "cst mdt",
    -5: "est cdt cot ect pet",
    -4: "edt clt",
    -3: "art brt clst",
    0: "z ut utc gmt wet",
    1: "bst cet mez wat west",
    2: "cat cest eet mesz sast",
    3: "eat eest msk",
    9: "jst",
}
"""Hours ahead of UTC, and names that mean no other offset to whoever writes them in a feed: those
of RFC 822, section 5.1, and of the countries whose languages are read."""
_ZONES = {name: hours for hours, names in _HOURS.items() for name in names.split()}

_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?[ \-/]{1,3}(?:de )?"
    rf"(?P<month>{_NAMED})[.,]?[ \-/]{{1,3}}(?:de )?(?P<year>\d{{4}}|\d{{2}})(?!\d)"
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{_NAMED})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? "
    r"(?:.{0,25} )??(?P<year>\d{4})(?!\d)"
)
_TIME = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})[:h.](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?(?!\d)"
    r"(?: ?(?P<half>[ap])\.?m\b\.?)?"
    r"(?: ?(?:uhr|hrs|hs|h)\b)?(?: ?(?P<zone>[a-z][a-z/_]{0,30}))?"
    r" ?(?:(?P<sign>[+\-−])(?P<ahead>\d{1,2}):?(?P<minutes>\d{2})?)?"
)
_SPACED_OFFSET = re.compile(r" (?=[+-]\d{2}:?\d{2}$)")
_LONGEST = 80
_CENTURY = 50
"""RFC 2822, section 4.3: years of two digits from 50 on are of the century before."""


def moment(said: str | None, name: str) -> tuple[datetime | None, tuple[str, ...]]:
    """The time in UTC, and what had to be put right or left out; `name` says which time it is.

    A time without an offset, or with a zone of many meanings, is taken as UTC, as in `instant`.
    """
    plain = " ".join((said or "")[: _LONGEST * 4].split())
    if not plain:
        return None, ()
    try:
        return instant(_SPACED_OFFSET.sub("", plain.replace("/", "-")), name), ()
    except RefusedError:
        pass
    found = _as_written(plain.lower()) if len(plain) <= _LONGEST else None
    if found is None:
        return None, (f"{name}: {plain[:60]!r} is no time; left out",)
    read, zone = found
    return read, (f"{name}: the zone {zone!r} may be several; read as UTC",) if zone else ()


def _as_written(said: str) -> tuple[datetime, str | None] | None:
    """The time, and the name of its zone where that is not known."""
    date = _DAY_FIRST.search(said) or _MONTH_FIRST.search(said)
    if date is None:
        return None
    # Not within the date, unless that goes around it: 'Jan 14 12:00:00 2026'.
    time = _TIME.search(said, date.end()) or _TIME.search(said)
    if time is None and ":" in said:
        return None
    zone, offset = _offset(time)
    try:
        local = datetime(
            _year(date["year"]),
            _MONTH[date["month"]],
            int(date["day"]),
            *(_clock(time) if time else (0, 0, 0)),
            tzinfo=timezone(offset),
        )
        return local.astimezone(UTC), zone
    except (ValueError, OverflowError):
        return None


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > len("26"):
        return year
    return year + (1900 if year >= _CENTURY else 2000)


def _clock(time: re.Match[str]) -> tuple[int, int, int]:
    hour = int(time["hour"])
    if time["half"]:
        hour = hour % 12 + (12 if time["half"] == "p" else 0)
    # A leap second has no place in a day of ours.
    return hour, int(time["minute"]), min(int(time["second"] or 0), 59)


def _offset(time: re.Match[str] | None) -> tuple[str | None, timedelta]:
    """The zone's name if it says nothing, and the hours ahead of UTC."""
    if time is None:
        return None, timedelta()
    if time["sign"]:
        digits = time["ahead"]
        ahead = timedelta(hours=int(digits), minutes=int(time["minutes"] or 0))
        return None, ahead if time["sign"] == "+" else -ahead
    name = time["zone"]
    if name is None or name in _ZONES:
        return None, timedelta(hours=_ZONES[name] if name else 0)
    return name.upper(), timedelta()
