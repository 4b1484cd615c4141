"""What subscriptions would have got of a row of alerts, if all that is due had arrived at once.

For trying subscriptions on stories with no broker. The rules are those of `streams.core.desk`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from schemas.alerts import AlertEvent
from schemas.base import AlertId, CountryCode, Instant, LeaderId
from schemas.deliveries import Tray
from schemas.subscriptions import Silence, Subscription
from streams.core.desk import Offer, offered


@dataclass(frozen=True, slots=True)
class Errand:
    """What became of an alert for one subscription: brought at `due_at`, if it is wanted."""

    subscription: str
    event: AlertEvent
    wanted: bool
    detail: str
    """Why, in words."""
    due_at: Instant | None
    """`None` where it is not wanted."""
    instead_of: AlertId | None = None
    """An earlier alert that still waits: this one takes its place, or takes it away."""


class Deskbook:
    """What each subscription was told, alert by alert. Mutable; for one thread.

    `home_of` gives the country of an owner, `None` where it is not known. What is due counts as
    brought from then on.
    """

    def __init__(
        self,
        subscriptions: Iterable[Subscription],
        home_of: Callable[[LeaderId], CountryCode | None],
        silences: Iterable[Silence] = (),
    ) -> None:
        self._subscriptions = tuple(subscriptions)
        self._silences = tuple(silences)
        self._home_of = home_of
        self._trays: dict[tuple[str, LeaderId], Tray] = {}

    def take(self, event: AlertEvent, now: Instant) -> tuple[Errand, ...]:
        """One errand for each subscription, in their order, wanted or not; none where an alert that
        comes again is no news."""
        leader = event.data.leader.id
        offer = Offer(event, 0, self._home_of(leader), self._silences, now)
        errands = (self._errand(each, leader, offer) for each in self._subscriptions)
        return tuple(each for each in errands if each is not None)

    def _errand(self, subscription: Subscription, leader: LeaderId, offer: Offer) -> Errand | None:
        key = (subscription.id, leader)
        empty = Tray(subscription=subscription.id, channel=subscription.channel, leader=leader)
        taken = offered(_as_of(self._trays.get(key, empty), offer.now), subscription, offer)
        self._trays[key] = taken.tray
        if not taken.steps:
            return None
        *before, last = taken.steps
        return Errand(
            subscription=subscription.id,
            event=offer.event,
            wanted=last.step == "planned",
            detail=last.detail,
            due_at=last.due_at,
            instead_of=before[0].alert if before else None,
        )


def _as_of(tray: Tray, now: Instant) -> Tray:
    """With all brought that was due."""
    return tray.model_copy(
        update={
            "entries": tuple(
                each.model_copy(update={"state": "brought"})
                if each.due_at is not None and each.is_open and each.due_at <= now
                else each
                for each in tray.entries
            )
        }
    )
