"""Which reports are one invitation, and what is believed of it."""

from itertools import permutations

import pytest

from streams.core.fold import fold, view
from streams.core.invitations import NEXT_STATUS
from streams.core.keeping import Limits
from tests.core.strategies import BUKELE, CHILE, KAST, NOBOA, invitation, reported, trip

FOR_EVER = Limits(kept_days=100_000, undated_days=100_000)
"""What leaves a dossier with the years is tested elsewhere."""


def dossier_of(*reports):
    dossier = None
    for report in reports:
        dossier = fold(dossier, report, FOR_EVER)
    return view(dossier)


def believed(*reports):
    return dossier_of(*reports).invitations


TOGETHER = {
    "one occasion, dated once": [
        reported(invitation(occasion="inauguration", when="2026-03-11"), "2025-12-24"),
        reported(invitation(occasion="Inauguration"), "2026-01-10"),
    ],
    "one date, two words for the occasion": [
        reported(invitation(occasion="inauguration", when="2026-03-11"), "2025-12-24"),
        reported(invitation(occasion="handover", when="2026-03-11"), "2026-01-10"),
    ],
    "a president and his government": [
        reported(invitation(occasion="inauguration"), "2025-12-24"),
        reported(invitation(inviter=CHILE, occasion="inauguration"), "2026-01-10"),
    ],
    "nothing but who asks whom": [
        reported(invitation(to=None), "2025-12-24"),
        reported(invitation(to=None), "2026-01-10"),
    ],
    "extended with an occasion, accepted without": [
        reported(invitation(occasion="state visit"), "2025-12-24"),
        reported(invitation("accepted"), "2026-01-10"),
    ],
    "an occasion put off by some weeks": [
        reported(invitation(occasion="summit", when="2026-03-11"), "2025-12-24"),
        reported(invitation(occasion="summit", when="2026-04-02"), "2026-01-10"),
    ],
}

APART = {
    "two who ask to two countries": [
        reported(invitation(), "2025-12-24"),
        reported(invitation(inviter=NOBOA, to="EC"), "2025-12-24"),
    ],
    "two occasions": [
        reported(invitation(occasion="inauguration"), "2025-12-24"),
        reported(invitation(occasion="state visit"), "2025-12-24"),
    ],
    "two dates": [
        reported(invitation(when="2026-03-11"), "2025-12-24"),
        reported(invitation(when="2026-05-11"), "2025-12-24"),
    ],
    "a summit this year and next": [
        reported(invitation(occasion="summit", when="2026-03-11"), "2025-12-24"),
        reported(invitation(occasion="summit", when="2027-03-11"), "2025-12-24"),
    ],
    "asked again when the day was long over": [
        reported(invitation(when="2026-03-11"), "2025-12-24"),
        reported(invitation(), "2026-06-24"),
    ],
    "asked again after years": [
        reported(invitation(), "2023-06-24"),
        reported(invitation(), "2026-06-24"),
    ],
}


@pytest.mark.parametrize("reports", TOGETHER.values(), ids=TOGETHER)
def test_these_reports_tell_of_one_invitation_in_any_order(reports):
    for order in permutations(reports):
        assert len(believed(*order)) == 1


@pytest.mark.parametrize("reports", APART.values(), ids=APART)
def test_these_reports_tell_of_two_invitations_in_any_order(reports):
    for order in permutations(reports):
        assert len(believed(*order)) == 2


STATUS = {
    "an intention, then the invitation": (["possible", "extended"], "extended"),
    "an intention told late": (["extended", "possible"], "extended"),
    "accepted": (["extended", "accepted"], "accepted"),
    "accepted stays so when the invitation is told again": (["accepted", "extended"], "accepted"),
    "accepted, then called off by the guest": (["accepted", "declined"], "declined"),
    "declined stays so when the invitation is told again": (["declined", "extended"], "declined"),
    "a change of mind": (["declined", "accepted"], "accepted"),
    "taken back": (["accepted", "withdrawn"], "withdrawn"),
    "asked again": (["withdrawn", "extended"], "extended"),
}


@pytest.mark.parametrize(("told", "status"), STATUS.values(), ids=STATUS)
def test_status_follows_the_order_of_publication(told, status):
    wire = [reported(invitation(each), f"2026-01-1{day}") for day, each in enumerate(told)]

    for order in permutations(wire):
        assert [each.status for each in believed(*order)] == [status]


def test_the_table_of_statuses_is_complete():
    assert all(set(heard) == set(NEXT_STATUS) for heard in NEXT_STATUS.values())


def test_what_is_known_of_it_is_put_together():
    wire = [
        reported(invitation(occasion="inauguration", when="2026-03-11"), "2025-12-24"),
        reported(invitation(inviter=CHILE, when="2026-03"), "2026-01-10"),
    ]

    (only,) = believed(*wire)
    assert (only.inviter, only.invitee, only.to) == (KAST, BUKELE, "CL")
    assert (only.occasion, only.date) == ("inauguration", "2026-03-11")


JOURNEYS = {
    "there on the day": (trip("EC", when="2026-03-11", leader=BUKELE), True),
    "there some time": (trip("EC", leader=BUKELE), True),
    "there at another time": (trip("EC", when="2026-06-20", leader=BUKELE), False),
    "elsewhere": (trip("CL", when="2026-03-11", leader=BUKELE), False),
}


@pytest.mark.parametrize(("journey", "came"), JOURNEYS.values(), ids=JOURNEYS)
def test_an_accepted_invitation_leads_to_the_trip_that_came_of_it(journey, came):
    asked = invitation("extended", inviter=NOBOA, to="EC", when="2026-03-11")
    wire = [
        reported(asked, "2026-01-02"),
        reported(journey, "2026-01-09", story="journey"),
        reported(asked.model_copy(update={"status": "accepted"}), "2026-01-09"),
    ]

    assert dossier_of(*wire[:2]).invitations[0].trip is None
    shown = dossier_of(*wire)
    assert shown.invitations[0].trip == (shown.trips[0].id if came else None)


def test_an_accepted_invitation_without_a_date_leads_to_no_trip_of_former_years():
    accepted = invitation("accepted", inviter=NOBOA, to="EC")
    former = trip("EC", "completed", "2025-12-10", leader=BUKELE)
    wire = [
        reported(accepted, "2026-01-09"),
        reported(former, "2026-01-09", story="former", foreground=False),
    ]

    assert dossier_of(*wire).invitations[0].trip is None


def test_the_inviter_sees_it_as_theirs():
    mirrored = reported(invitation(), "2025-12-24", role="inviter", leader=KAST.id)

    assert [(each.role, each.invitee) for each in believed(mirrored)] == [("inviter", BUKELE)]
