"""How records may grow while versions of the service run side by side.

`schemas/grown` has the shape of each record as it was when its topic's version began, and after
each addition since: `0.json`, `1.json` and so on, added and never edited. `make schemas` adds what
is missing. docs/decisions/0027-versions-side-by-side.md has the rules.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from growth import breaks, shape
from pydantic import TypeAdapter

from schemas.base import Record
from schemas.codec import (
    ADDITIONS_HEADER,
    UndecodableError,
    UnknownVersionError,
    decode,
    decode_as,
    encode,
    version_headers,
)
from schemas.record import Edited, edited
from schemas.reports import Report, Withdrawal, report_id, withdrawal_id
from schemas.topics import REPORTS, STORIES, TOPICS, TopicDeclaration
from streams.shell.tables import TABLES

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
GROWN = SCHEMAS / "grown"
DIGESTS = "SHA256SUMS"
RECORDS: dict[str, TypeAdapter[Any]] = {
    **{topic.name: topic.record for topic in TOPICS if topic.record is not None},
    **{f"table-{table.name}": table.record for table in TABLES},
}
ADDITIONS = {topic.name: topic.additions for topic in TOPICS}
STOPS: dict[str, tuple[int, ...]] = {topic.name: topic.stops for topic in TOPICS}


def text(record: TypeAdapter[Any]) -> str:
    return json.dumps(shape(record), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def states(folder: Path, name: str) -> list[str]:
    """The shapes of a record, the oldest first."""
    files = sorted((folder / name).glob("*.json"), key=lambda file: int(file.stem))
    assert [file.stem for file in files] == [str(number) for number in range(len(files))]
    return [file.read_text("utf-8") for file in files]


def write(folder: Path, records: Mapping[str, TypeAdapter[Any]]) -> None:
    """Adds the shapes that are missing."""
    for name, record in records.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        known = states(folder, name)
        if not known or known[-1] != text(record):
            (folder / name / f"{len(known)}.json").write_text(text(record), "utf-8")
    lines = (f"{digest}  {name}\n" for name, digest in sorted(digests(folder).items()))
    (folder / DIGESTS).write_text("".join(lines), "utf-8")


def digests(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.glob("*/*.json")
    }


def faults(
    folder: Path,
    records: Mapping[str, TypeAdapter[Any]],
    additions: Mapping[str, int],
    stops: Mapping[str, Iterable[int]],
) -> list[str]:
    """What is not as it must be, of all records."""
    found = []
    for name, record in records.items():
        known = states(folder, name)
        if not known or known[-1] != text(record):
            found.append(f"{name} has changed: make schemas, and count one more in `additions`")
        if additions.get(name, len(known) - 1) != len(known) - 1:
            found.append(f"{name}: {len(known) - 1} additions are in {folder.name}")
        for number in range(1, len(known)):
            for each in breaks(json.loads(known[number - 1]), json.loads(known[number])):
                if not each.stops:
                    found.append(f"{name}/{number}{each.what}: give it another topic, or table")
                elif number not in stops.get(name, ()):
                    found.append(
                        f"{name}/{number}{each.what}: workers must stop: say so in `stops`"
                    )
    return found


def test_records_have_only_grown_by_fields_that_may_be_absent() -> None:
    assert faults(GROWN, RECORDS, ADDITIONS, STOPS) == []
    assert {path.name for path in GROWN.iterdir() if path.is_dir()} == set(RECORDS)


def test_no_state_of_a_record_was_edited() -> None:
    lines = (GROWN / DIGESTS).read_text("utf-8").splitlines()

    assert {line.split("  ")[1]: line.split("  ")[0] for line in lines} == digests(GROWN)


class Before(Record):
    """A record."""

    id: str
    kind: Literal["a", "b", "c"] = "a"
    title: str = ""


class More(Before):
    """With a field more."""

    note: str | None = None


class MoreKinds(Before):
    """With a word more in a closed list."""

    kind: Literal["a", "b", "c", "d"] = "a"


class FewerKinds(Before):
    """With one less."""

    kind: Literal["a", "b"] = "a"


class Needs(Before):
    """With a field that must be there."""

    note: str


class Gone(Record):
    """With a field less."""

    id: str
    kind: Literal["a", "b", "c"] = "a"


class Other(Before):
    """With another type."""

    id: int  # type: ignore[assignment]


class OtherDefault(Before):
    """What is absent means something else."""

    kind: Literal["a", "b", "c"] = "b"


@pytest.mark.parametrize(
    ("after", "counted", "stops", "told"),
    [
        pytest.param(Before, 0, (), [], id="nothing"),
        pytest.param(More, 1, (), [], id="a_field_that_may_be_absent"),
        pytest.param(More, 0, (), ["1 additions are in"], id="that_nobody_has_counted"),
        pytest.param(MoreKinds, 1, (), ["d is new: workers must stop"], id="a_longer_list"),
        pytest.param(MoreKinds, 1, (1,), [], id="a_longer_list_that_says_so"),
        pytest.param(FewerKinds, 1, (1,), ["enum: c is gone"], id="a_shorter_list"),
        pytest.param(Needs, 1, (1,), [".note must be there now"], id="a_field_that_must_be_there"),
        pytest.param(Gone, 1, (1,), [".title is gone"], id="a_field_less"),
        pytest.param(Other, 1, (1,), ["string has become integer"], id="another_type"),
        pytest.param(OtherDefault, 1, (1,), ["a has become b"], id="another_default"),
    ],
)
def test_the_guard_notices_each_change_that_an_older_version_cannot_read(
    tmp_path: Path, after: type[Record], counted: int, stops: tuple[int, ...], told: list[str]
) -> None:
    write(tmp_path, {"things.v1": TypeAdapter(Before)})
    changed = {"things.v1": TypeAdapter(after)}
    if after is not Before:
        assert "has changed" in faults(tmp_path, changed, {}, {})[0]
    write(tmp_path, changed)

    found = faults(tmp_path, changed, {"things.v1": counted}, {"things.v1": stops})

    assert len(found) == len(told)
    assert all(word in each for word, each in zip(told, found, strict=True))


def example(name: str, topic: TopicDeclaration = REPORTS) -> Any:
    return json.loads((SCHEMAS / "examples" / topic.name / f"{name}.json").read_bytes())


def with_more(value: Any) -> Any:
    """With a field in each record that no version knows yet."""
    if isinstance(value, dict):
        return {**{key: with_more(each) for key, each in value.items()}, "not_known_yet": [1]}
    return [with_more(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "file",
    sorted((SCHEMAS / "examples").glob("*/*.json")),
    ids=lambda f: f"{f.parent.name}/{f.stem}",
)
def test_what_a_newer_version_has_added_is_passed_on_byte_for_byte(file: Path) -> None:
    topic = next(topic for topic in TOPICS if topic.name == file.parent.name)
    newer = replace(topic, additions=topic.additions + 1)
    said = json.loads(encode(decode(topic, file.read_bytes())))
    value = json.dumps(with_more(said), ensure_ascii=False, separators=(",", ":")).encode()

    record = decode(topic, value, version_headers(newer))

    assert encode(record) == value
    assert encode(decode(topic, encode(record.model_copy()), version_headers(topic))) == value
    with pytest.raises(UndecodableError, match="not permitted"):
        decode(topic, value)


def test_what_holds_a_newer_record_is_written_with_all_that_is_in_it() -> None:
    report = decode(
        REPORTS, json.dumps(with_more(example("trip-owner"))).encode(), {ADDITIONS_HEADER: b"9"}
    )
    dossiers = next(table for table in TABLES if table.name == "dossiers").record
    dossier = dossiers.validate_python({"leader": report.leader, "reports": (report,)})

    again = decode_as(dossiers, encode(dossier), may_be_newer=True)

    assert again.reports == (report,)
    assert encode(again.reports[0]) == encode(report)


def test_more_than_fields_from_a_newer_version_is_told_from_a_broken_message() -> None:
    value = json.dumps({**example("trip-owner"), "role": "stowaway"}).encode()

    with pytest.raises(
        UnknownVersionError, match=r"other additions than the .* known: report\.role"
    ):
        decode(REPORTS, value, {ADDITIONS_HEADER: b"%d" % (REPORTS.additions + 1)})
    for said in (b"%d" % REPORTS.additions, b"", b"x", b"9" * 5_000):
        with pytest.raises(UndecodableError, match="role"):
            decode(REPORTS, value, {ADDITIONS_HEADER: said})


def test_our_own_code_cannot_misspell_a_field() -> None:
    with pytest.raises(ValueError, match="not permitted"):
        STORIES.record.validate_python({**example("kill", STORIES), "misspelt": 1})  # type: ignore[union-attr]


REPORTED = sorted((SCHEMAS / "examples" / REPORTS.name).glob("*.json"))


@pytest.mark.parametrize("file", REPORTED, ids=lambda file: file.stem)
def test_a_field_more_gives_no_other_id(file: Path) -> None:
    """Two versions that read one edition must make one report of it: leave it out of the id."""
    match decode(REPORTS, file.read_bytes()):
        case Report() as made:
            assert report_id(made.claim, made.source, made.leader, made.role) == made.id
        case Withdrawal() as made:
            assert withdrawal_id(made.leader, made.story, made.rank) == made.id
        case Edited() as made:
            assert edited(made.edit, made.leader) == made


if __name__ == "__main__":
    write(GROWN, RECORDS)
