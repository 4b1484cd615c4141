"""The day/time group that ends a message of a news agency, in the ways agencies write it.

IPTC 7901 has `141530 DEC 25` (day, hour, minute, month, year); agencies put their name before it, a
zone into it, or write a date of their own kind. Only whole lines are taken, so that a date in a
sentence is none, and only with a year: what a line does not say is not filled in from elsewhere.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jän ene enero janv janvier janeiro gen gennaio",
            "feb february februar febrero fév fev février fevrier fevereiro febbraio",
            "mar march mär mrz märz maerz marzo mars março marco",
            "apr april abr abril avr avril aprile",
            "may mai mayo maio mag maggio",
            "jun june juni junio juin junho giu giugno",
            "jul july juli julio juil juillet julho lug luglio",
            "aug august ago agosto aoû aou août aout",
            "sep sept september septiembre septembre set setembro settembre",
            "oct october okt oktober octubre octobre out outubro ott ottobre",
            "nov november noviembre novembre novembro",
            "dec december dez dezember dic diciembre déc décembre decembre dezembro dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
"""In the six languages, short and long; no name is two months."""

_ZONES: dict[str, int] = {
    **dict.fromkeys(("gmt", "utc", "z", "wet", "tmg", "tu"), 0),
    **dict.fromkeys(("bst", "west", "cet", "mez", "hec"), 1),
    **dict.fromkeys(("cest", "mesz", "haec", "eet"), 2),
    **dict.fromkeys(("msk", "eest"), 3),
    **dict.fromkeys(("brt", "art", "clst"), -3),
    **dict.fromkeys(("clt", "edt"), -4),
    **dict.fromkeys(("est", "cdt", "pet", "cot"), -5),
    **dict.fromkeys(("cst", "mdt"), -6),
    **dict.fromkeys(("mst", "pdt"), -7),
    "pst": -8,
}
"""Hours ahead of UTC; an abbreviation that means several zones is what agencies mean by it."""

_WHO = r"(?:(?P<who>[^\W\d_]{2,12})[ /-]{1,2})?"
_ZONE = r"(?P<zone>[A-Za-z]{1,4}|[+-]\d\d:?\d\d)"
_MONTH = r"(?P<mon>[^\W\d_]{3,10})"
_YEAR = r"(?P<y>\d{4}|\d{2})"
_CLOCK = rf"(?P<h>\d\d)[:.h]?(?P<m>\d\d)(?: ?{_ZONE})?"
_FORMS = tuple(
    re.compile(rf"{form}[ .<=]*(?:NNNN)?", re.IGNORECASE)
    for form in (
        # IPTC 7901: 141530 DEC 25, AFP 141530 GMT DEC 25
        rf"{_WHO}(?P<d>\d\d)(?P<h>\d\d)(?P<m>\d\d)(?: ?{_ZONE})? {_MONTH}\.? ?{_YEAR}",
        # 14/12/25 15:30, 14.12.2025 15:30 CET, and the month in letters: 14-DIC-25 15:30
        rf"{_WHO}(?P<d>\d\d?)(?P<by>[./ -])(?:(?P<mo>\d\d?)|{_MONTH})(?P=by){_YEAR}"
        rf"(?:,| -|T)? ?{_CLOCK}",
        # As EFE has it, the month first: 12/14/15-30/25
        rf"{_WHO}(?P<mo>\d\d)/(?P<d>\d\d)/(?P<h>\d\d)-(?P<m>\d\d)/{_YEAR}",
        # ANPA 1312: AP-WF-12-14-25 1530GMT
        r"(?P<who>[A-Za-z]{2,4})-[A-Za-z]{2}-(?P<mo>\d\d)-(?P<d>\d\d)-(?P<y>\d\d) ?"
        rf"(?P<h>\d\d)(?P<m>\d\d) ?{_ZONE}?",
    )
)
_LONGEST = 60
_CENTURY = 2000
_LAST_CENTURY = 70
"""Two-digit years from this on are of the 20th century."""


@dataclass(frozen=True, slots=True)
class DayTime:
    """A day/time group."""

    day: date
    """As written, in the agency's own zone: numbers begin anew at its midnight."""
    at: datetime
    """In UTC; where the group names no zone, its clock is taken for UTC."""
    zone: str | None
    """The zone as written, where it is one that is known."""
    who: str | None
    """The agency that signs in the same line."""


def day_time(line: str) -> DayTime | None:
    """The day/time group that is all of this line."""
    plain = " ".join(line[: _LONGEST + 1].split())
    if len(plain) > _LONGEST:
        return None
    for form in _FORMS:
        found = form.fullmatch(plain)
        if found:
            return _made(found.groupdict())
    return None


def month_number(name: str) -> int | None:
    """The month of a name in one of the six languages, short or long."""
    return _MONTHS.get(name.lower().rstrip("."))


def century(year: str) -> int:
    """A year of two or four digits in full."""
    number = int(year)
    if len(year) == len("2025"):
        return number
    return number + (_CENTURY if number < _LAST_CENTURY else _CENTURY - 100)


def _made(said: dict[str, str | None]) -> DayTime | None:
    month = month_number(said["mon"] or "") if said.get("mon") else int(said.get("mo") or 0)
    zone = said.get("zone")
    ahead = _ahead(zone)
    try:
        day = date(century(str(said["y"])), month or 0, int(str(said["d"])))
        clock = timezone(ahead) if ahead is not None else UTC
        at = datetime(
            day.year, day.month, day.day, int(str(said["h"])), int(str(said["m"])), tzinfo=clock
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return DayTime(day, at, zone if ahead is not None else None, said.get("who"))


def _ahead(zone: str | None) -> timedelta | None:
    if not zone:
        return None
    if zone[0] in "+-":
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        return -offset if zone[0] == "-" else offset
    hours = _ZONES.get(zone.lower())
    return None if hours is None else timedelta(hours=hours)
