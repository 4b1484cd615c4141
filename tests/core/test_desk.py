"""What becomes of alerts at the desk of a subscription, and what is brought next."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alert_events import event
from desk_play import Desk
from hypothesis import given
from hypothesis import strategies as st

from schemas.alerts import AlertEvent
from schemas.base import AlertId, LeaderId
from schemas.deliveries import Tray, parcel_id
from schemas.subscriptions import QuietHours, Silence, Subscription
from streams.core.desk import handed_over
from streams.core.rounds import Bring, Lane, Rest, again_at, next_errand, rested_at

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)


def desk(answer: Any = lambda _: True, **asked: Any) -> Desk:
    wanted = Subscription(id="desk", owner="the desk", channel="log", target="-", **asked)
    return Desk(wanted, NOON, answer)


def alert(
    number: int,
    kind: str = "trip.new",
    replaces: int | None = None,
    leader: str = "ada",
    **said: Any,
) -> AlertEvent:
    made = event(number, leader=leader)
    before = None if replaces is None else AlertId(f"alert:{replaces}")
    update = {"kind": kind, "replaces": before, **said}
    return made.model_copy(update={"data": made.data.model_copy(update=update)})


def test_an_alert_that_is_wanted_at_once_is_brought_alone_and_once() -> None:
    here = desk()
    for _ in range(2):
        here.offer(alert(1))
        here.work()

    assert here.parcels == [["alert:1"]]
    assert here.said("alert:1") == [("planned", "wanted"), ("brought", "brought")]


def test_what_follows_goes_to_who_was_told_with_what_was_told_before() -> None:
    seen: list[tuple[str, str | None]] = []

    def answer(errand: Bring) -> bool:
        seen.extend(
            (each.event.id, each.before.id if each.before else None) for each in errand.contents
        )
        return True

    here = desk(answer, kinds=("trip.new",), status="confirmed")
    here.offer(alert(1))
    here.work()
    here.offer(alert(2, "trip.changed", 1, status="possible"))
    here.work()
    here.offer(alert(3, "retracted", 2))
    here.work()

    assert seen == [("alert:1", None), ("alert:2", "alert:1"), ("alert:3", "alert:2")]


def test_who_was_not_told_hears_nothing_of_the_end() -> None:
    here = desk(kinds=("invitation.new",))
    here.offer(alert(1))
    here.offer(alert(2, "retracted", 1))
    here.work()

    assert here.parcels == []
    assert here.said("alert:2") == [("passed_over", "never_told")]


@pytest.mark.parametrize(
    ("asked", "before", "now", "brought"),
    [
        pytest.param({"least_sources": 2}, 1, 2, [["alert:1"]], id="enough_now"),
        pytest.param({"least_sources": 2}, 1, 3, [["alert:1"]], id="two_at_once"),
        pytest.param({"least_sources": 3}, 1, 2, [], id="still_too_few"),
        pytest.param({"least_sources": 2, "leaders": ("bob",)}, 1, 2, [], id="not_asked_for"),
        pytest.param({}, 1, 2, [["alert:1"]], id="known_already"),
    ],
)
def test_an_alert_that_had_too_few_sources_is_brought_once_it_has_enough(
    asked: dict[str, Any], before: int, now: int, brought: list[list[str]]
) -> None:
    here = desk(**asked)
    here.offer(alert(1))
    here.work()
    for _ in range(2):
        here.offer(alert(1, independent_sources=now, sources_before=before))
        here.work()
    here.offer(alert(2, "retracted", 1))
    here.work()

    assert here.parcels == [*brought, *([["alert:2"]] if brought else [])]


@pytest.mark.parametrize(("least", "brought"), [(1, []), (2, [["alert:1"]])])
def test_of_what_was_raised_before_it_was_there_it_hears_what_it_asked_for(
    least: int, brought: list[list[str]]
) -> None:
    here = desk(least_sources=least)
    here.offer(alert(1, independent_sources=2, sources_before=1))
    here.work()

    assert here.parcels == brought


def test_what_was_kept_away_by_a_silence_does_not_come_with_a_second_source() -> None:
    here = desk()
    silence = Silence(id="quiet", author="a", begins_at=NOON, ends_at=NOON + timedelta(hours=1))
    here.silences = (silence,)
    here.offer(alert(1))
    here.now += timedelta(hours=2)
    here.offer(alert(1, independent_sources=2, sources_before=1))
    here.work()

    assert here.parcels == []


@pytest.mark.parametrize(
    ("kind", "brought", "reason"),
    [
        ("retracted", [], "taken_back_before_told"),
        ("trip.changed", [["alert:2"]], "superseded"),
    ],
)
def test_what_waits_makes_room_for_what_comes_on_the_same_subject(
    kind: str, brought: list[list[str]], reason: str
) -> None:
    here = desk(digest=("18:00",))
    here.offer(alert(1))
    here.now += timedelta(hours=1)
    here.offer(alert(2, kind, 1))
    here.work()

    assert here.parcels == brought
    assert here.said("alert:1") == [("planned", "wanted"), ("taken_out", reason)]


def test_a_retraction_follows_a_try_nobody_knows_the_end_of() -> None:
    arrives = iter([False, True, True])
    here = desk(lambda _: next(arrives))
    here.offer(alert(1))
    here.work(until=NOON)
    here.offer(alert(2, "retracted", 1))
    here.work()

    assert here.parcels == [["alert:1"], ["alert:2"]]


def test_what_would_end_something_that_was_given_up_is_not_brought() -> None:
    here = desk(lambda _: False)
    here.offer(alert(1))
    here.work(until=NOON)
    here.offer(alert(2, "retracted", 1))
    here.work()

    assert here.said("alert:1")[-1] == ("given_up", "given_up")
    assert here.said("alert:2") == [("planned", "follows"), ("taken_out", "never_told")]
    assert [(each.event.id, each.offset) for each in here.given_up] == [("alert:1", 1)]


def test_tries_follow_the_schedule_and_hold_up_nothing_but_the_same_leader() -> None:
    here = desk(lambda errand: errand.contents[0].event.subject == "bob")
    here.offer(alert(1))
    here.offer(alert(2))
    here.offer(alert(3, leader="bob"))
    here.work(until=NOON + timedelta(seconds=400))

    seconds = [((at - NOON).total_seconds(), alert, attempt) for at, alert, attempt in here.tries]
    assert seconds == [
        (0, "alert:1", 1),
        (0, "alert:3", 1),
        (5, "alert:1", 2),
        (305, "alert:1", 3),
        (305, "alert:2", 1),
        (310, "alert:2", 2),
    ]


def test_what_has_failed_is_tried_when_somebody_asks_and_by_the_schedule_after_that() -> None:
    here = desk(lambda _: False)
    here.offer(alert(1))
    here.work(until=NOON + timedelta(seconds=10))
    here.asked_at = NOON + timedelta(seconds=20)
    here.work(until=here.asked_at)
    here.offer(alert(2, leader="bob"))
    here.work(until=NOON + timedelta(seconds=60))

    seconds = [((at - NOON).total_seconds(), alert) for at, alert, _ in here.tries]
    assert seconds == [
        (0, "alert:1"),
        (5, "alert:1"),
        (20, "alert:1"),
        (20, "alert:2"),
        (25, "alert:2"),
    ]


def test_what_was_given_up_is_tried_again_when_it_is_put_back() -> None:
    here = desk(lambda _: False)
    here.offer(alert(1))
    here.work()
    here.answer = lambda _: True
    here.offer(alert(1))
    here.work()

    assert here.parcels == [["alert:1"]]
    assert here.said("alert:1")[-2:] == [("planned", "sent_again"), ("brought", "brought")]


def test_a_group_waits_for_others_and_comes_in_one_parcel_in_its_order() -> None:
    here = desk(group_s=60)
    for number in range(40):
        here.offer(alert(number, leader=f"leader-{number % 7}"))
        here.now += timedelta(seconds=1)
    here.work()

    assert here.parcels == [[f"alert:{number}" for number in range(40)]]
    assert here.now == NOON + timedelta(seconds=60)


def test_after_one_message_comes_none_for_a_while_and_then_all_in_one() -> None:
    here = desk(least_pause_s=60)
    for number in range(40):
        here.offer(alert(number, leader=f"leader-{number % 7}"))
        here.work(here.now + timedelta(seconds=1))
    here.work()
    here.now += timedelta(seconds=100)
    here.offer(alert(40))
    here.work()

    assert here.parcels == [
        ["alert:0"],
        [f"alert:{number}" for number in range(1, 40)],
        ["alert:40"],
    ]
    assert [at for at, _, _ in here.tries] == [NOON + timedelta(seconds=s) for s in (0, 60, 160)]


def test_a_try_that_is_made_again_waits_for_no_pause_between_messages() -> None:
    arrives = iter([False, True, True])
    here = desk(lambda _: next(arrives), least_pause_s=60)
    here.offer(alert(1))
    here.work(here.now + timedelta(seconds=2))
    here.offer(alert(2, leader="bob"))
    here.work()

    assert [(parcel, attempt) for _, parcel, attempt in here.tries] == [
        ("alert:1", 1),
        ("alert:1", 2),
        ("alert:2", 1),
    ]
    assert [at for at, _, _ in here.tries] == [NOON + timedelta(seconds=s) for s in (0, 5, 60)]


def test_what_rests_between_messages_is_not_overdue_and_what_is_tried_again_is() -> None:
    here = desk(lambda _: False, least_pause_s=60)
    here.offer(alert(1))
    here.work(NOON)
    here.offer(alert(2, leader="bob"))
    ada, bob = (Lane.of(here.trays[LeaderId(name)]) for name in ("ada", "bob"))
    assert ada is not None
    assert bob is not None
    rested = rested_at(here.subscription, here.packed_at)

    assert (list(ada.due(rested)), list(bob.due(rested))) == ([NOON], [NOON + timedelta(minutes=1)])
    assert list(bob.due(None)) == [NOON]


def test_a_parcel_is_the_same_on_each_try_whatever_comes_meanwhile() -> None:
    arrives = iter([False, True, True])
    here = desk(lambda _: next(arrives), quiet=(QuietHours(begin="11:00", end="13:00"),))
    here.offer(alert(1))
    here.offer(alert(2, leader="bob"))
    here.work(until=NOON + timedelta(hours=1))
    here.offer(alert(3, leader="bob"))
    here.work()

    assert here.parcels == [["alert:1", "alert:2"], ["alert:3"]]
    first = parcel_id((AlertId("alert:1"), AlertId("alert:2")))
    assert [(parcel, attempt) for _, parcel, attempt in here.tries] == [
        (first, 1),
        (first, 2),
        ("alert:3", 1),
    ]


def test_a_long_row_comes_in_several_parcels() -> None:
    here = desk(digest=("18:00",))
    for number in range(250):
        here.offer(alert(number, leader=f"leader-{number % 3}"))
    here.work()

    assert [len(each) for each in here.parcels] == [100, 100, 50]
    brought = [each for parcel in here.parcels for each in parcel]
    assert brought == [f"alert:{number}" for number in range(250)]


@pytest.mark.parametrize(
    ("state", "step", "lost"), [("removed", "taken_out", 0), ("paused", "given_up", 2)]
)
def test_nothing_more_is_brought_to_one_that_is_removed_or_paused(
    state: str, step: str, lost: int
) -> None:
    here = desk(digest=("18:00",))
    here.offer(alert(1))
    here.offer(alert(2, leader="bob"))
    here.subscription = here.subscription.model_copy(update={"state": state})
    here.work()
    here.offer(alert(3))

    assert here.parcels == []
    assert here.said("alert:1")[-1] == (step, state)
    assert here.said("alert:3") == [("passed_over", state)]
    assert len(here.given_up) == lost
    assert isinstance(here.next(), Rest)


def test_a_subscription_that_is_not_known_yet_is_waited_for() -> None:
    here = desk()
    here.offer(alert(1))

    assert next_errand(here.trays.values(), None, NOON) == Rest()


def test_a_silence_is_told_as_the_reason() -> None:
    here = desk()
    here.silences = (
        Silence(id="summit", author="a", begins_at=NOON, ends_at=NOON + timedelta(hours=1)),
    )
    here.offer(alert(1))

    assert here.said("alert:1") == [("passed_over", "silenced")]


def test_what_was_told_under_another_name_is_taken_back_from_who_was_told() -> None:
    here = desk(kinds=("trip.new",))
    here.offer(alert(1, leader="bob"))
    here.offer(alert(2, leader="bob"))
    here.work()
    merged = Tray(subscription="desk", channel="log", leader=LeaderId("ada"))
    origin, into = handed_over(here.trays[LeaderId("bob")], merged, AlertId("alert:1"))
    here.trays = {LeaderId("bob"): origin, LeaderId("ada"): into}
    here.offer(alert(3, "trip.cancelled", 1))
    here.work()

    assert here.parcels == [["alert:1"], ["alert:2"], ["alert:3"]]
    assert [each.alert for each in origin.entries] == ["alert:2"]


def test_what_is_on_its_way_under_another_name_counts_as_told_and_is_still_brought() -> None:
    here = desk()
    here.offer(alert(1, leader="bob"))
    merged = Tray(subscription="desk", channel="log", leader=LeaderId("ada"))
    origin, into = handed_over(here.trays[LeaderId("bob")], merged, AlertId("alert:1"))
    here.trays = {LeaderId("bob"): origin, LeaderId("ada"): into}
    here.offer(alert(2, "retracted", 1))
    here.work()

    assert here.parcels == [["alert:1"], ["alert:2"]]


def test_a_tray_keeps_the_words_of_the_newest_on_each_subject_and_not_too_many_alerts() -> None:
    here = desk()
    here.offer(alert(0))
    for number in range(1, 300):
        here.offer(alert(number, "trip.changed", number - 1))
        here.work()

    entries = here.trays["ada"].entries  # type: ignore[index]
    assert len(entries) == 100
    assert [each.alert for each in entries if each.event is not None] == ["alert:299"]


def test_a_tray_keeps_the_words_of_few_subjects_and_of_all_that_is_not_brought_yet() -> None:
    here = desk(lambda errand: errand.parcel < "alert:150")
    for number in range(100, 155):
        here.offer(alert(number))
        here.work(here.now)

    entries = here.trays["ada"].entries  # type: ignore[index]
    told = [each.alert for each in entries if each.event is not None]
    assert told == [f"alert:{number}" for number in range(130, 155)]


@pytest.mark.parametrize(
    ("attempt", "peace_s", "seconds"),
    [
        pytest.param(1, None, 5, id="by_the_schedule"),
        pytest.param(2, 10.0, 300, id="asked_for_less_than_the_schedule_gives"),
        pytest.param(1, 60.0, 60, id="asked_for_more"),
        pytest.param(1, 1e9, 86_400, id="asked_for_eternity"),
        pytest.param(3, None, None, id="the_last_try"),
    ],
)
def test_a_try_is_made_again_after_the_longer_of_schedule_and_wish(
    attempt: int, peace_s: float | None, seconds: float | None
) -> None:
    again = again_at(attempt, (5.0, 300.0), peace_s, NOON)

    assert again == (None if seconds is None else NOON + timedelta(seconds=seconds))


ALERTS = st.lists(
    st.tuples(
        st.sampled_from(["ada", "bob", "eve"]),
        st.sampled_from(["trip.new", "trip.changed", "trip.cancelled", "retracted"]),
        st.integers(0, 3),
        st.integers(0, 90),
    ),
    max_size=25,
)
SUBSCRIPTIONS = st.sampled_from(
    [
        {},
        {"kinds": ("trip.new",)},
        {"group_s": 600},
        {"least_pause_s": 1800},
        {"digest": ("06:00", "18:00")},
        {"quiet": (QuietHours(begin="13:00", end="15:00"),), "group_s": 30},
    ]
)


@given(alerts=ALERTS, asked=SUBSCRIPTIONS, luck=st.randoms(use_true_random=False))
def test_each_alert_comes_to_one_end_and_who_was_told_hears_of_the_end(
    alerts: list[tuple[str, str, int, int]], asked: dict[str, Any], luck: Any
) -> None:
    here = desk(lambda _: luck.random() < 0.6, **asked)
    open_subjects: dict[tuple[str, int], int] = {}
    for number, (leader, kind, subject, minutes) in enumerate(alerts):
        before = open_subjects.get((leader, subject))
        here.offer(alert(number, "trip.new" if before is None else kind, before, leader))
        open_subjects[leader, subject] = number
        if before is not None and kind == "retracted":
            del open_subjects[leader, subject]
        here.work(until=here.now + timedelta(minutes=minutes))
    here.work()

    ends = {"passed_over", "taken_out", "brought", "given_up"}
    for number in range(len(alerts)):
        said = [step for step, _ in here.said(f"alert:{number}")]
        assert [step for step in said if step in ends] == [here.states()[f"alert:{number}"]]
    order = [int(each.removeprefix("alert:")) for parcel in here.parcels for each in parcel]
    for leader in ("ada", "bob", "eve"):
        mine = [number for number in order if alerts[number][0] == leader]
        assert mine == sorted(mine)
    assert len(order) == len(set(order))
