"""A subscription's tries wait neither for the brokers nor for the desk; each leader's next does."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from alert_events import event
from loop_turns import settled

from schemas.base import LeaderId
from schemas.deliveries import Entry, Opened, ParcelId, Said, Tray, Tried
from schemas.subscriptions import Subscription
from streams.channels import Delivered, Outcome, Parcel
from streams.core.desk import tried
from streams.shell.metrics import Metrics, Vocabulary
from streams.shell.outbox import Outgoing
from streams.shell.postman import AT_ONCE, UNHEARD_AT_ONCE, Postman, Rounds
from streams.shell.recovery import Standing
from streams.shell.tables import TRAYS_TABLE, StateTable

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)
WANTED = Subscription(id="desk", owner="the desk", channel="log", target="-")


class Scene:
    """A postman with so many leaders, an end that answers when told to, and brokers likewise."""

    def __init__(self, leaders: int) -> None:
        self.said: list[Said] = []
        self.tried: list[str] = []
        self.trying = self.most_trying = 0
        self.answers = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        standing = Standing()
        standing.recovered({"desk.v1": frozenset({0})})
        rounds = Rounds(
            subscriptions=SimpleNamespace(  # type: ignore[arg-type]
                get=lambda _: WANTED, all=lambda: (WANTED,), asked_at=lambda _: None
            ),
            open_channel=lambda _: self,  # type: ignore[arg-type, return-value]
            desk_of=lambda _: 0,
            pauses_s=(1.0,),
        )
        metrics = Metrics(["deliver"], Vocabulary(languages=("en",)))
        self.postman = Postman(self, metrics, lambda: NOON, standing, rounds)  # type: ignore[arg-type]
        self.trays = {each.leader: each for each in map(tray, range(leaders))}

    async def confirm(self, messages: Iterable[Outgoing]) -> None:
        self.said.extend(each.record for each in messages)  # type: ignore[misc]

    async def deliver(self, parcel: Parcel) -> Outcome:
        self.tried.append(parcel.id)
        self.trying += 1
        self.most_trying = max(self.trying, self.most_trying)
        await self.answers.wait()
        self.trying -= 1
        return Delivered()

    async def close(self) -> None:
        pass

    async def hear(self) -> None:
        """The desk takes all that was said until now."""
        said, self.said = self.said, []
        for each in said:
            for word in each.words:
                if isinstance(word, Tried):
                    leader = word.leaders[0]
                    self.trays[leader] = tried(self.trays[leader], word).tray
            self.postman.heard(each, self.trays.values())
        await settled()


def tray(number: int) -> Tray:
    leader = f"leader-{number}"
    alert = event(number, leader=leader)
    entry = Entry(
        alert=alert.id,
        replaces=None,
        state="packed",
        offset=number,
        since=NOON,
        event=alert,
        due_at=NOON,
        parcel=ParcelId(alert.id),
    )
    return Tray(subscription="desk", channel="log", leader=LeaderId(leader), entries=(entry,))


def play(leaders: int, part: Callable[[Scene], Awaitable[None]]) -> None:
    async def whole() -> None:
        scene = Scene(leaders)
        table = StateTable(TRAYS_TABLE, {})  # type: ignore[arg-type]
        for each in scene.trays.values():
            table.put(each.leader, table.packed(each))
        scene.task = task = asyncio.create_task(scene.postman.run(table))
        await settled()
        await scene.hear()  # that the desk is open
        try:
            await part(scene)
        finally:
            scene.answers.set()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(whole())


def test_few_are_tried_at_once() -> None:
    async def part(scene: Scene) -> None:
        assert len(scene.tried) == AT_ONCE
        scene.answers.set()
        await settled()
        assert scene.most_trying == AT_ONCE

    play(AT_ONCE + 5, part)


def test_others_are_tried_before_the_desk_has_heard_how_the_first_tries_ended() -> None:
    async def part(scene: Scene) -> None:
        scene.answers.set()
        await settled()
        assert len(scene.tried) == UNHEARD_AT_ONCE
        await scene.hear()
        assert len(scene.tried) == UNHEARD_AT_ONCE + 5
        assert len(set(scene.tried)) == len(scene.tried)

    play(UNHEARD_AT_ONCE + 5, part)


def test_what_has_not_begun_when_partitions_move_never_does() -> None:
    async def part(scene: Scene) -> None:
        scene.postman._standing.rebalance_started()
        await settled()
        scene.answers.set()
        await settled()
        assert len(scene.tried) == AT_ONCE

    play(AT_ONCE + 5, part)


@pytest.mark.parametrize("turns", range(8))
def test_it_ends_also_when_news_come_at_that_moment(turns: int) -> None:
    """asyncio's `wait_for` of Python 3.11 forgets a cancellation then."""

    async def part(scene: Scene) -> None:
        (tray,) = scene.trays.values()
        later = {"state": "waiting", "parcel": None, "due_at": NOON + timedelta(minutes=1)}
        waiting = tray.model_copy(update={"entries": (tray.entries[0].model_copy(update=later),)})
        scene.answers.set()
        await settled()
        said, scene.said = scene.said, []
        for each in said:
            scene.postman.heard(each, (waiting,))
        await settled()
        scene.postman.heard(Said(words=(Opened(subscription="desk", by="x"),)), ())
        for _ in range(turns):
            await asyncio.sleep(0)
        assert scene.task is not None
        scene.task.cancel()
        await settled()
        assert scene.task.done()

    play(1, part)
