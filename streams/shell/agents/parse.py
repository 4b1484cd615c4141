"""Wire items to stories: `stories.raw.v1` to `stories.v1`.

Formats are `streams.core.wire`'s business.
"""

from datetime import UTC, datetime

from schemas.codec import encode
from schemas.stories import Story
from schemas.topics import STORIES
from streams.core.canary import is_canary
from streams.core.wire import Arrival, Refusal, parse
from streams.core.wire.item import language_code
from streams.shell import tracing
from streams.shell.dead_letters import Event, headers_of
from streams.shell.guard import Handle, RefusedError
from streams.shell.metrics import Metrics
from streams.shell.outbox import Outbox, Outgoing

UNKNOWN_FEED = "unknown"
"""The feed of an item that came without the header."""


def parse_agent(outbox: Outbox, metrics: Metrics, max_story_bytes: int) -> Handle:
    """What to do with one raw item."""

    async def handle(event: Event) -> None:
        try:
            story = _story(event.message.value or b"", arrival_of(event))
            _admit(story, max_story_bytes)
        except RefusedError:
            metrics.items.labels("refused").inc()
            raise
        tracing.about(story.id)
        await outbox.confirm([Outgoing(STORIES, story.id, story)])
        if not is_canary(story):
            metrics.items.labels("story").inc()

    return handle


def arrival_of(event: Event) -> Arrival:
    """How the item came, from its headers.

    Where `received_at` is missing or no time, the log's own time of the message stands in for it:
    it is as lasting as the message, so that a replay reads the same. A trust that is not known is
    taken for low.
    """
    headers = {key: value.decode("utf-8", "replace") for key, value in headers_of(event)}
    return Arrival(
        feed=headers.get("feed") or UNKNOWN_FEED,
        format=headers.get("format") or "auto",
        received_at=_instant(headers.get("received_at"), event.message.timestamp),
        source=headers.get("source") or None,
        language=language_code(headers.get("language")),
        trust="full" if headers.get("trust", "full") == "full" else "low",
    )


def _instant(said: str | None, logged_s: float | None) -> datetime:
    try:
        instant = datetime.fromisoformat(said or "")
    except ValueError:
        return datetime.fromtimestamp(logged_s or 0.0, UTC)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _story(item: bytes, arrival: Arrival) -> Story:
    parsed = parse(item, arrival)
    if isinstance(parsed, Refusal):
        raise RefusedError(parsed.reason, parsed.detail)
    return parsed


def _admit(story: Story, max_story_bytes: int) -> None:
    size = len(encode(story))
    if size > max_story_bytes:
        raise RefusedError("too_large", f"{size} bytes as a record, at most {max_story_bytes}")
