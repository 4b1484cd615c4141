"""How an alert reaches people and programs: the one contract for all channels.

One module a channel beside this one, one table of them in `streams.shell`. A channel is the way out
of one subscription: it knows parcels of alerts and its own end; it knows no topics, no dossiers,
not which agent calls it, and not when: what is tried again and when is decided by its caller.
"""

from dataclasses import dataclass
from typing import Protocol

from schemas.deliveries import ParcelId
from schemas.subscriptions import Subscription
from streams.core.rounds import Item


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is brought at one time, in one message where the channel has messages.

    The same id has the same items on every try, in the same order.
    """

    id: ParcelId
    subscription: Subscription
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """The parcel has reached the channel's end, and stays there."""


@dataclass(frozen=True, slots=True)
class AlreadyDelivered:
    """The channel itself remembers all of it: nothing was sent."""


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """It did not get through, or nobody knows; another try may succeed.

    `reason` holds no secret. `retry_after_s`: the other end asks for so many seconds of peace.
    """

    reason: str
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """The end says that it will never take anything again (HTTP 410)."""

    reason: str


Outcome = Delivered | AlreadyDelivered | NotDelivered | Gone


class ChannelError(Exception):
    """A channel cannot be opened; the message says why and what to do, and holds no secret."""


class Channel(Protocol):
    """The way out of one subscription.

    `deliver` gives back an outcome for whatever can be foreseen and raises only on faults of ours;
    it ends by itself within 30 s. The same parcel may be given again after a crash. `close` may be
    called twice.
    """

    async def deliver(self, parcel: Parcel) -> Outcome: ...

    async def close(self) -> None: ...
