"""The ceiling on dead letters: pure, so tried by tables and properties."""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.shell.ceiling import Ceiling, Tally, Verdict, count, judge

CEILING = Ceiling(run=3, share=0.5, window=10)


def seen(pattern: str, ceiling: Ceiling = CEILING) -> Tally:
    """A tally after messages that were handled (`.`) or refused (`x`)."""
    return reduce(lambda tally, mark: count(ceiling, tally, mark == "x"), pattern, Tally())


@pytest.mark.parametrize(
    ("pattern", "verdict"),
    [
        pytest.param("", "within", id="nothing_seen"),
        pytest.param("x", "within", id="the_first_message_of_the_day_is_refused"),
        pytest.param("xxx", "within", id="as_many_in_a_row_as_are_borne"),
        pytest.param("xxxx", "run_too_long", id="one_more"),
        pytest.param("xxx.xxx", "within", id="one_that_is_handled_ends_the_run"),
        pytest.param("xx.xx.xx.", "within", id="a_window_not_yet_full_is_not_judged"),
        pytest.param("xx.xx.xx..", "share_too_high", id="six_of_ten"),
        pytest.param("xx.xx..x..", "within", id="five_of_ten_are_borne"),
        pytest.param("xx.xx.xx...", "within", id="what_leaves_the_window_no_longer_counts"),
    ],
)
def test_the_ceiling_judges_run_and_share(pattern: str, verdict: Verdict) -> None:
    assert judge(CEILING, seen(pattern)) == verdict


@given(st.lists(st.booleans(), max_size=60), st.integers(1, 12))
def test_the_tally_is_what_the_last_window_shows(marks: list[bool], window: int) -> None:
    ceiling = Ceiling(run=5, share=0.5, window=window)
    tally = reduce(lambda before, mark: count(ceiling, before, mark), marks, Tally())
    assert tally.recent == tuple(marks[-window:])
    assert tally.refused == sum(marks[-window:])
    run = next((n for n, mark in enumerate(reversed(marks)) if not mark), len(marks))
    assert tally.run == run
