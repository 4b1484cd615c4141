"""What is generated from the records, as committed: it may not lag behind."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from schemas.base import Record
from schemas.jsonschema import ASYNCAPI_FILE, asyncapi, documents, message_schema
from schemas.topics import STORIES_RAW, TOPICS

OF_THE_API = "openapi.json"
"""Made from the API, which no record knows: tests/shell/api compares it."""
GENERATED = Path(__file__).resolve().parents[2] / "schemas" / "generated"


def differences(committed: dict[str, bytes], generated: dict[str, bytes]) -> list[str]:
    return sorted(
        name
        for name in committed.keys() | generated.keys()
        if committed.get(name) != generated.get(name)
    )


def committed_files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def test_what_is_committed_is_what_is_generated() -> None:
    committed = committed_files(GENERATED)
    committed.pop(OF_THE_API)
    assert differences(committed, documents()) == [], (
        "run: dragoman schemas export schemas/generated"
    )


def test_a_changed_missing_or_orphaned_file_is_noticed(tmp_path: Path) -> None:
    for name, content in documents().items():
        (tmp_path / name).write_bytes(content)
    assert differences(committed_files(tmp_path), documents()) == []

    (tmp_path / "stories.v1.schema.json").write_bytes(b"{}")
    (tmp_path / "alerts.v1.schema.json").unlink()
    (tmp_path / "orphans.v1.schema.json").write_bytes(b"{}")

    assert differences(committed_files(tmp_path), documents()) == [
        "alerts.v1.schema.json",
        "orphans.v1.schema.json",
        "stories.v1.schema.json",
    ]


def test_the_same_is_generated_each_time() -> None:
    assert documents() == documents()


@pytest.mark.parametrize("topic", [t for t in TOPICS if t.record], ids=lambda topic: topic.name)
def test_each_schema_is_a_schema_and_refuses_unknown_fields(topic: object) -> None:
    schema = message_schema(topic)  # type: ignore[arg-type]

    Draft202012Validator.check_schema(schema)
    assert not Draft202012Validator(schema).is_valid({"no": "record"})


def test_raw_bytes_have_no_schema() -> None:
    with pytest.raises(TypeError, match=r"stories\.raw\.v1"):
        message_schema(STORIES_RAW)


def test_asyncapi_names_every_topic_and_refers_to_nothing_that_is_not_there() -> None:
    document = asyncapi()
    addresses = {channel["address"] for channel in document["channels"].values()}

    assert addresses == {topic.name for topic in TOPICS}
    assert dangling(document, document) == []
    assert ASYNCAPI_FILE in documents()


def test_a_dangling_reference_is_noticed() -> None:
    document = {"a": {"$ref": "#/b"}, "c": [{"$ref": "#/a"}], "d": {"$ref": "other.json#/a"}}

    assert dangling(document, document) == ["#/b", "other.json#/a"]


def dangling(part: object, document: dict[str, object]) -> list[str]:
    if isinstance(part, list):
        return [found for each in part for found in dangling(each, document)]
    if not isinstance(part, dict):
        return []
    reference = part.get("$ref")
    own = [reference] if isinstance(reference, str) and not resolves(reference, document) else []
    return own + [found for each in part.values() for found in dangling(each, document)]


def resolves(reference: str, document: object) -> bool:
    if not reference.startswith("#/"):
        return False
    for step in reference.removeprefix("#/").split("/"):
        if not isinstance(document, dict) or step not in document:
            return False
        document = document[step]
    return True


def test_no_generated_name_is_left_to_chance() -> None:
    # Two records of one name would get their modules' paths as names.
    names = list(asyncapi()["components"]["schemas"])

    assert [name for name in names if "__" in name] == []
    assert issubclass(Record, object)
