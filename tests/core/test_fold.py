"""A dossier is a function of the set of its messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.dossiers import Dossier
from streams.core.alerts import weigh
from streams.core.fold import fold, standing, view
from tests.core.strategies import KAST, NOBOA, messages, reported, trip, withdrawn


def folded(wire):
    dossier = None
    for message in wire:
        dossier = fold(dossier, message)
    return dossier


def told(wire):
    """Dossier with its ledger, and all alerts."""
    dossier, raised = None, []
    for message in wire:
        found = weigh(dossier, fold(dossier, message), message)
        dossier, alerts = found.dossier, found.alerts
        raised.extend(alerts)
    return dossier, raised


@given(messages, st.randoms(use_true_random=False))
def test_any_order_and_repetition_of_messages_ends_in_the_same_dossier(wire, shuffled):
    other = wire + wire[: len(wire) // 2]
    shuffled.shuffle(other)

    assert folded(other) == folded(wire)
    assert view(folded(other)) == view(folded(wire))


@given(messages)
def test_a_repeated_message_leaves_the_very_same_dossier(wire):
    dossier = folded(wire)

    for message in wire:
        assert fold(dossier, message) is dossier


@given(messages)
def test_the_ledger_is_no_business_of_the_fold(wire):
    dossier, _ = told(wire)

    assert dossier.model_copy(update={"ledger": (), "retired": ()}) == folded(wire)


@given(messages)
def test_a_view_shows_each_report_that_stands_once_and_no_two_trips_of_one_id(wire):
    dossier = folded(wire)
    shown = view(dossier)
    sightings = [
        sighting.report
        for each in (*shown.trips, *shown.invitations)
        for sighting in each.sightings
    ]

    assert sorted(sightings) == sorted(report.id for report in standing(dossier))
    assert len({each.id for each in shown.trips}) == len(shown.trips)


def test_a_newer_edition_waits_for_the_withdrawal_that_closes_the_older():
    first = reported(trip("FR"), "2026-01-02", story="a")
    second = reported(trip("DE"), "2026-01-03", story="a", edition=2)
    close = withdrawn("a", 2, "2026-01-03")

    assert standing(folded([first, second])) == (first,)
    assert standing(folded([first, second, close])) == (second,)
    assert standing(folded([close, second, first])) == (second,)


def test_an_edition_that_is_alone_stands_at_once():
    only = reported(trip("FR"), "2026-01-03", story="a", edition=2)

    assert standing(folded([only])) == (only,)


def test_a_late_report_lands_in_the_trip_it_tells_of_at_its_place_in_time():
    wire = [
        reported(trip("FR", "planned", "2026-02-10"), "2026-01-02"),
        reported(trip("FR", "planned", "2026-03-10"), "2026-01-06"),
        reported(trip("FR", "completed", "2026-02-10"), "2026-02-11"),
    ]
    late = reported(trip("FR", "cancelled", "2026-03-11"), "2026-01-08", story="late")

    of_february, of_march = view(folded([*wire, late])).trips

    assert (of_february.status, of_march.status) == ("completed", "cancelled")
    assert [each.story for each in of_march.sightings] == ["story-2026-01-06", "late"]


def test_two_readings_of_one_claim_leave_one_of_them_whichever_comes_first():
    one = reported(trip("FR"), "2026-01-02", text="He flies.")
    other = one.model_copy(update={"knowledge": "newer"})

    assert folded([one, other]) == folded([other, one])
    assert len(folded([one, other]).reports) == 1


def test_a_message_to_another_leader_is_refused():
    with pytest.raises(ValueError, match="daniel-noboa"):
        fold(Dossier(leader=NOBOA.id), reported(trip("FR"), "2026-01-02"))


def test_a_dossier_in_which_nothing_stands_is_shown_by_its_id():
    empty = folded([withdrawn("a", 2, "2026-01-03")])

    assert (view(empty).id, view(empty).name) == (KAST.id, KAST.id)


def test_trips_are_shown_by_first_day_with_undated_ones_last():
    wire = [
        reported(trip("FR", "planned", None), "2026-01-02"),
        reported(trip("DE", "planned", "2026-03"), "2026-01-02"),
        reported(trip("IT", "planned", "..2026-02-10"), "2026-01-02"),
        reported(trip("ES", "planned", "2026-02-01"), "2026-01-02"),
    ]

    assert [each.destination.country for each in view(folded(wire)).trips] == [
        "ES",
        "IT",
        "DE",
        "FR",
    ]
