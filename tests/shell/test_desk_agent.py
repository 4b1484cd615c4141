"""Several messages of a desk are in hand at once, as if each had waited for the one before it."""

import asyncio
import random
from collections.abc import Awaitable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from alert_events import event as alert_event
from hypothesis import given
from hypothesis import strategies as st

from schemas.base import AlertId, LeaderId
from schemas.codec import encode
from schemas.deliveries import DeskMessage, Offered, Said, Tray, Tried, parcel_id
from schemas.subscriptions import Subscription
from streams.shell.agents.desk import DeskParts, desk_agent
from streams.shell.guard import HaltError
from streams.shell.outbox import NotConfirmedError, Outgoing
from streams.shell.tables import TRAYS_TABLE, StateTable
from streams.shell.trays import Trays

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)
ALL, TRIPS = (
    Subscription(id=name, owner=name, channel="log", target="-", **asked)
    for name, asked in (("all", {}), ("trips", {"kinds": ("trip.new",), "group_s": 60.0}))
)


class Brokers:
    """Confirm each lot after some turns of the loop, the last perhaps first, or never."""

    def __init__(self, pauses: Iterable[int] = (), fails_at: int | None = None) -> None:
        self.sent: list[Outgoing] = []
        self.in_hand = self.most_in_hand = 0
        self._pauses = iter(pauses)
        self._left = fails_at

    async def begin(self, messages: Sequence[Outgoing]) -> Awaitable[None]:
        await asyncio.sleep(0)
        self.sent.extend(messages)
        return self._confirm(next(self._pauses, 0))

    async def _confirm(self, turns: int) -> None:
        self.in_hand += 1
        self.most_in_hand = max(self.in_hand, self.most_in_hand)
        fails = self._left == 0
        self._left = None if self._left is None else self._left - 1
        for _ in range(turns):
            await asyncio.sleep(0)
        self.in_hand -= 1
        if fails:
            raise NotConfirmedError("the brokers are away")


class Notes:
    """What the postman hears."""

    def __init__(self) -> None:
        self.all: list[tuple[DeskMessage, list[Tray]]] = []

    def heard(self, message: DeskMessage, trays: Iterable[Tray]) -> None:
        self.all.append((message, list(trays)))


class Worker:
    """The agent with a table and a postman."""

    def __init__(self, brokers: Brokers, table: dict[bytes, bytes]) -> None:
        self.table, self.notes = table, Notes()
        trays = Trays(StateTable(TRAYS_TABLE, table), lambda: self)  # type: ignore[arg-type]
        subscriptions: Any = SimpleNamespace(get=lambda _: None, silences=lambda: ())
        parts = DeskParts(subscriptions, trays, self.notes, lambda _: None)
        self._handle = desk_agent(brokers, lambda: NOON, parts)  # type: ignore[arg-type]

    async def one_by_one(self, messages: Sequence[DeskMessage], begin: int = 0) -> None:
        for offset, message in enumerate(messages[begin:], begin):
            await self._handle(event(message, offset))

    async def abreast(self, messages: Sequence[DeskMessage]) -> list[BaseException | None]:
        tasks = [
            asyncio.create_task(self._handle(event(message, offset)))  # type: ignore[arg-type]
            for offset, message in enumerate(messages)
        ]
        return await asyncio.gather(*tasks, return_exceptions=True)


def event(message: DeskMessage, offset: int) -> Any:
    lying = SimpleNamespace(value=encode(message), headers=(), partition=0, offset=offset)
    return SimpleNamespace(message=lying)


def offer(number: int, leader: str, replaces: int | None = None) -> Offered:
    made = alert_event(number, leader=leader)
    said = {
        "kind": "trip.new" if replaces is None else "trip.changed",
        "replaces": None if replaces is None else AlertId(f"alert:{replaces}"),
    }
    data = made.data.model_copy(update=said)
    return Offered(subscriptions=(ALL, TRIPS), event=made.model_copy(update={"data": data}))


def tried(number: int, leader: str, attempt: int, outcome: Any) -> Said:
    word = Tried(
        subscription="all",
        parcel=parcel_id((AlertId(f"alert:{number}"),)),
        leaders=(LeaderId(leader),),
        attempt=attempt,
        outcome=outcome,
        at=NOON,
        again_at=NOON + timedelta(minutes=1) if outcome == "failed" else None,
    )
    return Said(words=(word,))


def story(seed: int, length: int) -> list[DeskMessage]:
    """Offers, follow-ups, also under another name of the leader, and tries, all mixed."""
    chance, told = random.Random(seed), list[DeskMessage]()
    for number in range(1, length + 1):
        leader = chance.choice(("ada", "bob"))
        before = chance.choice([None, *range(1, number)])
        attempt, outcome = chance.choice([(1, "failed"), (1, "brought"), (2, "brought")])
        told.append(
            offer(number, leader, before)
            if chance.random() < 0.5
            else tried(chance.randrange(1, number + 1), leader, attempt, outcome)
        )
    return told


@given(seed=st.integers(0, 10**6), pauses=st.lists(st.integers(0, 9), max_size=30))
def test_abreast_they_leave_what_one_by_one_they_leave(seed: int, pauses: list[int]) -> None:
    messages = story(seed, 20)
    slow, fast = Brokers(), Brokers(pauses)
    before, after = Worker(slow, {}), Worker(fast, {})
    asyncio.run(before.one_by_one(messages))
    assert asyncio.run(after.abreast(messages)) == [None] * len(messages)

    assert after.table == before.table
    assert fast.sent == slow.sent
    assert after.notes.all == before.notes.all


def test_they_wait_for_the_brokers_together() -> None:
    brokers = Brokers([100] * 20)
    asyncio.run(Worker(brokers, {}).abreast(story(1, 20)))
    assert brokers.most_in_hand == 20


@given(seed=st.integers(0, 10**6), fails_at=st.integers(0, 19))
def test_what_is_not_confirmed_is_not_kept_nor_what_came_later(seed: int, fails_at: int) -> None:
    messages = story(seed, 20)
    wanted, worker = Worker(Brokers(), {}), Worker(Brokers([3] * 20, fails_at), {})
    asyncio.run(wanted.one_by_one(messages[:fails_at]))
    ends = asyncio.run(worker.abreast(messages))

    assert ends[:fails_at] == [None] * fails_at
    assert all(isinstance(end, HaltError) for end in ends[fails_at:])
    assert worker.table == wanted.table
    assert worker.notes.all == wanted.notes.all

    again = Worker(Brokers(), worker.table)
    asyncio.run(again.one_by_one(messages, fails_at))
    whole = Worker(Brokers(), {})
    asyncio.run(whole.one_by_one(messages))
    assert again.table == whole.table
