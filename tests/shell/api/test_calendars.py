"""Trips in a calendar: whole days, as sure as they are, and never more than is known."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar
from told_trips import trip

from schemas.base import Dates, TripId
from schemas.dossiers import Trip
from streams.core.agenda import Journey, span_of_trip
from streams.shell.api.calendars import calendar

NAMES = {"EC": "Ecuador", "IT": "Italy"}


def events(*trips: Trip) -> list[Any]:
    made = calendar("Kast", [Journey(each, "CL", span_of_trip(each)) for each in trips], NAMES)
    return list(Calendar.from_ical(made).walk("VEVENT"))


def test_a_trip_is_an_event_of_whole_days_and_ends_on_the_morning_after() -> None:
    (event,) = events(trip())
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 1, 20), date(2026, 1, 23))
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert event["uid"] == "trip:1@dragoman"
    assert event["summary"] == "José Antonio Kast: Quito, Ecuador"
    assert event["dtstamp"].dt == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert "Kast goes to Quito; he, too, travels." in event["description"]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"status": "possible"}, "TENTATIVE"),
        ({"status": "planned"}, "CONFIRMED"),
        ({"status": "planned", "confidence": 0.4}, "TENTATIVE"),
        ({"status": "under_way"}, "CONFIRMED"),
        ({"status": "completed"}, "CONFIRMED"),
        ({"status": "cancelled"}, "CANCELLED"),
    ],
)
def test_an_event_is_as_sure_as_the_trip(told: dict[str, Any], status: str) -> None:
    (event,) = events(trip(**told))
    assert event["status"] == status


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        pytest.param(Dates(start="2026-02"), (date(2026, 2, 1), date(2026, 3, 1)), id="a_month"),
        pytest.param(
            Dates(start="2026-01-20", end="2026-02"),
            (date(2026, 1, 20), date(2026, 3, 1)),
            id="a_day_to_a_month",
        ),
    ],
)
def test_a_month_is_filled_and_that_is_said(dates: Dates, days: tuple[date, date]) -> None:
    (event,) = events(trip(dates=dates))
    assert (event["dtstart"].dt, event["dtend"].dt) == days
    assert "(some time, " in event["summary"]
    assert "The days are not known" in event["description"]


@pytest.mark.parametrize(
    "dates",
    [
        pytest.param(Dates(), id="nothing_known"),
        pytest.param(Dates(start="2026"), id="a_year"),
        pytest.param(Dates(start="2026-01-20", end="2027"), id="until_some_time_of_a_year"),
        pytest.param(Dates(end="2026-03-11"), id="a_deadline"),
        pytest.param(Dates(start="9999-12-31"), id="the_end_of_time"),
    ],
)
def test_what_would_fill_a_year_is_left_out(dates: Dates) -> None:
    assert events(trip(dates=dates)) == []


def test_events_are_in_order_and_the_same_trips_give_the_same_bytes() -> None:
    first, second = trip(), trip(id=TripId("trip:2"), dates=Dates(start="2026-01-10"))
    assert [each["uid"] for each in events(first, second)] == [
        "trip:2@dragoman",
        "trip:1@dragoman",
    ]
    one = calendar("Kast", [Journey(first, "CL", None)], NAMES)
    assert one == calendar("Kast", [Journey(first, "CL", None)], NAMES)
    assert b"METHOD:PUBLISH" in one
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT30M" in one
