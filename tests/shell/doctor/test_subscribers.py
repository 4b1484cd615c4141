"""What the doctor says of subscriptions, by the account of their deliveries."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.base import AlertId, LeaderId
from schemas.deliveries import Delivery
from schemas.subscriptions import Subscription
from streams.shell.doctor.subscribers import findings

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)
AT_TWO = datetime(2026, 1, 14, 14, tzinfo=UTC)


def wanted(**said: Any) -> Subscription:
    return Subscription(id="desk", owner="the desk", channel="log", target="-", **said)


def step(
    kind: Any,
    detail: str = "",
    attempt: int = 1,
    name: str = "desk",
    alert: str = "alert:1",
    due_at: datetime | None = None,
) -> Delivery:
    return Delivery(
        alert=AlertId(alert),
        leader=LeaderId("ada"),
        subscription=name,
        channel="log",
        step=kind,
        reason=kind,
        detail=detail,
        at=NOON,
        attempt=attempt,
        due_at=due_at,
    )


CASES: dict[str, tuple[list[Delivery], str, str]] = {
    "nothing": ([], "ok", "nothing was to be brought"),
    "brought": ([step("planned"), step("brought")], "ok", "last brought at 2026-01-14 12:00"),
    "failing": ([step("brought"), step("failed", "HTTP 503", 3)], "wrong", "try 3 at"),
    "recovered": ([step("failed", "HTTP 503"), step("brought")], "ok", "last brought"),
    "one_waits_while_others_get_through": (
        [step("failed", "HTTP 503", due_at=AT_TWO), step("brought", alert="alert:2")],
        "wrong",
        "1 alerts have not got through; the next try is at 2026-01-14 14:00",
    ),
    "what_waited_was_taken_out": (
        [step("failed"), step("taken_out"), step("brought", alert="alert:2")],
        "ok",
        "last brought",
    ),
    "given_up": ([step("given_up"), step("brought", alert="alert:2")], "wrong", "1 alerts given"),
    "requeued": ([step("given_up"), step("planned"), step("brought")], "ok", "last brought"),
    "passed_over": ([step("brought"), step("passed_over")], "ok", "last brought"),
}


@pytest.mark.parametrize(("steps", "state", "told"), CASES.values(), ids=CASES)
def test_a_subscription_is_judged_by_how_each_of_its_alerts_stands(
    steps: list[Delivery], state: str, told: str
) -> None:
    (found,) = findings([wanted()], steps)

    assert (found.state, told in found.told) == (state, True), found
    assert bool(found.remedy) == (state == "wrong")


def test_a_paused_one_is_told_with_who_owns_it_and_a_removed_one_is_not() -> None:
    (paused,) = findings([wanted(), wanted(state="paused")], [step("brought")])

    assert paused.state == "wrong"
    assert "the desk" in paused.remedy
    assert findings([wanted(), wanted(state="removed")], []) == []


def test_the_alert_log_of_a_worker_is_known_by_its_deliveries_alone() -> None:
    (found,) = findings([], [step("brought", name="alert-log")])

    assert found.told.startswith("alert-log: last brought")
