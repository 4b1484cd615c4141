"""When a claim is about: the days within which what it tells can lie.

A date on the wire is a day, a month, a year, a deadline or nothing at all. Here each becomes a
window of days, with how precisely it is known and whether it looks back. Days are counted as
proleptic Gregorian ordinals (`datetime.date.toordinal`). Which claims belong together is decided
elsewhere.
"""

from datetime import date, datetime
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from schemas.base import Dates
from schemas.reports import TripClaim

APART_DAYS = 3
"""Two windows at most so many days apart may be one trip."""
SAME_DAY_OR_NEXT = 1
"""Departure against arrival, or a time zone: so many days' difference is no other date."""
HORIZON_DAYS = 366
"""How far a claim without a date reaches, onward or back from its publication."""
SHORT_DAYS = 14
"""A stay in one country hardly lasts longer; days further apart only frame it."""
_LAST_ORDINAL = date.max.toordinal()
_DAY_LENGTH, _MONTH_LENGTH, _YEAR_LENGTH = len("2026-01-14"), len("2026-01"), len("2026")


class Window(NamedTuple):
    """First and last day, both included."""

    first: int
    last: int

    def gap(self, other: "Window") -> int:
        """Days from the one to the other: 0 where they overlap, 1 for neighbouring days."""
        if self.first > other.last:
            return self.first - other.last
        return other.first - self.last if other.first > self.last else 0

    def hull(self, other: "Window") -> "Window":
        """The smallest window that holds both."""
        return Window(min(self.first, other.first), max(self.last, other.last))


class Precision(IntEnum):
    """How well a window is known, the best first."""

    DAY = 0
    NEAR = 1
    """No date, but going on or just over at publication."""
    MONTH = 2
    DEADLINE = 3
    YEAR = 4
    NONE = 5


class Placed(NamedTuple):
    """Where in time a claim lies."""

    window: Window
    precision: Precision
    past: bool
    """The claim tells what is over; such a claim has nothing to say of a trip to come."""


@lru_cache(maxsize=4096)
def days_of(partial: str) -> Window:
    """The days an ISO date stands for: one, a month's or a year's. Year 0 counts as year 1."""
    year = max(1, int(partial[:_YEAR_LENGTH]))
    if len(partial) == _YEAR_LENGTH:
        return Window(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal())
    month = int(partial[5:7])
    if len(partial) == _DAY_LENGTH:
        day = date(year, month, int(partial[8:])).toordinal()
        return Window(day, day)
    first = date(year, month, 1).toordinal()
    return Window(first, first + _days_in_month(year, month) - 1)


def _days_in_month(year: int, month: int) -> int:
    if month == 12:
        return 31
    return date(year, month + 1, 1).toordinal() - date(year, month, 1).toordinal()


@lru_cache(maxsize=4096)
def _precision(start: str | None, end: str | None) -> Precision:
    if start is None:
        return Precision.NONE if end is None else Precision.DEADLINE
    shortest = min(len(start), len(end or start))
    if shortest == _YEAR_LENGTH:
        return Precision.YEAR
    if shortest == _MONTH_LENGTH:
        return Precision.MONTH
    days = days_of(start).hull(days_of(end or start))
    return Precision.DAY if days.last - days.first <= SHORT_DAYS else Precision.MONTH


def precision_of(dates: Dates) -> Precision:
    """How well these dates are known. A long span counts like a month."""
    return _precision(dates.start, dates.end)


def place(claim: TripClaim, foreground: bool, published_at: datetime) -> Placed:
    """Window, precision and direction of a trip as one report tells it."""
    dates, today = claim.dates, published_at.toordinal()
    past = claim.status == "completed" or not foreground
    precision = precision_of(dates)
    if dates.start is not None:
        stated = days_of(dates.start).hull(days_of(dates.end or dates.start))
        if precision is Precision.DAY:
            return Placed(_stay(claim, foreground, stated, today), precision, past)
        return _framed(claim, stated, precision, past, today)
    if dates.end is not None:
        return _until(claim, days_of(dates.end), past, foreground, today)
    if foreground and claim.status == "under_way":
        return Placed(Window(today, today), Precision.NEAR, past=False)
    if foreground and past:
        return Placed(Window(today - APART_DAYS, today), Precision.NEAR, past)
    if past:
        return Placed(Window(today - HORIZON_DAYS, today), precision, past)
    return Placed(Window(today, today + HORIZON_DAYS), precision, past)


def _stay(claim: TripClaim, foreground: bool, stated: Window, today: int) -> Window:
    """A stay that began on a known day and has no known end lasts until it is told of."""
    told_on_the_spot = foreground and claim.status in ("under_way", "completed")
    lately = stated.first <= today <= stated.first + SHORT_DAYS
    if claim.dates.end is None and told_on_the_spot and lately:
        return Window(stated.first, today)
    return stated


def _framed(
    claim: TripClaim, stated: Window, precision: Precision, past: bool, today: int
) -> Placed:
    """A month, a year or a long span, cut at the day of publication by what the claim tells."""
    inside = stated.first <= today <= stated.last
    if inside and not past and claim.status == "under_way":
        return Placed(Window(today, today), Precision.NEAR, past)
    if inside and past:
        return Placed(Window(stated.first, today), precision, past)
    if inside:
        return Placed(Window(today, stated.last), precision, past)
    return Placed(stated, precision, past)


def _until(claim: TripClaim, end: Window, past: bool, foreground: bool, today: int) -> Placed:
    """Only an end is known: a deadline ahead, or the day by which it was over."""
    if past and foreground:
        return Placed(Window(end.first - APART_DAYS, end.last), Precision.NEAR, past)
    if past:
        return Placed(Window(end.last - HORIZON_DAYS, end.last), Precision.DEADLINE, past)
    if claim.status == "under_way" and today <= end.last:
        return Placed(Window(today, end.last), Precision.NEAR, past)
    return Placed(Window(min(today, end.first), end.last), Precision.DEADLINE, past)


def days_apart(one: Dates, other: Dates) -> int:
    """How far from both being true: an unknown side reaches as far as need be, so mostly 0."""
    return Window(*_sides(one)).gap(Window(*_sides(other)))


def _sides(dates: Dates) -> tuple[int, int]:
    first = days_of(dates.start).first if dates.start else 0
    last = days_of(dates.end).last if dates.end else _LAST_ORDINAL
    return min(first, last), max(first, last)


def to_dates(window: Window) -> Dates:
    """The window as two days, cut to the calendar of years 1 to 9999."""
    first, last = (date.fromordinal(min(max(day, 1), _LAST_ORDINAL)) for day in window)
    return Dates(start=first.isoformat(), end=last.isoformat())


def from_dates(dates: Dates) -> Window:
    """The window of dates that have both days, as `to_dates` makes them."""
    return Window(*_sides(dates))
