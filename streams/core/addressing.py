"""Whose dossier a message belongs in, once editors have said who is who.

A leader who proves to be another keeps a dossier that holds nothing: what it held is handed over at
one stroke, with what people were told of it, and what still comes is sent on. Decided by each
dossier for itself, from its own messages in their order, so that a replay of the record decides the
same: docs/decisions/0009-who-is-who-at-run-time.md.
"""

from dataclasses import dataclass

from schemas.alerts import AlertEvent
from schemas.base import LeaderId, Person, ReportId
from schemas.dossiers import Alerted, Dossier
from schemas.record import Edited, Handover, RecordMessage, handover_id
from schemas.reports import (
    Report,
    TripClaim,
    Withdrawal,
    owner_of,
    report_id,
    withdrawal_id,
)
from streams.core.alerts import weigh
from streams.core.fold import fold


@dataclass(frozen=True, slots=True)
class Taken:
    """What a message makes of a dossier, and what follows from it."""

    dossier: Dossier
    alerts: tuple[AlertEvent, ...]
    sent_on: tuple[RecordMessage, ...] = ()
    """For other dossiers."""
    attested: tuple[AlertEvent, ...] = ()
    """Alerts of before for which more sources speak now, with the ids they had."""


def take(before: Dossier | None, message: RecordMessage) -> Taken:
    """The dossier with this message in it, or the message for the dossier it belongs in."""
    if isinstance(message, Edited):
        found = weigh(before, fold(before, message), message)
        sent_on = _handed_over(before, found.dossier)
        return Taken(found.dossier, found.alerts, sent_on, found.attested)
    # What has been here before goes in circles: two leaders were merged into each other.
    if before is not None and before.merged_into and message.leader not in message.via:
        passed_on = addressed_to(before.merged_into, message, _name_of(before))
        return Taken(before, (), () if passed_on is None else (passed_on,))
    found = weigh(before, fold(before, message), message)
    return Taken(found.dossier, found.alerts, attested=found.attested)


def addressed_to(
    leader: LeaderId, message: Report | Withdrawal | Handover, name: str | None = None
) -> Report | Withdrawal | Handover | None:
    """The message as it would be had the leader been known for who they are.

    `None` where nothing is left of it: nobody is their own host or inviter.
    """
    via = (*message.via, message.leader)
    if isinstance(message, Withdrawal):
        made = withdrawal_id(leader, message.story, message.rank)
        return message.model_copy(update={"id": made, "leader": leader, "via": via})
    if isinstance(message, Report):
        report = _report(message, leader, name)
        return None if report is None else report.model_copy(update={"via": via})
    return _handover(message, leader, name).model_copy(update={"via": via})


def _handed_over(before: Dossier | None, after: Dossier) -> tuple[Handover, ...]:
    """What a dossier held when its leader proved to be another one."""
    fate = after.fate
    if before is None or fate is None or after.merged_into is None or not _holds(before):
        return ()
    made = Handover(
        id=handover_id(before.leader, fate),
        leader=before.leader,
        origin=before.leader,
        handed_at=fate.edited_at,
        heard=before.heard,
        reports=before.reports,
        editions=before.editions,
        ledger=before.ledger,
        retired=before.retired,
        handovers=before.handovers,
    )
    return (_handover(made, after.merged_into, fate.name),)


def _holds(dossier: Dossier) -> bool:
    return bool(dossier.reports or dossier.editions or dossier.ledger)


def _name_of(dossier: Dossier) -> str | None:
    return dossier.fate.name if dossier.fate else None


def _handover(message: Handover, leader: LeaderId, name: str | None) -> Handover:
    reports = {each.id: _report(each, leader, name) for each in message.reports}
    kept = {each.id: each for each in reports.values() if each is not None}
    return message.model_copy(
        update={
            "leader": leader,
            "reports": tuple(kept[each] for each in sorted(kept)),
            "ledger": tuple(
                _line(each, message.leader, leader, name, reports) for each in message.ledger
            ),
        }
    )


def _report(report: Report, leader: LeaderId, name: str | None) -> Report | None:
    was, claim = report.leader, report.claim
    if isinstance(claim, TripClaim):
        traveller = _person(claim.leader, was, leader, name)
        hosts = (_person(each, was, leader, name) for each in claim.hosts)
        others = {each.id: each for each in hosts if each.id != traveller.id}
        update: dict[str, object] = {
            "leader": traveller,
            "hosts": tuple(others[each] for each in sorted(others)),
        }
    else:
        inviter = _person(claim.inviter, was, leader, name)
        invitee = _person(claim.invitee, was, leader, name)
        if inviter.id == invitee.id:
            return None
        update = {"inviter": inviter, "invitee": invitee}
    said = claim.model_copy(update=update)
    if report.role != "owner" and owner_of(said).id == leader:
        return None
    made = report_id(said, report.source, leader, report.role)
    return report.model_copy(update={"id": made, "leader": leader, "claim": said})


def _person(person: Person, was: LeaderId, now: LeaderId, name: str | None) -> Person:
    return Person(id=now, name=name or person.name) if person.id == was else person


def _line(
    line: Alerted,
    was: LeaderId,
    now: LeaderId,
    name: str | None,
    reports: dict[ReportId, Report | None],
) -> Alerted:
    inviter = line.told.inviter
    told = line.told.model_copy(
        update={
            "leader": _person(line.told.leader, was, now, name),
            "inviter": inviter and _person(inviter, was, now, name),
        }
    )
    new = ((reports.get(each), each) for each in line.reports)
    ids = sorted(each.id if each is not None else old for each, old in new)
    return line.model_copy(update={"told": told, "reports": tuple(ids)})
