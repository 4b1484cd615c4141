"""Alerts to channels: `alerts.v1` to people and programs, and `deliveries.v1`.

Remembers of each alert which channels it has reached, so that an alert that comes again is not
brought again. A crash between a channel and the memory of it is met by the channel's own, where it
has one. How a channel works is `streams.channels`' business.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import cast

from schemas.alerts import AlertEvent, Delivery
from schemas.codec import decode
from schemas.topics import ALERTS, DELIVERIES
from streams.channels import AlreadyDelivered, Channel, Delivered, NotDelivered
from streams.shell import canary
from streams.shell.dead_letters import Event, payload
from streams.shell.guard import HaltError, Handle
from streams.shell.metrics import Metrics
from streams.shell.outbox import Outbox, Outgoing
from streams.shell.tables import Brought, DeliveryRecord, StateTable

_log = logging.getLogger(__name__)

PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Between tries of a channel. Alerts behind wait meanwhile; after the last the worker stops, since
to go on would lose the alert."""


def deliver_agent(
    outbox: Outbox,
    metrics: Metrics,
    clock: Callable[[], datetime],
    channels: Sequence[Channel],
    deliveries: StateTable[DeliveryRecord],
    *,
    pauses_s: Sequence[float] = PAUSES_S,
) -> Handle:
    """What to do with one alert."""

    async def handle(event: Event) -> None:
        alert = cast("AlertEvent", decode(ALERTS, *payload(event)))
        if canary.arrived(alert, metrics, clock, event.message.partition):
            return
        record = deliveries.get(alert.id) or DeliveryRecord(alert=alert.id, event=alert, brought=())
        reached = {each.channel for each in record.brought}
        for channel in channels:
            if channel.name in reached:
                metrics.deliveries.labels(channel.name, "repeated").inc()
                continue
            outcome = await _bring(channel, alert)
            metrics.deliveries.labels(channel.name, outcome).inc()
            now = clock()
            delivery = Delivery(alert=alert.id, channel=channel.name, delivered_at=now)
            await outbox.confirm([Outgoing(DELIVERIES, alert.id, delivery)])
            brought = Brought(channel=channel.name, delivered_at=now)
            record = record.model_copy(update={"brought": (*record.brought, brought)})
            deliveries.put(alert.id, deliveries.packed(record))

    async def _bring(channel: Channel, alert: AlertEvent) -> str:
        for pause_s in (*pauses_s, None):
            outcome = await channel.deliver(alert)
            match outcome:
                case Delivered():
                    return "delivered"
                case AlreadyDelivered():
                    return "already_delivered"
                case NotDelivered(reason):
                    metrics.deliveries.labels(channel.name, "not_delivered").inc()
                    _log.warning("channel %s: %s", channel.name, reason)
            if pause_s is not None:
                await asyncio.sleep(pause_s)
        raise HaltError(f"channel {channel.name} does not take alert {alert.id}: {reason}")

    return handle
