"""How an alert reaches people and programs: the one contract for all channels.

One module a channel beside this one, one table of them where the worker is put together. A channel
knows alerts and its own way out; it knows no topics, no dossiers and not which agent calls it.
"""

from dataclasses import dataclass
from typing import Protocol

from schemas.alerts import AlertEvent


@dataclass(frozen=True, slots=True)
class Delivered:
    """The alert has reached the channel's end, and stays there."""


@dataclass(frozen=True, slots=True)
class AlreadyDelivered:
    """The channel itself remembers this alert: nothing was sent."""


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """It did not get through; another try may succeed. `reason` holds no secret."""

    reason: str


Outcome = Delivered | AlreadyDelivered | NotDelivered


class ChannelError(Exception):
    """A channel cannot be opened; the message says why and what to do."""


class Channel(Protocol):
    """A way out for alerts.

    `deliver` gives back an outcome for whatever can be foreseen and raises only on faults of ours.
    The same alert may be given again after a crash. `close` may be called twice.
    """

    @property
    def name(self) -> str:
        """Short and lasting: deliveries are remembered under it."""

    async def deliver(self, event: AlertEvent) -> Outcome: ...

    def close(self) -> None: ...
