"""Dates as the wire gives them, and the days they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.windows import (
    HORIZON_DAYS,
    Precision,
    Window,
    days_apart,
    days_of,
    from_dates,
    place,
    to_dates,
)
from tests.core.strategies import at, dates, trip, trip_claims

TODAY = "2026-01-10"

CASES = {
    "two days are themselves": (
        trip("EC", "planned", "2026-01-12..2026-01-13"),
        True,
        ("2026-01-12", "2026-01-13", Precision.DAY, False),
    ),
    "days the wrong way round are put right": (
        trip("EC", "planned", "2026-01-13..2026-01-12"),
        True,
        ("2026-01-12", "2026-01-13", Precision.DAY, False),
    ),
    "a first day alone is that day": (
        trip("EC", "planned", "2026-01-12.."),
        True,
        ("2026-01-12", "2026-01-12", Precision.DAY, False),
    ),
    "a stay under way since a day lasts until it is told of": (
        trip("EC", "under_way", "2026-01-06.."),
        True,
        ("2026-01-06", "2026-01-10", Precision.DAY, False),
    ),
    "a stay that began months ago does not last until today": (
        trip("EC", "completed", "2025-11-06.."),
        True,
        ("2025-11-06", "2025-11-06", Precision.DAY, True),
    ),
    "weeks between two days only frame a trip": (
        trip("EC", "planned", "2026-02-01..2026-02-20"),
        True,
        ("2026-02-01", "2026-02-20", Precision.MONTH, False),
    ),
    "a month ahead is the whole month": (
        trip("EC", "planned", "2026-02"),
        True,
        ("2026-02-01", "2026-02-28", Precision.MONTH, False),
    ),
    "of this month a plan has what is left": (
        trip("EC", "planned", "2026-01"),
        True,
        ("2026-01-10", "2026-01-31", Precision.MONTH, False),
    ),
    "of this month a look back has what is over": (
        trip("EC", "completed", "2026-01"),
        False,
        ("2026-01-01", "2026-01-10", Precision.MONTH, True),
    ),
    "under way this month is today": (
        trip("EC", "under_way", "2026-01"),
        True,
        ("2026-01-10", "2026-01-10", Precision.NEAR, False),
    ),
    "a year ahead is the whole year": (
        trip("EC", "possible", "2027"),
        True,
        ("2027-01-01", "2027-12-31", Precision.YEAR, False),
    ),
    "before a day still to come is from publication": (
        trip("EC", "possible", "..2026-03-11"),
        True,
        ("2026-01-10", "2026-03-11", Precision.DEADLINE, False),
    ),
    "a stop just over by a day is near that day": (
        trip("EC", "completed", "..2026-01-09"),
        True,
        ("2026-01-06", "2026-01-09", Precision.NEAR, True),
    ),
    "over long before a day reaches far back": (
        trip("EC", "completed", "..2025-06-30"),
        False,
        ("2024-06-29", "2025-06-30", Precision.DEADLINE, True),
    ),
    "under way until a day is from publication": (
        trip("EC", "under_way", "..2026-01-12"),
        True,
        ("2026-01-10", "2026-01-12", Precision.NEAR, False),
    ),
    "undated and under way is today": (
        trip("EC", "under_way"),
        True,
        ("2026-01-10", "2026-01-10", Precision.NEAR, False),
    ),
    "undated and just completed is these days": (
        trip("EC", "completed"),
        True,
        ("2026-01-07", "2026-01-10", Precision.NEAR, True),
    ),
    "undated and planned is the year from publication": (
        trip("EC", "planned"),
        True,
        ("2026-01-10", "2027-01-11", Precision.NONE, False),
    ),
    "undated and long completed is the year before publication": (
        trip("EC", "completed"),
        False,
        ("2025-01-09", "2026-01-10", Precision.NONE, True),
    ),
    "called off long ago looks back": (
        trip("EC", "cancelled"),
        False,
        ("2025-01-09", "2026-01-10", Precision.NONE, True),
    ),
    "called off just now looks ahead": (
        trip("EC", "cancelled"),
        True,
        ("2026-01-10", "2027-01-11", Precision.NONE, False),
    ),
}


@pytest.mark.parametrize(("claim", "foreground", "expected"), CASES.values(), ids=CASES)
def test_a_claim_lies_in_its_window(claim, foreground, expected):
    placed = place(claim, foreground, at(TODAY))

    days = to_dates(placed.window)
    assert (days.start, days.end, placed.precision, placed.past) == expected


@given(trip_claims, st.booleans(), st.datetimes())
def test_every_claim_has_a_window_that_runs_forward(claim, foreground, published):
    window, _, _ = place(claim, foreground, published)

    assert window.first <= window.last


@pytest.mark.parametrize("text", ["0000", "0001-01", "0000-02", "9999", "9999-12", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_too(text):
    window = days_of(text)

    assert window.first <= window.last
    wide = Window(window.first - HORIZON_DAYS, window.last + HORIZON_DAYS)
    assert from_dates(to_dates(wide)) == from_dates(to_dates(from_dates(to_dates(wide))))


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        pytest.param("2026-01-10", "2026-01-10..2026-01-12", 0, id="one within the other"),
        pytest.param("2026-01-10", "2026-01-11", 1, id="neighbouring days"),
        pytest.param("2026-01-10", "2026-01-20", 10, id="days apart"),
        pytest.param("2026-01", "2026-01-14", 0, id="a day of the month"),
        pytest.param(None, "2026-01-14", 0, id="unknown agrees with all"),
        pytest.param("..2026-03-11", "2026-02-01", 0, id="before the deadline"),
        pytest.param("..2026-03-11", "2026-03-21", 10, id="after the deadline"),
        pytest.param("2026-03-11..", "2026-05-01", 0, id="an open end"),
    ],
)
def test_two_dates_are_apart_by_the_days_between(one, other, apart):
    assert days_apart(dates(one), dates(other)) == apart
    assert days_apart(dates(other), dates(one)) == apart
