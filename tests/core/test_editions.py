"""Which dossiers hear of an edition, in which order."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.reports import Report
from streams.core.editions import report
from streams.core.replay import Replay
from tests.core.strategies import (
    BUKELE,
    CHILE,
    KAST,
    NOBOA,
    found,
    invitation,
    reading,
    trip,
    wires,
)


def sent(*readings):
    """What each of these editions, in turn, has sent: type and dossier, in order."""
    state, log = None, []
    for each in readings:
        state, messages = report(state, each)
        log.append([(message.type, message.leader) for message in messages])
    return log


def test_a_trip_is_reported_to_its_traveller_and_mirrored_to_its_hosts():
    _, messages = report(None, reading("a", 1, "2026-01-02", trip("EC", hosts=[NOBOA, KAST])))

    assert [(each.leader, each.role) for each in messages] == [
        (KAST.id, "owner"),
        (NOBOA.id, "host"),
    ]


def test_an_invitation_is_reported_to_the_invitee_and_mirrored_to_a_person_who_asks():
    _, messages = report(None, reading("a", 1, "2026-01-02", invitation()))

    assert [(each.leader, each.role) for each in messages] == [
        (BUKELE.id, "owner"),
        (KAST.id, "inviter"),
    ]


def test_a_government_that_invites_has_no_dossier():
    _, messages = report(None, reading("a", 1, "2026-01-02", invitation(inviter=CHILE)))

    assert [each.leader for each in messages] == [BUKELE.id]


def test_a_report_says_where_it_is_from():
    edition = reading("a", 1, "2026-01-02", trip("EC"))
    _, (only,) = report(None, edition)

    assert isinstance(only, Report)
    assert (only.source.story, only.source.rank, only.source.name) == ("a", edition.rank, "wire")
    assert (only.topics, only.knowledge) == (("trade",), "test")


def test_two_sentences_that_say_the_same_make_one_report_with_all_hosts():
    _, messages = report(
        None,
        reading(
            "a",
            1,
            "2026-01-02",
            found(trip("EC", hosts=[NOBOA]), foreground=False, confidence=0.9),
            found(trip("EC", hosts=[BUKELE]), foreground=True, confidence=0.5),
        ),
    )

    assert [each.leader for each in messages] == [KAST.id, NOBOA.id, BUKELE.id]
    assert {each.foreground for each in messages} == {True}
    assert {host.id for host in messages[0].claim.hosts} == {NOBOA.id, BUKELE.id}


def test_reports_are_sent_in_the_order_in_which_the_story_tells_them():
    countries = ["PE", "AR", "EC", "BO"]
    _, messages = report(None, reading("a", 1, "2026-01-02", *map(trip, countries)))

    assert [each.claim.destination.country for each in messages] == countries


def test_an_edition_read_before_says_nothing():
    edition = reading("a", 1, "2026-01-02", trip("EC"))
    state, _ = report(None, edition)

    assert report(state, edition) == (state, ())


def test_a_newer_edition_closes_the_older_after_its_own_reports():
    first = reading("a", 1, "2026-01-02", trip("EC"))
    second = reading("a", 2, "2026-01-03", trip("EC"), trip("PE"), signal="update")

    assert sent(first, second)[1] == [
        ("report", KAST.id),
        ("report", KAST.id),
        ("withdrawal", KAST.id),
    ]


def test_an_older_edition_that_comes_late_is_preceded_by_the_newest():
    first = reading("a", 1, "2026-01-02", trip("EC"))
    second = reading("a", 2, "2026-01-03", trip("PE"))

    assert sent(second, first)[1] == [("withdrawal", KAST.id), ("report", KAST.id)]


def test_all_dossiers_ever_reported_to_hear_of_the_newest_edition():
    first = reading("a", 1, "2026-01-02", trip("EC"))
    second = reading("a", 2, "2026-01-03", trip("EC", leader=NOBOA))
    third = reading("a", 3, "2026-01-04")

    assert sent(first, second, third)[1:] == [
        [("report", NOBOA.id), ("withdrawal", KAST.id)],
        [("withdrawal", NOBOA.id), ("withdrawal", KAST.id)],
    ]


def test_a_kill_reports_nothing_whatever_its_text_says():
    first = reading("a", 1, "2026-01-02", trip("EC"))
    kill = reading("a", 2, "2026-01-03", trip("EC"), signal="kill")
    state, _ = report(None, first)

    _, messages = report(state, kill)

    assert [(each.type, each.reason) for each in messages] == [("withdrawal", "killed")]


def test_a_story_that_comes_after_its_kill_is_withdrawn_beforehand():
    kill = reading("a", 2, "2026-01-03", signal="kill")
    state, nothing = report(None, kill)

    _, messages = report(state, reading("a", 1, "2026-01-02", trip("EC")))

    assert nothing == ()
    assert [each.type for each in messages] == ["withdrawal", "report"]
    assert messages[0].reason == "killed"


def test_a_correction_says_that_it_is_one():
    state, _ = report(None, reading("a", 1, "2026-01-02", trip("EC")))

    _, messages = report(state, reading("a", 2, "2026-01-03", signal="correction"))

    assert [each.reason for each in messages] == ["corrected"]


class Unread:
    """A reader for wires that are read already."""

    name = "unread"
    knowledge_version = "test"

    def read(self, story):
        raise AssertionError(story)


@given(wires, st.randoms(use_true_random=False))
def test_editions_in_any_order_end_in_the_same_dossiers(wire, shuffled):
    other = wire + wire[:2]
    shuffled.shuffle(other)
    as_sent, reordered = Replay(Unread()), Replay(Unread())
    for each in wire:
        as_sent.feed_reading(each)
    for each in other:
        reordered.feed_reading(each)

    assert reordered.dossiers() == as_sent.dossiers()


@given(wires)
def test_in_the_end_only_the_newest_edition_of_a_story_stands(wire):
    replay = Replay(Unread())
    newest = {}
    for each in wire:
        replay.feed_reading(each)
        held = newest.get(each.story)
        if held is None or held.rank.order() < each.rank.order():
            newest[each.story] = each

    shown = {
        (sighting.story, sighting.published_at)
        for dossier in replay.dossiers()
        for each in (*dossier.trips, *dossier.invitations)
        for sighting in each.sightings
    }
    assert shown == {
        (each.story, each.published_at.isoformat().replace("+00:00", "Z"))
        for each in newest.values()
        if each.findings and not each.rank.kill
    }
