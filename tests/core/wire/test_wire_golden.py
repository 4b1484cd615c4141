"""Wire files and what is read in them: one folder a format in `golden/`, one pair of files a case.

`golden/FORMAT/NAME.*` is a file as a wire would send it, named for the oddity it shows, and
`golden/FORMAT/NAME.json` what comes of it: `{"story": {...}}` without what is not the file's own
(`received_at`, `feed`) and without fields that are empty, or
`{"refusal": {"reason": ..., "detail": ...}}`, or a list of these where the file holds several
items. The input may have any suffix but `.json`; a ninjs file is `NAME.ninjs`.

`make golden` writes the expectations anew; the diff is reviewed.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from streams.core.wire import AUTO, FORMATS, Arrival, Refusal, parse, split

GOLDEN = Path(__file__).resolve().parent / "golden"
NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)
OURS = {"received_at", "feed"}


def inputs() -> Iterator[Path]:
    return (path for path in sorted(GOLDEN.glob("*/*")) if path.suffix != ".json")


def items(file: Path) -> tuple[bytes, ...]:
    return split(file.read_bytes(), file.parent.name)


def answer(item: bytes, format_name: str) -> dict[str, Any]:
    read = parse(item, Arrival(feed="golden", format=format_name, received_at=NOON))
    if isinstance(read, Refusal):
        return {"refusal": {"reason": read.reason, "detail": read.detail}}
    return {"story": read.model_dump(mode="json", exclude=OURS, exclude_defaults=True)}


def answers(file: Path) -> dict[str, Any] | list[dict[str, Any]]:
    found = [answer(item, file.parent.name) for item in items(file)]
    return found[0] if len(found) == 1 else found


@pytest.mark.parametrize(
    "file", [pytest.param(file, id=f"{file.parent.name}-{file.stem}") for file in inputs()]
)
def test_a_wire_file_is_read_as_its_golden_file_says(file: Path) -> None:
    assert answers(file) == json.loads(file.with_suffix(".json").read_text("utf-8"))


@pytest.mark.parametrize(
    "file", [pytest.param(file, id=f"{file.parent.name}-{file.stem}") for file in inputs()]
)
def test_a_wire_file_that_holds_a_story_is_told_from_its_bytes(file: Path) -> None:
    for item in items(file):
        # Nobody is held to the standard unasked: by itself it is ninjs.
        named = answer(item, file.parent.name.removesuffix("-strict"))

        assert "refusal" in named or answer(item, AUTO) == named


def test_each_golden_folder_is_a_format_and_each_expectation_has_its_file() -> None:
    files = list(inputs())

    assert {folder.name for folder in GOLDEN.iterdir()} <= set(FORMATS)
    assert len({file.with_suffix("") for file in files}) == len(files)
    assert {file.with_suffix(".json") for file in files} == set(GOLDEN.glob("*/*.json"))


if __name__ == "__main__":
    for written in inputs():
        text = json.dumps(answers(written), ensure_ascii=False, indent=1)
        written.with_suffix(".json").write_text(f"{text}\n", "utf-8")
