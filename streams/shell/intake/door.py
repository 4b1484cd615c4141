"""The one door: whatever way an item comes, through here it goes onto the raw topic.

Bytes are cut into items, those that this source has sent before are left out, the others are sent
and confirmed, and only then noted. A crash between the two sends an item again, which is harmless,
and never loses one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol

from schemas.topics import MAX_RAW_BYTES
from streams.core.wire import Refusal, split
from streams.shell.intake.ledger import Ledger
from streams.shell.intake.sources import Source
from streams.shell.record import RawItem


class Delivering(Protocol):
    """Where items go: `streams.shell.record.Sender`, or the list of a test."""

    async def deliver(self, items: Sequence[RawItem]) -> None:
        """Comes back when the items are durable. Raises `ClusterError`."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of what was brought to the door."""

    sent: int = 0
    """Items that are new from this source, and confirmed by the brokers."""
    repeated: int = 0
    """Items that this source had sent before."""
    refused: tuple[Refusal, ...] = ()
    """Items that the raw topic does not take; they are nowhere. What is no story is found out
    later, by the worker, which keeps it as a dead letter."""


OnTaken = Callable[[Source, Taken], None]


class Door:
    """Takes items in. Any number of tasks of one loop may bring some at once."""

    def __init__(
        self,
        sending: Delivering,
        ledger: Ledger,
        *,
        now: Callable[[], datetime] | None = None,
        on_taken: OnTaken | None = None,
    ) -> None:
        self._sending = sending
        self._ledger = ledger
        self._now = now or (lambda: datetime.now(UTC))
        self._on_taken = on_taken

    async def take(
        self,
        source: Source,
        data: bytes,
        *,
        format: str | None = None,  # noqa: A002 - the domain's word
        received_at: datetime | None = None,
        language: str | None = None,
    ) -> Taken:
        """Comes back when the brokers have all that is new in these bytes.

        `format`, `language`: of these bytes; by default, those of the source. `received_at`: by
        default the time now. Raises `ClusterError` where the brokers do not confirm, and
        `LedgerError`; then nothing is noted, and the same bytes can be brought again.
        """
        arrived_at = received_at or self._now()
        format_name = format or source.format
        items = {sha256(item).digest(): item for item in split(data, format_name)}
        known = self._ledger.seen(source.name, items)
        new = {digest: item for digest, item in items.items() if digest not in known}
        refused = tuple(
            Refusal("too_large", f"{len(item):,} bytes; an item has {MAX_RAW_BYTES:,} at most")
            for item in new.values()
            if len(item) > MAX_RAW_BYTES
        )
        sending = {digest: item for digest, item in new.items() if len(item) <= MAX_RAW_BYTES}
        if sending:
            await self._sending.deliver(
                [
                    raw_item(source, item, arrived_at, format_name, language)
                    for item in sending.values()
                ]
            )
        self._ledger.note(source.name, [*sending, *known], self._now())
        taken = Taken(len(sending), len(known), refused)
        if self._on_taken is not None:
            self._on_taken(source, taken)
        return taken


def raw_item(
    source: Source,
    data: bytes,
    received_at: datetime,
    format_name: str | None = None,
    language: str | None = None,
) -> RawItem:
    """An item as it goes onto the raw topic, with all that is known of its source."""
    return RawItem(
        data=data,
        feed=source.name,
        received_at=received_at,
        format=format_name or source.format,
        source=source.outlet,
        language=language or source.language,
        trust=source.trust,
    )
