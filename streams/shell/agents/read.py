"""Stories to readings, and readings to reports: `stories.v1` to `readings.v1` and `reports.v1`.

Remembers of each story what its editions have reported, so that a newer edition can withdraw it.
A story under embargo is read at once, and then held until its time has come; `Release` puts it
before the agent again. The reader runs on the event loop, for some milliseconds a story.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from schemas.codec import decode
from schemas.reports import Report, Withdrawal
from schemas.stories import Story, StoryState
from schemas.topics import READINGS, REPORTS, STORIES
from streams.core.canary import is_canary
from streams.core.editions import report
from streams.core.reader import Reader
from streams.shell import tracing
from streams.shell.dead_letters import Event, payload
from streams.shell.guard import Handle
from streams.shell.metrics import Metrics
from streams.shell.outbox import NotConfirmedError, Outbox, Outgoing
from streams.shell.tables import StateTable

RELEASE_EVERY_S = 1.0
"""How often held stories are looked at."""
SENT_AGAIN_AFTER = timedelta(minutes=1)
"""A story sent and still held: the agent is behind, or what was sent is lost."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadTables:
    """What the read hop remembers."""

    stories: StateTable[StoryState]
    held: StateTable[Story]


def read_agent(
    outbox: Outbox,
    metrics: Metrics,
    clock: Callable[[], datetime],
    reader: Reader,
    tables: ReadTables,
) -> Handle:
    """What to do with one edition of a story."""
    stories, held = tables.stories, tables.held

    async def handle(event: Event) -> None:
        story = cast("Story", decode(STORIES, *payload(event)))
        tracing.about(story.id)
        reading = reader.read(story)
        if story.is_held_at(clock()):
            packed_story = held.packed(story)
            await outbox.confirm([Outgoing(READINGS, story.id, reading)])
            held.put(held_key(story), packed_story)
            return
        known = stories.get(story.id)
        # A canary begins anew each time, so that what is kept of it never grows.
        state, messages = report(None if is_canary(story) else known, reading)
        packed = stories.packed(state)
        await outbox.confirm(
            [
                Outgoing(READINGS, story.id, reading),
                *(Outgoing(REPORTS, message.leader, message) for message in messages),
            ]
        )
        stories.put(story.id, packed)
        held.drop(held_key(story))
        if not is_canary(story):
            metrics.readings.labels(metrics.language(reading.language)).inc()
            for message in messages:
                metrics.reports.labels(kind_of(message)).inc()

    return handle


def held_key(story: Story) -> str:
    """Of one edition, in the table of those that are held."""
    return f"{story.id} {story.edition}"


class Release:
    """Sends held stories to the agent again when their time has come.

    They stay in the table until the agent has had them, so that a crash sends them once more. A
    story that comes twice reports once.
    """

    def __init__(
        self,
        outbox: Outbox,
        clock: Callable[[], datetime],
        held: StateTable[Story],
        is_ours: Callable[[Story], bool],
    ) -> None:
        self._outbox = outbox
        self._clock = clock
        self._held = held
        self._is_ours = is_ours
        self._sent: dict[str, datetime] = {}

    async def run(self) -> int:
        """Gives back how many were sent."""
        now = self._clock()
        waiting = {key: story for key, story in self._held.records() if self._is_ours(story)}
        self._sent = {key: at for key, at in self._sent.items() if key in waiting}
        due = [
            (story.embargoed_until or now, key, story)
            for key, story in waiting.items()
            if not story.is_held_at(now) and now >= self._sent.get(key, now)
        ]
        due.sort(key=lambda each: each[:2])
        try:
            await self._outbox.confirm([Outgoing(STORIES, story.id, story) for *_, story in due])
        except NotConfirmedError as reason:
            _log.warning("stories whose embargo is over wait for the brokers: %s", reason)
            return 0
        self._sent.update((key, now + SENT_AGAIN_AFTER) for _, key, _ in due)
        return len(due)


def kind_of(message: Report | Withdrawal) -> str:
    """`trip`, `invitation` or `withdrawal`."""
    return message.claim.kind if message.type == "report" else message.type
