"""What was believed of a leader at a time, from the record: the same fold, stopped there.

A message counts from the moment it could have reached a dossier: its arrival, or the end of its
story's embargo. Where the record is kept and how it is read is none of this module's business.
"""

from collections.abc import Iterable
from datetime import datetime

from schemas.base import LeaderId
from schemas.dossiers import Dossier, DossierView
from schemas.record import Edited, Handover, RecordMessage
from schemas.reports import Report
from streams.core.fold import fold, view
from streams.core.keeping import LIMITS, Limits


def known_at(message: RecordMessage) -> datetime:
    """When this could first be believed."""
    if isinstance(message, Edited):
        return message.edit.edited_at
    if isinstance(message, Handover):
        return message.handed_at
    told = message.source if isinstance(message, Report) else message
    return max(told.received_at, told.embargoed_until or told.received_at)


def believed(
    leader: LeaderId,
    record: Iterable[RecordMessage],
    at: datetime | None = None,
    limits: Limits = LIMITS,
) -> DossierView | None:
    """The leader's dossier as it stood then, by default as of the record's end.

    With the limits of the service, what it showed; with `EVERYTHING`, also what had left the
    dossier by then. `None` where nothing stood and no editor had said why. The record may hold
    other leaders' messages too.
    """
    dossier: Dossier | None = None
    for message in record:
        if message.leader == leader and (at is None or known_at(message) <= at):
            dossier = fold(dossier, message, limits)
    if dossier is None:
        return None
    shown = view(dossier)
    says_something = shown.trips or shown.invitations or shown.merged_into or shown.is_refused
    return shown if says_something else None
