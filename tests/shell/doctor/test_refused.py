"""What the doctor says of dead letters: a trickle is told, a flood is wrong."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.base import DeadLetterId
from schemas.dead_letters import DeadLetter
from streams.shell.doctor.refused import finding

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)


def letters(many: int, minutes_ago: float, state: Any = "open") -> list[DeadLetter]:
    return [
        DeadLetter(
            id=DeadLetterId(f"dead:{number}"),
            state=state,
            reason="not_utf8",
            detail="no encoding fits these bytes",
            topic="stories.raw.v1",
            partition=0,
            offset=number,
            value=b"",
            hop="parse",
            software="1",
            failed_at=NOON - timedelta(minutes=minutes_ago),
        )
        for number in range(many)
    ]


CASES: dict[str, tuple[list[DeadLetter], str, str]] = {
    "none": ([], "ok", "no dead letter"),
    "a_trickle": (letters(3, 5), "ok", "3 dead letters of the last day are open: 3 not_utf8"),
    "a_flood": (letters(4, 5), "wrong", "4 within an hour"),
    "a_flood_that_is_over": (letters(4, 90), "ok", "4 dead letters"),
    "a_flood_that_was_requeued": (letters(4, 5, "requeued"), "ok", "no dead letter"),
}


@pytest.mark.parametrize(("lying", "state", "told"), CASES.values(), ids=CASES)
def test_more_within_an_hour_than_a_worker_bears_in_a_row_is_wrong(
    lying: list[DeadLetter], state: str, told: str
) -> None:
    found = finding(lying, NOON, borne=3)

    assert (found.state, told in found.told) == (state, True), found
    assert bool(found.remedy) == (state == "wrong")
