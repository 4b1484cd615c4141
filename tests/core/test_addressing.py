"""A leader who proves to be another: nothing is lost, and nobody is told twice."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.base import LeaderId, Person
from schemas.leaders import LeaderEdit
from schemas.record import edited
from streams.core.addressing import addressed_to, take
from streams.core.hindsight import believed
from streams.core.replay import Replay
from tests.core.strategies import (
    KAST,
    NOBOA,
    at,
    invitation,
    messages,
    reported,
    trip,
    withdrawn,
)

STRANGER = Person(id=LeaderId("provisional:cl:jose-kast"), name="José Kast")


def edit(leader, action, when="2026-03-01", minute=0, **said):
    return LeaderEdit(
        leader=leader,
        action=action,
        edited_at=at(when) + timedelta(minutes=minute),
        editor="night desk",
        **said,
    )


def merge(when="2026-03-01", leader=STRANGER, into=KAST):
    return edited(edit(leader.id, "merge", when, into=into.id, name=into.name))


def fed(*wire):
    """Alerts of the whole wire, and the dossiers in the end by leader."""
    replay = Replay(None)
    alerts = [alert for message in wire for alert in replay.feed_report(message)]
    return alerts, {each.id: each for each in replay.dossiers()}


def kinds(alerts):
    return [(each.data.kind, each.data.country, each.data.reason) for each in alerts]


def by_stranger(country, when=None, status="planned", on="2026-01-02", story="s"):
    return reported(trip(country, status, when, leader=STRANGER), on, story=story)


def by_kast(country, when=None, status="planned", on="2026-01-03", story="k"):
    return reported(trip(country, status, when), on, story=story)


def test_what_was_told_under_the_other_name_is_not_told_again():
    wire = [by_stranger("FR", "2026-02-10"), by_kast("DE", "2026-02-20"), merge("2026-01-05")]

    alerts, dossiers = fed(*wire)

    assert [each.data.country for each in alerts] == ["FR", "DE"]
    assert [each.destination.country for each in dossiers[KAST.id].trips] == ["FR", "DE"]
    assert {each.leader for each in dossiers[KAST.id].trips} == {KAST}
    assert STRANGER.id not in dossiers


def test_a_follow_up_goes_to_those_who_were_told_under_the_other_name():
    wire = [by_stranger("FR", "2026-02-10"), merge("2026-01-05")]
    off = by_kast("FR", "2026-02-10", "cancelled", on="2026-01-06")

    first, then = fed(*wire, off)[0]

    assert (then.data.kind, then.data.leader, then.subject) == ("trip.cancelled", KAST, KAST.id)
    assert (then.data.replaces, then.data.subject) == (first.id, first.data.subject)


def test_a_trip_told_under_both_names_goes_on_as_one():
    wire = [
        by_stranger("FR", "2026-02-10"),
        by_kast("FR", "2026-02-10", "cancelled"),
        merge("2026-01-05"),
    ]
    again = by_kast("FR", "2026-02-10", "planned", on="2026-01-07", story="again")

    told, _ = fed(*wire)
    alerts, dossiers = fed(*wire, again)

    assert kinds(told) == [
        ("trip.new", "FR", "first_report"),
        ("trip.cancelled", "FR", "cancelled"),
    ]
    assert kinds(alerts[2:]) == [("trip.changed", "FR", "revived")]
    assert alerts[2].data.replaces == alerts[1].id
    assert len(dossiers[KAST.id].trips) == 1


def test_what_still_comes_for_the_other_name_is_sent_on():
    wire = [merge("2026-01-01"), by_stranger("FR"), withdrawn("s", 2, "2026-01-04")]
    wire[2] = withdrawn("s", 2, "2026-01-04", leader=STRANGER.id, reason="killed")

    alerts, dossiers = fed(*wire)

    assert kinds(alerts) == [
        ("trip.new", "FR", "first_report"),
        ("retracted", "FR", "killed"),
    ]
    assert {each.data.leader for each in alerts} == {KAST}
    assert dossiers == {}


def test_a_kill_takes_back_what_was_handed_over():
    wire = [by_stranger("FR"), merge("2026-01-03")]
    kill = withdrawn("s", 2, "2026-01-04", leader=STRANGER.id, reason="killed")

    alerts, dossiers = fed(*wire, kill)

    assert kinds(alerts[1:]) == [("retracted", "FR", "killed")]
    assert alerts[1].data.replaces == alerts[0].id
    assert dossiers == {}


def test_the_same_edition_read_again_with_the_edit_is_one_report():
    first = by_stranger("FR", "2026-02-10")
    again = reported(trip("FR", "planned", "2026-02-10"), "2026-01-02", story="s")

    alerts, dossiers = fed(first, merge("2026-01-05"), again)

    assert len(alerts) == 1
    assert len(dossiers[KAST.id].trips[0].sightings) == 1
    assert addressed_to(KAST.id, first, KAST.name).id == again.id


def test_a_handover_that_comes_twice_is_taken_once():
    before = take(None, by_stranger("FR", "2026-02-10")).dossier
    (handover,) = take(before, merge("2026-01-05")).sent_on
    off = by_kast("FR", "2026-02-10", "cancelled", on="2026-01-06")

    once, alerts = fed(handover, off)[1], fed(handover, off, handover)[0]

    assert kinds(alerts) == [("trip.cancelled", "FR", "cancelled")]
    assert fed(handover, off, handover)[1] == once
    kill = withdrawn("s", 2, "2026-01-07", reason="killed")
    assert kinds(fed(handover, kill, handover)[0]) == [("retracted", "FR", "killed")]


def test_a_handover_leads_on_where_the_other_is_merged_too_and_is_taken_once():
    to_noboa = merge("2026-01-06", leader=KAST, into=NOBOA)
    before = take(None, by_stranger("FR", "2026-02-10")).dossier
    (handover,) = take(before, merge("2026-01-05")).sent_on

    alerts, dossiers = fed(by_stranger("FR", "2026-02-10"), merge("2026-01-05"), to_noboa)
    late_alerts, late = fed(to_noboa, handover)

    assert len(alerts) == 1
    assert late_alerts == []
    for found in (dossiers, late, fed(handover, to_noboa, handover)[1]):
        assert list(found) == [NOBOA.id]
        assert [each.leader for each in found[NOBOA.id].trips] == [NOBOA]


def test_two_merged_into_each_other_lose_nothing_and_go_round_once():
    back = merge("2026-01-06", leader=KAST, into=STRANGER)
    wire = [by_stranger("FR", "2026-02-10"), merge("2026-01-05"), back]

    _, dossiers = fed(*wire, by_kast("DE", "2026-02-20", on="2026-01-07"))

    trips = [each.destination.country for one in dossiers.values() for each in one.trips]
    assert sorted(trips) == ["DE", "FR"]


def test_a_visit_to_oneself_is_none_and_goes():
    host = reported(
        trip("CL", leader=STRANGER, hosts=(KAST,)),
        "2026-01-02",
        story="s",
        role="host",
        leader=KAST.id,
    )
    wire = [by_stranger("CL"), host, merge("2026-01-05", leader=KAST, into=STRANGER)]

    _, dossiers = fed(*wire)

    assert [each.role for each in dossiers[STRANGER.id].trips] == ["owner"]


def test_an_invitation_of_oneself_is_none():
    asked = reported(invitation(inviter=KAST, invitee=STRANGER), "2026-01-02", leader=STRANGER.id)

    assert addressed_to(KAST.id, asked) is None


REFUSED = edited(edit(KAST.id, "refuse", "2026-01-05"))
CONFIRMED = edited(edit(KAST.id, "confirm", "2026-01-06"))


def test_who_is_refused_has_all_alerts_taken_back_and_raises_none():
    wire = [by_kast("FR", on="2026-01-02"), REFUSED, by_kast("DE", on="2026-01-06", story="d")]

    alerts, dossiers = fed(*wire)

    assert kinds(alerts) == [
        ("trip.new", "FR", "first_report"),
        ("retracted", "FR", "refused"),
    ]
    assert alerts[1].time == at("2026-01-05")
    assert dossiers == {}


def test_who_is_confirmed_after_all_is_told_of_again_as_something_new():
    wire = [by_kast("FR", on="2026-01-02"), REFUSED]

    alerts, dossiers = fed(*wire, CONFIRMED)

    assert kinds(alerts)[2:] == [("trip.new", "FR", "first_report")]
    assert len({each.id for each in alerts}) == 3
    assert list(dossiers) == [KAST.id]


def test_an_edit_that_comes_twice_or_late_changes_nothing():
    wire = [by_kast("FR", on="2026-01-02"), REFUSED, CONFIRMED]

    assert fed(*wire, REFUSED, CONFIRMED) == fed(*wire)


def test_who_is_renamed_is_shown_so():
    name = edited(edit(KAST.id, "rename", name="J. A. Kast"))

    assert fed(by_kast("FR"), name)[1][KAST.id].name == "J. A. Kast"


def test_the_record_tells_of_a_merge_and_of_the_time_before_it():
    wire = [by_stranger("FR", "2026-02-10"), merge("2026-01-05")]
    (handover,) = take(take(None, wire[0]).dossier, wire[1]).sent_on

    def countries(leader, then):
        shown = believed(leader, [*wire, handover], at(then))
        return shown and [each.destination.country for each in shown.trips]

    assert countries(STRANGER.id, "2026-01-04") == ["FR"]
    assert countries(KAST.id, "2026-01-04") is None
    assert countries(STRANGER.id, "2026-01-05") == []
    assert countries(KAST.id, "2026-01-05") == ["FR"]
    assert believed(STRANGER.id, wire).merged_into == KAST.id
    assert believed(KAST.id, [by_kast("FR"), REFUSED]).is_refused


def as_stranger(message):
    """The same, reported of the stranger."""
    sent = addressed_to(STRANGER.id, message, STRANGER.name)
    return sent.model_copy(update={"via": ()})


def under_two_names(wire, strangers):
    """Some of the messages reported of the stranger instead."""
    return [
        as_stranger(message) if strange else message
        for message, strange in zip(wire, strangers, strict=False)
    ]


@given(
    messages,
    st.lists(st.booleans(), min_size=12, max_size=12),
    st.integers(0, 12),
    st.randoms(use_true_random=False),
)
def test_whenever_two_dossiers_become_one_it_ends_as_if_they_had_always_been(
    wire, strangers, position, shuffled
):
    mixed = under_two_names(wire, strangers)
    mixed.insert(position, merge())
    order = list(range(len(mixed)))
    shuffled.shuffle(order)

    _, merged = fed(*mixed)
    _, plain = fed(*wire)

    def bare(dossiers):
        shown = dossiers.get(KAST.id)
        return shown and shown.model_copy(update={"name": ""})

    assert bare(merged) == bare(plain)
    assert bare(fed(*(mixed[each] for each in order))[1]) == bare(plain)
    assert STRANGER.id not in merged


@st.composite
def dated(draw):
    """A report of a trip to the day: such trips can become one, and none of them two."""
    number = draw(st.integers(0, 20))
    claim = trip(
        draw(st.sampled_from(("EC", "PE"))),
        draw(st.sampled_from(("possible", "planned", "cancelled"))),
        draw(st.sampled_from(("2026-01-10", "2026-01-12", "2026-01-14", "2026-01-30"))),
    )
    return reported(claim, f"2026-01-0{1 + number % 9}", story=f"story-{number}")


@given(
    st.lists(dated(), min_size=1, max_size=12), st.lists(st.booleans(), min_size=12, max_size=12)
)
def test_a_merge_itself_tells_nobody_of_anything_new(wire, strangers):
    mixed = under_two_names(wire, strangers)
    before = fed(*mixed)[0]

    after = fed(*mixed, merge())[0][len(before) :]

    assert all(each.data.replaces for each in after)
    assert fed(*mixed, merge(), merge())[0] == [*before, *after]
