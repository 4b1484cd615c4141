"""Which reports are one trip, and what is believed of it."""

from itertools import permutations

import pytest

from schemas.dossiers import Dossier
from streams.core.fold import fold, view
from streams.core.trips import NEXT_STATUS, journeys
from tests.core.strategies import KAST, NOBOA, dates, reported, trip


def believed(*reports):
    dossier = None
    for report in reports:
        dossier = fold(dossier, report)
    return view(dossier or Dossier(leader=KAST.id)).trips


def back(*arguments, **named):
    return reported(*arguments, foreground=False, **named)


TOGETHER = {
    "planned over two days, under way on the second, completed on it": [
        reported(trip("EC", "planned", "2025-12-22..2025-12-23"), "2025-12-21"),
        reported(trip("EC", "under_way", "2025-12-23"), "2025-12-23"),
        reported(trip("EC", "completed", "2025-12-23"), "2025-12-24"),
    ],
    "a dated visit and an earlier visit without a date": [
        back(trip("AR", "completed", "2025-12-16"), "2025-12-21"),
        back(trip("AR", "completed"), "2025-12-24"),
    ],
    "possible before a day in two stories": [
        reported(trip("US", "possible", "..2026-03-11"), "2025-12-22"),
        reported(trip("US", "possible", "..2026-03-11"), "2025-12-24"),
    ],
    "three days apart": [
        reported(trip("EC", "planned", "2026-01-10"), "2026-01-01"),
        reported(trip("EC", "planned", "2026-01-13"), "2026-01-02"),
    ],
    "a month and a day in it": [
        reported(trip("PE", "planned", "2026-01"), "2025-12-21"),
        reported(trip("PE", "planned", "2026-01-14"), "2026-01-05"),
    ],
    "a plan without a date and the day it got": [
        reported(trip("PE", "planned"), "2025-12-21"),
        reported(trip("PE", "planned", "2026-04-14"), "2026-01-05"),
    ],
    "possible before a day, and later known to have taken place": [
        reported(trip("US", "possible", "..2026-03-11"), "2025-12-22"),
        back(trip("US", "completed"), "2026-07-01"),
    ],
    "postponed by weeks": [
        reported(trip("PE", "planned", "2026-01-14"), "2026-01-05"),
        reported(trip("PE", "planned", "2026-02-20", moved=True), "2026-01-10"),
    ],
    "postponed by weeks, and the new dates told again": [
        reported(trip("PE", "planned", "2026-01-14"), "2026-01-05"),
        reported(trip("PE", "planned", "2026-02-20", moved=True), "2026-01-10"),
        reported(trip("PE", "planned", "2026-02-20..2026-02-21"), "2026-01-11"),
        reported(trip("PE", "planned", "2026-02-20", moved=True), "2026-01-12"),
    ],
    "postponed twice": [
        reported(trip("PE", "planned", "2026-01-14"), "2026-01-05"),
        reported(trip("PE", "planned", "2026-02-20", moved=True), "2026-01-10"),
        reported(trip("PE", "planned", "2026-03-20", moved=True), "2026-02-10"),
    ],
    "postponed to no date": [
        reported(trip("PE", "planned", "2026-01-14"), "2026-01-05"),
        reported(trip("PE", "planned", moved=True), "2026-01-10"),
    ],
}

APART = {
    "a stop just made and a visit next month": [
        reported(trip("PE", "completed", "..2025-12-23", city="Lima"), "2025-12-23"),
        reported(trip("PE", "planned", "2026-01"), "2025-12-21"),
    ],
    "four days apart": [
        reported(trip("EC", "planned", "2026-01-10"), "2026-01-01"),
        reported(trip("EC", "planned", "2026-01-14"), "2026-01-02"),
    ],
    "two countries on one day": [
        reported(trip("EC", "planned", "2026-01-10"), "2026-01-01"),
        reported(trip("PE", "planned", "2026-01-10"), "2026-01-02"),
    ],
    "possible one day, and an earlier visit": [
        reported(trip("US", "possible"), "2026-01-10"),
        back(trip("US", "completed"), "2026-02-10"),
    ],
    "next week, and a visit called off years ago": [
        reported(trip("US", "planned", "2026-01-12"), "2026-01-10"),
        back(trip("US", "cancelled"), "2026-01-10", story="another"),
    ],
    "over last week, and another one planned": [
        reported(trip("US", "completed", "2026-01-05"), "2026-01-06"),
        reported(trip("US", "planned"), "2026-01-10"),
    ],
    "over two days ago, and another one planned": [
        reported(trip("US", "completed", "2026-01-08"), "2026-01-08"),
        reported(trip("US", "planned"), "2026-01-10"),
    ],
    "one just made, and one put off": [
        reported(trip("PE", "completed", "2026-01-08"), "2026-01-08"),
        reported(trip("PE", "planned", "2026-02-20", moved=True), "2026-01-10"),
    ],
}


@pytest.mark.parametrize("reports", TOGETHER.values(), ids=TOGETHER)
def test_these_reports_tell_of_one_trip_in_any_order(reports):
    for order in permutations(reports):
        assert len(believed(*order)) == 1


@pytest.mark.parametrize("reports", APART.values(), ids=APART)
def test_these_reports_tell_of_two_trips_in_any_order(reports):
    for order in permutations(reports):
        assert len(believed(*order)) == 2


@pytest.mark.parametrize(
    ("vague", "joined"),
    [
        pytest.param(reported(trip("PE", "planned", "2026-01"), "2026-01-02"), 0, id="a month"),
        pytest.param(reported(trip("PE", "planned"), "2026-01-10"), 1, id="a plan joins the next"),
        pytest.param(back(trip("PE", "completed"), "2026-01-10"), 0, id="a look back the last"),
        pytest.param(back(trip("PE", "completed"), "2026-02-10"), 1, id="later the later one"),
        pytest.param(reported(trip("PE", "cancelled"), "2026-01-10"), 1, id="called off"),
    ],
)
def test_a_vague_report_joins_one_of_two_dated_trips_and_glues_none(vague, joined):
    dated = [
        reported(trip("PE", "planned", "2026-01-05"), "2026-01-01"),
        reported(trip("PE", "planned", "2026-01-20"), "2026-01-01", story="other"),
    ]

    for order in permutations([*dated, vague]):
        trips = believed(*order)
        assert [len(each.sightings) for each in trips] == ([2, 1] if joined == 0 else [1, 2])


def test_a_trip_put_off_takes_none_of_another_planned_for_later():
    wire = [
        reported(trip("PE", "planned", "2026-02-10"), "2026-01-01"),
        reported(trip("PE", "planned", "2026-05-01"), "2026-01-01", story="may"),
        reported(trip("PE", "planned", "2026-02-12", moved=True), "2026-01-05"),
    ]

    assert [each.dates for each in believed(*wire)] == [dates("2026-02-12"), dates("2026-05-01")]


STATUS = {
    "a plan told later does not undo a start": (["under_way", "planned"], "under_way"),
    "nor a completion": (["completed", "planned"], "completed"),
    "a doubt does not undo a plan": (["planned", "possible"], "planned"),
    "a plan confirms what was possible": (["possible", "planned"], "planned"),
    "called off is called off": (["planned", "cancelled"], "cancelled"),
    "planned again after being called off": (["planned", "cancelled", "planned"], "planned"),
    "a hope does not bring it back": (["planned", "cancelled", "possible"], "cancelled"),
    "what took place is not called off": (["completed", "cancelled"], "completed"),
    "cut short": (["under_way", "cancelled"], "cancelled"),
}


@pytest.mark.parametrize(("told", "status"), STATUS.values(), ids=STATUS)
def test_status_follows_the_order_of_publication(told, status):
    wire = [
        reported(trip("EC", each, "2026-01-20"), f"2026-01-1{day}") for day, each in enumerate(told)
    ]

    for order in permutations(wire):
        assert [each.status for each in believed(*order)] == [status]


@pytest.mark.parametrize(
    ("lighter", "weightier"),
    [
        ("possible", "planned"),
        ("planned", "under_way"),
        ("under_way", "completed"),
        ("planned", "cancelled"),
    ],
)
def test_within_one_story_the_weightier_word_counts(lighter, weightier):
    for story in "abcdefgh":  # ids decide nothing
        reports = [
            reported(trip("FR", status, "2026-01-10"), "2026-01-09", story=story)
            for status in (lighter, weightier)
        ]
        assert believed(*reports)[0].status == weightier


def test_the_table_of_statuses_is_complete():
    assert all(set(heard) == set(NEXT_STATUS) for heard in NEXT_STATUS.values())


def test_a_background_plan_does_not_bring_back_what_was_called_off():
    wire = [
        reported(trip("EC", "cancelled", "2026-01-20"), "2026-01-10"),
        back(trip("EC", "planned", "2026-01-20"), "2026-02-10"),
    ]

    assert believed(*wire)[0].status == "cancelled"


def test_a_trip_put_off_is_planned_even_where_its_story_calls_the_old_one_cancelled():
    wire = [
        reported(trip("EC", "planned", "2026-01-20"), "2026-01-10"),
        reported(trip("EC", "cancelled", "2026-01-20"), "2026-01-12"),
        reported(trip("EC", "planned", "2026-02-20", moved=True), "2026-01-12"),
    ]

    (only,) = believed(*wire)
    assert (only.status, only.dates) == ("planned", dates("2026-02-20"))


DATES = {
    "the most precise": (["2026-01", "2026-01-20", "..2026-03-11"], "2026-01-20"),
    "the latest of equals": (["2026-01-20", "2026-01-21"], "2026-01-21"),
    "two days over one": (["2026-01-20..2026-01-21", "2026-01-20.."], "2026-01-20..2026-01-21"),
    "a month over a deadline": (["2026-01", "..2026-01-31"], "2026-01"),
    "unknown where none knows": ([None, None], None),
}


@pytest.mark.parametrize(("told", "expected"), DATES.values(), ids=DATES)
def test_dates_are_the_best_belief(told, expected):
    wire = [
        reported(trip("EC", "planned", each), f"2026-01-0{day + 1}")
        for day, each in enumerate(told)
    ]

    assert [each.dates for each in believed(*wire)] == [dates(expected)]


def test_dates_of_a_trip_put_off_are_the_new_ones_even_if_vague():
    wire = [
        reported(trip("EC", "planned", "2026-01-20"), "2026-01-10"),
        reported(trip("EC", "planned", "2026-02", moved=True), "2026-01-12"),
    ]

    assert [each.dates for each in believed(*wire)] == [dates("2026-02")]


def test_the_city_is_the_last_one_named():
    wire = [
        reported(trip("EC", "planned", "2026-01-20", city="Guayaquil"), "2026-01-10"),
        reported(trip("EC", "planned", "2026-01-20", city="Quito"), "2026-01-11"),
        reported(trip("EC", "planned", "2026-01-20"), "2026-01-12"),
    ]

    assert believed(*wire)[0].destination.city == "Quito"


def test_what_is_not_sure_changes_nothing_of_what_is():
    sure = reported(trip("EC", "planned", "2026-01-20", city="Quito"), "2026-01-10")
    unsure = reported(
        trip("EC", "cancelled", "2026-01-21", city="Guayaquil"), "2026-01-11", confidence=0.4
    )

    (both,) = believed(sure, unsure)
    assert (both.status, both.dates, both.destination.city) == (
        "planned",
        dates("2026-01-20"),
        "Quito",
    )
    assert (both.confidence, len(both.sightings)) == (0.9, 2)
    (alone,) = believed(unsure)
    assert (alone.status, alone.confidence) == ("cancelled", 0.4)


def test_reprints_of_one_wire_count_once():
    wire = [
        reported(trip("EC", "planned", "2026-01-20"), "2026-01-10", story=name, same_text_as=text)
        for name, text in (("a", "wire"), ("b", "wire"), ("c", "own"))
    ]

    (only,) = believed(*wire)
    assert (len(only.sightings), only.independent_sources) == (3, 2)


def test_the_id_of_a_trip_stays_when_more_is_told_later():
    first = reported(trip("EC", "planned", "2026-01"), "2025-12-10")
    later = reported(trip("EC", "planned", "2026-01-20"), "2025-12-20")

    assert believed(first, later)[0].id == believed(first)[0].id
    assert believed(later)[0].id != believed(first)[0].id


def test_a_host_sees_the_trip_of_a_visitor_apart_from_their_own():
    visit = trip("EC", "planned", "2026-01-20", hosts=[NOBOA])
    own = trip("EC", "planned", "2026-01-20", leader=NOBOA)
    mirrored = reported(visit, "2026-01-10", role="host", leader=NOBOA.id)

    trips = believed(mirrored, reported(own, "2026-01-10"))
    assert sorted((each.role, each.leader.id) for each in trips) == [
        ("host", KAST.id),
        ("owner", NOBOA.id),
    ]


def test_journeys_of_nothing_are_none():
    assert journeys([]) == ()
