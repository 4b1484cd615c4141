"""Who is where and when: which days a trip can be on, and what is an answer to what."""

from datetime import date
from typing import Any

import pytest
from told_trips import KAST, sighting, trip

from schemas.base import Dates, InvitationId, LeaderId, Person, Place
from schemas.dossiers import DossierView, Invitation
from streams.core.agenda import (
    Asked,
    askings,
    journeys,
    span_of_trip,
    wants_asking,
    wants_journey,
)

NOBOA = Person(id=LeaderId("noboa"), name="Daniel Noboa")


def invitation(**told: Any) -> Invitation:
    fields: dict[str, Any] = {
        "id": InvitationId("invitation:1"),
        "role": "owner",
        "inviter": KAST,
        "invitee": NOBOA,
        "to": "CL",
        "occasion": "inauguration",
        "date": "2026-03-11",
        "status": "extended",
        "foreground": True,
        "confidence": 0.9,
        "independent_sources": 1,
        "sightings": (sighting(),),
    }
    return Invitation(**(fields | told))


def days(first: str, last: str) -> tuple[int, int]:
    return date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal()


@pytest.mark.parametrize(
    ("told", "span"),
    [
        pytest.param({}, days("2026-01-20", "2026-01-22"), id="both_days_are_known"),
        pytest.param(
            {"dates": Dates(start="2026-01-20")},
            days("2026-01-20", "2026-01-20"),
            id="one_day_is_that_day",
        ),
        pytest.param(
            {"dates": Dates(start="2026-02")},
            days("2026-02-01", "2026-02-28"),
            id="a_month_is_all_of_it",
        ),
        pytest.param(
            {
                "dates": Dates(start="2026-01-20"),
                "status": "under_way",
                "sightings": (sighting(), sighting("under_way", "2026-01-23")),
            },
            days("2026-01-20", "2026-01-23"),
            id="a_stay_lasts_until_it_was_last_told_of",
        ),
        pytest.param(
            {
                "dates": Dates(start="2026-01-20"),
                "sightings": (sighting("under_way", "2026-06-01"),),
            },
            days("2026-01-20", "2026-02-03"),
            id="but_no_longer_than_a_fortnight",
        ),
        pytest.param(
            {"dates": Dates(end="2026-03-11")},
            days("2026-01-05", "2026-03-11"),
            id="a_deadline_counts_from_when_it_was_told",
        ),
        pytest.param(
            {"dates": Dates(end="2026-01-03"), "status": "completed"},
            days("2026-01-03", "2026-01-03"),
            id="of_what_is_over_the_last_day_is_known",
        ),
        pytest.param(
            {"dates": Dates(), "status": "under_way", "sightings": (sighting("under_way"),)},
            days("2026-01-05", "2026-01-05"),
            id="what_is_under_way_is_so_when_it_is_told",
        ),
        pytest.param({"dates": Dates()}, None, id="nothing_is_known"),
    ],
)
def test_a_trip_can_be_on_the_days_that_its_dates_and_stories_leave(
    told: dict[str, Any], span: tuple[int, int] | None
) -> None:
    assert span_of_trip(trip(**told)) == span


def asked(**what: Any) -> Asked:
    for key in ("leaders", "inviters", "of", "to", "cities", "statuses", "topics"):
        if key in what:
            what[key] = frozenset(what[key])
    for key in ("first", "last"):
        if key in what:
            what[key] = date.fromisoformat(what[key]).toordinal()
    return Asked(**what)


@pytest.mark.parametrize(
    ("what", "told", "is_wanted"),
    [
        pytest.param({}, {}, True, id="nothing_asked_is_all"),
        pytest.param({"leaders": ["kast", "x"]}, {}, True, id="one_of_the_leaders"),
        pytest.param({"leaders": ["noboa"]}, {}, False, id="another_leader"),
        pytest.param({"of": ["CL"], "to": ["EC"]}, {}, True, id="home_and_destination"),
        pytest.param({"of": ["EC"]}, {}, False, id="home_is_not_destination"),
        pytest.param({"cities": ["quito"]}, {}, True, id="city"),
        pytest.param(
            {"cities": ["bogota"]},
            {"destination": Place(country="CO", city="Bogotá")},
            True,
            id="city_without_its_accent",
        ),
        pytest.param(
            {"cities": ["quito"]},
            {"destination": Place(country="EC")},
            False,
            id="no_city_is_told",
        ),
        pytest.param({"statuses": ["cancelled"]}, {}, False, id="another_status"),
        pytest.param({"topics": ["trade", "energy"]}, {}, True, id="one_of_the_topics"),
        pytest.param({"topics": ["energy"]}, {}, False, id="another_topic"),
        pytest.param({"foreground": False}, {}, False, id="only_background"),
        pytest.param({"sure": True}, {"confidence": 0.49}, False, id="nobody_was_told"),
        pytest.param({"sure": True}, {"confidence": 0.5}, True, id="just_sure_enough"),
        pytest.param({"first": "2026-01-22"}, {}, True, id="its_last_day_is_the_first_asked"),
        pytest.param({"first": "2026-01-23"}, {}, False, id="it_is_over_by_then"),
        pytest.param({"last": "2026-01-20"}, {}, True, id="its_first_day_is_the_last_asked"),
        pytest.param({"last": "2026-01-19"}, {}, False, id="it_has_not_begun_by_then"),
        pytest.param({"first": "2026-01-21", "last": "2026-01-21"}, {}, True, id="a_day_within_it"),
        pytest.param({"first": "2026-01-01"}, {"dates": Dates()}, False, id="undated"),
        pytest.param(
            {"first": "2026-01-01", "undated": True},
            {"dates": Dates()},
            True,
            id="undated_are_asked_for_too",
        ),
    ],
)
def test_a_trip_is_an_answer_if_every_filter_lets_it_through(
    what: dict[str, Any], told: dict[str, Any], is_wanted: bool
) -> None:
    view = DossierView(id=KAST.id, name=KAST.name, trips=(trip(**told),), invitations=())
    (journey,) = journeys(view, "CL")
    assert wants_journey(asked(**what), journey) is is_wanted


@pytest.mark.parametrize(
    ("what", "told", "is_wanted"),
    [
        pytest.param({}, {}, True, id="nothing_asked_is_all"),
        pytest.param({"leaders": ["noboa"], "inviters": ["kast"]}, {}, True, id="who_asks_whom"),
        pytest.param({"leaders": ["kast"]}, {}, False, id="who_invites_is_not_invited"),
        pytest.param({"to": ["CL"], "of": ["EC"]}, {}, True, id="where_to_and_from_where"),
        pytest.param({"occasion": "Inauguration"}, {}, True, id="occasion_in_capitals"),
        pytest.param({"occasion": "state visit"}, {}, False, id="another_occasion"),
        pytest.param({"occasion": "inauguration"}, {"occasion": None}, False, id="no_occasion"),
        pytest.param({"first": "2026-03-11", "last": "2026-03-11"}, {}, True, id="on_its_day"),
        pytest.param({"first": "2026-03-31"}, {"date": "2026-03"}, True, id="within_its_month"),
        pytest.param({"last": "2026-12-31"}, {"date": None}, False, id="undated"),
        pytest.param({"sure": True}, {"confidence": 0.4}, False, id="nobody_was_told"),
        pytest.param({"statuses": ["accepted"]}, {}, False, id="another_status"),
    ],
)
def test_an_invitation_is_an_answer_if_every_filter_lets_it_through(
    what: dict[str, Any], told: dict[str, Any], is_wanted: bool
) -> None:
    view = DossierView(id=NOBOA.id, name=NOBOA.name, trips=(), invitations=(invitation(**told),))
    (asking,) = askings(view, "EC")
    assert wants_asking(asked(**what), asking) is is_wanted


def test_what_others_do_is_no_answer_though_the_dossier_shows_it() -> None:
    view = DossierView(
        id=NOBOA.id,
        name=NOBOA.name,
        trips=(trip(role="host"),),
        invitations=(invitation(role="inviter"),),
    )
    assert [*journeys(view, "EC"), *askings(view, "EC")] == []
