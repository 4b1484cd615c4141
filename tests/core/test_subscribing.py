"""Whether a subscription wants an alert, when, and why."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from alert_events import event
from hypothesis import given
from hypothesis import strategies as st

from schemas.alerts import AlertEvent
from schemas.base import AlertId, Person
from schemas.subscriptions import WEEKDAYS, QuietHours, Silence, Subscription
from streams.core.subscribing import Told, due_at, judge, never_matches

NOW = datetime(2026, 1, 14, 12, tzinfo=UTC)  # a Wednesday


def subscription(**asked: Any) -> Subscription:
    return Subscription(id="desk", owner="the desk", channel="log", target="-", **asked)


def alert(**said: Any) -> AlertEvent:
    made = event(1)
    return made.model_copy(update={"data": made.data.model_copy(update=said)})


def reason_of(asked: Subscription, told_of: AlertEvent, told: Told = "no", **more: Any) -> str:
    return judge(asked, told_of, home="GH", told=told, now=NOW, **more).reason


MAHAMA = Person(id="john-mahama", name="John Mahama")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "said", "reason"),
    [
        ({}, {}, "wanted"),
        ({"leaders": ("ada",)}, {}, "wanted"),
        ({"leaders": ("bob",)}, {}, "other_leader"),
        ({"leaders": ("john-mahama",)}, {"inviter": MAHAMA}, "wanted"),
        ({"of_countries": ("GH", "TG")}, {}, "wanted"),
        ({"of_countries": ("CL",)}, {}, "other_home"),
        ({"to_countries": ("IT",)}, {}, "wanted"),
        ({"to_countries": ("EC",)}, {}, "other_destination"),
        ({"to_countries": ("EC",)}, {"country": None}, "other_destination"),
        ({"kinds": ("invitation.new",)}, {}, "other_kind"),
        ({"kinds": ("trip.new",)}, {"kind": "trip.changed"}, "wanted"),
        ({"status": "confirmed"}, {"status": "possible"}, "only_possible"),
        ({"status": "confirmed"}, {"status": "planned"}, "wanted"),
        ({"topics": ("migration",)}, {"topics": ("migration", "trade")}, "wanted"),
        ({"topics": ("migration",)}, {"topics": ()}, "other_topic"),
        ({"languages": ("de", "en")}, {}, "wanted"),
        ({"languages": ("de",)}, {}, "other_language"),
        ({"least_sources": 2}, {}, "too_few_sources"),
        ({"least_sources": 2}, {"independent_sources": 2}, "wanted"),
        ({"state": "removed"}, {}, "removed"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else value,
)
def test_the_first_filter_that_keeps_an_alert_away_is_named(
    asked: dict[str, Any], said: dict[str, Any], reason: str
) -> None:
    verdict = judge(subscription(**asked), alert(**said), home="GH", told="no", now=NOW)

    assert verdict.reason == reason
    assert verdict.wanted is (reason == "wanted")
    assert verdict.detail


@pytest.mark.parametrize(
    ("kind", "told", "reason"),
    [
        ("trip.changed", "yes", "follows"),
        ("retracted", "yes", "follows"),
        ("retracted", "no", "never_told"),
        ("retracted", "waiting", "taken_back_before_told"),
        ("trip.cancelled", "no", "never_told"),
        ("trip.cancelled", "waiting", "other_leader"),
        ("trip.changed", "no", "other_leader"),
    ],
)
def test_what_follows_goes_to_those_who_were_told_whatever_their_filters(
    kind: str, told: Told, reason: str
) -> None:
    follow_up = alert(kind=kind, replaces=AlertId("alert:0"))

    assert reason_of(subscription(leaders=("bob",)), follow_up, told) == reason


def test_a_trip_that_is_confirmed_is_news_to_one_who_asked_for_what_is_confirmed() -> None:
    confirmed = alert(kind="trip.changed", status="planned", replaces=AlertId("alert:0"))

    assert reason_of(subscription(status="confirmed", kinds=("trip.new",)), confirmed) == "wanted"


def test_a_trip_cancelled_that_nobody_was_told_of_is_news() -> None:
    assert reason_of(subscription(), alert(kind="trip.cancelled", status="cancelled")) == "wanted"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, "silenced"),
        ({"subscription": "desk"}, "silenced"),
        ({"subscription": "other"}, "wanted"),
        ({"leaders": ("ada",)}, "silenced"),
        ({"leaders": ("bob",)}, "wanted"),
        ({"countries": ("IT",)}, "silenced"),
        ({"countries": ("GH",)}, "silenced"),
        ({"countries": ("EC",)}, "wanted"),
        ({"kinds": ("trip.new",)}, "silenced"),
        ({"ends_at": NOW}, "wanted"),
        ({"begins_at": NOW + timedelta(minutes=1)}, "wanted"),
    ],
    ids=str,
)
def test_a_silence_holds_for_what_it_names_and_while_it_lasts(
    said: dict[str, Any], reason: str
) -> None:
    lasting = {"begins_at": NOW - timedelta(hours=1), "ends_at": NOW + timedelta(hours=1)}
    silence = Silence(**{"id": "quiet", "author": "night desk", **lasting, **said})

    assert reason_of(subscription(), alert(), silences=[silence]) == reason


def test_a_silence_does_not_keep_a_retraction_from_one_who_was_told() -> None:
    silence = Silence(
        id="quiet", author="a", begins_at=NOW - timedelta(1), ends_at=NOW + timedelta(1)
    )

    assert reason_of(subscription(), alert(kind="retracted"), "yes", silences=[silence]) == (
        "follows"
    )


NIGHT = {"time_zone": "America/Santiago", "quiet": (QuietHours(begin="22:00", end="06:30"),)}


@pytest.mark.parametrize(
    ("asked", "now", "due"),
    [
        ({}, "2026-01-14T12:00:00+00:00", "2026-01-14T12:00:00+00:00"),
        ({"group_s": 90}, "2026-01-14T12:00:00+00:00", "2026-01-14T12:01:30+00:00"),
        (NIGHT, "2026-01-14T21:59:00-03:00", "2026-01-14T21:59:00-03:00"),
        (NIGHT, "2026-01-14T22:00:00-03:00", "2026-01-15T06:30:00-03:00"),
        (NIGHT, "2026-01-15T03:00:00-03:00", "2026-01-15T06:30:00-03:00"),
        (NIGHT, "2026-01-15T06:30:00-03:00", "2026-01-15T06:30:00-03:00"),
        (
            {"quiet": (QuietHours(begin="00:00", end="00:00", days=("sat", "sun")),)},
            "2026-01-17T09:00:00+00:00",
            "2026-01-19T00:00:00+00:00",
        ),
        (
            {"digest": ("18:00", "08:00"), "time_zone": "Asia/Kathmandu"},
            "2026-01-14T18:00:01+05:45",
            "2026-01-15T08:00:00+05:45",
        ),
        (
            {"digest": ("18:00", "08:00"), "time_zone": "Asia/Kathmandu"},
            "2026-01-14T18:00:00+05:45",
            "2026-01-14T18:00:00+05:45",
        ),
        (
            {"digest": ("05:00",), **NIGHT},
            "2026-01-14T12:00:00-03:00",
            "2026-01-15T06:30:00-03:00",
        ),
        # The clocks of Berlin go from 02:00 to 03:00 on 29 March.
        (
            {"digest": ("02:30",), "time_zone": "Europe/Berlin"},
            "2026-03-28T23:00:00+01:00",
            "2026-03-29T03:30:00+02:00",
        ),
    ],
    ids=[
        "at_once",
        "with_others",
        "before_quiet_hours",
        "as_they_begin",
        "after_midnight",
        "as_they_end",
        "a_quiet_weekend",
        "the_next_digest",
        "just_in_time_for_the_digest",
        "a_digest_in_quiet_hours_waits",
        "a_time_that_the_clock_leaves_out",
    ],
)
def test_what_comes_up_is_due(asked: dict[str, Any], now: str, due: str) -> None:
    found = due_at(subscription(**asked), datetime.fromisoformat(now))

    assert found == datetime.fromisoformat(due)


TIMES = st.builds(
    lambda hour, minute: f"{hour:02d}:{minute:02d}", st.integers(0, 23), st.integers(0, 59)
)
ZONES = st.sampled_from(["UTC", "America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe"])
QUIET = st.builds(
    QuietHours,
    begin=TIMES,
    end=TIMES,
    days=st.lists(st.sampled_from(WEEKDAYS), unique=True, max_size=5).map(tuple),
)
ASKED = st.builds(
    subscription,
    time_zone=ZONES,
    quiet=st.lists(QUIET, max_size=2).map(tuple),
    digest=st.lists(TIMES, max_size=2).map(tuple),
    group_s=st.integers(0, 3600),
)
MOMENTS = st.integers(0, 2 * 365 * 86_400).map(
    lambda second: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)


@given(ASKED, MOMENTS)
def test_nothing_is_due_before_it_comes_up_or_in_quiet_hours(
    asked: Subscription, now: datetime
) -> None:
    due = due_at(asked, now)

    assert now + timedelta(seconds=asked.group_s) <= due < now + timedelta(days=11)
    free = subscription(quiet=asked.quiet, time_zone=asked.time_zone)
    assert due_at(free, due) == due


@given(ASKED, MOMENTS, st.integers(0, 100_000))
def test_what_comes_up_later_is_never_due_earlier(
    asked: Subscription, now: datetime, later_s: int
) -> None:
    assert due_at(asked, now) <= due_at(asked, now + timedelta(seconds=later_s))


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"kinds": ("retracted",)}, "taken back"),
        ({"quiet": (QuietHours(begin="08:00", end="08:00"),)}, "never end"),
        ({"of_countries": ("CL",), "to_countries": ("CL",)}, "goes abroad"),
    ],
    ids=["retractions_alone", "always_quiet", "trips_at_home"],
)
def test_a_subscription_that_can_never_match_is_told(asked: dict[str, Any], why: str) -> None:
    assert why in (never_matches(subscription(**asked)) or "")


def test_one_that_can_match_is_not() -> None:
    assert never_matches(subscription(of_countries=("CL", "PE"), to_countries=("CL",))) is None
    assert never_matches(subscription(**NIGHT)) is None


def test_zones_are_those_of_the_tz_database() -> None:
    assert subscription(time_zone="Africa/Accra").time_zone == str(ZoneInfo("Africa/Accra"))
    with pytest.raises(ValueError, match="tz database"):
        subscription(time_zone="Mars/Olympus")
