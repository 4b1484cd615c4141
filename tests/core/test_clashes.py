"""What cannot all be true is kept and shown, and settled by nobody in silence."""

import pytest

from streams.core.fold import fold, view
from tests.core.strategies import BUKELE, KAST, NOBOA, invitation, reported, trip, withdrawn


def shown(*wire):
    dossier = None
    for message in wire:
        dossier = fold(dossier, message)
    return view(dossier)


def said(country, status="planned", when=None, on="2026-01-02", by="a", **more):
    return reported(trip(country, status, when, **more), on, story=f"{by} {on}", outlet=by)


PLACES = {
    "two countries on one day": ("2026-01-10", "2026-01-10", True),
    "one within the other": ("2026-01-10..2026-01-14", "2026-01-12", True),
    "overlapping": ("2026-01-10..2026-01-13", "2026-01-12..2026-01-15", True),
    "the next day": ("2026-01-10", "2026-01-11", False),
    "leaving one for the other": ("2026-01-10..2026-01-12", "2026-01-12..2026-01-13", False),
    "a month is no day": ("2026-01", "2026-01-12", False),
    "no date": (None, "2026-01-12", False),
}


@pytest.mark.parametrize(("here", "there", "clash"), PLACES.values(), ids=PLACES)
def test_a_traveller_in_two_countries_at_once(here, there, clash):
    wire = (said("FR", when=here), said("DE", when=there, on="2026-01-03", by="b"))

    for trips in (shown(*wire).trips, shown(*reversed(wire)).trips):
        assert len(trips) == 2
        others = {each.id: {clash.trip for clash in each.clashes} for each in trips}
        one, other = others
        assert others == ({one: {other}, other: {one}} if clash else {one: set(), other: set()})


@pytest.mark.parametrize("status", ["cancelled", "possible"])
def test_a_trip_that_may_not_take_place_is_in_nobody_s_way(status):
    wire = (said("FR", when="2026-01-10"), said("DE", status, "2026-01-10", by="b"))

    assert [each.clashes for each in shown(*wire).trips] == [(), ()]


def test_visitors_of_one_host_do_not_clash():
    wire = [
        reported(
            trip("EC", when="2026-01-10", leader=guest, hosts=(NOBOA,)),
            "2026-01-02",
            story=guest.id,
            role="host",
            leader=NOBOA.id,
        )
        for guest in (KAST, BUKELE)
    ]

    assert [each.clashes for each in shown(*wire).trips] == [(), ()]


def test_a_clash_goes_when_one_of_its_stories_is_killed():
    wire = (said("FR", when="2026-01-10"), said("DE", when="2026-01-10", by="b"))
    kill = withdrawn("b 2026-01-02", 2, "2026-01-04", reason="killed")

    assert [each.clashes for each in shown(*wire, kill).trips] == [()]


def outlets(*words, about):
    """The outlets whose words on one trip are shown as speaking against each other."""
    (journey,) = shown(*words).trips
    names = {each.report: each.source for each in journey.sightings}
    clashing = [each for each in journey.clashes if each.about == about]
    return sorted(names[report] for each in clashing for report in each.reports)


OFF = said("FR", "cancelled", "2026-01-10", on="2026-01-04", by="a")


def test_an_outlet_that_still_has_the_trip_on_speaks_against_one_that_has_it_off():
    on = said("FR", "planned", "2026-01-10", on="2026-01-05", by="b")

    assert outlets(OFF, on, about="status") == ["a", "b"]
    assert outlets(on, OFF, about="status") == ["a", "b"]


QUIET = {
    "called off after it was planned": ("planned", "2026-01-03", "b", 0.9),
    "on again by the same outlet": ("planned", "2026-01-05", "a", 0.9),
    "an unsure word": ("planned", "2026-01-05", "b", 0.3),
    "only possible": ("possible", "2026-01-05", "b", 0.9),
}


@pytest.mark.parametrize(("status", "on", "by", "sure"), QUIET.values(), ids=QUIET)
def test_news_is_no_contradiction(status, on, by, sure):
    other = said("FR", status, "2026-01-10", on=on, by=by).model_copy(update={"confidence": sure})

    assert outlets(OFF, other, about="status") == []


def test_outlets_that_have_other_days_for_one_trip_speak_against_each_other():
    words = [
        said("FR", when="2026-01-10", by="a"),
        said("FR", when="2026-01-11", by="b"),
        said("FR", when="2026-01-13", by="c"),
    ]

    assert outlets(*words[:2], about="dates") == []
    assert outlets(*words, about="dates") == ["a", "b", "c"]


def test_days_from_before_a_trip_was_put_off_are_no_contradiction():
    words = [
        said("FR", when="2026-01-10", by="a"),
        said("FR", when="2026-01-13", on="2026-01-04", by="b", moved=True),
        said("FR", when="2026-01-13", on="2026-01-05", by="c"),
    ]
    behind = said("FR", when="2026-01-10", on="2026-01-06", by="d")

    assert outlets(*words, about="dates") == []
    assert outlets(*words, behind, about="dates") == ["b", "c", "d"]


def test_a_contradiction_in_dates_shows_what_each_outlet_has():
    (journey,) = shown(
        said("FR", when="2026-01-10", by="a"), said("FR", when="2026-01-13", by="b")
    ).trips

    assert {each.dates.start for each in journey.sightings} == {"2026-01-10", "2026-01-13"}


def answer(status, on, by):
    claim = invitation(status, inviter=NOBOA, invitee=KAST, to="EC")
    return reported(claim, on, story=f"{by} {on}", outlet=by)


def test_outlets_that_know_of_different_answers_speak_against_each_other():
    (asked,) = shown(
        answer("extended", "2026-01-02", "a"),
        answer("accepted", "2026-01-03", "b"),
        answer("declined", "2026-01-04", "c"),
    ).invitations
    (answered,) = shown(
        answer("accepted", "2026-01-03", "b"), answer("declined", "2026-01-04", "b")
    ).invitations

    assert [each.source for each in asked.sightings if each.report in asked.clashes[0].reports] == [
        "b",
        "c",
    ]
    assert answered.clashes == ()
