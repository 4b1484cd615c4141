"""What was believed of a leader at a time, from the record: the same fold, stopped there.

A message counts from the moment it could have reached a dossier: its arrival, or the end of its
story's embargo. Where the record is kept and how it is read is none of this module's business.
"""

from collections.abc import Iterable
from datetime import datetime

from schemas.base import LeaderId
from schemas.dossiers import Dossier, DossierView
from schemas.reports import Report, Withdrawal
from streams.core.fold import fold, view
from streams.core.keeping import LIMITS, Limits


def known_at(message: Report | Withdrawal) -> datetime:
    """When this could first be believed."""
    told = message.source if isinstance(message, Report) else message
    return max(told.received_at, told.embargoed_until or told.received_at)


def believed(
    leader: LeaderId,
    record: Iterable[Report | Withdrawal],
    at: datetime | None = None,
    limits: Limits = LIMITS,
) -> DossierView | None:
    """The leader's dossier as it stood then, by default as of the record's end.

    With the limits of the service, what it showed; with `EVERYTHING`, also what had left the
    dossier by then. `None` where nothing stood. The record may hold other leaders' messages too.
    """
    dossier: Dossier | None = None
    for message in record:
        if message.leader == leader and (at is None or known_at(message) <= at):
            dossier = fold(dossier, message, limits)
    shown = None if dossier is None else view(dossier)
    return shown if shown is not None and (shown.trips or shown.invitations) else None
