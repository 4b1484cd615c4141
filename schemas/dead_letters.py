"""What could not be handled: its bytes, where it was, and why."""

from typing import Literal, get_args

from pydantic import Base64Bytes

from schemas.base import DeadLetterId, Instant, Record
from schemas.ids import content_id

Reason = Literal[
    "not_a_story",
    "unknown_format",
    "missing_field",
    "bad_value",
    "not_utf8",
    "too_large",
    "undecodable",
    "unknown_version",
    "unexpected",
    "undeliverable",
]
"""Closed list. `undecodable` and `unknown_version` are about our own topics, `unexpected` is a
fault of ours, `undeliverable` an alert that a subscriber did not take; the others refuse what a
source sent."""

REASONS: tuple[Reason, ...] = get_args(Reason)


class Header(Record):
    """One Kafka header. Keys may repeat."""

    key: str
    value: Base64Bytes


class DeadLetter(Record):
    """A refused message, complete; on `dead-letters.v1`, keyed by `id`.

    The newest record with an id says how it stands: `open`, or `requeued` to where it came from.
    """

    id: DeadLetterId
    state: Literal["open", "requeued"] = "open"
    reason: Reason
    detail: str
    """What exactly was wrong, for the person who looks."""
    topic: str
    partition: int
    offset: int
    key: Base64Bytes | None = None
    value: Base64Bytes
    headers: tuple[Header, ...] = ()
    hop: str
    """Which agent refused it."""
    software: str
    """Version of Dragoman that refused it."""
    failed_at: Instant


def dead_letter_id(topic: str, partition: int, offset: int, value: bytes) -> DeadLetterId:
    """A message refused again after a crash has the same id."""
    return DeadLetterId(content_id("dead", topic, str(partition), str(offset), value))
