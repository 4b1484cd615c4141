"""Parcels for tests, of alerts told apart by a number."""

from typing import Any

from alert_events import event

from schemas.alerts import AlertEvent
from schemas.deliveries import parcel_id
from schemas.subscriptions import Subscription
from streams.channels import Parcel
from streams.core.rounds import Item


def subscription(**asked: Any) -> Subscription:
    given = {"id": "desk", "owner": "the foreign desk", "channel": "log", "target": "-"} | asked
    return Subscription.model_validate(given)


def parcel(*events: AlertEvent | Item | int, **asked: Any) -> Parcel:
    """Of alerts, or of their numbers."""
    items = tuple(
        each if isinstance(each, Item) else Item(event(each) if isinstance(each, int) else each)
        for each in events
    )
    made = parcel_id(tuple(item.event.id for item in items))
    return Parcel(made, subscription(**asked), items)
