"""Keeps the view up with the topics: follows each without a consumer group, from its begin on.

What moves no offsets disturbs no worker. Brokers that are away are waited for; what was taken
before is not taken again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from schemas.topics import ALERTS, DELIVERIES, SUBSCRIPTIONS, TopicDeclaration
from streams.shell.api.view import View
from streams.shell.cluster import ClusterError, describe_topics
from streams.shell.record import Message, follow_topic
from streams.shell.settings import Settings
from streams.shell.tables import DOSSIERS_TABLE, changelog_name

_AGAIN_AFTER_S = 2.0

_log = logging.getLogger(__name__)

CaughtUp = Callable[[Mapping[int, int]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Followed:
    topic: TopicDeclaration
    take: Callable[[Message], None]
    caught_up: CaughtUp


class Following:
    """Follows all topics of one view. `run` it as a task."""

    def __init__(self, settings: Settings, view: View) -> None:
        self._settings = settings
        self._followed = _all(settings, view)
        self.behind = {each.topic.name for each in self._followed}
        """Topics whose end, as it was at the start, has not come yet."""
        self.problems: dict[str, str] = {}
        """What keeps a topic from being followed, for whoever looks after it."""

    async def run(self) -> None:
        """Follows until cancelled. What is a fault of ours ends it with an `ExceptionGroup`."""
        async with asyncio.TaskGroup() as tasks:
            for each in self._followed:
                reached: asyncio.Queue[Mapping[int, int]] = asyncio.Queue()
                tasks.create_task(self._keep_up(each, reached))
                tasks.create_task(self._when_caught_up(each, reached))

    async def _keep_up(
        self, followed: _Followed, reached: "asyncio.Queue[Mapping[int, int]]"
    ) -> NoReturn:
        name, topic = followed.topic.name, followed.topic
        taken: dict[int, int] = {}
        while True:
            try:
                messages = follow_topic(self._settings, topic, caught_up=reached.put_nowait)
                async for message in messages:
                    self.problems.pop(name, None)
                    # After a break it is read from the begin again.
                    if message.offset >= taken.get(message.partition, 0):
                        taken[message.partition] = message.offset + 1
                        followed.take(message)
            except ClusterError as reason:
                self.problems[name] = str(reason)
                _log.warning("%s cannot be followed: %s", name, reason)
            await asyncio.sleep(_AGAIN_AFTER_S)

    async def _when_caught_up(
        self, followed: _Followed, reached: "asyncio.Queue[Mapping[int, int]]"
    ) -> NoReturn:
        while True:
            await followed.caught_up(await reached.get())
            self.behind.discard(followed.topic.name)
            self.problems.pop(followed.topic.name, None)


async def require_partitions(settings: Settings) -> None:
    """Raises `ClusterError` where a topic that is there has other partitions than the settings
    say: a leader's or a story's messages would be looked for in the wrong one."""
    wrong = [
        f"{state.name} has {state.partitions} partitions, {state.wanted_partitions} are wanted"
        for state in await describe_topics(settings)
        if state.partitions and not state.is_as_planned
    ]
    if wrong:
        raise ClusterError("; ".join(wrong) + ". Set DRAGOMAN_PARTITIONS to what the topics have.")


def _all(settings: Settings, view: View) -> tuple[_Followed, ...]:
    changelog = TopicDeclaration(
        name=changelog_name(settings.app_id, DOSSIERS_TABLE.name), key="leader id", record=None
    )

    async def alerts_reach(positions: Mapping[int, int]) -> None:
        view.alerts.reaches(positions)

    async def steps_reach(positions: Mapping[int, int]) -> None:
        view.deliveries.reaches(positions)

    async def dossiers_reach(_: Mapping[int, int]) -> None:
        await view.dossiers.settle()

    async def wishes_reach(_: Mapping[int, int]) -> None:
        pass

    return (
        _Followed(changelog, view.take_dossier, dossiers_reach),
        _Followed(ALERTS, view.take_alert, alerts_reach),
        _Followed(DELIVERIES, view.take_step, steps_reach),
        _Followed(SUBSCRIPTIONS, view.take_wish, wishes_reach),
    )
