"""Which tests run one after the other when the suite runs in several processes."""

from pathlib import Path

import pytest
from sharing_out import LONGEST_FIRST, TOGETHER, group, rank

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("path", LONGEST_FIRST)
def test_what_is_named_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        pytest.param("tests/cli/test_a.py::t[a::b]", "tests/cli/test_a.py::u", True, id="a module"),
        pytest.param("tests/cli/test_a.py::t", "tests/cli/test_b.py::t", False, id="two modules"),
        pytest.param("tests/crash/test_a.py::t", "tests/crash/test_b.py::t", True, id="drills"),
        *(
            pytest.param(f"{path}::t", f"{paths[0]}::t", True, id=path)
            for paths in TOGETHER.values()
            for path in paths
        ),
    ],
)
def test_tests_of_one_group_run_in_one_process(one: str, other: str, together: bool) -> None:
    assert (group(one) == group(other)) is together


def test_groups_that_take_long_begin_first() -> None:
    nodes = ["tests/core/test_a.py::t", "tests/golden/test_a.py::t", "tests/crash/test_a.py::t"]
    assert sorted(nodes, key=rank) == nodes[::-1]
