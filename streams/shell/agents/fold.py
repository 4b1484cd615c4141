"""Reports to dossiers, and dossiers to alerts: `reports.v1` to `alerts.v1`.

A message that comes twice finds its report in the dossier and its alert in the ledger, or, if the
worker died between, raises the same alert with the same id. What belongs to another leader, as
editors say, goes back to `reports.v1` with the other's key.
"""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from schemas.alerts import AlertEvent
from schemas.codec import decode
from schemas.dossiers import Dossier
from schemas.record import RecordMessage
from schemas.reports import Report, Withdrawal
from schemas.topics import ALERTS, REPORTS
from streams.core.addressing import take
from streams.core.canary import is_canary, marked
from streams.shell.dead_letters import Event, payload
from streams.shell.guard import Handle
from streams.shell.metrics import Metrics
from streams.shell.outbox import Outbox, Outgoing
from streams.shell.tables import StateTable


def fold_agent(
    outbox: Outbox,
    metrics: Metrics,
    clock: Callable[[], datetime],
    dossiers: StateTable[Dossier],
) -> Handle:
    """What to do with one report or withdrawal."""

    async def handle(event: Event) -> None:
        message = cast("RecordMessage", decode(REPORTS, *payload(event)))
        known = dossiers.get(message.leader)
        # A canary begins anew each time, so that what is kept of it never grows.
        taken = take(None if is_canary(message) else known, message)
        packed = dossiers.packed(taken.dossier)
        await outbox.confirm(
            [
                *(
                    Outgoing(ALERTS, alert.subject, marked(alert))
                    for alert in (*taken.alerts, *taken.attested)
                ),
                *(Outgoing(REPORTS, each.leader, each) for each in taken.sent_on),
            ]
        )
        dossiers.put(message.leader, packed)
        if not is_canary(message):
            _measure(metrics, message, taken.alerts, clock())

    return handle


def _measure(
    metrics: Metrics, message: RecordMessage, alerts: tuple[AlertEvent, ...], now: datetime
) -> None:
    for alert in alerts:
        metrics.raised(alert.data)
        if isinstance(message, Report | Withdrawal):
            told = message.source if isinstance(message, Report) else message
            metrics.publication_to_alert.observe(_seconds(told.published_at, now))
            metrics.arrival_to_alert.observe(_seconds(told.received_at, now))


def _seconds(since: datetime, now: datetime) -> float:
    # A source's clock may be ahead of ours.
    return max(0.0, (now - since).total_seconds())
