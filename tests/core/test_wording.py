"""Words that people read."""

import pytest
from alert_events import event

from schemas.alerts import ALERT_KINDS, Alert
from schemas.base import Dates
from streams.core import wording
from streams.core.alerts import ALERT_REASONS


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-01-14", "2026-01-14", "14 January 2026"),
        ("2026-01-14", "2026-01-16", "14 to 16 January 2026"),
        ("2026-01-30", "2026-02-02", "30 January 2026 to 2 February 2026"),
        ("2026-01", "2026-01", "January 2026"),
        ("2026", "2026", "2026"),
        (None, "2026-03-11", "by 11 March 2026"),
        ("2026-03-11", None, "from 11 March 2026"),
        (None, None, "date unknown"),
    ],
)
def test_dates_are_told_as_far_as_they_are_known(
    start: str | None, end: str | None, expected: str
) -> None:
    assert wording.dates(Dates(start=start, end=end)) == expected


def test_every_kind_and_every_reason_of_an_alert_has_its_words() -> None:
    assert set(wording.HEADINGS) == set(ALERT_KINDS)
    assert set(wording.REASONS) == set(ALERT_REASONS)
    assert wording.reason("of_tomorrow") == "of tomorrow"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ọ̀jọ́ – 東京 سفر 🕊\n\t", "Ọ̀jọ́ – 東京 سفر 🕊\n\t"),
        ("a\x00b\x1b[2Jc\x7fd\x85", "a�b�[2Jc�d�"),
        ("gnp\u202eexe\u2066", "gnp�exe�"),
        ("\ud800", "�"),
    ],
    ids=["letters_of_any_script", "control_signs", "signs_that_turn_round", "half_a_sign"],
)
def test_what_cannot_be_seen_gets_a_sign(text: str, expected: str) -> None:
    assert wording.seen(text) == expected


def told(**data: object) -> Alert:
    return event(1).data.model_copy(update=data)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({"confidence": 0.1}, ()),
        ({"city": "Rome"}, (("where", "Italy", "Rome, Italy"),)),
        (
            {"dates": Dates(start="2026-01-21")},
            (("when", "from 20 January 2026", "from 21 January 2026"),),
        ),
        (
            {"country": "XX", "status": "under_way"},
            (("where", "Italy", "XX"), ("status", "planned", "under way")),
        ),
    ],
    ids=["nothing", "city", "dates", "country_and_status"],
)
def test_what_is_told_otherwise_than_before_is_set_beside_it(
    now: dict[str, object], expected: tuple[tuple[str, str, str], ...]
) -> None:
    assert wording.changes(told(), told(**now), {"IT": "Italy"}) == expected
