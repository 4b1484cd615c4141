"""Messages that build on one another are in hand together, and kept in order or not at all."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from loop_turns import settled

from streams.shell.guard import HaltError
from streams.shell.outbox import NotConfirmedError, TooLargeToSendError
from streams.shell.rows import Row


class Bench:
    """Numbers in a row, of which each is confirmed when it is told to be."""

    def __init__(self) -> None:
        self.decided: list[int] = []
        self.kept: list[int] = []
        self.row = Row()
        self.cannot_keep: int | None = None
        self._confirmed: dict[int, asyncio.Future[None]] = {}

    def take(self, number: int, fault: Exception | None = None) -> "asyncio.Task[None]":
        self._confirmed[number] = asyncio.get_running_loop().create_future()

        async def decide() -> Awaitable[None]:
            await asyncio.sleep(0)
            if fault is not None:
                raise fault
            self.decided.append(number)
            return self._confirmed[number]

        def keep() -> None:
            if number == self.cannot_keep:
                raise OSError("the disk is full")
            self.kept.append(number)

        return asyncio.create_task(self.row.take(decide, keep))

    async def let(self, number: int, fault: Exception | None = None) -> None:
        if fault is None:
            self._confirmed[number].set_result(None)
        else:
            self._confirmed[number].set_exception(fault)
        await settled()


def play(scene: Callable[[Bench], Awaitable[Any]]) -> None:
    async def whole() -> None:
        await scene(Bench())

    asyncio.run(whole())


def test_all_are_decided_while_the_first_is_confirmed_and_kept_in_order() -> None:
    async def scene(bench: Bench) -> None:
        tasks = [bench.take(number) for number in (1, 2, 3)]
        await settled()
        assert bench.decided == [1, 2, 3]
        await bench.let(3)
        await bench.let(2)
        assert bench.kept == []
        assert not any(task.done() for task in tasks)
        await bench.let(1)
        assert bench.kept == [1, 2, 3]
        assert all(task.done() for task in tasks)

    play(scene)


def test_what_is_refused_when_it_is_decided_is_a_matter_of_its_own() -> None:
    async def scene(bench: Bench) -> None:
        tasks = [bench.take(1), bench.take(2, ValueError("no such word")), bench.take(3)]
        await settled()
        await bench.let(3)
        assert bench.kept == []
        await bench.let(1)
        assert bench.kept == [1, 3]
        with pytest.raises(ValueError, match="no such word"):
            await tasks[1]

    play(scene)


@pytest.mark.parametrize("fault", [NotConfirmedError("away"), TooLargeToSendError("1 MB")])
def test_what_is_not_confirmed_takes_all_that_came_later_with_it(fault: Exception) -> None:
    async def scene(bench: Bench) -> None:
        first, second = bench.take(1), bench.take(2)
        await settled()
        await bench.let(2)
        await bench.let(1, fault)
        later = bench.take(3)
        await settled()
        assert bench.kept == []
        assert bench.decided == [1, 2]
        with pytest.raises(HaltError, match=str(fault)):
            await first
        for task in (second, later):
            with pytest.raises(HaltError, match="before it"):
                await task

    play(scene)


def test_what_cannot_be_kept_takes_all_that_came_later_with_it() -> None:
    async def scene(bench: Bench) -> None:
        bench.cannot_keep = 1
        first, second = bench.take(1), bench.take(2)
        await settled()
        await bench.let(2)
        await bench.let(1)
        with pytest.raises(OSError, match="disk is full"):
            await first
        with pytest.raises(HaltError, match="before it"):
            await second
        assert bench.kept == []

    play(scene)


def test_what_cannot_even_be_sent_takes_all_that_came_later_with_it() -> None:
    async def scene(bench: Bench) -> None:
        first, second = bench.take(1, NotConfirmedError("away")), bench.take(2)
        await settled()
        with pytest.raises(NotConfirmedError):
            await first
        with pytest.raises(HaltError):
            await second
        assert bench.decided == []

    play(scene)


def test_a_row_goes_on_after_all_in_hand_was_called_off() -> None:
    async def scene(bench: Bench) -> None:
        tasks = [bench.take(1), bench.take(2)]
        await settled()
        for task in tasks:
            task.cancel()
        await settled()
        bench.take(3)
        await settled()
        await bench.let(3)
        assert bench.kept == [3]

    play(scene)
