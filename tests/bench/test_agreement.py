"""Second labels are complete; what agrees and what does not is counted as a reader's would be."""

import json
from typing import Any

import pytest
from packaged import packaged_knowledge

from bench.agreement import PARTS, SECOND, compare, twice
from bench.quality import Names, labelled, languages


def trip(traveller: str, country: str, **changed: Any) -> dict[str, Any]:
    told = {"start": "2026-03-10", "end": None, "status": "planned", "foreground": True}
    return {"traveller": traveller, "destination": country, **told, **changed}


def gold(*trips: dict[str, Any], asked: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    return {
        "leaders": ["Daniel Noboa"],
        "topics": ["trade"],
        "trips": list(trips),
        "invitations": [{"inviter": inviter, "invitee": invitee} for inviter, invitee in asked],
    }


FIRST = gold(
    trip("Daniel Noboa", "CL", end="2026-03-10"),
    trip("Nayib Bukele", "CL", status="possible"),
    asked=(("José Antonio Kast", "Daniel Noboa"),),
)
SECOND_LABELS = gold(
    trip("Daniel Noboa", "CL"),
    trip("Daniel Noboa", "PE"),
    asked=(("José Antonio Kast", "Nayib Bukele"),),
)


def test_what_both_have_is_right_and_what_one_has_is_wrong_or_missed() -> None:
    tally = compare(FIRST, SECOND_LABELS, Names(packaged_knowledge()))
    counted = {
        name: (tally.right[name], tally.wrong[name], tally.missed[name])
        for name in ("news trips", "invitations", "leaders", "topics")
    }
    assert counted == {
        "news trips": (1, 1, 1),
        "invitations": (0, 1, 1),
        "leaders": (1, 0, 0),
        "topics": (1, 0, 0),
    }
    assert {name: tally.rate(name) for name in ("status", "dates", "foreground")} == {
        "status": 1.0,
        "dates": 1.0,
        "foreground": 1.0,
    }


def test_days_and_status_that_differ_are_counted() -> None:
    other = gold(trip("Daniel Noboa", "CL", start="2026-03", status="possible"))
    tally = compare(FIRST, other, Names(packaged_knowledge()))
    assert (tally.rate("status"), tally.rate("dates"), tally.rate("foreground")) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize("language", languages())
def test_the_whole_test_part_is_labelled_twice_with_evidence_from_the_story(language: str) -> None:
    stories = {label["id"]: label for part in PARTS for label in labelled(language, part)}
    lines = (SECOND / f"{language}.jsonl").read_text("utf-8").splitlines()
    second = {one["id"]: one["gold"] for one in map(json.loads, lines)}
    assert second.keys() <= stories.keys()
    assert {label["id"] for label in labelled(language, "test")} <= second.keys()
    assert len(list(twice(language, "dev"))) == 20
    for story, labels in second.items():
        text = "\n".join((stories[story]["headline"], stories[story]["body"]))
        for told in (*labels["trips"], *labels["invitations"]):
            assert told["evidence"] in text, story
