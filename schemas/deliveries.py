"""An alert's way to one subscription: what its desk is told, and what became of it.

`desk.v1` is the way in of the desk that each subscription has: alerts offered, parcels made up,
tries. `deliveries.v2` is the account of it, for people who ask why. What is wanted and when is
decided in `streams.core.desk`; how it is brought, by a channel.
"""

from typing import Annotated, Literal, NewType, get_args

from pydantic import Field

from schemas.alerts import AlertEvent
from schemas.base import AlertId, Instant, LeaderId, Record
from schemas.ids import content_id
from schemas.subscriptions import ChannelKind, Slug

ParcelId = NewType("ParcelId", str)
"""Of what is brought at one time: of one alert its own id, of several one made from theirs."""

Step = Literal["planned", "passed_over", "taken_out", "brought", "failed", "given_up"]
STEPS: tuple[Step, ...] = get_args(Step)
"""`taken_out`: it waited, and what came after it took its place or took it back."""

TriedOutcome = Literal["brought", "failed", "given_up"]


class Offered(Record):
    """An alert, before the desk of one subscription: it may be wanted there or not."""

    type: Literal["offered"] = "offered"
    subscription: Slug
    event: AlertEvent


class Packed(Record):
    """What is about to be brought together, said before it is tried, so that each try is alike."""

    type: Literal["packed"] = "packed"
    subscription: Slug
    parcel: ParcelId
    alerts: tuple[AlertId, ...]
    """In the order in which they are brought."""


class Tried(Record):
    """How one try to bring a parcel ended."""

    type: Literal["tried"] = "tried"
    subscription: Slug
    parcel: ParcelId
    attempt: int = Field(ge=1)
    outcome: TriedOutcome
    detail: str = ""
    """Why it failed, in words and without a secret."""
    at: Instant
    again_at: Instant | None = None
    """When it is tried again; only where it failed."""


class Forgotten(Record):
    """What the desk knows of a leader is too old to matter."""

    type: Literal["forgotten"] = "forgotten"
    subscription: Slug
    leader: LeaderId
    before: Instant


DeskMessage = Annotated[Offered | Packed | Tried | Forgotten, Field(discriminator="type")]
"""What may be on `desk.v1`, keyed by subscription id."""


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
    """Of `brought`, `failed` and `given_up`, counted from 1."""
    due_at: Instant | None = None
    """Of `planned` when it is to be brought, of `failed` when it is tried again."""


def parcel_id(alerts: tuple[AlertId, ...]) -> ParcelId:
    """The same for the same alerts in the same order."""
    if len(alerts) == 1:
        return ParcelId(alerts[0])
    return ParcelId(content_id("parcel", *alerts))
