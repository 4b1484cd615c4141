"""A pair of host and guest is weighed by itself, and by who is invited and who of all invites."""

import pytest

from streams.core.reports.asking import weighed


def test_the_one_host_of_a_guest_is_as_likely_as_both_answers_say() -> None:
    assert weighed({("a", "g"): 0.6}, {"g": 0.6}, {("a", "g"): 0.1}) == {
        ("a", "g"): pytest.approx(0.6)
    }


def test_a_pair_lies_between_its_two_answers() -> None:
    (chance,) = weighed({("a", "g"): 0.2}, {"g": 0.8}, {("a", "g"): 0.5}).values()
    assert chance == pytest.approx(0.5)


def test_hosts_share_a_guest_by_how_likely_each_is_the_one() -> None:
    pairs = {("a", "g"): 0.5, ("b", "g"): 0.5}
    found = weighed(pairs, {"g": 0.9}, {("a", "g"): 0.8, ("b", "g"): 0.2})
    assert found["a", "g"] > 0.5 > found["b", "g"]
    alone = weighed({("a", "g"): 0.5}, {"g": 0.9}, {("a", "g"): 0.8})
    assert alone["a", "g"] > found["a", "g"]


def test_certainty_divides_by_nothing() -> None:
    pairs = {("a", "g"): 1.0, ("b", "g"): 0.0}
    found = weighed(pairs, {"g": 1.0}, {("a", "g"): 1.0, ("b", "g"): 0.0})
    assert found["a", "g"] > 0.99
    assert found["b", "g"] < 0.01
