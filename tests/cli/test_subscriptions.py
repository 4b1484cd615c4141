"""`dragoman subscriptions`: checked, listed, and tried on stories."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from streams.cli.group import dragoman

FILE = """
[[subscription]]
id = "norway"
owner = "Oslo desk"
channel = "log"
target = "-"
to_countries = ["NO"]

[[subscription]]
id = "invitations"
owner = "Protocol"
channel = "log"
target = "-"
kinds = ["invitation.new", "invitation.answered"]
digest = ["08:00"]
time_zone = "Europe/Oslo"
"""
STORIES = [
    {
        "uri": "urn:test:1",
        "versioncreated": "2026-01-12T08:00:00Z",
        "source": "Meridian Wire",
        "headline": "Mahama to visit Norway",
        "body_text": "Ghana's President John Mahama will visit Norway on Thursday, his office "
        "said on Monday.",
    },
    {
        "uri": "urn:test:2",
        "versioncreated": "2026-01-12T09:00:00Z",
        "source": "Meridian Wire",
        "headline": "Peru asks Mahama to come",
        "body_text": "Peru's President José Jerí has invited Ghana's President John Mahama to "
        "Lima, the foreign ministry said.",
    },
    {
        "uri": "urn:test:1",
        "versioncreated": "2026-01-12T10:00:00Z",
        "pubstatus": "canceled",
        "source": "Meridian Wire",
    },
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "subscriptions.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    path = tmp_path / "wire.jsonl"
    path.write_text("\n".join(map(json.dumps, STORIES)), encoding="utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(dragoman, ["subscriptions", *map(str, arguments)])


def test_each_gets_what_it_asks_for_at_its_time_and_what_is_taken_back(
    file: Path, wire: Path
) -> None:
    lines = run("test", file, wire).output.splitlines()

    assert [(line[:16], line.split()[2]) for line in lines] == [
        ("2026-01-12 08:00", "norway"),
        ("2026-01-13 08:00", "invitations"),
        ("2026-01-12 10:00", "norway"),
    ]
    assert "Norway" in lines[0]
    assert "Peru" in lines[1]
    assert "taken back" in lines[2]


def test_who_asks_for_two_sources_hears_of_it_when_the_second_says_so(
    file: Path, wire: Path
) -> None:
    second = {
        "uri": "urn:test:3",
        "versioncreated": "2026-01-12T09:30:00Z",
        "source": "Fjord News",
        "headline": "Oslo prepares for Ghana's president",
        "body_text": "President John Mahama of Ghana will visit Norway on Thursday, the palace in "
        "Oslo confirmed.",
    }
    file.write_text(FILE.replace('to_countries = ["NO"]', "least_sources = 2"), encoding="utf-8")
    told = [*STORIES[:2], second, *STORIES[2:]]
    wire.write_text("\n".join(map(json.dumps, told)), encoding="utf-8")

    lines = run("test", file, wire, "--only", "norway").output.splitlines()

    assert [line[:16] for line in lines] == ["2026-01-12 09:30"]
    assert "Norway" in lines[0]


def test_why_tells_what_each_did_not_get(file: Path, wire: Path) -> None:
    lines = run("test", file, wire, "--why", "--only", "norway").output.splitlines()

    assert len(lines) == 3
    assert "it has PE; asked for is NO" in lines[1]


def test_a_sound_file_is_counted_and_listed(file: Path) -> None:
    assert run("check", file).output == "2 subscriptions, all sound\n"
    listed = run("list", file).output
    assert "to NO" in listed
    assert "at 08:00 (Europe/Oslo)" in listed


def test_a_wrong_file_is_told_with_exit_code_2(file: Path) -> None:
    file.write_text(FILE.replace("NO", "ZZ"), encoding="utf-8")
    result = run("check", file)

    assert result.exit_code == 2
    assert f"{file}:7: 'ZZ' is no country" in result.output


def test_a_subscription_that_is_not_there_is_told(file: Path, wire: Path) -> None:
    result = run("test", file, wire, "--only", "nobody")

    assert result.exit_code == 2
    assert "'nobody' is not in" in result.output
