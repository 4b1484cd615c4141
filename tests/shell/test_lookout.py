"""What the lookout asks of the brokers, and what it makes of their silence."""

import asyncio
from collections.abc import Collection, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from streams.shell.ceiling import Ceiling
from streams.shell.cluster import ClusterError, GroupState
from streams.shell.guard import Guard
from streams.shell.lookout import Lookout
from streams.shell.metrics import Metrics, Vocabulary
from streams.shell.recovery import Standing
from streams.shell.standstill import LOOKS, Partition

PATIENT = LOOKS + 2


class Brokers:
    """Brokers that give one answer, or fail in one way."""

    def __init__(
        self, answer: Mapping[Partition, int] | Exception, members: Collection[str] = ("other",)
    ) -> None:
        self._answer = answer
        self._members = frozenset(members)
        self.asked: list[Collection[Partition]] = []

    async def __call__(self, partitions: Collection[Partition]) -> GroupState:
        self.asked.append(partitions)
        if isinstance(self._answer, Exception):
            raise self._answer
        return GroupState(self._answer, self._members)


def message(offset: int) -> Any:
    return SimpleNamespace(topic="stories.v1", partition=0, offset=offset)


def halted(brokers: Brokers, *offsets: int, stopping: bool = False) -> str | None:
    """Why a worker that reads partition 0 and has acknowledged these halts after many looks."""

    async def run() -> str | None:
        no_dead_letters: Any = None
        standing = Standing()
        guard = Guard(Ceiling(10, 0.5, 20), no_dead_letters, Metrics((), Vocabulary()), standing)
        standing.recovered({"stories.v1": frozenset({0})})
        for offset in offsets:
            standing.acknowledged(message(offset))
        if stopping:
            standing.stopping()
        lookout = Lookout(brokers, lambda: "this", standing, guard)
        for _ in range(PATIENT):
            await lookout.look()
        assert guard.halted.is_set() == lookout.stands_still == (standing.halted is not None)
        return standing.halted

    return asyncio.run(run())


def test_brokers_that_answer_and_have_neither_commit_nor_member_end_the_worker() -> None:
    brokers = Brokers({("stories.v1", 0): 7})
    reason = halted(brokers, 7, 8, 9)
    assert reason is not None
    assert "do not count this worker among its group" in reason
    assert set(map(tuple, brokers.asked)) == {(("stories.v1", 0),)}


def test_commits_that_an_empty_group_takes_do_not_save_it() -> None:
    assert halted(Brokers({("stories.v1", 0): 9}, members=()), 7, 8) is not None


def test_a_worker_that_commits_late_and_is_in_its_group_is_left_alone() -> None:
    assert halted(Brokers({("stories.v1", 0): 7}, members=("other", "this")), 7, 8) is None


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(ClusterError("nobody there"), id="they_do_not_answer"),
        pytest.param(RuntimeError("the handler is closed"), id="uvloop_loses_the_connection"),
    ],
)
def test_an_outage_is_waited_out(failure: Exception) -> None:
    assert halted(Brokers(failure), 7, 8) is None


def test_what_is_committed_is_not_asked_for_again() -> None:
    brokers = Brokers({("stories.v1", 0): 9}, members=("this",))
    assert halted(brokers, 7, 8) is None
    assert len(brokers.asked) == 1


def test_nobody_is_asked_where_nothing_waits() -> None:
    brokers = Brokers({})
    assert halted(brokers) is None
    assert brokers.asked == []


def test_a_worker_that_stops_asks_nobody() -> None:
    brokers = Brokers({("stories.v1", 0): 7})
    assert halted(brokers, 7, stopping=True) is None
    assert brokers.asked == []


def test_what_was_in_hand_when_its_partition_went_is_not_waited_for() -> None:
    async def run() -> None:
        standing = Standing()
        standing.recovered({"stories.v1": frozenset({0, 1})})
        standing.acknowledged(message(7))
        standing.rebalance_started()
        standing.acknowledged(message(8))
        standing.recovered({"stories.v1": frozenset({1})})
        standing.acknowledged(message(9))
        assert standing.uncommitted.longest is None
        assert standing.uncommitted_age_s == 0.0

    asyncio.run(run())
