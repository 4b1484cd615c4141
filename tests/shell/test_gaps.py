"""No message is skipped unseen: what is read follows on what was committed, without a gap."""

import asyncio
from collections.abc import Collection, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from streams.shell.ceiling import Ceiling
from streams.shell.cluster import ClusterError
from streams.shell.gaps import Gaps, Partition
from streams.shell.guard import Guard
from streams.shell.metrics import Metrics, Vocabulary
from streams.shell.recovery import Standing

TOPIC = "stories.v1"


def event(offset: int, partition: int = 0) -> Any:
    return SimpleNamespace(message=SimpleNamespace(topic=TOPIC, partition=partition, offset=offset))


async def read(
    offsets: list[int],
    *,
    committed: int | None,
    lying: Collection[int] | None = range(100),
    rebalanced_before: int | None = None,
) -> tuple[list[int], str | None]:
    """Offsets that pass, and why the worker was stopped. `None`: the brokers do not say."""

    async def where(partitions: Collection[Partition]) -> Mapping[Partition, int]:
        if committed is None:
            raise ClusterError("away")
        return dict.fromkeys(partitions, committed)

    async def any_lies(_: Partition, begin: int, end: int) -> bool:
        if lying is None:
            raise ClusterError("away")
        return any(begin <= each < end for each in lying)

    standing = Standing()
    standing.recovered({TOPIC: frozenset({0})})
    office: Any = None
    guard = Guard(Ceiling(10, 0.5, 20), office, Metrics((), Vocabulary()), standing)
    gaps = Gaps(where, any_lies, standing, guard)
    passed = []
    for offset in offsets:
        if offset == rebalanced_before:
            standing.rebalance_started()
            standing.recovered({TOPIC: frozenset({0})})
        if not await gaps.passes(event(offset)):
            break
        passed.append(offset)
    return passed, standing.halted


CASES: dict[str, tuple[dict[str, Any], list[int], bool]] = {
    "in_order": ({"offsets": [5, 6, 7], "committed": 5}, [5, 6, 7], False),
    "from_the_begin": ({"offsets": [0, 1], "committed": -1}, [0, 1], False),
    "the_first_is_skipped": ({"offsets": [6, 7], "committed": 5}, [], True),
    "one_in_between_is_skipped": ({"offsets": [5, 7], "committed": 5}, [5], True),
    "what_was_read_before_comes_again": (
        {"offsets": [5, 6, 5, 6, 7], "committed": 5},
        [5, 6, 5, 6, 7],
        False,
    ),
    "offsets_of_transactions": (
        {"offsets": [5, 7], "committed": 5, "lying": [5, 7]},
        [5, 7],
        False,
    ),
    "what_retention_took": ({"offsets": [50], "committed": 5, "lying": [50]}, [50], False),
    "the_log_cannot_be_asked": ({"offsets": [7], "committed": 5, "lying": None}, [], True),
    "the_group_cannot_be_asked": ({"offsets": [7, 8], "committed": None}, [7, 8], False),
    "nor_can_it_and_one_is_skipped": ({"offsets": [7, 9], "committed": None}, [7], True),
    "after_a_rebalance_from_the_commit": (
        {"offsets": [5, 6, 7, 5], "committed": 5, "rebalanced_before": 5},
        [5, 6, 7, 5],
        False,
    ),
    "after_a_rebalance_behind_it": (
        {"offsets": [5, 7], "committed": 5, "rebalanced_before": 7},
        [5],
        True,
    ),
}


@pytest.mark.parametrize(("told", "passed", "stops"), CASES.values(), ids=CASES)
def test_a_gap_stops_the_worker_before_anything_behind_it_is_handled(
    told: dict[str, Any], passed: list[int], stops: bool
) -> None:
    found, halted = asyncio.run(read(**told))

    assert found == passed
    assert (halted is not None) == stops
    if stops:
        assert "were skipped" in str(halted)
