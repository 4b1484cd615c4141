"""Trees in whole numbers: the same sum everywhere, and a reason for it."""

import math

from hypothesis import given
from hypothesis import strategies as st

from streams.core.forest import UNIT, Forest, Tree

TREES: tuple[Tree, ...] = (
    ("told", 0, -20_000, ("gap", 2, 30_000, 5_000, 15_000), -5_000),
    ("gap", 0, 10_000, -10_000, 0),
)


def forest(floor: int = -1_000_000) -> Forest:
    """The first stride has trees that say nothing."""
    return Forest("journeys", (*TREES[:1], 0, 0, 0, *TREES[1:]), 0.5, (floor, -1_000_000))


def likely(odds: int) -> float:
    return 1 / (1 + math.exp(-odds / UNIT))


def test_what_was_not_counted_counts_as_nothing() -> None:
    assert forest().probability({}) == likely(-20_000 + 10_000)


def test_a_count_as_high_as_the_fork_goes_left_and_a_higher_one_right() -> None:
    assert forest().probability({"told": 1, "gap": 2}) == likely(30_000 - 10_000)
    assert forest().probability({"told": 1, "gap": 3}) == likely(5_000 - 10_000)


def test_the_hopeless_are_let_go_after_the_first_trees() -> None:
    assert forest(floor=-10_000).probability({}) == likely(-20_000)
    assert forest(floor=-10_000).probability({"told": 1}) == likely(30_000 + 10_000)


def test_the_reasons_are_what_moved_the_answer_most() -> None:
    assert forest().reasons({"told": 1, "gap": 2}) == [("told", 2.0), ("gap", 0.5)]


@given(st.dictionaries(st.sampled_from(["told", "gap", "else"]), st.integers(-5, 50)))
def test_the_reasons_add_up_to_the_answer(counts: dict[str, int]) -> None:
    roots = sum(tree[4] for tree in TREES if isinstance(tree, tuple))
    odds = roots / UNIT + sum(by for _, by in forest().reasons(counts, most=99))
    assert math.isclose(1 / (1 + math.exp(-odds)), forest().probability(counts), abs_tol=0.01)
