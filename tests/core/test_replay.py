"""From story to alert with no broker, on a wire read by hand."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.base import LeaderId, Person
from schemas.stories import Story
from streams.core.replay import Replay
from tests.core.strategies import (
    BUKELE,
    KAST,
    NOBOA,
    at,
    dates,
    found,
    invitation,
    reading,
    trip,
    wires,
)

MILEI = Person(id=LeaderId("javier-milei"), name="Javier Milei")
ANTE_11_MARCH = "..2026-03-11"


class ByHand:
    """A reader that looks up what was read beforehand."""

    name = "by hand"
    knowledge_version = "test"

    def __init__(self, *readings):
        self.readings = {each.edition: each for each in readings}

    def read(self, story):
        return self.readings[story.edition]


def story_of(edition):
    return Story(
        id=edition.story,
        edition=edition.edition,
        signal=edition.signal,
        published_at=edition.published_at,
        received_at=edition.received_at,
        embargoed_until=edition.embargoed_until,
        source="wire",
        feed="test",
        format="text",
    )


def bukele_is_invited():
    return invitation("extended", occasion="inauguration", when="2026-03-11")


# The tour of December 2025 as five stories told it, oldest first, the last two the same story in
# two languages.
TOUR = (
    reading(
        "004",
        1,
        "2025-12-21T20:00",
        trip("EC", "planned", "2025-12-22..2025-12-23", city="Quito", hosts=[NOBOA]),
        found(trip("AR", "completed", "2025-12-16", hosts=[MILEI]), foreground=False),
        trip("PE", "planned", "2026-01"),
    ),
    reading(
        "002",
        1,
        "2025-12-22T20:00",
        trip("EC", "under_way", "2025-12-22..2025-12-23", city="Quito", hosts=[NOBOA]),
        found(
            trip("AR", "completed", "2025-12-16", city="Buenos Aires", hosts=[MILEI]),
            foreground=False,
        ),
        trip("PE", "planned", "2026-01"),
        trip("US", "possible", ANTE_11_MARCH),
        trip("ES", "possible", ANTE_11_MARCH),
    ),
    reading(
        "003",
        1,
        "2025-12-23T23:30",
        trip("EC", "under_way", "2025-12-23", city="Quito", hosts=[NOBOA]),
        trip("PE", "completed", "..2025-12-23", city="Lima"),
    ),
    *(
        reading(
            name,
            1,
            published,
            trip("EC", "completed", "2025-12-23", city="Quito", hosts=[NOBOA]),
            trip("PE", "completed", "..2025-12-23", city="Lima"),
            trip("US", "possible", ANTE_11_MARCH),
            found(trip("AR", "completed", city="Buenos Aires"), foreground=False),
            bukele_is_invited(),
        )
        for name, published in (("000", "2025-12-24T08:00"), ("001", "2025-12-24T08:30"))
    ),
)
SIX = [
    ("trip.new", "EC", dates("2025-12-22..2025-12-23"), "planned"),
    ("trip.new", "ES", dates(ANTE_11_MARCH), "possible"),
    ("trip.new", "PE", dates("..2025-12-23"), "completed"),
    ("trip.new", "PE", dates("2026-01"), "planned"),
    ("trip.new", "US", dates(ANTE_11_MARCH), "possible"),
    ("invitation.new", "CL", dates("2026-03-11"), "extended"),
]


def fed(*readings):
    replay = Replay(ByHand(*readings))
    return replay, [alert for each in readings for alert in replay.feed(story_of(each))]


def gist(alerts):
    return [
        (each.data.kind, each.data.country, each.data.dates, each.data.status) for each in alerts
    ]


def by_text(rows):
    return sorted(rows, key=str)


def test_the_tour_raises_six_alerts_one_for_each_trip_and_invitation():
    _, alerts = fed(*TOUR)

    assert by_text(gist(alerts)) == by_text(SIX)


def test_each_alert_comes_with_the_story_that_told_it_first():
    replay = Replay(ByHand(*TOUR))

    assert [len(replay.feed(story_of(each))) for each in TOUR] == [2, 2, 1, 1, 0]


def test_the_tour_told_again_in_reverse_raises_nothing():
    replay, _ = fed(*TOUR)
    before = replay.dossiers()

    for each in reversed(TOUR):
        assert replay.feed(story_of(each)) == ()
    assert replay.dossiers() == before


def test_the_tour_sent_again_as_new_editions_raises_nothing():
    replay, _ = fed(*TOUR)
    refiled = [
        reading(each.story, 2, f"2025-12-24T1{hour}:00", *each.findings, signal="refile")
        for hour, each in enumerate(TOUR)
    ]

    for each in refiled:
        assert replay.feed_reading(each) == ()


def test_the_tour_in_any_order_is_six_alerts_and_the_same_dossiers():
    expected, _ = fed(*TOUR)

    for order in permutations(TOUR):
        replay, alerts = fed(*order)
        assert sorted((each.data.kind, each.data.country) for each in alerts) == sorted(
            (kind, country) for kind, country, _, _ in SIX
        )
        assert replay.dossiers() == expected.dossiers()


def test_the_traveller_s_dossier_shows_his_trips_and_the_invitation_he_made():
    replay, _ = fed(*TOUR)
    shown = {each.id: each for each in replay.dossiers()}
    kast = shown[KAST.id]

    trips = [(each.destination.country, each.status) for each in kast.trips]
    assert trips[:4] == [
        ("AR", "completed"),
        ("EC", "completed"),
        ("PE", "completed"),
        ("PE", "planned"),
    ]
    assert sorted(trips[4:]) == [("ES", "possible"), ("US", "possible")]
    assert [(each.role, each.invitee) for each in kast.invitations] == [("inviter", BUKELE)]
    assert [each.role for each in shown[BUKELE.id].invitations] == ["owner"]
    assert [(each.role, each.leader) for each in shown[NOBOA.id].trips] == [("host", KAST)]


def test_a_killed_story_takes_back_what_rested_on_it_alone():
    replay, _ = fed(*TOUR)

    alerts = replay.feed_reading(reading("002", 2, "2025-12-25", signal="kill"))

    assert [(each.data.kind, each.data.country) for each in alerts] == [("retracted", "ES")]


def test_a_kill_before_its_story_leaves_no_trace_of_it():
    replay, alerts = fed(
        reading("a", 2, "2025-12-25", signal="kill"), reading("a", 1, "2025-12-24", trip("EC"))
    )

    assert alerts == []
    assert replay.dossiers() == ()


def told_of(*readings):
    """Kind, country and reason of each alert."""
    replay, alerts = fed(*readings)
    return replay, [(each.data.kind, each.data.country, each.data.reason) for each in alerts]


TOLD = reading("a", 1, "2025-12-24", trip("EC"))
CORRECTED = reading("a", 2, "2025-12-25", trip("PE"), signal="correction")
KILLED = reading("a", 3, "2025-12-26", signal="kill")


def test_a_kill_of_a_correction_takes_it_back_and_brings_nothing_back():
    replay, alerts = told_of(TOLD, CORRECTED, KILLED)

    assert alerts == [
        ("trip.new", "EC", "first_report"),
        ("retracted", "EC", "corrected"),
        ("trip.new", "PE", "first_report"),
        ("retracted", "PE", "killed"),
    ]
    assert replay.dossiers() == ()


def test_a_kill_that_comes_before_the_correction_it_kills_leaves_nothing_to_tell_of_it():
    replay, alerts = told_of(TOLD, KILLED, CORRECTED)

    assert alerts == [("trip.new", "EC", "first_report"), ("retracted", "EC", "killed")]
    assert replay.dossiers() == ()


def test_kills_of_three_sources_take_back_nothing_before_the_last():
    sources = [reading(name, 1, "2025-12-24", trip("EC")) for name in "abc"]
    replay, _ = fed(*sources)

    counted = []
    for name in "abc":
        (shown,) = replay.dossiers()
        counted.append(shown.trips[0].independent_sources)
        alerts = replay.feed_reading(reading(name, 2, "2025-12-25", signal="kill"))
        counted.append([each.data.kind for each in alerts])

    assert counted == [3, [], 2, [], 1, ["retracted"]]
    assert replay.dossiers() == ()


@pytest.mark.parametrize("signal", ["update", "refile", "repeat"])
def test_an_edition_that_says_the_same_is_silent_and_takes_the_place_of_the_older(signal):
    again = reading("a", 2, "2025-12-25", trip("EC"), signal=signal)
    replay, alerts = told_of(TOLD, again)

    assert alerts == [("trip.new", "EC", "first_report")]
    (shown,) = replay.dossiers()
    assert [each.published_at for each in shown.trips[0].sightings] == ["2025-12-25T00:00:00Z"]


@given(wires, st.integers(0, 2), st.randoms(use_true_random=False))
def test_after_a_kill_all_is_as_if_the_story_had_never_been(wire, number, shuffled):
    killed = f"story-{number}"
    kill = reading(killed, 9, "2026-02-20", signal="kill")
    with_it, without = [*wire, kill], [each for each in wire if each.story != killed]
    shuffled.shuffle(with_it)

    assert fed(*with_it)[0].dossiers() == fed(*without)[0].dossiers()


def test_a_corrected_country_is_taken_back_and_told_anew_at_one_stroke():
    replay = Replay(ByHand())
    replay.feed_reading(reading("a", 1, "2025-12-24", trip("EC", "planned", "2026-01-10")))

    correction = reading(
        "a", 2, "2025-12-25", trip("PE", "planned", "2026-01-10"), signal="correction"
    )

    alerts = replay.feed_reading(correction)
    assert [(each.data.kind, each.data.country) for each in alerts] == [
        ("retracted", "EC"),
        ("trip.new", "PE"),
    ]
    assert {each.time for each in alerts} == {at("2025-12-25")}


@given(wires)
def test_a_replay_gives_the_same_alerts_with_the_same_ids(wire):
    assert fed(*wire)[1] == fed(*wire)[1]


@given(wires)
def test_what_is_said_of_others_does_not_matter(wire):
    others = [
        reading(f"other-{count}", 1, "2025-12-24", trip("EC", leader=MILEI))
        for count in range(len(wire))
    ]
    replay, alerts = fed(*wire)
    mixed, mixed_alerts = fed(*(each for pair in zip(wire, others, strict=True) for each in pair))

    assert [each for each in mixed_alerts if each.subject != MILEI.id] == alerts
    assert [each for each in mixed.dossiers() if each.id != MILEI.id] == list(replay.dossiers())


def test_an_edition_is_known_by_its_id_whatever_is_read_in_it_later():
    replay, _ = fed(reading("a", 1, "2025-12-24", trip("EC")))

    assert replay.feed_reading(reading("a", 1, "2025-12-24", trip("PE"))) == ()


def embargoed(number, arrives, until, *claims, story=None, signal="none"):
    """A story that arrives at an hour and is free at another, with its reading."""
    read = reading(story or f"e{number}", number, f"2026-01-02T{arrives}", *claims, signal=signal)
    free = None if until is None else at(f"2026-01-02T{until}")
    return read.model_copy(update={"embargoed_until": free, "received_at": read.published_at})


def alerts_as_they_come(*readings):
    """After each story the countries it alerts, and at the end those of what was still held."""
    replay = Replay(ByHand(*readings))
    told = [replay.feed(story_of(each)) for each in readings] + [replay.release()]
    return [[alert.data.country for alert in alerts] for alerts in told]


def test_an_embargoed_story_alerts_when_its_time_has_come_and_not_before():
    wire = [
        embargoed(1, "08:00", "12:00", trip("FR")),
        embargoed(2, "09:00", None, trip("DE")),
        embargoed(3, "12:30", None, trip("IT")),
        embargoed(4, "13:00", "18:00", trip("ES")),
    ]

    assert alerts_as_they_come(*wire) == [[], ["DE"], ["FR", "IT"], [], ["ES"]]


def test_a_kill_under_embargo_takes_the_story_back_before_anyone_hears_of_it():
    wire = [
        embargoed(1, "08:00", "12:00", trip("FR"), story="a"),
        embargoed(2, "09:00", "12:00", story="a", signal="kill"),
        embargoed(3, "13:00", None, trip("IT")),
    ]

    assert alerts_as_they_come(*wire) == [[], [], ["IT"], []]


def test_a_newer_edition_that_is_free_speaks_for_the_embargoed_one():
    wire = [
        embargoed(1, "08:00", "12:00", trip("FR"), story="a"),
        embargoed(2, "09:00", None, trip("FR"), trip("DE"), story="a"),
        embargoed(3, "13:00", None, trip("IT")),
    ]

    assert alerts_as_they_come(*wire) == [[], ["FR", "DE"], ["IT"], []]
