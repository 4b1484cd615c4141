"""An alert's way to one subscription: what its desk is told, what it keeps, what became of it.

`desk.v1` is the way in of the desk that each subscription has: alerts offered, parcels made up,
tries. Desks lie on a partition by their subscription, and one message may be for many of one
partition. A `Tray` is what a desk keeps of one leader. `deliveries.v2` is the account of it, for
people who ask why. What is wanted and when is decided in `streams.core.desk`; how it is brought, by
a channel.
"""

from typing import Annotated, Literal, NewType

from pydantic import Field

from schemas.alerts import AlertEvent
from schemas.base import AlertId, Instant, LeaderId, Record
from schemas.ids import content_id
from schemas.subscriptions import ChannelKind, Slug, Subscription

ParcelId = NewType("ParcelId", str)
"""Of what is brought at one time: of one alert its own id, of several one made from theirs."""

Step = Literal["planned", "passed_over", "taken_out", "brought", "failed", "given_up"]
"""`taken_out`: it waited, and what came after it took its place or took it back."""


class Offered(Record):
    """An alert, before desks of one partition: it may be wanted there or not."""

    type: Literal["offered"] = "offered"
    subscriptions: tuple[Subscription, ...] = Field(min_length=1)
    """As they were when the alert came; what a desk itself knows of its own goes before."""
    event: AlertEvent


class Opened(Record):
    """Whoever has the desk now begins. When it hears this, it has heard all that was before."""

    type: Literal["opened"] = "opened"
    subscription: Slug
    by: str


class Packed(Record):
    """What is about to be brought together, said before it is tried, so that each try is alike."""

    type: Literal["packed"] = "packed"
    subscription: Slug
    parcel: ParcelId
    leaders: tuple[LeaderId, ...]
    alerts: tuple[AlertId, ...]


class Tried(Record):
    """How one try to bring a parcel ended."""

    type: Literal["tried"] = "tried"
    subscription: Slug
    parcel: ParcelId
    leaders: tuple[LeaderId, ...]
    attempt: int = Field(ge=1)
    outcome: Literal["brought", "failed", "given_up"]
    detail: str = ""
    """Why it failed, in words and without a secret."""
    at: Instant
    again_at: Instant | None = None
    """When it is tried again; only where it failed."""


class Cleared(Record):
    """The subscription was removed or paused: what still waits is not brought."""

    type: Literal["cleared"] = "cleared"
    subscription: Slug
    leaders: tuple[LeaderId, ...]
    why: Literal["removed", "paused"]
    at: Instant


Word = Opened | Packed | Tried | Cleared
"""What whoever has a desk says of it."""


class Said(Record):
    """Words for desks of one partition, in their order."""

    type: Literal["said"] = "said"
    words: tuple[Annotated[Word, Field(discriminator="type")], ...] = Field(min_length=1)


DeskMessage = Annotated[Offered | Said, Field(discriminator="type")]
"""What may be on `desk.v1`, keyed by a subscription of the partition: that of its first desk."""


class Entry(Record):
    """How one alert stands on a desk."""

    alert: AlertId
    replaces: AlertId | None
    state: Literal["passed_over", "waiting", "packed", "taken_out", "brought", "given_up"]
    """`packed`: on its way, perhaps there already."""
    offset: int
    """Of the offer, on the desk's partition of `desk.v1`."""
    since: Instant
    """When it came to this state, first."""
    event: AlertEvent | None = None
    """While it is to be brought, and of what was brought on few subjects the newest."""
    due_at: Instant | None = None
    parcel: ParcelId | None = None
    attempts: int = 0
    tried_at: Instant | None = None
    """The last time."""
    again_at: Instant | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be brought."""
        return self.state in ("waiting", "packed")


class Tray(Record):
    """What the desk of one subscription keeps of one leader, in the order in which it came."""

    subscription: Slug
    channel: ChannelKind
    leader: LeaderId
    entries: tuple[Entry, ...] = ()


class Delivery(Record):
    """One step of an alert's way to one subscription; on `deliveries.v2`, keyed by subscription.

    The steps of one alert and subscription, in their order, tell how it went. A step may be there
    twice after a crash.
    """

    alert: AlertId
    leader: LeaderId
    """The owner of what it tells."""
    subscription: Slug
    channel: ChannelKind
    step: Step
    reason: str
    """For `planned`, `passed_over` and `taken_out` from the closed list in
    `streams.core.subscribing`; else the same as `step`."""
    detail: str
    """The same in words."""
    at: Instant
    parcel: ParcelId | None = None
    attempt: int | None = None
    """Of `brought`, `failed` and `given_up`, counted from 1; 0 where it was never tried."""
    due_at: Instant | None = None
    """Of `planned` when it is to be brought, of `failed` when it is tried again."""


def parcel_id(alerts: tuple[AlertId, ...]) -> ParcelId:
    """The same for the same alerts in the same order."""
    if len(alerts) == 1:
        return ParcelId(alerts[0])
    return ParcelId(content_id("parcel", *alerts))
