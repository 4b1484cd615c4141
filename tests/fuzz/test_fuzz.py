"""Hostile bytes for every format in the table, and for `auto`: short here, long by `make fuzz`.

It walks `FORMATS` and the golden folder, so a new format is tried as soon as it is in the table,
and better as soon as it has golden files.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hostile import FEW, LARGEST, PIECES, Mutations, amid, runs
from trial import Trial

from schemas.stories import Story
from streams.core.wire import AUTO, FORMATS, Arrival, Refusal, parse, split

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "core" / "wire" / "golden"
SAMPLE = ROOT / "streams" / "data" / "sample" / "wire.jsonl"
NAMES = (*FORMATS, AUTO)
SHORT_RUN = 120
"""Items of each format; a long run goes by the clock."""
TRIAL = Trial(parse, split)


def golden_files(format_name: str) -> list[bytes]:
    return [
        path.read_bytes()
        for path in sorted(GOLDEN.glob(f"{format_name}/*"))
        if path.suffix != ".json"
    ]


def files_for(format_name: str) -> tuple[bytes, ...]:
    """Good files: mostly of the format; the sample wire is in ninjs."""
    every = [file for name in FORMATS for file in golden_files(name)]
    sample = SAMPLE.read_bytes().splitlines()
    if format_name == AUTO:
        return (*every, *sample[:20])
    own = golden_files(format_name) + (sample[:100] if format_name == "ninjs" else [])
    return (*own * max(1, 4 * len(every) // max(1, len(own))), *every, *sample[:5])


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    given: int = request.config.getoption("--fuzz-seed")
    print(f"--fuzz-seed={given}")
    return given


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Iterator[int]:
    """As many as a short run has, or until the time of a long run is over."""
    seconds: float = request.config.getoption("--fuzz-seconds")
    if not seconds:
        return iter(range(SHORT_RUN))
    end = time.monotonic() + seconds
    return iter(lambda: int(time.monotonic() > end), 1)


@pytest.mark.parametrize("format_name", NAMES)
def test_hostile_bytes_are_a_story_or_a_refusal(
    format_name: str, seed: int, rounds: Iterator[int]
) -> None:
    mutations = Mutations(Random(f"{seed} {format_name}"), files_for(format_name))

    for _ in rounds:
        TRIAL.of(mutations.next(), format_name)


@pytest.mark.parametrize("format_name", NAMES)
def test_a_megabyte_of_one_piece_is_read_in_time(
    format_name: str, request: pytest.FixtureRequest
) -> None:
    long = request.config.getoption("--fuzz-seconds")
    files = golden_files(format_name)

    for number, run in enumerate(runs(PIECES if long else FEW, LARGEST)):
        TRIAL.of(run, format_name)
        if files:
            TRIAL.of(amid(files[number % len(files)], run), format_name)


def test_an_input_that_was_found_holds_now(request: pytest.FixtureRequest) -> None:
    given = request.config.getoption("--fuzz-file")
    if given is None:
        pytest.skip("no --fuzz-file")

    for format_name in NAMES:
        TRIAL.of(Path(given).read_bytes(), format_name)


def test_every_format_has_golden_files_to_start_from() -> None:
    assert [name for name in FORMATS if not golden_files(name)] in ([], ["ninjs"])


def raising(_: bytes, __: Arrival) -> Story | Refusal:
    raise RecursionError


def silent(_: bytes, __: Arrival) -> Refusal:
    return Refusal("bad_value", "")


def slow(_: bytes, __: Arrival) -> Refusal:
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass
    return Refusal("bad_value", "at last")


def hanging(_: bytes, __: Arrival) -> Refusal:
    while True:
        pass


class Fickle:
    """Counts its refusals."""

    def __init__(self) -> None:
        self.said = 0

    def __call__(self, _: bytes, __: Arrival) -> Refusal:
        self.said += 1
        return Refusal("bad_value", f"the {self.said}th")


@pytest.mark.parametrize(
    ("faulty", "words"),
    [
        (Trial(raising, split), "raises RecursionError"),
        (Trial(silent, split), "without a word"),
        (Trial(slow, split), "takes 0.2"),
        (Trial(hanging, split), "hangs"),
        (Trial(Fickle(), split), "something else"),
        (Trial(parse, lambda _, __: ()), "into nothing"),
    ],
    ids=["an exception", "no reason", "too slow", "no end", "not the same again", "nothing left"],
)
def test_a_fault_is_found_kept_and_can_be_repeated(
    faulty: Trial, words: str, tmp_path: Path
) -> None:
    trial = Trial(faulty.parse, faulty.split, tmp_path, limit_s=0.1)

    with pytest.raises(pytest.fail.Exception) as failed:
        trial.of(b"hostile", "text")

    (file,) = tmp_path.iterdir()
    assert words in str(failed.value)
    assert f"--fuzz-file={file}" in str(failed.value)
    assert file.read_bytes() == b"hostile"
