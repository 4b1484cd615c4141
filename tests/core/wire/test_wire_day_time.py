"""Day/time groups as agencies write them."""

from datetime import UTC, date, datetime

import pytest

from streams.core.wire.day_time import day_time

HALF_PAST_THREE = datetime(2025, 12, 14, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "141530 DEC 25",
            "141530 Dez 25",
            "141530 dic 2025",
            "141530Z DEC 25",
            "141630 MEZ dez 25",
        ),
        *("AFP 141530 GMT DEC 25", "dpa 141530 Dez 25", "ABC/141030 EST Dec 25", "141530 déc. 25"),
        *("141230 -0300 dez 25", "141630 +01:00 dic 25"),
        *(
            "DPA 14/12/25 15:30",
            "14.12.2025 16:30 CET",
            "14/12/2025 - 15h30",
            "14-DIC-25 15:30 NNNN",
        ),
        *("12/14/15-30/25", "EFE 12/14/15-30/25", "AP-WF-12-14-25 1530GMT<", " 141530 DEC 25 ="),
    ],
)
def test_a_day_time_group_is_read_in_any_way_it_is_written(line: str) -> None:
    found = day_time(line)

    assert found is not None
    assert (found.at, found.day) == (HALF_PAST_THREE, date(2025, 12, 14))


def test_the_day_is_the_agencys_own_and_the_time_is_utc() -> None:
    found = day_time("AP-NY-12-14-25 2237EST")

    assert found is not None
    assert (found.day, found.at) == (date(2025, 12, 14), datetime(2025, 12, 15, 3, 37, tzinfo=UTC))
    assert (found.who, found.zone) == ("AP", "EST")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("141530 DEC", "no year"),
        ("311530 FEB 25", "no such day"),
        ("142530 DEC 25", "no such hour"),
        ("141530 XYZ 25", "no month"),
        ("The visit is on 14/12/25 15:30", "a sentence"),
        ("141530 DEC 0000", "no such year"),
        ("1" * 5_000, "too long"),
        ("", "nothing"),
    ],
)
def test_what_does_not_say_a_day_in_full_is_none(line: str, why: str) -> None:
    assert day_time(line) is None, why
