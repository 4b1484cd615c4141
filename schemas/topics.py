"""The topics, declared once: name with version, key, record, partitions, retention, compaction.

`dragoman topics create` and the worker make them from here. Sizes are the largest message a topic
takes, in bytes; a dead letter holds its message in base64, so its topic takes four thirds of the
largest raw item and some more.
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from schemas.alerts import AlertEvent
from schemas.base import Record
from schemas.dead_letters import DeadLetter
from schemas.deliveries import Delivery, DeskMessage
from schemas.leaders import LeaderEdit
from schemas.readings import Reading
from schemas.record import ReportMessage
from schemas.stories import Story
from schemas.subscriptions import SubscriptionMessage

MAX_RAW_BYTES = 8 * 1024 * 1024
_DEAD_LETTER_BYTES = 12 * 1024 * 1024
_RECORD_BYTES = 2 * 1024 * 1024
_DAY_MS = 86_400_000
_FOREVER = -1


@dataclass(frozen=True, slots=True)
class TopicDeclaration:
    """One topic. `partitions` `None` means as many as the cluster's setting says."""

    name: str
    key: str
    """What the key of a message is, in words."""
    record: TypeAdapter[Record] | None
    """What a value decodes to; `None` for raw bytes."""
    cleanup: Literal["delete", "compact"] = "delete"
    retention_ms: int = _FOREVER
    max_message_bytes: int = _RECORD_BYTES
    partitions: int | None = None
    about: str = ""
    additions: int = 0
    """How often fields were added to the record since the topic's version began. Each state of it
    is in `schemas/grown`."""
    stops: tuple[int, ...] = ()
    """Those additions that are more than fields, which older workers refuse: to come to them, all
    workers are stopped."""

    @property
    def version(self) -> int:
        """The number behind `.v` in the name."""
        return int(self.name.rsplit(".v", 1)[1])


STORIES_RAW = TopicDeclaration(
    name="stories.raw.v1",
    key="digest of the bytes",
    record=None,
    retention_ms=30 * _DAY_MS,
    max_message_bytes=MAX_RAW_BYTES,
    about="Wire items as they came, with source, format and time of arrival as headers.",
)
STORIES = TopicDeclaration(
    name="stories.v1",
    key="story id",
    record=TypeAdapter(Story),
    retention_ms=365 * _DAY_MS,
    about="Editions of stories, once their format is understood.",
)
READINGS = TopicDeclaration(
    name="readings.v1",
    key="story id",
    record=TypeAdapter(Reading),
    retention_ms=365 * _DAY_MS,
    about="What the reader made of each edition.",
)
REPORTS = TopicDeclaration(
    name="reports.v1",
    key="leader id",
    record=TypeAdapter(ReportMessage),
    about="The record of what the wires said and editors decided: kept for ever.",
)
ALERTS = TopicDeclaration(
    name="alerts.v1",
    key="leader id of the owner",
    record=TypeAdapter(AlertEvent),
    about="What is new, as CloudEvents.",
)
DESK = TopicDeclaration(
    name="desk.v1",
    key="id of the first subscription it is for",
    record=TypeAdapter(DeskMessage),
    additions=1,
    retention_ms=90 * _DAY_MS,
    about="What is before each subscription's desk: alerts, and how bringing them went.",
)
DELIVERIES = TopicDeclaration(
    name="deliveries.v2",
    key="subscription id",
    record=TypeAdapter(Delivery),
    retention_ms=365 * _DAY_MS,
    about="What became of each alert for each subscription, and why.",
)
SUBSCRIPTIONS = TopicDeclaration(
    name="subscriptions.v1",
    key="kind and id: see Subscription.key, Silence.key, Retry.key",
    record=TypeAdapter(SubscriptionMessage),
    additions=1,
    cleanup="compact",
    partitions=1,
    about="Who wants to hear of what, and what nobody wants to hear for a while.",
)
LEADERS = TopicDeclaration(
    name="leaders.v1",
    key="leader id, with what is decided: see LeaderEdit.key",
    record=TypeAdapter(LeaderEdit),
    cleanup="compact",
    partitions=1,
    about="Editors' decisions about leaders.",
)
DEAD_LETTERS = TopicDeclaration(
    name="dead-letters.v1",
    key="dead letter id",
    record=TypeAdapter(DeadLetter),
    retention_ms=90 * _DAY_MS,
    max_message_bytes=_DEAD_LETTER_BYTES,
    partitions=1,
    about="Refused messages with their bytes and their reason.",
)

TOPICS: tuple[TopicDeclaration, ...] = (
    STORIES_RAW,
    STORIES,
    READINGS,
    REPORTS,
    ALERTS,
    DESK,
    DELIVERIES,
    SUBSCRIPTIONS,
    LEADERS,
    DEAD_LETTERS,
)
