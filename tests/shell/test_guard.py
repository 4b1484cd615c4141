"""When what an agent has in hand is finished."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from streams.shell.ceiling import Ceiling
from streams.shell.dead_letters import DeadLetterOffice
from streams.shell.guard import Guard, HaltError
from streams.shell.metrics import Metrics, Vocabulary
from streams.shell.recovery import Standing

SOON_S = 0.05


def a_guard(standing: Standing | None = None) -> Guard:
    """Its dead letters go nowhere: nothing is refused here."""
    nowhere: Any = None
    office = DeadLetterOffice(nowhere, lambda: datetime(2026, 1, 1, tzinfo=UTC))
    metrics = Metrics(["parse"], Vocabulary())
    return Guard(Ceiling(10, 0.5, 20), office, metrics, standing or Standing())


async def nothing(*_: Any) -> None:
    """Handles a message, or acknowledges it."""


def test_a_message_is_in_hand_until_it_is_acknowledged() -> None:
    async def run() -> None:
        guard = a_guard()
        await guard.handle("parse", _message(), nothing)
        assert not await guard.finished(SOON_S)
        await guard.acknowledge(_message(), nothing())
        assert await guard.finished(SOON_S)

    asyncio.run(run())


def test_behind_a_message_that_halts_none_is_waited_for() -> None:
    async def halt(*_: Any) -> None:
        raise HaltError("enough")

    async def run() -> None:
        guard = a_guard()
        await guard.handle("parse", _message(), nothing)
        halting = asyncio.create_task(guard.handle("parse", _message(), halt))
        await guard.halted.wait()
        assert await guard.finished(SOON_S)
        halting.cancel()

    asyncio.run(run())


def test_the_first_reason_to_stop_is_the_one_that_is_shown() -> None:
    standing = Standing()
    guard = a_guard(standing)
    guard.halt("the disk is full")
    guard.halt("what came before it is not kept")
    assert standing.halted == "the disk is full"


def _message() -> Any:
    class Message:
        topic, partition, offset = "stories.raw.v1", 0, 0
        key, headers = b"key", ()

    class Event:
        message = Message

    return Event
