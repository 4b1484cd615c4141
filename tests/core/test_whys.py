"""How an alert came to a subscription, told from its steps."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.base import AlertId, LeaderId
from schemas.deliveries import Delivery, ParcelId, Step
from streams.core.whys import why

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def step(number: int, what: Step, **told: Any) -> Delivery:
    fields: dict[str, Any] = {
        "alert": AlertId("alert:a"),
        "leader": LeaderId("kast"),
        "subscription": "desk",
        "channel": "webhook",
        "step": what,
        "reason": what,
        "detail": "",
        "at": NOON + timedelta(seconds=number),
    }
    return Delivery(**(fields | told))


PLANNED = step(0, "planned", reason="wanted", detail="every filter lets it through", due_at=NOON)
FAILED = step(
    1, "failed", detail="503", parcel=ParcelId("a"), attempt=1, due_at=NOON + timedelta(minutes=1)
)
BROUGHT = step(2, "brought", parcel=ParcelId("a"), attempt=2)


@pytest.mark.parametrize(
    ("steps", "standing", "said"),
    [
        pytest.param(
            [PLANNED],
            "waiting",
            "It waits to be brought to desk at 2026-01-05 12:00:00 UTC.",
            id="its_time_has_not_come",
        ),
        pytest.param(
            [PLANNED, FAILED],
            "failing",
            "It has not got through to desk yet. It is tried again at 2026-01-05 12:01:00 UTC.",
            id="the_last_try_failed",
        ),
        pytest.param(
            [PLANNED, FAILED, BROUGHT],
            "brought",
            "It was brought to desk at 2026-01-05 12:00:02 UTC after a try that failed.",
            id="it_came_at_the_second_try",
        ),
        pytest.param(
            [PLANNED, BROUGHT, PLANNED],
            "brought",
            "It was brought to desk at 2026-01-05 12:00:02 UTC.",
            id="a_step_is_repeated_after_a_crash",
        ),
        pytest.param(
            [PLANNED, FAILED, step(3, "given_up", detail="410 Gone")],
            "given_up",
            "It was given up after a try that failed: 410 Gone.",
            id="it_was_given_up",
        ),
        pytest.param(
            [PLANNED, step(3, "taken_out", reason="replaced", detail="alert:b took its place")],
            "taken_out",
            "It was taken out before it was brought: alert:b took its place.",
            id="what_came_after_took_its_place",
        ),
        pytest.param(
            [step(0, "passed_over", reason="other_kind", detail="it has trip.new")],
            "passed_over",
            "It was not wanted there: it has trip.new.",
            id="a_filter_kept_it_away",
        ),
    ],
)
def test_the_standing_is_that_of_the_last_step_and_brought_is_final(
    steps: list[Delivery], standing: str, said: str
) -> None:
    found = why(steps)
    assert found is not None
    assert (found.alert, found.subscription) == ("alert:a", "desk")
    assert (found.standing, found.said) == (standing, said)


def test_each_step_is_told_once_in_its_order_with_its_reason() -> None:
    found = why([PLANNED, FAILED, FAILED, BROUGHT, BROUGHT])
    assert found is not None
    assert [(each.step, each.reason, each.said) for each in found.steps] == [
        (
            "planned",
            "wanted",
            "wanted: every filter lets it through (to be brought at 2026-01-05 12:00:00 UTC)",
        ),
        ("failed", "failed", "did not get through: 503 (tried again at 2026-01-05 12:01:00 UTC)"),
        ("brought", "brought", "brought at try 2 by webhook"),
    ]


def test_where_nothing_happened_there_is_nothing_to_explain() -> None:
    assert why([]) is None
