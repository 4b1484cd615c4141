"""Stories to readings, and readings to reports: `stories.v1` to `readings.v1` and `reports.v1`.

Remembers of each story what its editions have reported, so that a newer edition can withdraw it.
The reader runs on the event loop, for some milliseconds a story.
"""

from typing import cast

from schemas.codec import decode
from schemas.reports import Report, Withdrawal
from schemas.stories import Story, StoryState
from schemas.topics import READINGS, REPORTS, STORIES
from streams.core.editions import report
from streams.core.reader import Reader
from streams.shell.dead_letters import Event, payload
from streams.shell.guard import Handle
from streams.shell.metrics import Metrics
from streams.shell.outbox import Outbox, Outgoing
from streams.shell.tables import StateTable


def read_agent(
    outbox: Outbox, metrics: Metrics, reader: Reader, stories: StateTable[StoryState]
) -> Handle:
    """What to do with one edition of a story."""

    async def handle(event: Event) -> None:
        story = cast("Story", decode(STORIES, *payload(event)))
        reading = reader.read(story)
        state, messages = report(stories.get(story.id), reading)
        packed = stories.packed(state)
        await outbox.confirm(
            [
                Outgoing(READINGS, story.id, reading),
                *(Outgoing(REPORTS, message.leader, message) for message in messages),
            ]
        )
        stories.put(story.id, packed)
        metrics.readings.labels(metrics.language(reading.language)).inc()
        for message in messages:
            metrics.reports.labels(kind_of(message)).inc()

    return handle


def kind_of(message: Report | Withdrawal) -> str:
    """`trip`, `invitation` or `withdrawal`."""
    return message.claim.kind if message.type == "report" else message.type
