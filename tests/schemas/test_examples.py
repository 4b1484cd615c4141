"""Example messages: the proof that yesterday's messages can still be read.

Files are added, never edited: a change of a record that an old example does not survive is a
change of version.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from schemas.codec import UndecodableError, decode, encode
from schemas.jsonschema import message_schema
from schemas.topics import TOPICS, TopicDeclaration

EXAMPLES = Path(__file__).resolve().parents[2] / "schemas" / "examples"
DIGESTS = "SHA256SUMS"
RECORDED = {topic.name: topic for topic in TOPICS if topic.record is not None}
FILES = sorted(EXAMPLES.glob("*/*.json"))
LEAST = 2


def orphans(folder: Path) -> list[str]:
    """Files that belong to no topic."""
    return sorted(
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file()
        and file.name != DIGESTS
        and not (file.parent.name in RECORDED and file.parent.parent == folder)
    )


def bare(folder: Path) -> list[str]:
    """Topics without enough examples."""
    return sorted(name for name in RECORDED if len(list((folder / name).glob("*.json"))) < LEAST)


def edited(folder: Path) -> list[str]:
    """Examples that differ from the digest they were added with, or have none; digests of none."""
    noted = {
        line.split("  ", 1)[1]: line.split("  ", 1)[0]
        for line in (folder / DIGESTS).read_text(encoding="utf-8").splitlines()
    }
    found = {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.glob("*/*.json")
    }
    return sorted(
        name for name in noted.keys() | found.keys() if noted.get(name) != found.get(name)
    )


def kept(said: Any, read: Any) -> bool:
    """Whether all that an example says is in what was read of it; later fields may be more."""
    if isinstance(said, dict):
        return isinstance(read, dict) and all(
            key in read and kept(value, read[key]) for key, value in said.items()
        )
    if isinstance(said, list):
        return (
            isinstance(read, list)
            and len(said) == len(read)
            and all(kept(one, other) for one, other in zip(said, read, strict=True))
        )
    return bool(said == read)


def topic_of(file: Path) -> TopicDeclaration:
    return RECORDED[file.parent.name]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_an_example_is_read_and_nothing_of_it_lost(file: Path) -> None:
    record = decode(topic_of(file), file.read_bytes())

    assert kept(json.loads(file.read_bytes()), json.loads(encode(record)))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_an_example_keeps_its_bytes_over_a_round_trip(file: Path) -> None:
    canonical = encode(decode(topic_of(file), file.read_bytes()))

    assert encode(decode(topic_of(file), canonical)) == canonical


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_an_example_is_valid_by_its_json_schema(file: Path) -> None:
    validator = Draft202012Validator(message_schema(topic_of(file)), format_checker=FormatChecker())

    assert [error.message for error in validator.iter_errors(json.loads(file.read_bytes()))] == []


def test_every_topic_with_records_has_examples_and_no_example_is_orphaned() -> None:
    assert bare(EXAMPLES) == []
    assert orphans(EXAMPLES) == []


def test_no_example_was_edited() -> None:
    assert edited(EXAMPLES) == [], (
        "an example is added, never edited; after adding one: "
        "cd schemas/examples && sha256sum */*.json > SHA256SUMS"
    )


def test_the_guards_notice_what_they_are_there_for(tmp_path: Path) -> None:
    for file in FILES:
        copy = tmp_path / file.parent.name / file.name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(file.read_bytes())
    (tmp_path / DIGESTS).write_bytes((EXAMPLES / DIGESTS).read_bytes())
    assert (bare(tmp_path), orphans(tmp_path), edited(tmp_path)) == ([], [], [])

    (tmp_path / "alerts.v1" / "trip-new.json").write_text("{}")
    (tmp_path / "stories.v9").mkdir()
    (tmp_path / "stories.v9" / "x.json").write_text("{}")
    for file in (tmp_path / "deliveries.v2").iterdir():
        file.unlink()

    assert bare(tmp_path) == ["deliveries.v2"]
    assert orphans(tmp_path) == ["stories.v9/x.json"]
    assert "alerts.v1/trip-new.json" in edited(tmp_path)
    assert "stories.v9/x.json" in edited(tmp_path)


@pytest.mark.parametrize("topic", list(RECORDED.values()), ids=lambda topic: topic.name)
def test_a_field_nobody_declared_is_refused_by_model_and_schema(topic: TopicDeclaration) -> None:
    file = next(file for file in FILES if topic_of(file) is topic)
    message = json.loads(file.read_bytes()) | {"misspelt": 1}

    with pytest.raises(UndecodableError):
        decode(topic, json.dumps(message).encode())
    assert not Draft202012Validator(message_schema(topic)).is_valid(message)


def test_what_is_lost_on_reading_is_noticed() -> None:
    assert kept({"a": [1, {"b": None}]}, {"a": [1, {"b": None, "c": 2}], "d": 3})
    assert not kept({"a": 1}, {})
    assert not kept({"a": [1]}, {"a": [1, 2]})
