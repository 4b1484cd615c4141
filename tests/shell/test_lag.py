"""Lag, as a fold over what came, what was handled and how far the brokers say it goes."""

import pytest

from streams.shell.lag import Behind, Lag, Partition

ONE = Partition("stories.v1", 0)
TWO = Partition("stories.v1", 1)


def lag_of(*partitions: int) -> Lag:
    lag = Lag(["stories.v1", "reports.v1"])
    lag.assigned({"stories.v1": partitions, "changelog": (0,)})
    return lag


def stories(lag: Lag, now: float) -> tuple[int, float]:
    behind = lag.behind(now)["stories.v1"]
    return behind.messages, behind.seconds


def test_nothing_is_behind_before_anything_is_known() -> None:
    lag = lag_of(0)
    assert lag.behind(100.0) == {
        "stories.v1": Behind(0, 0.0),
        "reports.v1": Behind(0, 0.0),
    }
    assert lag.unplaced() == (ONE,)


def test_what_lies_behind_the_place_where_reading_begins_is_not_counted() -> None:
    lag = lag_of(0)
    lag.placed(ONE, 7)
    lag.ends_at(ONE, 10, 100.0)
    assert stories(lag, 104.0) == (3, 4.0)


def test_a_message_in_hand_is_as_old_as_the_log_says() -> None:
    lag = lag_of(0)
    lag.placed(ONE, 7)
    lag.ends_at(ONE, 10, 100.0)
    lag.came(ONE, 7, logged_at=40.0)
    assert stories(lag, 104.0) == (3, 64.0)
    lag.handled(ONE, 7)
    assert stories(lag, 104.0) == (2, 4.0)


def test_an_agent_that_stands_still_falls_behind_though_others_after_it_are_handled() -> None:
    lag = lag_of(0)
    for offset in range(3):
        lag.came(ONE, offset, logged_at=50.0 + offset)
    lag.handled(ONE, 1)
    lag.handled(ONE, 2)
    assert stories(lag, 60.0) == (3, 10.0)


def test_all_handled_is_not_behind_at_all() -> None:
    lag = lag_of(0)
    lag.came(ONE, 0, logged_at=50.0)
    lag.ends_at(ONE, 1, 51.0)
    lag.handled(ONE, 0)
    assert stories(lag, 1000.0) == (0, 0.0)


def test_the_age_is_that_of_the_oldest_end_that_is_not_reached() -> None:
    lag = lag_of(0)
    lag.placed(ONE, 0)
    lag.ends_at(ONE, 2, 10.0)
    lag.ends_at(ONE, 5, 20.0)
    lag.ends_at(ONE, 5, 30.0)
    for offset in range(2):
        lag.came(ONE, offset, logged_at=9.0)
        lag.handled(ONE, offset)
    assert stories(lag, 40.0) == (3, 20.0)


def test_a_topic_is_behind_by_all_its_messages_and_by_its_oldest_one() -> None:
    lag = lag_of(0, 1)
    lag.placed(ONE, 0)
    lag.placed(TWO, 0)
    lag.ends_at(ONE, 2, 10.0)
    lag.ends_at(TWO, 3, 15.0)
    assert stories(lag, 20.0) == (5, 10.0)


def test_a_partition_that_went_to_another_worker_is_forgotten() -> None:
    lag = lag_of(0, 1)
    lag.placed(ONE, 0)
    lag.ends_at(ONE, 2, 10.0)
    lag.assigned({"stories.v1": (1,)})
    lag.came(ONE, 1, logged_at=0.0)
    lag.handled(ONE, 1)
    lag.ends_at(ONE, 9, 11.0)
    assert stories(lag, 20.0) == (0, 0.0)


def test_a_log_whose_clock_is_ahead_gives_no_negative_age() -> None:
    lag = lag_of(0)
    lag.came(ONE, 0, logged_at=500.0)
    assert stories(lag, 20.0) == (1, 0.0)


@pytest.mark.parametrize("looks", [600, 5_000])
def test_a_long_standstill_keeps_its_age_in_bounded_memory(looks: int) -> None:
    lag = lag_of(0)
    lag.placed(ONE, 0)
    for look in range(looks):
        lag.ends_at(ONE, look + 1, float(look))
    assert stories(lag, float(looks)) == (looks, float(looks))
    (reading,) = lag._readings.values()
    assert len(reading.ends) <= 512
