"""Alerts to desks: `alerts.v1` to `desk.v1`, one offer for each subscription that holds.

Remembers nothing: an alert that comes again is offered again, and each desk knows what it has.
Whether it is wanted there is decided at the desk, which knows what was told before.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import cast

from schemas.alerts import AlertEvent
from schemas.codec import decode
from schemas.deliveries import Offered
from schemas.subscriptions import Subscription
from schemas.topics import ALERTS, DESK
from streams.shell import canary
from streams.shell.dead_letters import Event, payload
from streams.shell.guard import Handle
from streams.shell.metrics import Metrics
from streams.shell.outbox import Outbox, Outgoing


def deliver_agent(
    outbox: Outbox,
    metrics: Metrics,
    clock: Callable[[], datetime],
    subscriptions: Callable[[], Iterable[Subscription]],
) -> Handle:
    """What to do with one alert. A canary ends here."""

    async def handle(event: Event) -> None:
        alert = cast("AlertEvent", decode(ALERTS, *payload(event)))
        if canary.arrived(alert, metrics, clock, event.message.partition):
            return
        await outbox.confirm(
            [
                Outgoing(DESK, each.id, Offered(subscription=each.id, wanted=each, event=alert))
                for each in subscriptions()
            ]
        )

    return handle
