"""Several messages in hand: in order for each key, acknowledged in order, none after a fault."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loop_turns import settled

from streams.shell.abreast import Abreast

Message = tuple[int, str | None]


async def stream(messages: Sequence[Message]) -> AsyncIterator[Message]:
    for message in messages:
        yield message


class Bench:
    """Handles each message when it is told to, and keeps a record of all that happens."""

    def __init__(self, depth: int) -> None:
        self.begun: list[int] = []
        self.done: list[int] = []
        self.acknowledged: list[int] = []
        self._may_end: dict[int, asyncio.Event] = {}
        self.abreast = Abreast[Message](
            depth, lambda message: message[1], self._handle, self._acknowledge
        )

    def let(self, *numbers: int) -> None:
        for number in numbers:
            self._event(number).set()

    async def _handle(self, message: Message) -> None:
        self.begun.append(message[0])
        await self._event(message[0]).wait()
        self.done.append(message[0])

    async def _acknowledge(self, message: Message) -> None:
        self.acknowledged.append(message[0])

    def _event(self, number: int) -> asyncio.Event:
        return self._may_end.setdefault(number, asyncio.Event())


def test_messages_of_different_keys_are_in_hand_together_and_acknowledged_in_order() -> None:
    async def scene() -> None:
        bench = Bench(depth=3)
        run = asyncio.create_task(bench.abreast.run(stream([(1, "a"), (2, "b"), (3, "c")])))
        await settled()
        assert bench.begun == [1, 2, 3]
        bench.let(3, 2)
        await settled()
        assert (bench.done, bench.acknowledged) == ([3, 2], [])
        bench.let(1)
        await run
        assert bench.acknowledged == [1, 2, 3]

    asyncio.run(scene())


def test_a_message_waits_for_the_one_before_it_under_its_key() -> None:
    async def scene() -> None:
        bench = Bench(depth=3)
        run = asyncio.create_task(bench.abreast.run(stream([(1, "a"), (2, "a"), (3, "a")])))
        await settled()
        assert bench.begun == [1]
        bench.let(1)
        await settled()
        assert bench.begun == [1, 2]
        bench.let(2, 3)
        await run
        assert bench.done == [1, 2, 3]

    asyncio.run(scene())


def test_no_more_are_in_hand_than_the_depth() -> None:
    async def scene() -> None:
        bench = Bench(depth=2)
        run = asyncio.create_task(bench.abreast.run(stream([(1, None), (2, None), (3, None)])))
        await settled()
        assert bench.begun == [1, 2]
        bench.let(2)
        await settled()
        assert bench.begun == [1, 2], "the second is done, but not acknowledged"
        bench.let(1, 3)
        await run

    asyncio.run(scene())


def test_a_message_that_is_never_done_keeps_all_behind_it_from_being_acknowledged() -> None:
    async def scene() -> None:
        bench = Bench(depth=4)
        messages = [(n, str(n)) for n in range(1, 5)]
        run = asyncio.create_task(bench.abreast.run(stream(messages)))
        bench.let(1, 3, 4)
        await settled()
        assert bench.acknowledged == [1]
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        assert bench.acknowledged == [1], "cancelled work is not acknowledged"

    asyncio.run(scene())


def test_a_fault_ends_all_and_nothing_behind_it_is_acknowledged() -> None:
    async def scene() -> None:
        acknowledged: list[int] = []

        async def handle(message: Message) -> None:
            if message[0] == 2:
                raise ValueError("two")

        async def acknowledge(message: Message) -> None:
            acknowledged.append(message[0])

        abreast = Abreast[Message](3, lambda message: message[1], handle, acknowledge)
        with pytest.raises(ExceptionGroup) as caught:
            await abreast.run(stream([(1, "a"), (2, "b"), (3, "c")]))
        assert caught.group_contains(ValueError)
        assert acknowledged in ([], [1])

    asyncio.run(scene())


@given(
    st.lists(st.sampled_from(["a", "b", "c", None]), max_size=25),
    st.integers(1, 6),
    st.randoms(use_true_random=False),
)
def test_whatever_the_order_of_ending_all_are_acknowledged_in_order(
    keys: list[str | None], depth: int, chance: object
) -> None:
    async def scene() -> None:
        messages = list(enumerate(keys))
        bench = Bench(depth)
        run = asyncio.create_task(bench.abreast.run(stream(messages)))
        numbers = [number for number, _ in messages]
        chance.shuffle(numbers)  # type: ignore[attr-defined]
        for number in numbers:
            bench.let(number)
            await asyncio.sleep(0)
        await run
        assert bench.acknowledged == [number for number, _ in messages]
        for key in ("a", "b", "c"):
            of_key = [number for number, its in messages if its == key]
            assert [number for number in bench.done if number in of_key] == of_key

    asyncio.run(scene())
