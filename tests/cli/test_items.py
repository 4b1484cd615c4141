"""Items and stories from files, directories and standard input."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.topics import MAX_RAW_BYTES
from streams.cli.items import Found, Item, Problem, files_in, read_items, read_stories

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)


def test_a_directory_is_walked_in_order_of_names_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b.txt", ".hidden", ".git/x", "a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")

    found = files_in([str(tmp_path)])

    assert [str(Path(file).relative_to(tmp_path)) for file in found] == [
        "a/b.txt",
        "a/z.txt",
        "a.txt",
        "b.txt",
    ]


def test_files_keep_the_order_they_are_given_in() -> None:
    assert files_in(["b", "-", "a"]) == ["b", "-", "a"]


def test_what_cannot_be_read_is_a_problem_among_the_items(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")

    assert list(read_items(missing, "auto")) == [Problem(missing, "No such file or directory")]


def test_an_item_that_is_too_large_is_a_problem_and_the_others_go(tmp_path: Path) -> None:
    file = tmp_path / "wire.jsonl"
    big = b'{"uri":"big","body_text":"' + b"x" * MAX_RAW_BYTES + b'"}'
    file.write_bytes(b'{"uri":"a"}\n' + big + b'\n{"uri":"b"}\n')

    first, second, third = read_items(str(file), "auto")

    assert isinstance(first, Item)
    assert (first.data, first.where) == (b'{"uri":"a"}', f"{file}, item 1")
    assert isinstance(second, Problem)
    assert "too large" in second.reason
    assert isinstance(third, Item)


def test_a_story_in_a_file_arrived_when_it_was_published(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"uri":"a","headline":"h","versioncreated":"2025-12-21T20:00:00Z"}')

    (found,) = read_stories([str(file)], "auto", received_at=NOON)

    assert isinstance(found, Found)
    assert found.story.received_at == datetime(2025, 12, 21, 20, tzinfo=UTC)


@pytest.mark.parametrize("given", [NOON, None], ids=["said", "when its file was changed"])
def test_a_story_without_a_time_arrives_the_same_each_time(
    tmp_path: Path, given: datetime | None
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("words")
    os.utime(file, (NOON.timestamp(), NOON.timestamp()))

    (found,) = read_stories([str(file)], "auto", source="AFP", received_at=given)

    assert isinstance(found, Found)
    assert (found.story.received_at, found.story.source) == (NOON, "AFP")


def test_what_is_no_story_is_told_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\xef\xbb\xbfok \xff")

    (found,) = read_stories([str(tmp_path)], "auto")

    assert isinstance(found, Problem)
    assert found.reason.startswith("not_utf8: its byte order mark says utf-8")
