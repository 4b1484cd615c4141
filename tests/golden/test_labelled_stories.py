"""The labelled stories are what they say they are; how well they are read is `make quality`."""

import json
from pathlib import Path
from typing import Any

import pytest
from packaged import packaged_knowledge, packaged_reader

from bench.quality import (
    LABELLED_TOPICS,
    STORIES,
    Names,
    Tally,
    Unaided,
    falls,
    score,
    story_of,
)
from schemas.base import Dates
from schemas.readings import Entity
from schemas.reports import SURE_ENOUGH, InvitationClaim, TripClaim
from streams.core.reader import RuleReader
from streams.core.reports.judge import LITTLE_DOUBT

PARTS = sorted(STORIES.glob("*.jsonl"))
LEAST = {"dev": {"pt": 25, "it": 25}, "test": {"pt": 15, "it": 15}}
TRIP_STATUS = set(TripClaim.model_fields["status"].annotation.__args__)  # type: ignore[union-attr]
INVITATION_STATUS = set(
    InvitationClaim.model_fields["status"].annotation.__args__  # type: ignore[union-attr]
)


def stories(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_every_label_is_complete_and_its_evidence_is_in_the_story(path: Path) -> None:
    for story in stories(path):
        gold, body = story["gold"], story["body"]
        assert set(gold["topics"]) <= LABELLED_TOPICS, story["id"]
        for trip in gold["trips"]:
            assert trip["evidence"] in body, story["id"]
            assert trip["status"] in TRIP_STATUS, story["id"]
            Dates(start=trip["start"], end=trip["end"])
        for asked in gold["invitations"]:
            assert asked["evidence"] in body, story["id"]
            assert asked["status"] in INVITATION_STATUS, story["id"]


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_there_are_enough_stories_some_of_them_without_news(path: Path) -> None:
    language, part = path.stem.split(".")
    told = stories(path)
    assert len(told) >= LEAST[part].get(language, {"dev": 40, "test": 25}[part])
    assert 0.15 <= _quiet(told) / len(told) <= 0.45


@pytest.mark.parametrize("part", LEAST)
def test_about_a_quarter_of_all_stories_have_no_news(part: str) -> None:
    told = [story for path in PARTS if f".{part}." in path.name for story in stories(path)]
    assert 0.24 <= _quiet(told) / len(told) <= 0.45


def _quiet(told: list[dict[str, Any]]) -> int:
    return sum(not s["gold"]["trips"] and not s["gold"]["invitations"] for s in told)


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "pt"])
def test_what_was_only_weighed_says_why_and_alerts_only_with_little_doubt(language: str) -> None:
    reader = packaged_reader()
    labels = stories(STORIES / f"{language}.dev.jsonl")
    findings = [f for label in labels for f in reader.read(story_of(label)).findings]
    weighed = [finding for finding in findings if finding.rule == "weighed"]
    assert weighed
    for finding in findings:
        assert bool(finding.because) == (finding.rule == "weighed")
    for finding in weighed:
        assert finding.confidence < SURE_ENOUGH or finding.confidence >= LITTLE_DOUBT


def test_no_story_is_told_twice() -> None:
    ids = [story["id"] for path in PARTS for story in stories(path)]
    assert len(ids) == len(set(ids))


def test_a_reading_that_says_what_the_labels_say_has_no_error() -> None:
    knowledge = packaged_knowledge()
    reader, names = RuleReader(knowledge), Names(knowledge)
    label = {
        "id": "x",
        "lang": "en",
        "published": "2025-12-22",
        "headline": "Noboa to visit Peru",
        "body": "Ecuador's President Daniel Noboa will travel to Peru on Tuesday, his office said.",
        "gold": {
            "leaders": ["Daniel Noboa"],
            "topics": [],
            "trips": [
                {
                    "traveller": "Daniel Noboa",
                    "destination": "PE",
                    "start": "2025-12-23",
                    "end": None,
                    "status": "planned",
                    "foreground": True,
                }
            ],
            "invitations": [],
        },
    }
    reading = reader.read(story_of(label))
    assert score(label, reading, names).errors == ()
    label["gold"]["trips"][0]["destination"] = "BR"  # type: ignore[index]
    wrong = score(label, reading, names)
    assert any("missed" in error for error in wrong.errors)
    assert wrong.tally.f1("news trips") == 0.0


@pytest.mark.parametrize(
    ("name", "country", "right"),
    [
        pytest.param("Daniel Noboa", "EC", True, id="name and country"),
        pytest.param("Daniel Noboa Azín", "EC", True, id="a word more"),
        pytest.param("Noboa", "EC", True, id="the surname and the country"),
        pytest.param("Daniel Noboa", None, True, id="the name, and no country"),
        pytest.param("Daniel Noboa", "PE", False, id="another country"),
        pytest.param("Noboa", None, False, id="the surname only"),
        pytest.param("Noboa", "PE", False, id="a namesake"),
    ],
)
def test_whom_no_file_knew_is_meant_where_name_and_country_agree(
    name: str, country: str | None, right: bool
) -> None:
    knowledge = packaged_knowledge()
    entity = Entity(
        id=f"provisional:{country}:x", name=name, kind="leader", country=country, spans=()
    )
    label = {"id": "x", "lang": "en", "published": "2025-12-22", "body": "Nothing."}
    reading = packaged_reader().read(story_of(label)).model_copy(update={"entities": (entity,)})
    gold = {"leaders": ["Daniel Noboa"], "trips": [], "invitations": []}
    found = Unaided(knowledge).found(gold, reading)
    assert (found(name) == "daniel-noboa") is right


def test_a_figure_that_fell_by_more_than_a_point_is_told() -> None:
    now = Tally(stories=1)
    now.right["news trips"], now.missed["news trips"] = 1, 1
    before = {"en": {"news trips": now.f1("news trips") + 0.02}}
    assert falls(before, {"en": now})
    assert not falls({"en": {"news trips": now.f1("news trips") + 0.005}}, {"en": now})
