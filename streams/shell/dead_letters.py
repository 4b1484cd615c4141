"""A refused message as a dead letter: all of it, and why.

What is refused is decided elsewhere; here it becomes a record and is sent. How dead letters are
listed, shown and put back is the command line's business.
"""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from faust.types import EventT

from schemas.dead_letters import DeadLetter, Header, Reason, dead_letter_id
from schemas.topics import DEAD_LETTERS
from streams.shell.outbox import Outbox, Outgoing

Event = EventT[Any]
"""One message in the hand of an agent: key and value are raw bytes."""

_SOFTWARE = version("dragoman")
_DETAIL_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a message is refused, for a program and for a person."""

    reason: Reason
    detail: str


class DeadLetterOffice:
    """Sends dead letters, confirmed."""

    def __init__(self, outbox: Outbox, clock: Callable[[], datetime]) -> None:
        self._outbox = outbox
        self._clock = clock

    async def send(self, event: Event, refusal: Refusal, hop: str) -> None:
        """Comes back when the brokers have it. Raises what `Outbox.confirm` raises."""
        letter = dead_letter(event, refusal, hop, self._clock())
        await self._outbox.confirm([Outgoing(DEAD_LETTERS, letter.id, letter)])


@dataclass(frozen=True, slots=True)
class Lying:
    """A message as it lies on a topic, or lay there."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


def dead_letter(event: Event, refusal: Refusal, hop: str, now: datetime) -> DeadLetter:
    """The record of a message in hand that is refused."""
    message = event.message
    lying = Lying(
        message.topic,
        message.partition,
        message.offset,
        message.key,
        message.value or b"",
        headers_of(event),
    )
    return letter_of(lying, refusal, hop, now)


def letter_of(lying: Lying, refusal: Refusal, hop: str, now: datetime) -> DeadLetter:
    """The record of a refused message. Its id does not depend on the time or the reason."""
    return DeadLetter(
        id=dead_letter_id(lying.topic, lying.partition, lying.offset, lying.value),
        reason=refusal.reason,
        detail=refusal.detail[:_DETAIL_CHARACTERS],
        topic=lying.topic,
        partition=lying.partition,
        offset=lying.offset,
        # The record's own type decodes base64, so that JSON and Python are given the same.
        key=None if lying.key is None else b64encode(lying.key),
        value=b64encode(lying.value),
        headers=tuple(Header(key=key, value=b64encode(data)) for key, data in lying.headers),
        hop=hop,
        software=_SOFTWARE,
        failed_at=now,
    )


def headers_of(event: Event) -> tuple[tuple[str, bytes], ...]:
    """All headers of a message in their order, repeated ones too; no value is empty bytes."""
    headers: Any = event.message.headers or ()
    pairs = headers.items() if isinstance(headers, dict) else headers
    return tuple((key, data or b"") for key, data in pairs)


def payload(event: Event) -> tuple[bytes, dict[str, bytes]]:
    """Value and headers of a message, for the codec. Of a repeated header the last counts."""
    return event.message.value or b"", dict(headers_of(event))
