"""What raises an alert, case by case: docs/decisions/0004-what-raises-an-alert.md."""

import pytest

from schemas.subscriptions import MOST_SOURCES
from streams.core.alerts import MOST_SENTENCES, weigh
from streams.core.fold import fold
from tests.core.strategies import BUKELE, dates, invitation, reported, trip, withdrawn


def told(*wire):
    """All alerts of a wire."""
    return [alert for step in steps(*wire) for alert in step]


def steps(*wire):
    """The alerts of each message."""
    return [found.alerts for found in weighed(*wire)]


def attested(*wire):
    """What comes again with more sources: its id, how many there were, how many there are."""
    return [
        (each.id, each.data.sources_before, each.data.independent_sources)
        for found in weighed(*wire)
        for each in found.attested
    ]


def weighed(*wire):
    dossiers, raised = {}, []
    for message in wire:
        before = dossiers.get(message.leader)
        found = weigh(before, fold(before, message), message)
        dossiers[message.leader] = found.dossier
        raised.append(found)
    return raised


def kinds(alerts):
    return [(alert.data.kind, alert.data.reason) for alert in alerts]


def back(*arguments, **named):
    return reported(*arguments, foreground=False, **named)


FIRST = [("trip.new", "first_report")]
CALLED_OFF = ("trip.cancelled", "cancelled")

TRIPS = {
    "a plan": ([reported(trip("EC"), "2026-01-02")], FIRST),
    "a trip just over": ([reported(trip("EC", "completed"), "2026-01-02")], FIRST),
    "background": ([back(trip("EC", "completed"), "2026-01-02")], []),
    "a report that is not sure enough, then one that is": (
        [
            reported(trip("EC"), "2026-01-02", confidence=0.4),
            reported(trip("EC"), "2026-01-03"),
        ],
        FIRST,
    ),
    "only what is not sure enough": ([reported(trip("EC"), "2026-01-02", confidence=0.4)], []),
    "called off before anyone was told": (
        [reported(trip("EC", "cancelled"), "2026-01-02")],
        [CALLED_OFF],
    ),
    "a second story that says the same": (
        [reported(trip("EC"), "2026-01-02"), reported(trip("EC"), "2026-01-03")],
        FIRST,
    ),
    "planned, under way, completed": (
        [
            reported(trip("EC", "planned", "2026-01-10"), "2026-01-02"),
            reported(trip("EC", "under_way", "2026-01-10"), "2026-01-10"),
            reported(trip("EC", "completed", "2026-01-10"), "2026-01-11"),
        ],
        FIRST,
    ),
    "a month, then the day in it": (
        [
            reported(trip("EC", "planned", "2026-02"), "2026-01-02"),
            reported(trip("EC", "planned", "2026-02-10"), "2026-01-10"),
        ],
        FIRST,
    ),
    "the day of departure, then the day of arrival": (
        [
            reported(trip("EC", "planned", "2026-02-10"), "2026-01-02"),
            reported(trip("EC", "planned", "2026-02-11"), "2026-01-10"),
        ],
        FIRST,
    ),
    "possible, then planned": (
        [
            reported(trip("EC", "possible"), "2026-01-02"),
            reported(trip("EC", "planned"), "2026-01-03"),
        ],
        [*FIRST, ("trip.changed", "confirmed")],
    ),
    "possible, then called off": (
        [
            reported(trip("EC", "possible"), "2026-01-02"),
            reported(trip("EC", "cancelled"), "2026-01-03"),
        ],
        [*FIRST, CALLED_OFF],
    ),
    "planned, called off, told so again, planned again, called off again": (
        [
            reported(trip("EC", "planned", "2026-02-10"), "2026-01-02"),
            reported(trip("EC", "cancelled", "2026-02-10"), "2026-01-03"),
            reported(trip("EC", "cancelled"), "2026-01-04"),
            reported(trip("EC", "planned", "2026-02-10"), "2026-01-05"),
            reported(trip("EC", "cancelled", "2026-02-10"), "2026-01-06"),
        ],
        [*FIRST, CALLED_OFF, ("trip.changed", "revived"), CALLED_OFF],
    ),
    "days moved by a little": (
        [
            reported(trip("EC", "planned", "2026-02-10"), "2026-01-02"),
            reported(trip("EC", "planned", "2026-02-13"), "2026-01-03"),
        ],
        [*FIRST, ("trip.changed", "dates_moved")],
    ),
    "told on other days when it is over": (
        [
            reported(trip("EC", "planned", "2026-02-10"), "2026-01-02"),
            reported(trip("EC", "completed", "2026-02-13"), "2026-02-14"),
        ],
        FIRST,
    ),
    "put off by weeks, told twice": (
        [
            reported(trip("EC", "planned", "2026-02-10"), "2026-01-02"),
            reported(trip("EC", "planned", "2026-03-10", moved=True), "2026-01-03"),
            reported(trip("EC", "planned", "2026-03-10", moved=True), "2026-01-04"),
        ],
        [*FIRST, ("trip.changed", "rescheduled")],
    ),
    "put off by weeks, and then to the day": (
        [
            reported(trip("EC", "planned", "2026-02-10"), "2026-01-02"),
            reported(trip("EC", "planned", "2026-03", moved=True), "2026-01-03"),
            reported(trip("EC", "planned", "2026-03-10"), "2026-01-04"),
        ],
        [*FIRST, ("trip.changed", "rescheduled")],
    ),
    "put off with no new date": (
        [
            reported(trip("EC", "planned", "2026-02-10"), "2026-01-02"),
            reported(trip("EC", "planned", moved=True), "2026-01-03"),
        ],
        [*FIRST, ("trip.changed", "rescheduled")],
    ),
    "a month known, then put off within it": (
        [
            reported(trip("EC", "planned", "2026-02"), "2026-01-02"),
            reported(trip("EC", "planned", "2026-02-25", moved=True), "2026-01-03"),
        ],
        [*FIRST, ("trip.changed", "rescheduled")],
    ),
    "background that a planned trip took place": (
        [
            reported(trip("EC", "planned", "2026-01-10"), "2026-01-02"),
            back(trip("EC", "completed", "2026-01-10"), "2026-02-02"),
        ],
        FIRST,
    ),
    "background that a possible trip took place": (
        [
            reported(trip("EC", "possible", "2026-01-10"), "2026-01-02"),
            back(trip("EC", "completed", "2026-01-10"), "2026-02-02"),
        ],
        FIRST,
    ),
    "background that a planned trip was called off": (
        [
            reported(trip("EC", "planned", "2026-01-10"), "2026-01-02"),
            back(trip("EC", "cancelled", "2026-01-10"), "2026-02-02"),
        ],
        FIRST,
    ),
    "two trips that prove to be one": (
        [
            reported(trip("EC", "planned", "2026-01-10"), "2026-01-02"),
            reported(trip("EC", "planned", "2026-01-16"), "2026-01-02", story="other"),
            reported(trip("EC", "planned", "2026-01-10..2026-01-16"), "2026-01-03"),
        ],
        [*FIRST, *FIRST],
    ),
    "two trips, one of which proves to be the other put off": (
        [
            reported(trip("EC", "planned", "2026-02-10"), "2026-01-02"),
            reported(trip("EC", "planned", "2026-02-20"), "2026-01-05"),
            reported(trip("EC", "planned", "2026-02-20", moved=True), "2026-01-04"),
        ],
        [*FIRST, *FIRST, ("retracted", "superseded")],
    ),
}


@pytest.mark.parametrize(("wire", "expected"), TRIPS.values(), ids=TRIPS)
def test_a_trip_raises(wire, expected):
    assert kinds(told(*wire)) == expected


INVITED = [("invitation.new", "first_report")]
INVITATIONS = {
    "extended": ([reported(invitation(), "2026-01-02")], INVITED),
    "accepted from the first": ([reported(invitation("accepted"), "2026-01-02")], INVITED),
    "background": ([back(invitation(), "2026-01-02")], []),
    "intended, then extended": (
        [
            reported(invitation("possible"), "2026-01-02"),
            reported(invitation("extended"), "2026-01-03"),
        ],
        [*INVITED, ("invitation.new", "extended")],
    ),
    "extended, accepted, told again, declined after all": (
        [
            reported(invitation("extended"), "2026-01-02"),
            reported(invitation("accepted"), "2026-01-03"),
            reported(invitation("extended"), "2026-01-04"),
            reported(invitation("declined"), "2026-01-05"),
        ],
        [*INVITED, ("invitation.answered", "answered"), ("invitation.answered", "answered")],
    ),
    "to two occasions on one day, and one accepted": (
        [
            reported(invitation(occasion="inauguration"), "2026-01-02"),
            reported(invitation(occasion="state visit"), "2026-01-02"),
            reported(invitation("accepted", occasion="inauguration"), "2026-01-03"),
        ],
        [*INVITED, *INVITED, ("invitation.answered", "answered")],
    ),
    "taken back, then extended again": (
        [
            reported(invitation("extended"), "2026-01-02"),
            reported(invitation("withdrawn"), "2026-01-03"),
            reported(invitation("extended"), "2026-01-04"),
        ],
        [*INVITED, ("invitation.answered", "answered"), ("invitation.new", "revived")],
    ),
    "its acceptance killed": (
        [
            reported(invitation("extended"), "2026-01-02"),
            reported(invitation("accepted"), "2026-01-03", story="a"),
            withdrawn("a", 2, "2026-01-04", leader=BUKELE.id, reason="killed"),
        ],
        [*INVITED, ("invitation.answered", "answered"), ("invitation.new", "weakened")],
    ),
}


@pytest.mark.parametrize(("wire", "expected"), INVITATIONS.values(), ids=INVITATIONS)
def test_an_invitation_raises(wire, expected):
    assert kinds(told(*wire)) == expected


FEBRUARY = reported(trip("FR", "planned", "2026-02-10"), "2026-01-02", story="a")


def second(*claims, reason="corrected", foreground=True):
    """The second edition of story `a` as the read hop sends it."""
    return (
        *(
            reported(each, "2026-01-03", story="a", edition=2, foreground=foreground)
            for each in claims
        ),
        withdrawn("a", 2, "2026-01-03", reason=reason),
    )


EDITIONS = {
    "a refile": (second(trip("FR", "planned", "2026-02-10"), reason="superseded"), []),
    "an update that adds a trip": (
        second(
            trip("FR", "planned", "2026-02-10"),
            trip("DE", "planned", "2026-02-12"),
            reason="superseded",
        ),
        FIRST,
    ),
    "a correction of the country": (
        second(trip("DE", "planned", "2026-02-10")),
        [("retracted", "corrected"), *FIRST],
    ),
    "a correction of the date": (
        second(trip("FR", "planned", "2026-02-24")),
        [("trip.changed", "corrected")],
    ),
    "a correction of the day, to the next": (second(trip("FR", "planned", "2026-02-11")), []),
    "a correction that it is only possible": (
        second(trip("FR", "possible", "2026-02-10")),
        [("trip.changed", "corrected")],
    ),
    "a correction that leaves it out": (second(), [("retracted", "corrected")]),
    "a kill": ((withdrawn("a", 2, "2026-01-03", reason="killed"),), [("retracted", "killed")]),
}


@pytest.mark.parametrize(("edition", "expected"), EDITIONS.values(), ids=EDITIONS)
def test_a_second_edition_raises_what_it_changes_and_flickers_not(edition, expected):
    assert kinds(told(FEBRUARY, *edition)[1:]) == expected


def test_a_kill_takes_nothing_back_that_another_story_says_too():
    other = reported(trip("FR", "planned", "2026-02-10"), "2026-01-02", story="b")
    kill = withdrawn("a", 2, "2026-01-03", reason="killed")

    assert kinds(told(FEBRUARY, other, kill)) == FIRST


def test_a_kill_of_the_confirmation_leaves_a_possible_trip():
    wire = [
        reported(trip("FR", "possible", "2026-02-10"), "2026-01-01", story="b"),
        FEBRUARY,
        withdrawn("a", 2, "2026-01-03", reason="killed"),
    ]

    assert kinds(told(*wire)) == [
        *FIRST,
        ("trip.changed", "confirmed"),
        ("trip.changed", "weakened"),
    ]


def test_a_retraction_takes_back_the_last_alert_and_quotes_the_last_line_known():
    first, last = told(FEBRUARY, withdrawn("a", 2, "2026-01-03", reason="killed"))

    assert last.data.replaces == first.id
    assert last.data.evidence == first.data.evidence
    assert (last.data.independent_sources, last.data.sources) == (0, ())
    assert last.time == withdrawn("a", 2, "2026-01-03").published_at


def test_what_was_retracted_and_is_told_again_is_another_alert():
    kill = withdrawn("a", 2, "2026-01-03", reason="killed")
    again = reported(trip("FR", "planned", "2026-02-10"), "2026-01-04", story="b")
    killed_too = withdrawn("b", 2, "2026-01-05", reason="killed")
    and_again = reported(trip("FR", "planned", "2026-02-10"), "2026-01-06", story="c")

    raised = told(FEBRUARY, kill, again, killed_too, and_again)

    assert [each.data.kind for each in raised] == [
        "trip.new",
        "retracted",
        "trip.new",
        "retracted",
        "trip.new",
    ]
    assert len({each.id for each in raised}) == 5


def test_back_and_forth_gives_ever_new_ids_each_replacing_the_one_before():
    raised = told(
        *(
            reported(trip("EC", status, "2026-02-10"), f"2026-01-0{day + 2}")
            for day, status in enumerate(["planned", "cancelled"] * 3)
        )
    )

    assert len({each.id for each in raised}) == 6
    assert [each.data.replaces for each in raised[1:]] == [each.id for each in raised[:-1]]


def test_the_id_of_a_first_alert_does_not_depend_on_which_story_told_it():
    one = reported(trip("EC", "planned", "2026-02-10"), "2026-01-02", story="a")
    other = reported(trip("EC", "planned", "2026-02-10"), "2026-01-05", story="b")

    assert told(one)[0].id == told(other)[0].id


def test_an_alert_says_what_the_newsroom_needs():
    (alert,) = told(reported(trip("EC", "planned", "2026-02-10", city="Quito"), "2026-01-02"))
    data = alert.data

    assert (data.leader.name, data.country, data.city) == ("José Antonio Kast", "EC", "Quito")
    assert (data.dates, data.status) == (dates("2026-02-10"), "planned")
    assert (data.independent_sources, data.sources) == (1, ("wire of story-2026-01-02",))
    assert [each.text for each in data.evidence] == ["story-2026-01-02 says so."]
    assert (data.topics, data.replaces, data.embargoed_until) == (("diplomacy",), None, None)
    assert alert.time == data.evidence[0].published_at


def test_an_alert_rests_on_what_says_so_with_the_story_that_raised_it_first():
    doubts = [reported(trip("EC", "possible"), f"2026-01-0{day}") for day in range(1, 4)]
    late = reported(trip("EC", "planned"), "2026-01-05")

    confirmed = told(*doubts, late)[-1].data

    assert [each.story for each in confirmed.evidence] == ["story-2026-01-05"]
    assert confirmed.independent_sources == 1


def test_an_alert_quotes_one_sentence_of_each_independent_source_and_five_at_most():
    same = [
        reported(trip("EC", "cancelled"), f"2026-01-0{day}", same_text_as="wire")
        for day in range(1, 4)
    ]
    killed = reported(trip("EC", "planned"), "2026-01-05", story="a")
    others = [reported(trip("EC", "cancelled"), "2026-01-01", story=f"s{n}") for n in range(6)]
    planned_last = [*same, *others, killed, withdrawn("a", 2, "2026-01-06", reason="killed")]

    last = told(*planned_last)[-1].data

    assert last.kind == "trip.cancelled"
    assert (len(last.evidence), last.independent_sources) == (MOST_SENTENCES, 7)
    assert len({each.story for each in last.evidence}) == MOST_SENTENCES


def test_an_embargo_holds_where_no_free_source_says_so():
    locked = reported(trip("EC", "planned"), "2026-01-02", embargo="2026-01-05")
    doubt = reported(trip("EC", "possible"), "2026-01-01")
    free = reported(trip("EC", "planned"), "2026-01-01")

    assert told(locked)[0].data.embargoed_until == locked.source.embargoed_until
    assert told(doubt, locked)[-1].data.embargoed_until == locked.source.embargoed_until
    assert told(free, locked)[-1].data.embargoed_until is None


def test_an_embargo_falls_where_a_free_source_says_so_too():
    locked = reported(trip("EC", "planned"), "2026-01-02", embargo="2026-01-05")
    free = reported(trip("EC", "planned"), "2026-01-01")
    off = reported(trip("EC", "cancelled"), "2026-01-03", story="a")
    kill = withdrawn("a", 2, "2026-01-04", reason="killed")

    assert told(off, locked, kill)[-1].data.embargoed_until == locked.source.embargoed_until
    assert told(off, locked, free, kill)[-1].data.embargoed_until is None


def test_the_sentence_that_raised_an_alert_is_quoted_first():
    wire = [
        reported(trip("EC", status, "2026-02-10"), f"2026-01-0{day}")
        for day, status in enumerate(["planned", "cancelled", "planned"], start=1)
    ]

    assert [each.story for each in told(*wire)[-1].data.evidence] == [
        "story-2026-01-03",
        "story-2026-01-01",
    ]


def test_a_trip_told_of_is_taken_back_when_only_a_vaguer_word_on_another_is_left():
    wire = [
        reported(trip("EC", "possible", "2026"), "2026-01-02"),
        reported(trip("EC", "planned", "2026-02-20"), "2026-01-03", story="a"),
        reported(trip("EC", "planned", "2026-05-05"), "2026-01-04"),
        withdrawn("a", 2, "2026-01-05", reason="killed"),
    ]

    assert kinds(told(*wire)) == [
        *FIRST,
        ("trip.changed", "confirmed"),
        *FIRST,
        ("retracted", "killed"),
    ]


def test_mirrors_raise_nothing():
    assert told(reported(trip("EC"), "2026-01-02", role="host", leader=BUKELE.id)) == []


def test_reports_of_one_edition_to_one_dossier_raise_one_by_one():
    wire = [reported(trip(country), "2026-01-02") for country in ("EC", "PE", "AR")]

    assert [len(each) for each in steps(*wire)] == [1, 1, 1]


def so_many(count, status="planned", **named):
    """Stories that say it, each in words of its own."""
    return [
        reported(trip("EC", status, "2026-02-10"), f"2026-01-0{day}", **named)
        for day in range(1, count + 1)
    ]


SAME = {
    "one source": (so_many(1), []),
    "two": (so_many(2), [(1, 2)]),
    "three": (so_many(3), [(1, 2), (2, 3)]),
    "a reprint": (so_many(2, same_text_as="wire"), []),
    "more than anybody can ask for": (
        so_many(MOST_SOURCES + 2),
        [(count, count + 1) for count in range(1, MOST_SOURCES)],
    ),
    "a story that says less": (
        [*so_many(1), reported(trip("EC", "possible", "2026-02-10"), "2025-12-30")],
        [],
    ),
    "background": ([*so_many(1), back(trip("EC", "planned", "2026-02-10"), "2026-01-02")], []),
    "one that is killed, and another": (
        [
            *so_many(1),
            reported(trip("EC", "planned", "2026-02-10"), "2026-01-02", story="b"),
            withdrawn("b", 2, "2026-01-03", reason="killed"),
            reported(trip("EC", "planned", "2026-02-10"), "2026-01-04", story="c"),
        ],
        [(1, 2)],
    ),
}


@pytest.mark.parametrize(("wire", "expected"), SAME.values(), ids=SAME)
def test_an_alert_comes_again_when_more_sources_speak_for_it_than_ever_did(wire, expected):
    (first,) = told(*wire)

    assert attested(*wire) == [(first.id, was, now) for was, now in expected]


def test_what_comes_again_says_what_was_told_and_quotes_all_who_say_so():
    wire = [*so_many(2), reported(trip("EC", "under_way", "2026-02-10"), "2026-02-10")]
    (first,) = told(*wire)
    *_, last = (each for found in weighed(*wire) for each in found.attested)

    assert (last.data.status, last.data.dates) == (first.data.status, first.data.dates)
    assert (last.data.kind, last.data.reason) == (first.data.kind, first.data.reason)
    assert len({each.story for each in last.data.evidence}) == len(last.data.sources) == 3
    assert last.time == wire[-1].source.published_at


def test_a_change_is_what_more_sources_speak_for_from_then_on():
    moved = reported(trip("EC", "cancelled", "2026-02-10"), "2026-01-05")
    moved_too = reported(trip("EC", "cancelled", "2026-02-10"), "2026-01-06")
    first, off = told(*so_many(2), moved, moved_too)

    assert attested(*so_many(2), moved, moved_too) == [(first.id, 1, 2), (off.id, 1, 2)]
    assert off.data.sources_before is None
