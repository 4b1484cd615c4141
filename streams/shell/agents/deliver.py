"""Alerts to desks: `alerts.v1` to `desk.v1`, an offer for the desks of each partition.

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
from streams.shell.saying import together

MOST_AT_ONCE = 50
"""Subscriptions in one offer: a message stays far below what a topic takes."""


def deliver_agent(
    outbox: Outbox,
    metrics: Metrics,
    clock: Callable[[], datetime],
    subscriptions: Callable[[], Iterable[Subscription]],
    desk_of: Callable[[str], int],
) -> Handle:
    """What to do with one alert. A canary ends here.

    `desk_of` gives the partition of `desk.v1` on which a subscription has its desk.
    """

    async def handle(event: Event) -> None:
        alert = cast("AlertEvent", decode(ALERTS, *payload(event)))
        if canary.arrived(alert, metrics, clock, event.message.partition):
            return
        await outbox.confirm(
            Outgoing(DESK, some[0].id, Offered(subscriptions=some, event=alert))
            for some in together(subscriptions(), lambda each: desk_of(each.id), MOST_AT_ONCE)
        )

    return handle
