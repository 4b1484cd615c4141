"""How sure a report is: what a sentence tells, and what only the story as a whole makes likely.

The forest that weighs journeys is replaced by one that gives the same answer to everybody, and so
are those of invitations, so that nothing here hangs on what was learned.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import pytest

from bench.quality import story_of
from schemas.readings import Finding
from schemas.reports import SURE_ENOUGH
from streams.core.forest import UNIT, Forest
from streams.core.knowledge import Knowledge
from streams.core.reader import RuleReader
from streams.core.reports.judge import ASKINGS, GUESTS, HOSTS, JOURNEYS, LITTLE_DOUBT, MUCH_DOUBT

TOLD = "Ecuador's President Daniel Noboa will travel to Peru on Tuesday, his office said on Monday."
TOLD_AGAIN = (
    f"{TOLD}\n\nNoboa will travel to Peru on Tuesday for two days.\n\n"
    "Noboa is to fly to Peru on Tuesday.\n\nNoboa will visit Peru on Tuesday."
)
UNTOLD = (
    "Ecuador's president spoke at length about the price of shrimps on Monday.\n\n"
    "The harvest was poor, and the sea was warm.\n\n"
    "Daniel Noboa was the last to leave the hall in Lima, where it had been dark for hours.\n\n"
    "Peru sells more of them than it did."
)
STRANGER = (
    "Botswana's President Tato Examplemang was the last to leave the hall in Lima, where it had "
    "been dark for hours. Peru sells more shrimps than it did."
)
ASKED = (
    "Chile's President Gabriel Boric invited Ecuador's President Daniel Noboa to Santiago for the "
    "signing of the treaty, his office said on Monday."
)
BY_A_BISHOP = (
    "The archbishop José Luis Escobar Alas invited El Salvador's President Nayib Bukele to come to "
    "his village on Monday."
)
HINTED = (
    "Chile's President Gabriel Boric spoke of the treaty on Monday.\n\n"
    "The invitation was the fourth of its kind.\n\n"
    "Daniel Noboa was the name on the invitation that Gabriel Boric held up."
)


def certain(name: str, chance: float) -> Forest:
    """Says this to everybody."""
    leaf = round(UNIT * math.log(chance / (1 - chance)))
    return Forest(name, (leaf,), 0.2, (-(10**9),))


Thinking = Callable[[Mapping[str, float]], RuleReader]


@pytest.fixture(scope="module")
def thinking(knowledge: Knowledge) -> Thinking:
    """Makes readers whose forests of these names give these answers; each once, they take time."""

    @cache
    def made(chances: tuple[tuple[str, float], ...]) -> RuleReader:
        planted = {name: certain(name, chance) for name, chance in chances}
        return RuleReader(replace(knowledge, forests={**knowledge.forests, **planted}))

    return lambda chances: made(tuple(chances.items()))


def findings(reader: RuleReader, body: str, headline: str | None = None) -> list[Finding]:
    label = {"id": "x", "lang": "en", "published": "2025-12-22", "headline": headline, "body": body}
    return list(reader.read(story_of(label)).findings)


def journey(found: list[Finding], leader: str, country: str) -> Finding:
    [one] = [
        f
        for f in found
        if f.claim.kind == "trip"
        and f.claim.leader.name == leader
        and f.claim.destination.country == country
    ]
    return one


def invitation(found: list[Finding], invitee: str) -> Finding:
    [one] = [f for f in found if f.claim.kind == "invitation" and f.claim.invitee.name == invitee]
    return one


@pytest.mark.parametrize(("more", "sure"), [(0.01, True), (-0.01, False)])
def test_what_a_sentence_tells_alerts_unless_the_story_speaks_against_it(
    thinking: Thinking, more: float, sure: bool
) -> None:
    reader = thinking({JOURNEYS: MUCH_DOUBT + more})
    told = journey(findings(reader, TOLD), "Daniel Noboa", "PE")
    assert told.rule != "weighed"
    assert (told.confidence >= SURE_ENOUGH) is sure


def test_what_is_doubted_is_not_told_more_surely_by_saying_it_again(thinking: Thinking) -> None:
    told = journey(
        findings(thinking({JOURNEYS: MUCH_DOUBT - 0.01}), TOLD_AGAIN), "Daniel Noboa", "PE"
    )
    assert told.confidence < SURE_ENOUGH


@pytest.mark.parametrize(("more", "sure"), [(0.01, True), (-0.01, False)])
def test_a_journey_no_sentence_tells_alerts_where_the_whole_leaves_little_doubt(
    thinking: Thinking, more: float, sure: bool
) -> None:
    reader = thinking({JOURNEYS: LITTLE_DOUBT + more})
    weighed = journey(findings(reader, UNTOLD), "Daniel Noboa", "PE")
    assert weighed.rule == "weighed"
    assert (weighed.confidence >= SURE_ENOUGH) is sure


def test_of_whom_no_file_knows_only_a_sentence_alerts(thinking: Thinking) -> None:
    reader = thinking({JOURNEYS: 0.9})
    weighed = journey(findings(reader, STRANGER), "Tato Examplemang", "PE")
    assert weighed.rule == "weighed"
    assert weighed.confidence < SURE_ENOUGH


@pytest.mark.parametrize(("body", "rule"), [(ASKED, "told"), (HINTED, "weighed")])
@pytest.mark.parametrize(
    ("chance", "sure"),
    [
        pytest.param(MUCH_DOUBT - 0.02, (), id="much doubt"),
        pytest.param((MUCH_DOUBT + LITTLE_DOUBT) / 2, ("told",), id="some doubt"),
        pytest.param(LITTLE_DOUBT + 0.02, ("told", "weighed"), id="little doubt"),
    ],
)
def test_an_invitation_alerts_by_the_same_bounds(
    thinking: Thinking, body: str, rule: str, chance: float, sure: tuple[str, ...]
) -> None:
    reader = thinking({ASKINGS: chance, GUESTS: chance, HOSTS: chance})
    asked = invitation(findings(reader, body), "Daniel Noboa")
    assert (asked.rule == "weighed") is (rule == "weighed")
    assert (asked.confidence >= SURE_ENOUGH) is (rule in sure)


def test_who_has_no_country_to_ask_to_alerts_nobody(thinking: Thinking) -> None:
    reader = thinking({ASKINGS: 0.9, GUESTS: 0.9, HOSTS: 0.9})
    [asked] = findings(reader, BY_A_BISHOP)
    assert (asked.claim.kind, asked.rule) == ("invitation", "invitation:invite.done")
    assert asked.confidence < SURE_ENOUGH


def test_the_evidence_is_the_sentence_that_says_most_of_it(thinking: Thinking) -> None:
    reader = thinking({JOURNEYS: 0.9})
    weighed = journey(
        findings(reader, UNTOLD, "Daniel Noboa on shrimps in Peru"), "Daniel Noboa", "PE"
    )
    assert weighed.evidence.text.startswith("Daniel Noboa was the last to leave")


def test_the_evidence_of_an_invitation_names_who_is_asked(thinking: Thinking) -> None:
    reader = thinking({ASKINGS: 0.9, GUESTS: 0.9, HOSTS: 0.9})
    asked = invitation(findings(reader, HINTED, "Boric's invitation to Noboa"), "Daniel Noboa")
    assert asked.evidence.text.startswith("Daniel Noboa was the name")
