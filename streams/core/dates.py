"""Days and spans of days as copy tells them, resolved against the day of publication.

'Tuesday' is the coming or the past one by the tense of the verb beside it; 'in January' the next or
the last; 'before 11 March' is a deadline. Explicit dates are read before weekdays, so that 'Monday,
11 March' is one date. Nothing here knows what happens on the day.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import zip_longest
from typing import Final, Literal

from schemas.base import Dates
from streams.core.knowledge import Lexicon
from streams.core.matching import Phrases, lower

Tense = Literal["past", "future", "none"]
Unit = Literal["day", "week", "month", "year"]
_WEEKDAY_GAP = 8
"""Characters between a weekday and its date: ', the '."""
_ORDINAL = {"en": "(?:st|nd|rd|th)", "de": r"\."}
"""What must stand behind the bare number of a day, by language; nothing where not told."""
_UNITS: tuple[Unit, ...] = ("week", "month", "year")
_DIGIT: Final = 1
_MONTH: Final = 2
_WEEKDAY: Final = 4
_UNIT: Final = 8
_SIDE: Final = 16
_NUMBER: Final = 32
_RELATIVE: Final = 64
"""Bits for what an expression begins with and must hold: where none of it is, nothing is tried."""
_FIGURES: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Day:
    """What an expression says: a calendar day or span as far as it is told.

    `month`, `day`, `year` are `None` where not said; `weekday` is ISO (1 is Monday); `shift` counts
    days, weeks, months or years from publication, by `unit`.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    last_day: int | None = None
    last_month: int | None = None
    year_before: bool = False
    """'Of last year'."""
    weekday: int | None = None
    shift: int | None = None
    unit: Unit = "day"
    side: Literal["last", "next", "this", "none"] = "none"
    deadline: bool = False
    beside: bool = False
    """`shift` counts from the day told before it; from publication where none was."""

    def resolve(self, published: date, tense: Tense) -> Dates | None:
        """First and last day, cut to what is known; `None` for a day no calendar has."""
        span = _resolve(self, published, "future" if self.deadline else tense)
        if span is None:
            return None
        return _days(None if self.deadline else span[0], span[1])


@lru_cache(maxsize=4_096)
def _days(start: str | None, end: str | None) -> Dates:
    """Records are checked as they are made: the same one is made once."""
    return Dates(end=end) if start is None else Dates(start=start, end=end)


def _resolve(said: Day, published: date, tense: Tense) -> tuple[str, str] | None:
    if said.shift is not None:
        return _shifted(said, published)
    if said.month is None and said.weekday is not None:
        day = _weekday(said, published, tense).isoformat()
        return (day, day)
    if said.month is None and said.day is not None:
        return _day_of_month(said.day, published, tense)
    if said.month is None:
        return (f"{said.year}", f"{said.year}") if said.year else None
    year = said.year or _nearest_year(said, published, tense)
    if said.year_before:
        year = published.year - 1
    if said.day is None:
        month = f"{year:04d}-{said.month:02d}"
        return (month, month)
    first = _calendar_day(year, said.month, said.day)
    last_month = said.last_month or said.month
    last_year = year + (last_month < said.month)
    last = _calendar_day(last_year, last_month, said.last_day or said.day)
    return (first, last) if first and last else None


def _day_of_month(number: int, published: date, tense: Tense) -> tuple[str, str] | None:
    """'The 27th' with no month: the nearest on the side that the tense says."""
    days = [published + timedelta(days=n) for n in sorted(range(-31, 62), key=abs)]
    fitting = [day for day in days if day.day == number]
    if tense == "past":
        fitting.sort(key=lambda day: day > published)
    elif tense == "future":
        fitting.sort(key=lambda day: day < published)
    return (fitting[0].isoformat(),) * 2 if fitting else None


def _shifted(said: Day, published: date) -> tuple[str, str]:
    shift = said.shift or 0
    if said.unit == "day":
        day = (published + timedelta(days=shift)).isoformat()
        return (day, day)
    if said.unit == "week":
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=shift)
        return (monday.isoformat(), (monday + timedelta(days=6)).isoformat())
    if said.unit == "month":
        months = published.year * 12 + published.month - 1 + shift
        month = f"{months // 12:04d}-{months % 12 + 1:02d}"
        return (month, month)
    return (f"{published.year + shift:04d}", f"{published.year + shift:04d}")


def _weekday(said: Day, published: date, tense: Tense) -> date:
    assert said.weekday is not None
    if said.day is not None:
        return _weekday_and_number(said, published, tense)
    back = (published.isoweekday() - said.weekday) % 7
    if said.side == "last":
        return published - timedelta(days=back or 7)
    if said.side == "next" or tense == "future":
        ahead = (7 - back) % 7
        return published + timedelta(days=ahead or (7 if said.side == "next" else 0))
    return published - timedelta(days=back)


def _weekday_and_number(said: Day, published: date, tense: Tense) -> date:
    """'Thursday 17' with no month: the nearest such day on the side that the tense says."""
    near = [published + timedelta(days=n) for n in sorted(range(-183, 184), key=abs)]
    fitting = [d for d in near if d.day == said.day and d.isoweekday() == said.weekday]
    if tense == "past":
        fitting.sort(key=lambda d: d > published)
    elif tense == "future":
        fitting.sort(key=lambda d: d < published)
    weekday_alone = Day(said.start, said.end, weekday=said.weekday, side=said.side)
    return fitting[0] if fitting else _weekday(weekday_alone, published, tense)


def _nearest_year(said: Day, published: date, tense: Tense) -> int:
    """The year that puts the day or month on the side of publication that the tense says."""
    assert said.month is not None
    candidates = [
        (year, date(year, said.month, min(said.day or 15, 28)))
        for year in (published.year - 1, published.year, published.year + 1)
    ]
    slack = timedelta(days=0 if said.day else 31)
    if said.side == "last" or (tense == "past" and said.side != "next"):
        past = [year for year, day in candidates if day <= published + slack / 2]
        return past[-1]
    if said.side == "next" or tense == "future":
        return next(year for year, day in candidates if day >= published - slack)
    return min(candidates, key=lambda pair: abs((pair[1] - published).days))[0]


def _calendar_day(year: int, month: int, day: int) -> str | None:
    if not (1 <= year <= 9999 and 1 <= day <= monthrange(max(year, 1), month)[1]):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


class DateGrammar:
    """The expressions of one language, compiled from its lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        words = lexicon.words
        self._months = _numbered(words, "month", 12)
        self._weekdays = _numbered(words, "weekday", 7)
        month, weekday = _any_of(self._months), _any_of(self._weekdays)
        of, to = _any_of(words["date.of"]), _any_of(words["date.to"])
        self._last, self._next = _any_of(words["date.last"]), _any_of(words["date.next"])
        this = _any_of(words["date.this"])
        side = rf"(?:(?P<last>{self._last})|(?P<next>{self._next})|(?P<this>{this}))"
        number = r"(?:st|nd|rd|th|er|º|°|\.)?"
        year_word, last = _any_of(words["date.year"]), self._last
        year_before = rf"(?P<year_before>{last}\s+{year_word}|{year_word}\s+{last})"
        year = rf"(?:(?:\s*,)?\s+(?:{of}[\s']+)*(?:(?P<year>(?:19|20)\d\d)|{year_before}))?"
        first = rf"(?P<day>\d{{1,2}}){number}"
        until = rf"(?:{of}\s+)?(?P<last_day>\d{{1,2}}){number}"
        span = rf"{first}(?:\s*(?:-|–|{to})\s*{until})?"
        two_months = (
            rf"{first}\s+(?:{of}\s+)?(?P<month>{month})\.?\s*(?:-|–|{to})\s*"
            rf"{until}\s+(?:{of}\s+)?(?P<last_month>{month})\.?"
        )
        month_first = (
            rf"(?P<month>{month})\.?\s+{first}\s*(?:-|–|{to})\s*"
            rf"(?P<last_month>{month})\.?\s+{until}"
        )
        behind = ""
        if lexicon.language not in _ORDINAL:
            small = _any_of((*words["in_place"], *words["to_place"], *words["and"]))
            behind = rf"(?=\s*(?:[,;:)–—]|\.?$|\.\s)|\s+{small}\s)"
        unit = "|".join(f"(?P<{name}_word>{_any_of(words['date.' + name])})" for name in _UNITS)
        patterns = (
            (_DIGIT, 0, r"(?P<year>(?:19|20)\d\d)-(?P<month_number>0[1-9]|1[0-2])-(?P<day>\d\d)"),
            (_DIGIT, _MONTH, two_months + year),
            (_MONTH, _DIGIT, month_first + year),
            (_DIGIT, _MONTH, rf"{span}\s+(?:{of}\s+)?(?:{this}\s+)?(?P<month>{month})\.?{year}"),
            (_MONTH, _DIGIT, rf"(?P<month>{month})\.?\s+{span}{year}"),
            (_MONTH, _SIDE, rf"(?P<month>{month})\.?\s+(?:{of}[\s']+)*{year_before}"),
            (_SIDE, _WEEKDAY, rf"{side}\s+(?P<weekday>{weekday})"),
            (_WEEKDAY, _SIDE, rf"(?P<weekday>{weekday})\s+{side}"),
            (_WEEKDAY, _DIGIT, rf"(?P<weekday>{weekday})\s+(?:{of}\s+)?{first}"),
            (_WEEKDAY, 0, rf"(?P<weekday>{weekday})"),
            (_SIDE, _UNIT, rf"{side}\s+(?:{unit})"),
            (_UNIT, _SIDE, rf"(?:{unit})\s+{side}"),
            (_SIDE, _MONTH, rf"{side}\s+(?P<month>{month})\.?"),
            (_MONTH, _SIDE, rf"(?P<month>{month})\.?\s+{side}"),
            (_MONTH, 0, rf"(?P<month>{month})\.?{year}"),
            (_RELATIVE, 0, rf"(?P<today>{_any_of(words['day.today'])})"),
            (_RELATIVE, 0, rf"(?P<tomorrow>{_any_of(words['day.tomorrow'])})"),
            (_RELATIVE, 0, rf"(?P<yesterday>{_any_of(words['day.yesterday'])})"),
            (_DIGIT, 0, r"(?P<year>20[0-4]\d)"),
            (_RELATIVE, 0, rf"(?P<eve>{_any_of(words['day.eve'])})"),
            (_RELATIVE, 0, rf"(?P<after>{_any_of(words['day.after'])})"),
            (
                _NUMBER,
                _DIGIT,
                rf"(?:{_any_of(words['date.number'])})(?:\s+|(?<='))(?P<day>\d{{1,2}})"
                rf"{_ORDINAL.get(lexicon.language, '')}{behind}",
            ),
        )
        self._patterns = tuple(
            (first, first | beside, re.compile(rf"(?<![\w.,]){body}(?!\w)"))
            for first, beside, body in patterns
        )
        self._hints = Phrases(_hints(words))
        before = _any_of(words["date.before"])
        self._before = re.compile(rf"(?<!\w)(?:{before})\s+(?:(?:{of})\s+)?$")
        self._lexicon = lexicon

    def find(self, text: str) -> tuple[Day, ...]:
        """Expressions in order of their place; none overlaps another."""
        lowered = lower(text)
        starts = self._starts(lowered)
        held = sum(starts)
        found: list[Day] = []
        for first, needs, pattern in self._patterns:
            if needs & ~held:
                continue
            reach = 0
            for start in starts[first]:
                match = pattern.match(lowered, start) if start >= reach else None
                if match is None:
                    continue
                reach = match.end()
                if any(match.start() < day.end and day.start < reach for day in found):
                    continue
                day = self._day(match, lowered, text)
                if day is not None:
                    found.append(day)
        found.sort(key=lambda day: day.start)
        return tuple(
            day
            for day, following in zip_longest(found, found[1:])
            if not _names_the_same_day(day, following)
        )

    def _starts(self, lowered: str) -> dict[int, list[int]]:
        """Where something stands that an expression may begin with, in order, by its bit."""
        starts: dict[int, list[int]] = {}
        numbers = [match.start() for match in _FIGURES.finditer(lowered)]
        if numbers:
            starts[_DIGIT] = numbers
        for hint in self._hints.find(lowered, overlapping=True):
            starts.setdefault(hint.value, []).append(hint.start)
        return starts

    def _day(self, match: re.Match[str], lowered: str, text: str) -> Day | None:
        said = match.groupdict()
        if said.get("month") and self._is_common_word(match, text):
            return None
        month = said.get("month_number")
        return Day(
            start=match.start(),
            end=match.end(),
            year=_number(said.get("year")),
            month=int(month) if month else self._months.get(said.get("month") or ""),
            day=_number(said.get("day")),
            last_day=_number(said.get("last_day")),
            last_month=self._months.get(said.get("last_month") or ""),
            year_before=bool(said.get("year_before")),
            weekday=self._weekdays.get(said.get("weekday") or ""),
            shift=_shift(said),
            unit=_unit(said),
            side="last" if said.get("last") else "next" if said.get("next") else "none",
            deadline=self._before.search(lowered, 0, match.start()) is not None,
            beside=bool(said.get("eve") or said.get("after")),
        )

    def _is_common_word(self, match: re.Match[str], text: str) -> bool:
        """English months are words as well ('may', 'march'): only their capital tells."""
        first = text[match.start("month")]
        return self._lexicon.language in ("en", "de") and not first.isupper()


_BITS: Final = {
    "weekday": _WEEKDAY,
    "day": _RELATIVE,
    "date.last": _SIDE,
    "date.next": _SIDE,
    "date.this": _SIDE,
    "date.week": _UNIT,
    "date.month": _UNIT,
    "date.year": _UNIT,
    "date.number": _NUMBER,
}


def _hints(words: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, int]]:
    """Words without which there is no day, with their bits.

    Those of months end anywhere, as one may run into the word behind it ('9 mayto 3 june').
    """
    for category, phrases in words.items():
        family = category.partition(".")[0]
        bit = _BITS.get(category) or _BITS.get(family)
        for phrase in phrases:
            if family == "month":
                yield phrase.removesuffix("*") + "*", _MONTH
            elif bit:
                yield phrase, bit


def _names_the_same_day(day: Day, following: Day | None) -> bool:
    """A weekday right before a calendar day only repeats it ('Monday, 11 March')."""
    return (
        following is not None
        and day.weekday is not None
        and following.day is not None
        and following.start - day.end <= _WEEKDAY_GAP
    )


def _numbered(words: Mapping[str, tuple[str, ...]], name: str, most: int) -> dict[str, int]:
    return {phrase: number for number in range(1, most + 1) for phrase in words[f"{name}.{number}"]}


def _any_of(phrases: Iterable[str]) -> str:
    """An alternative of all phrases, longest first; a final `*` takes any ending."""
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "(?:" + "|".join(re.escape(p).replace(r"\*", r"\w*") for p in ordered) + ")"


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _shift(said: dict[str, str | None]) -> int | None:
    """How far from publication, in the unit said; `None` where it names a day itself."""
    days = (("today", 0), ("tomorrow", 1), ("yesterday", -1), ("eve", -1), ("after", 1))
    for word, shift in days:
        if said.get(word):
            return shift
    if _unit(said) == "day":
        return None
    return -1 if said.get("last") else 1 if said.get("next") else 0


def _unit(said: dict[str, str | None]) -> Unit:
    for unit in _UNITS:
        if said.get(f"{unit}_word"):
            return unit
    return "day"
