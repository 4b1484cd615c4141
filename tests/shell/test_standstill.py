"""When a worker stands still, and when it only waits: pure, so tried by tables and properties."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.shell.standstill import (
    LOOKS,
    Patience,
    Seen,
    Uncommitted,
    Verdict,
    Waiting,
    between_looks_s,
    judge,
)

ONE, OTHER = ("stories.v1", 0), ("stories.v1", 1)

OUT = Seen(something_waits=True, is_reading=True, brokers_answered=True, is_member=False)
COMMITTED = replace(OUT, something_waits=False)
AWAY = replace(OUT, brokers_answered=False)
LATE = replace(OUT, is_member=True)
RECOVERING = replace(AWAY, is_reading=False)
QUIET = replace(AWAY, something_waits=False)
EXCUSES = (AWAY, LATE, RECOVERING)


@pytest.mark.parametrize(
    ("looks", "verdict"),
    [
        pytest.param([QUIET], "nothing_waits", id="a_quiet_stream"),
        pytest.param([QUIET] * 5 * LOOKS, "nothing_waits", id="a_stream_that_is_quiet_for_long"),
        pytest.param([OUT], "waits", id="it_has_just_dropped_out"),
        pytest.param([OUT] * LOOKS, "waits", id="as_often_as_is_borne"),
        pytest.param([OUT] * (LOOKS + 1), "stands_still", id="once_more"),
        pytest.param(
            [OUT, *[COMMITTED] * LOOKS], "stands_still", id="an_empty_group_takes_its_commits"
        ),
        pytest.param([LATE] * 5 * LOOKS, "in_the_group", id="a_backlog_that_faust_commits_late"),
        pytest.param(
            [*[OUT] * LOOKS, LATE, *[OUT] * LOOKS], "waits", id="it_found_back_into_its_group"
        ),
        pytest.param([AWAY] * 5 * LOOKS, "brokers_away", id="a_long_outage"),
        pytest.param(
            [*[OUT] * LOOKS, AWAY, *[OUT] * LOOKS],
            "waits",
            id="after_an_outage_all_patience_is_back",
        ),
        pytest.param(
            [*[OUT] * LOOKS, AWAY, *[OUT] * (LOOKS + 1)],
            "stands_still",
            id="an_outage_that_aiokafka_does_not_get_over",
        ),
        pytest.param([RECOVERING] * 5 * LOOKS, "not_reading", id="a_long_recovery_or_rebalance"),
        pytest.param(
            [*[OUT] * LOOKS, RECOVERING, OUT], "waits", id="after_a_rebalance_all_is_back"
        ),
        pytest.param([*[OUT] * LOOKS, RECOVERING], "not_reading", id="while_it_stops"),
    ],
)
def test_patience_runs_out_only_where_brokers_answer_and_have_given_it_up(
    looks: list[Seen], verdict: Verdict
) -> None:
    patience, said = Patience(), None
    for seen in looks:
        patience, said = judge(patience, seen)
    assert said == verdict


@given(st.lists(st.sampled_from([*EXCUSES, *[OUT] * 20])))
def test_only_an_unbroken_run_out_of_the_group_is_a_standstill(looks: list[Seen]) -> None:
    patience = Patience()
    for number, seen in enumerate(looks):
        patience, verdict = judge(patience, seen)
        run = looks[max(0, number - LOOKS) : number + 1]
        assert (verdict == "stands_still") == (run == [OUT] * (LOOKS + 1))


def acknowledged(*offsets: int) -> Uncommitted:
    """One partition, a message a second from second 100 on."""
    waiting = Uncommitted()
    for second, offset in enumerate(offsets):
        waiting.acknowledged(ONE, offset, 100.0 + second)
    return waiting


@pytest.mark.parametrize(
    ("committed", "left"),
    [
        pytest.param({}, Waiting(5, 7, 100.0), id="not_said"),
        pytest.param({ONE: -1}, Waiting(5, 7, 100.0), id="never_committed"),
        pytest.param({ONE: 5}, Waiting(5, 7, 100.0), id="up_to_the_first_and_without_it"),
        pytest.param({ONE: 6}, Waiting(6, 7, 150.0), id="the_first"),
        pytest.param({ONE: 8}, None, id="all"),
        pytest.param({ONE: 20}, None, id="more_than_was_read_here"),
        pytest.param({OTHER: 8}, Waiting(5, 7, 100.0), id="another_partition"),
    ],
)
def test_what_the_brokers_have_committed_waits_no_longer(
    committed: dict[tuple[str, int], int], left: Waiting | None
) -> None:
    waiting = acknowledged(5, 6, 7)
    waiting.committed(committed, 150.0)
    assert waiting.longest == (None if left is None else (ONE, left))
    assert waiting.age_s(160.0) == (0.0 if left is None else 160.0 - left.since_s)


def test_of_several_partitions_the_one_that_waits_longest_is_told() -> None:
    waiting = acknowledged(5)
    waiting.acknowledged(OTHER, 3, 99.0)
    assert set(waiting.partitions) == {ONE, OTHER}
    assert waiting.longest == (OTHER, Waiting(3, 3, 99.0))
    waiting.forget()
    assert (waiting.longest, waiting.partitions) == (None, ())


def test_a_look_comes_never_before_a_commit_is_due() -> None:
    assert between_looks_s(session_timeout_s=30, commit_interval_s=1) == 15
    assert between_looks_s(session_timeout_s=1, commit_interval_s=60) == 60
