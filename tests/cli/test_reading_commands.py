"""`analyze`, `replay` and `dossier` on files: what they print, and how they end."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from schemas.codec import decode
from schemas.dossiers import DossierView
from schemas.topics import ALERTS
from streams.cli.group import dragoman

TRIP = {
    "uri": "urn:test:1",
    "versioncreated": "2026-01-12T08:00:00Z",
    "language": "en",
    "source": "Meridian Wire",
    "headline": "Macron to visit Poland on Thursday",
    "body_text": "PARIS - French President Emmanuel Macron will travel to Warsaw on Thursday for "
    "talks with Polish Prime Minister Donald Tusk, his office said on Monday.\n\n"
    "Officials said the two would discuss trade and security.",
}
KILL = {
    "uri": "urn:test:1",
    "versioncreated": "2026-01-13T08:00:00Z",
    "pubstatus": "canceled",
    "source": "Meridian Wire",
}
NOTHING = {
    "uri": "urn:test:2",
    "versioncreated": "2026-01-12T09:00:00Z",
    "headline": "Rain expected",
    "body_text": "It will rain over the northern hills on Tuesday, forecasters said.",
}


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    file = tmp_path / "wire.jsonl"
    file.write_text("".join(json.dumps(item) + "\n" for item in (TRIP, NOTHING)))
    return file


def run(*arguments: object, **more: Any) -> Result:
    return CliRunner().invoke(dragoman, [str(argument) for argument in arguments], **more)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_analyze_prints_one_object_a_story_with_the_promised_fields(wire: Path) -> None:
    result = run("analyze", wire)
    first, second = lines(result.stdout)

    assert (result.exit_code, result.stderr) == (0, "")
    assert list(first) == ["uri", "language", "topics", "entities", "reports"]
    assert (first["uri"], first["language"]) == ("urn:test:1", "en")
    assert all(list(topic) == ["id", "score"] for topic in first["topics"])
    assert all(list(entity) == ["id", "name", "kind", "country"] for entity in first["entities"])
    (trip,) = first["reports"]
    assert trip.pop("confidence") > 0
    assert trip == {
        "kind": "trip",
        "leader": {"id": "emmanuel-macron", "name": "Emmanuel Macron"},
        "destination": {"country": "PL", "city": "Warsaw"},
        "dates": {"start": "2026-01-15", "end": "2026-01-15"},
        "status": "planned",
        "foreground": True,
        "evidence": trip["evidence"],
    }
    assert trip["evidence"] in f"{TRIP['headline']}\n{TRIP['body_text']}"
    assert (second["uri"], second["reports"]) == ("urn:test:2", [])


def test_analyze_reads_standard_input_and_arrays() -> None:
    result = run("analyze", "-", input=json.dumps([TRIP, NOTHING]))

    assert [found["uri"] for found in lines(result.stdout)] == ["urn:test:1", "urn:test:2"]


def test_analyze_goes_on_after_what_is_no_story(wire: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"headline": "no uri"}')

    result = run("analyze", bad, tmp_path / "missing", wire)

    assert result.exit_code == 1
    assert len(lines(result.stdout)) == 2
    assert f"{bad}: missing_field: uri" in result.stderr
    assert "missing: No such file" in result.stderr


def test_analyze_takes_the_arrival_for_a_text_without_a_time() -> None:
    text = f"{TRIP['headline']}\n\n{TRIP['body_text']}"

    result = run("analyze", "-", "--received", "2026-01-12T08:00Z", input=text)

    (found,) = lines(result.stdout)
    assert found["reports"][0]["dates"]["start"] == "2026-01-15"


@pytest.mark.parametrize(
    ("option", "variables", "coloured"),
    [
        ("--color", {}, True),
        ("--no-color", {}, False),
        ("--color", {"NO_COLOR": "1"}, True),
    ],
)
def test_explain_is_for_people_and_coloured_only_when_it_may_be(
    wire: Path, option: str, variables: dict[str, str], coloured: bool
) -> None:
    result = run("analyze", "--explain", option, wire, env=variables, color=True)

    assert result.exit_code == 0
    assert ("\x1b[" in result.stdout) is coloured
    assert "Emmanuel Macron to Warsaw, Poland, 15 January 2026" in result.stdout
    assert "no trip and no invitation is reported" in result.stdout


def test_explain_has_no_colours_where_no_color_is_set(wire: Path) -> None:
    # CliRunner's own `color` stands for a terminal here.
    result = run("analyze", "--explain", wire, env={"NO_COLOR": "1"}, color=True)

    assert "\x1b[" not in result.stdout


def test_replay_prints_alerts_as_cloud_events_in_order(wire: Path) -> None:
    result = run("replay", wire)
    (event,) = lines(result.stdout)

    assert result.exit_code == 0
    assert event["type"].endswith(".trip.new")
    assert event["specversion"] == "1.0"
    assert decode(ALERTS, result.stdout.strip().encode())
    assert run("replay", wire).stdout == result.stdout


def test_replay_prints_dossiers_that_do_not_depend_on_the_order(wire: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned.jsonl"
    turned.write_text("".join(reversed(wire.read_text().splitlines(keepends=True))))

    result = run("replay", "--dossiers", wire)
    ids = [dossier["id"] for dossier in lines(result.stdout)]

    assert ids == sorted(ids)
    assert "emmanuel-macron" in ids
    assert run("replay", "--dossiers", turned).stdout == result.stdout


def test_replay_leaves_out_what_came_later(wire: Path) -> None:
    assert run("replay", wire, "--until", "2026-01-11").stdout == ""
    assert run("replay", wire, "--until", "2026-01-12").stdout != ""
    assert run("replay", wire, "--until", "2026-01-12T07:59").stdout == ""


def test_replay_compares_with_earlier_alerts(wire: Path, tmp_path: Path) -> None:
    before = tmp_path / "alerts.jsonl"
    before.write_text(run("replay", wire).stdout)

    same = run("replay", wire, "--compare", before, "--fail-on-change")
    event = json.loads(before.read_text())
    event["data"]["status"] = "possible"
    before.write_text(json.dumps(event) + "\n" + json.dumps(event | {"id": "alert:gone"}) + "\n")
    other = run("replay", wire, "--compare", before)

    assert (same.exit_code, same.stdout) == (0, "")
    assert other.exit_code == 0
    assert [line[0] for line in other.stdout.splitlines()] == ["-", "~"]
    assert other.stdout.splitlines()[1].endswith(": status")
    assert "0 gained, 1 lost, 1 changed, 0 the same" in other.stderr
    assert run("replay", wire, "--compare", before, "--fail-on-change").exit_code == 1


def test_a_file_that_holds_no_alerts_is_told_line_by_line(wire: Path, tmp_path: Path) -> None:
    before = tmp_path / "alerts.jsonl"
    before.write_text('no\n{"x": 1}\n')

    result = run("replay", wire, "--compare", before)

    assert result.exit_code == 2
    assert "line 1" in result.stderr
    assert "line 2" in result.stderr


@pytest.mark.parametrize("leader", ["emmanuel-macron", "macron", "EMMANUEL MÁCRON"])
def test_dossier_shows_what_is_believed_and_why(wire: Path, leader: str) -> None:
    result = run("dossier", leader, "--stories", wire)

    assert result.exit_code == 0
    assert "Emmanuel Macron  (emmanuel-macron)" in result.stdout
    assert "to Warsaw, Poland, 15 January 2026" in result.stdout
    assert "1 independent source" in result.stdout
    assert "en, Meridian Wire, 12 Jan 2026 08:00 UTC: planned, urn:test:1" in result.stdout


def test_dossier_is_json_when_asked(wire: Path) -> None:
    result = run("dossier", "emmanuel-macron", "--json", "--stories", wire)

    view = DossierView.model_validate_json(result.stdout)
    assert [trip.destination.country for trip in view.trips] == ["PL"]


def test_dossier_of_a_time_knows_what_had_come_in_by_then(wire: Path) -> None:
    with wire.open("a") as file:
        file.write(json.dumps(KILL) + "\n")

    then = run("dossier", "macron", "--stories", wire, "--at", "2026-01-12T20:00Z")
    now = run("dossier", "macron", "--stories", wire)
    before = run("dossier", "macron", "--stories", wire, "--at", "2026-01-11")

    assert "Warsaw" in then.stdout
    assert (now.exit_code, before.exit_code) == (1, 1)
    assert "nothing is known of emmanuel-macron" in now.stderr
    assert "by 11 Jan 2026" in before.stderr


def test_dossier_says_what_cannot_be_true_as_well(wire: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    text = "French President Emmanuel Macron will travel to Rome on Thursday, ANSA learned."
    story = {"uri": "urn:test:8", "versioncreated": "2026-01-12T09:00:00Z", "body_text": text}
    other.write_text(json.dumps(story | {"source": "Other Wire"}))

    result = run("dossier", "macron", "--stories", wire, "--stories", other)

    assert "clash: at the same time to Rome, Italy, 15 January 2026" in result.stdout
    assert "clash: at the same time to Warsaw, Poland, 15 January 2026" in result.stdout


def test_dossier_shows_what_is_long_over_when_asked_for_its_history(
    wire: Path, tmp_path: Path
) -> None:
    later = tmp_path / "later.jsonl"
    text = "PARIS - French President Emmanuel Macron will travel to Rome on Friday."
    story = {"uri": "urn:test:9", "versioncreated": "2027-01-12T08:00:00Z", "body_text": text}
    later.write_text(json.dumps(story))

    now = run("dossier", "macron", "--stories", wire, "--stories", later)
    history = run("dossier", "macron", "--history", "--stories", wire, "--stories", later)

    assert ("Rome" in now.stdout, "Warsaw" in now.stdout) == (True, False)
    assert ("Rome" in history.stdout, "Warsaw" in history.stdout) == (True, True)


def test_dossier_lists_those_it_may_be(wire: Path) -> None:
    result = run("dossier", "Emmanuel Macorn", "--stories", wire)

    assert result.exit_code == 2
    assert "did you mean" in result.stderr
    assert "emmanuel-macron  Emmanuel Macron (FR)" in result.stderr
