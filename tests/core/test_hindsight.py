"""What was believed at a time, from the record."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from streams.core.editions import report
from streams.core.fold import fold, view
from streams.core.hindsight import believed, known_at
from streams.core.keeping import EVERYTHING
from tests.core.strategies import KAST, NOBOA, at, messages, reading, reported, trip, withdrawn


def countries(record, then=None, **limits):
    shown = believed(KAST.id, record, at(then) if then else None, **limits)
    return [each.destination.country for each in shown.trips] if shown else None


def folded(wire):
    dossier = None
    for message in wire:
        dossier = fold(dossier, message)
    return dossier


RECORD = [
    reported(trip("FR", when="2026-02-10"), "2026-01-02", story="a"),
    reported(trip("DE", when="2026-02-20"), "2026-01-04", story="b"),
    withdrawn("a", 2, "2026-01-06", reason="killed"),
]


def test_what_was_believed_is_what_had_come_in_by_then():
    assert countries(RECORD, "2026-01-01") is None
    assert countries(RECORD, "2026-01-02") == ["FR"]
    assert countries(RECORD, "2026-01-05") == ["FR", "DE"]
    assert countries(RECORD, "2026-01-06") == ["DE"]
    assert countries(RECORD) == ["DE"]


def test_what_came_late_was_not_known_at_the_time_it_is_of():
    late = RECORD[0].model_copy(
        update={"source": RECORD[0].source.model_copy(update={"received_at": at("2026-01-20")})}
    )

    assert countries([late], "2026-01-19") is None
    assert countries([late], "2026-01-20") == ["FR"]


def test_an_embargoed_edition_counts_from_its_time_on_with_all_that_it_replaces():
    first = reading("a", 1, "2026-01-02", trip("FR"))
    second = reading("a", 2, "2026-01-03", trip("DE"))
    second = second.model_copy(update={"embargoed_until": at("2026-01-08")})
    state, of_first = report(None, first)
    _, of_second = report(state, second)
    record = [*of_first, *of_second]

    assert countries(record, "2026-01-07") == ["FR"]
    assert countries(record, "2026-01-08") == ["DE"]


def test_a_kill_counts_at_once_whatever_the_embargo_of_its_story():
    kill = reading("a", 2, "2026-01-03", signal="kill")
    state, _ = report(None, reading("a", 1, "2026-01-02", trip("FR")))
    _, (withdrawal,) = report(state, kill.model_copy(update={"embargoed_until": at("2026-01-08")}))

    assert known_at(withdrawal) == kill.received_at


def test_the_record_of_others_does_not_matter():
    other = reported(trip("IT", leader=NOBOA), "2026-01-02", story="c")

    assert countries([other, *RECORD]) == countries(RECORD)
    assert believed(KAST.id, [other]) is None


def test_history_shows_what_has_left_the_dossier():
    news = reported(trip("IT", when="2027-01-03"), "2027-01-02")

    assert countries([*RECORD, news]) == ["IT"]
    assert countries([*RECORD, news], limits=EVERYTHING) == ["DE", "IT"]
    assert countries([*RECORD, news], "2026-01-05", limits=EVERYTHING) == ["FR", "DE"]


@given(messages, st.integers(0, 80), st.randoms(use_true_random=False))
def test_the_order_of_the_record_does_not_matter_and_the_present_is_no_exception(
    wire, days, shuffled
):
    then = at("2025-12-20") + timedelta(days=days)
    other = list(wire)
    shuffled.shuffle(other)
    known = [each for each in wire if known_at(each) <= then]

    assert believed(KAST.id, other, then) == believed(KAST.id, wire, then)
    assert believed(KAST.id, wire, then) == believed(KAST.id, known)
    now = view(folded(wire))
    assert believed(KAST.id, wire) == (now if now.trips or now.invitations else None)
