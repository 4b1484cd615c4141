"""The sample wire is what its README promises, and its expected alerts rest on its own words.

Only the two files are checked here, one against the other; no reader and no fold is run.
"""

import datetime as dt
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

SAMPLE = Path(__file__).resolve().parents[2] / "streams" / "data" / "sample"
REQUIRED = {
    "uri",
    "type",
    "version",
    "versioncreated",
    "pubstatus",
    "language",
    "headline",
    "slugline",
    "located",
    "copyrightholder",
    "urgency",
    "body_text",
}
OPTIONAL = {"firstcreated", "byline", "ednote"}
KINDS = {
    "trip.new",
    "trip.changed",
    "trip.cancelled",
    "invitation.new",
    "invitation.answered",
    "retracted",
}
TRIP_STATUSES = {"possible", "planned", "under_way", "completed", "cancelled"}
INVITATION_STATUSES = {"possible", "extended", "accepted", "declined", "withdrawn"}
TOPICS = {"migration", "security", "humanitarian_corridor", "trade"}
CUT_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?")

Item = dict[str, Any]


@pytest.fixture(scope="module")
def wire() -> list[Item]:
    """Every line of the wire, in file order."""
    text = (SAMPLE / "wire.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def expected() -> Item:
    """What an editor wants from the wire."""
    loaded: Item = json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))
    return loaded


def by_edition(wire: list[Item]) -> dict[tuple[str, str], Item]:
    """The items by story and version."""
    return {(item["uri"], item["version"]): item for item in wire}


def readings(expected: Item) -> dict[tuple[str, str], Item]:
    """The editor's reading of each edition, by story and version."""
    found = {}
    for uri, gold in expected["stories"].items():
        found[uri, "1"] = gold
        for version, later in gold.get("later_versions", {}).items():
            found[uri, version] = later
    return found


def first_versions(wire: list[Item]) -> list[Item]:
    """One item a story."""
    return [item for item in wire if item["version"] == "1"]


def test_every_line_is_a_ninjs_item_with_the_fields_the_demo_shows(wire: list[Item]) -> None:
    for item in wire:
        assert REQUIRED <= set(item) <= REQUIRED | OPTIONAL, item["uri"]
        assert item["type"] == "text"
        assert item["pubstatus"] in {"usable", "canceled"}
        assert 1 <= item["urgency"] <= 9
        assert all(item[name].strip() for name in REQUIRED - {"urgency"}), item["uri"]
        assert item["uri"].startswith("urn:sample:")


def test_stories_have_unique_ids_and_their_versions_count_up(wire: list[Item]) -> None:
    assert len(by_edition(wire)) == len(wire)
    seen: Counter[str] = Counter()
    for item in wire:
        seen[item["uri"]] += 1
        assert item["version"] == str(seen[item["uri"]])


def test_the_wire_is_sorted_by_time_and_stays_within_its_fortnight(wire: list[Item]) -> None:
    times = [item["versioncreated"] for item in wire]
    assert times == sorted(times)
    assert len(set(times)) == len(times)
    days = [dt.datetime.strptime(time, "%Y-%m-%dT%H:%M:%S%z").date() for time in times]
    assert dt.date(2026, 9, 7) <= days[0] <= days[-1] <= dt.date(2026, 9, 20)


def test_languages_and_counts_are_as_the_readme_promises(wire: list[Item]) -> None:
    languages = Counter(item["language"] for item in first_versions(wire))
    assert languages == {"en": 10, "es": 9, "de": 9, "fr": 8, "pt": 4, "it": 4}
    assert len(wire) == 47
    assert len({item["copyrightholder"] for item in wire}) == 8


def test_bodies_have_the_length_of_news_copy_but_for_the_kill(wire: list[Item]) -> None:
    lengths = {
        item["uri"]: len(item["body_text"].split())
        for item in wire
        if item["pubstatus"] == "usable"
    }
    assert {uri: n for uri, n in lengths.items() if not 90 <= n <= 250} == {}


def test_newer_editions_are_a_correction_an_update_and_a_kill(wire: list[Item]) -> None:
    later = [item for item in wire if item["version"] != "1"]
    first = {item["uri"]: item["versioncreated"] for item in first_versions(wire)}
    assert {item["uri"]: item["firstcreated"] for item in later} == {
        item["uri"]: first[item["uri"]] for item in later
    }
    assert sorted(item["ednote"].split(maxsplit=1)[0].strip(":.") for item in later) == [
        "CORRECTED",
        "KILL",
        "UPDATE",
    ]
    killed = [item for item in wire if item["pubstatus"] == "canceled"]
    assert [item["ednote"].startswith("KILL") for item in killed] == [True]


def test_two_stories_are_reprinted_word_for_word_one_under_another_headline(
    wire: list[Item],
) -> None:
    copies: dict[str, list[Item]] = {}
    for item in first_versions(wire):
        copies.setdefault(item["body_text"], []).append(item)
    reprints = [pair for pair in copies.values() if len(pair) > 1]
    assert [len({item["copyrightholder"] for item in pair}) for pair in reprints] == [2, 2]
    assert sorted(len({item["headline"] for item in pair}) for pair in reprints) == [1, 2]


def test_one_agency_story_is_carried_in_three_languages(wire: list[Item]) -> None:
    carried = [item for item in first_versions(wire) if item.get("byline") == "Meridian Wire"]
    assert {item["language"] for item in carried} == {"en", "fr", "es"}
    assert len({item["copyrightholder"] for item in carried}) == len(carried) == 3


def test_every_edition_has_a_reading_and_no_reading_lacks_its_edition(
    wire: list[Item], expected: Item
) -> None:
    assert set(readings(expected)) == set(by_edition(wire))


def test_every_evidence_stands_verbatim_in_the_body_it_is_taken_from(
    wire: list[Item], expected: Item
) -> None:
    bodies = {edition: item["body_text"] for edition, item in by_edition(wire).items()}
    claims = [((a["story"], a["version"]), a["evidence"]) for a in expected["alerts"]]
    for edition, gold in readings(expected).items():
        claims += [(edition, claim["evidence"]) for claim in gold["trips"] + gold["invitations"]]
    assert [claim for claim in claims if not claim[1] or claim[1] not in bodies[claim[0]]] == []


def test_readings_use_only_the_words_of_the_labels(expected: Item) -> None:
    for gold in readings(expected).values():
        assert set(gold["topics"]) <= TOPICS
        assert {trip["status"] for trip in gold["trips"]} <= TRIP_STATUSES
        assert {claim["status"] for claim in gold["invitations"]} <= INVITATION_STATUSES
        people = set(gold["leaders"]) | set(gold["officials"])
        assert {trip["traveller"] for trip in gold["trips"]} <= people
        for claim in gold["invitations"]:
            assert {claim["inviter"], claim["invitee"]} <= people
        dates = [trip[end] for trip in gold["trips"] for end in ("start", "end")]
        dates += [claim["date"] for claim in gold["invitations"]]
        assert [date for date in dates if date and not CUT_DATE.fullmatch(date)] == []


def test_a_third_of_the_stories_hold_no_news_of_a_trip_or_an_invitation(expected: Item) -> None:
    quiet = [
        uri
        for uri, gold in expected["stories"].items()
        if not any(claim["foreground"] for claim in gold["trips"] + gold["invitations"])
    ]
    assert len(quiet) == 14
    assert not {alert["story"] for alert in expected["alerts"]} & set(quiet)


def test_alerts_come_in_the_order_of_the_wire_and_each_once(
    wire: list[Item], expected: Item
) -> None:
    order = list(by_edition(wire))
    places = [order.index((alert["story"], alert["version"])) for alert in expected["alerts"]]
    assert places == sorted(places)
    whole = [json.dumps(alert, sort_keys=True) for alert in expected["alerts"]]
    assert len(set(whole)) == len(whole)
    news = Counter(
        (alert["kind"], alert["leader"], alert["country"])
        for alert in expected["alerts"]
        if alert["kind"].endswith(".new")
    )
    assert max(news.values()) == 1


def test_alerts_cover_every_kind_in_the_promised_numbers(expected: Item) -> None:
    kinds = Counter(alert["kind"] for alert in expected["alerts"])
    assert set(kinds) == KINDS
    assert kinds == {
        "trip.new": 19,
        "trip.changed": 3,
        "trip.cancelled": 2,
        "invitation.new": 5,
        "invitation.answered": 2,
        "retracted": 1,
    }


def test_every_alert_rests_on_a_foreground_claim_of_the_same_edition(expected: Item) -> None:
    gold = readings(expected)
    for alert in expected["alerts"]:
        if alert["kind"] == "retracted":
            continue  # a kill makes no claim; the next test has it
        reading = gold[alert["story"], alert["version"]]
        claims: list[Item] = []
        if alert["kind"].startswith("trip"):
            claims = [
                {
                    "leader": trip["traveller"],
                    "country": trip["destination"],
                    "dates": {"start": trip["start"], "end": trip["end"]},
                    "status": trip["status"],
                }
                for trip in reading["trips"]
                if trip["foreground"]
            ]
        else:
            claims = [
                {
                    "leader": claim["invitee"],
                    "country": claim["to"],
                    "dates": {"start": claim["date"], "end": None},
                    "status": claim["status"],
                }
                for claim in reading["invitations"]
                if claim["foreground"]
            ]
        assert {name: alert[name] for name in ("leader", "country", "dates", "status")} in claims


def test_the_retracted_alert_takes_back_what_the_killed_story_alone_had_raised(
    wire: list[Item], expected: Item
) -> None:
    (killed,) = [item for item in wire if item["pubstatus"] == "canceled"]
    mine = [alert for alert in expected["alerts"] if alert["story"] == killed["uri"]]
    assert [(alert["kind"], alert["version"]) for alert in mine] == [
        ("trip.new", "1"),
        ("retracted", killed["version"]),
    ]
    assert [mine[0][name] for name in ("leader", "country", "dates")] == [
        mine[1][name] for name in ("leader", "country", "dates")
    ]
    others = [gold for uri, gold in expected["stories"].items() if uri != killed["uri"]]
    assert not any(
        (trip["traveller"], trip["destination"]) == (mine[0]["leader"], mine[0]["country"])
        for gold in others
        for trip in gold["trips"]
    )


def test_alerts_known_from_one_language_alone_say_which(wire: list[Item], expected: Item) -> None:
    languages = {item["uri"]: item["language"] for item in wire}
    for alert in expected["alerts"]:
        language = languages[alert["story"]]
        needed = [language] if language in {"pt", "it"} else None
        assert alert.get("languages_needed") == needed
