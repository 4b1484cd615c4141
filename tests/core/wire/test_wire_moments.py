"""Times as feeds write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.wire.moments import moment

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("Wed, 14 Jan 2026 12:00:00 GMT", id="rfc-822"),
        pytest.param("Wed, 14 Jan 2026 12:00 +0000", id="without-seconds"),
        pytest.param("14 Jan 26 12:00:00 Z", id="year-of-two-digits"),
        pytest.param("Wed, 14 Jan 2026 13:00:00 +01:00", id="offset-with-colon"),
        pytest.param("Wed,14 Jan 2026 13:00:00 CET", id="no-blank-behind-the-day"),
        pytest.param("Wednesday, 14-January-2026 13:00:00 +0100 (CET)", id="rfc-850"),
        pytest.param("Jan 14, 2026, 7:00 a.m. EST", id="american"),
        pytest.param("14 Jan 2026 12:00 PM", id="noon-is-pm"),
        pytest.param("Wed Jan 14 12:00:00 2026", id="asctime"),
        pytest.param("Wed Jan 14 07:00:00 EST 2026", id="date-of-unix"),
        pytest.param("14 Jan 2026 13:00:00 GMT+1", id="gmt-and-hours"),
        pytest.param("2026-01-14T12:00:00Z", id="iso-8601"),
        pytest.param("2026-01-14T13:00:00 +01:00", id="iso-8601-with-a-blank"),
        pytest.param("2026/01/14 12:00", id="iso-8601-with-slashes"),
        pytest.param("mer., 14 janv. 2026 13:00:00 +0100", id="french"),
        pytest.param("Mi, 14. Jänner 2026 13:00 MEZ", id="german"),
        pytest.param("mié, 14 de enero de 2026 09:00 ART", id="spanish"),
        pytest.param("14 de janeiro de 2026 09h00 BRT", id="portuguese"),
        pytest.param("14 gennaio 2026 13.00 CET", id="italian"),
        pytest.param("14 Jan 2026 12:00:00 -0000", id="offset-not-said"),
        pytest.param("14 Jan 2026 12:00", id="no-zone-is-utc"),
    ],
)
def test_noon_is_noon_however_it_is_written(said: str) -> None:
    assert moment(said, "pubDate") == (NOON, ())


def test_a_date_alone_is_its_midnight() -> None:
    assert moment("14 Jan 2026", "pubDate") == (NOON.replace(hour=0), ())


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("yesterday", id="a-word"),
        pytest.param("14/01/2026 12:00", id="numbers-that-may-be-two-days"),
        pytest.param("Tue, 30 Feb 2026 12:00:00 GMT", id="a-day-that-is-not"),
        pytest.param("14 Jan 2026 25:00", id="an-hour-that-is-not"),
        pytest.param("14 Jan 2026 12:0", id="a-time-that-is-cut"),
        pytest.param("14 Jan 2026 12:00:00 +2599", id="an-offset-beyond-a-day"),
        pytest.param("Mon, 00 Jan 0000 00:00:00 +0000", id="the-zero-of-a-database"),
        pytest.param("0001-01-01T00:00:00+14:00", id="before-the-calendar"),
        pytest.param("2026-01", id="a-month"),
        pytest.param("14 Jan 2026 12:00 " + "x" * 100, id="a-text"),
    ],
)
def test_what_is_no_time_is_left_out_with_a_remark(said: str) -> None:
    assert moment(said, "pubDate") == (None, (f"pubDate: {said[:60]!r} is no time; left out",))


def test_a_zone_of_many_meanings_is_read_as_utc_with_a_remark() -> None:
    assert moment("Wed, 14 Jan 2026 12:00:00 IST", "pubDate") == (
        NOON,
        ("pubDate: the zone 'IST' may be several; read as UTC",),
    )


@pytest.mark.parametrize("said", [None, "", "  \n"])
def test_nothing_said_is_no_time_and_no_remark(said: str | None) -> None:
    assert moment(said, "pubDate") == (None, ())


@given(
    said=st.text(max_size=100)
    | st.text(alphabet="0123456789 :-+.,/TZjanfebGMT()", max_size=60)
    | st.from_regex(r"\A\d{1,3} (jan|août|x{1,3}) \d{1,5} \d{1,3}[:h.]\d{1,3} ?[+-]?\d{0,5}\Z")
)
def test_any_text_is_a_time_in_utc_or_none(said: str) -> None:
    read, _ = moment(said, "pubDate")

    assert read is None or read.tzinfo is UTC
