"""A dossier stays small whatever the years, and still depends on the set of its messages alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.alerts import weigh
from streams.core.fold import fold, standing, view
from streams.core.keeping import LIMITS, Limits, kept, told_at
from tests.core.strategies import (
    KAST,
    NOBOA,
    at,
    invitation,
    invitation_claims,
    reported,
    trip,
    trip_claims,
    withdrawn,
)

TIGHT = Limits(
    kept_days=20,
    undated_days=30,
    furthest_days=60,
    same_story=2,
    same_claim=3,
    newest=2,
    lasting=2,
)
"""So narrow that every rule bites within a dozen messages."""


def folded(wire, limits=LIMITS):
    dossier = None
    for message in wire:
        dossier = fold(dossier, message, limits)
    return dossier


def told(wire):
    dossier, raised = None, []
    for message in wire:
        found = weigh(dossier, fold(dossier, message), message)
        dossier, alerts = found.dossier, found.alerts
        raised.extend(alerts)
    return dossier, raised


def day(number):
    return (at("2025-11-01") + timedelta(days=number)).date().isoformat()


@st.composite
def reports_spread(draw):
    """Reports over half a year, of stories in up to four editions."""
    story, edition = draw(st.integers(0, 7)), draw(st.integers(1, 4))
    claim = draw(st.one_of(trip_claims, trip_claims, invitation_claims))
    return reported(claim, day(story * 20 + edition), story=f"s{story}", edition=edition)


@st.composite
def withdrawals_spread(draw):
    """Withdrawals of the same stories."""
    story, edition = draw(st.integers(0, 7)), draw(st.integers(1, 4))
    return withdrawn(f"s{story}", edition, day(story * 20 + edition))


wires = st.lists(st.one_of(*[reports_spread()] * 4, withdrawals_spread()), min_size=1, max_size=24)


@st.composite
def same_said(draw):
    """Many stories and editions that say one of two things."""
    story, edition = draw(st.integers(0, 9)), draw(st.integers(1, 4))
    claim = trip("EC", draw(st.sampled_from(("planned", "cancelled"))), "2025-12-20")
    return reported(claim, day(story * 4 + edition * 3), story=f"s{story}", edition=edition)


def in_batches(wire, size, today, limits):
    """What is kept in the end, if what is kept of each batch is all that goes into the next."""
    held = ()
    for begin in range(0, len(wire), size):
        more = {each.id: each for each in (*held, *wire[begin : begin + size])}
        held = kept(more.values(), today, limits)
    return held


@given(wires, st.randoms(use_true_random=False))
def test_what_is_kept_does_not_depend_on_order_or_repetition(wire, shuffled):
    other = wire + wire[: len(wire) // 2]
    shuffled.shuffle(other)

    assert folded(other, TIGHT) == folded(wire, TIGHT)


@given(
    st.lists(
        st.one_of(reports_spread(), *[same_said()] * 2),
        min_size=1,
        max_size=24,
        unique_by=lambda each: each.id,
    ),
    st.integers(1, 7),
    st.integers(0, 90),
    st.sampled_from([TIGHT, replace(TIGHT, newest=20, lasting=20)]),
)
def test_what_is_kept_does_not_depend_on_the_batches_it_came_in(wire, size, later, limits):
    today = max(told_at(each) for each in wire).toordinal() + later

    assert in_batches(wire, size, today, limits) == kept(wire, today, limits)


@given(st.lists(same_said(), min_size=1, max_size=24), st.randoms(use_true_random=False))
def test_of_many_that_say_the_same_the_same_ones_are_kept_in_any_order(wire, shuffled):
    other = list(wire)
    shuffled.shuffle(other)

    assert folded(other, TIGHT) == folded(wire, TIGHT)
    claims = [(each.claim.status, each.source.story) for each in folded(wire, TIGHT).reports]
    assert max(claims.count(each) for each in claims) <= TIGHT.same_story
    said = [status for status, _ in claims]
    assert max(said.count(each) for each in said) <= TIGHT.same_claim


AGES = {
    "a dated trip, for a while after its last day": (
        reported(trip("FR", when="2026-02-10..2026-02-12"), "2026-01-02"),
        "2026-02-12",
        LIMITS.kept_days,
    ),
    "a trip told only after it was over": (
        reported(trip("FR", "completed", "2025-03-01"), "2026-01-02", foreground=False),
        "2026-01-02",
        LIMITS.kept_days,
    ),
    "a plan without a date": (
        reported(trip("FR"), "2026-01-02"),
        "2026-01-02",
        LIMITS.undated_days,
    ),
    "an invitation for a day": (
        reported(invitation(inviter=NOBOA, invitee=KAST, when="2026-03-11"), "2026-01-02"),
        "2026-03-11",
        LIMITS.kept_days,
    ),
    "an invitation without a date": (
        reported(invitation(inviter=NOBOA, invitee=KAST), "2026-01-02"),
        "2026-01-02",
        LIMITS.undated_days,
    ),
    "what is said of a far year": (
        reported(trip("FR", when="9999"), "2026-01-02"),
        "2026-01-02",
        LIMITS.furthest_days + LIMITS.kept_days,
    ),
}


@pytest.mark.parametrize(("report", "since", "days"), AGES.values(), ids=AGES)
def test_how_long_a_report_is_kept(report, since, days):
    def held(later):
        moment = (at(since) + timedelta(days=later)).date().isoformat()
        news = reported(trip("JP", "completed", moment), moment, story="later", foreground=False)
        return report.id in {each.id for each in folded([report, news]).reports}

    assert (held(days), held(days + 1)) == (True, False)


def test_an_old_trip_leaves_in_silence_and_is_told_again_when_it_is_news_again():
    first = reported(trip("FR", when="2026-02-10"), "2026-01-02")
    later = reported(trip("DE", when="2026-07-01"), "2026-06-20")
    again = reported(trip("FR", when="2026-08-10"), "2026-07-20")

    dossier, raised = told([first, later, again])

    assert [(each.data.kind, each.data.country) for each in raised] == [
        ("trip.new", "FR"),
        ("trip.new", "DE"),
        ("trip.new", "FR"),
    ]
    assert [each.destination.country for each in view(dossier).trips] == ["DE", "FR"]


def test_a_late_report_of_what_has_left_raises_nothing_and_changes_nothing():
    later = reported(trip("DE", when="2026-07-01"), "2026-06-20")
    late = reported(trip("FR", when="2026-02-10"), "2026-01-02")

    dossier, raised = told([later, late])

    assert [each.data.country for each in raised] == ["DE"]
    assert dossier == told([later])[0]


def test_a_late_report_of_what_is_still_ahead_lands_where_it_belongs():
    now = reported(trip("DE", when="2026-07-01"), "2026-06-20")
    late = reported(trip("FR", when="2026-07-10"), "2026-01-02")

    _, raised = told([now, late])

    assert [each.data.country for each in raised] == ["DE", "FR"]


def test_a_withdrawal_of_what_has_left_takes_nothing_back():
    first = reported(trip("FR", when="2026-02-10"), "2026-01-02", story="a")
    later = reported(trip("DE", when="2026-07-01"), "2026-06-20")
    kill = withdrawn("a", 2, "2026-06-21", reason="killed")

    _, raised = told([first, later, kill])

    assert [each.data.kind for each in raised] == ["trip.new", "trip.new"]


def test_a_source_whose_clock_is_ahead_does_not_make_everything_old():
    first = reported(trip("FR", when="2026-02-10"), "2026-01-02")
    ahead = reported(trip("DE"), "2099-01-01")
    source = ahead.source.model_copy(update={"received_at": at("2026-01-03")})
    ahead = ahead.model_copy(update={"source": source})

    assert len(folded([first, ahead]).reports) == 2


def test_a_follow_up_keeps_the_subject_under_which_people_first_heard_of_it():
    wire = [
        reported(trip("FR", "possible"), f"2026-01-{n:02}", story=f"s{n}") for n in range(1, 20)
    ]
    confirmed = reported(trip("FR", "planned", "2026-03-01"), "2026-01-25")

    _, raised = told([*wire, confirmed])

    assert [each.data.kind for each in raised] == ["trip.new", "trip.changed"]
    assert raised[0].data.subject == raised[1].data.subject


def test_a_story_told_in_many_editions_leaves_room_for_others_that_say_the_same():
    other = reported(trip("FR", when="2026-02-10"), "2026-01-02", story="other")
    live = [
        reported(trip("FR", when="2026-02-10"), f"2026-01-03T10:{n:02}", story="live", edition=n)
        for n in range(2 * LIMITS.same_claim)
    ]

    held = folded([other, *live]).reports

    assert [each.source.story for each in held].count("live") == LIMITS.same_story
    assert other in held
    assert kept([other, *live], told_at(live[-1]).toordinal()) == held


def test_much_news_of_today_takes_the_place_of_no_plan_that_lies_far_ahead():
    plan = reported(trip("FR", when="2026-09-10"), "2026-01-02")
    daily = [
        reported(trip(country, when=day(70 + n)), day(65 + n), story=f"{country}{n}")
        for country in ("DE", "IT", "JP")
        for n in range(3 * LIMITS.newest)
    ]

    held = {each.id for each in folded([plan, *daily]).reports}

    assert plan.id in held
    assert len(held) <= LIMITS.newest + LIMITS.lasting


def test_many_plans_far_ahead_take_the_place_of_no_news_of_today():
    plans = [
        reported(trip("FR", when=day(200 + n)), "2026-01-02", story=f"plan {n}")
        for n in range(2 * LIMITS.lasting)
    ]
    news = reported(trip("JP", "under_way", "2026-01-03"), "2026-01-03")

    _, raised = told([*plans, news])

    assert raised[-1].data.country == "JP"


def test_what_news_has_pushed_out_does_not_depend_on_whether_it_came_in_time():
    limits = Limits(kept_days=20, newest=1, lasting=1)
    lasting = reported(trip("FR", when="2026-03-10"), "2026-01-01")
    pushed_out = reported(trip("DE", when="2026-02-10"), "2026-01-02")
    news = reported(trip("IT", when="2026-01-05"), "2026-01-05")
    later = withdrawn("other", 2, "2026-02-15")

    in_time = folded([lasting, pushed_out, news, later], limits)

    assert in_time.reports == (lasting,)
    assert folded([later, news, pushed_out, lasting], limits) == in_time


def test_a_kill_is_remembered_until_many_newer_closings_have_come():
    limits = Limits(editions=3)
    late = reported(trip("FR"), "2026-01-02", story="a")
    kill = withdrawn("a", 2, "2026-01-03", reason="killed")
    newer = [withdrawn(f"n{n}", 2, f"2026-01-{4 + n:02}") for n in range(3)]

    assert standing(folded([kill, *newer[:2], late], limits)) == ()
    assert standing(folded([kill, *newer, late], limits)) == (late,)
