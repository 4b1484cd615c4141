"""What people are told, and why: the ledger of what they were told against what is believed now.

An alert is due when what the foreground reports say no longer agrees with the last alert on the
subject. The rules, each with its reason, are set out in
docs/decisions/0004-what-raises-an-alert.md. Whom an alert reaches, and when, is none of this
module's business.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from schemas.alerts import EVENT_TYPE_PREFIX, Alert, AlertEvent, AlertEvidence, AlertKind
from schemas.base import AlertId, Instant
from schemas.dossiers import Alerted, Dossier, Retired
from schemas.ids import content_id
from schemas.record import Edited, Handover, RecordMessage
from schemas.reports import Report, TripClaim, Withdrawal
from schemas.subscriptions import MOST_SOURCES
from streams.core.fold import standing
from streams.core.keeping import LIMITS
from streams.core.ledger import Matter, match, matters
from streams.core.reprints import outlets, texts
from streams.core.windows import SAME_DAY_OR_NEXT, days_apart, from_dates, to_dates

AlertReason = Literal[
    "first_report",
    "confirmed",
    "rescheduled",
    "dates_moved",
    "cancelled",
    "revived",
    "weakened",
    "extended",
    "answered",
    "corrected",
    "killed",
    "superseded",
    "refused",
]
"""Closed list. The last three only take something back; `corrected` also changes what was told."""
ALERT_REASONS: tuple[AlertReason, ...] = get_args(AlertReason)

MOST_SENTENCES = 5
"""An alert quotes no more than so many."""

_FIRM = ("planned", "under_way", "completed")
_ANSWERED = ("accepted", "declined", "withdrawn")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A dossier with its ledger brought up to date, and what people are told of it."""

    dossier: Dossier
    alerts: tuple[AlertEvent, ...] = ()
    attested: tuple[AlertEvent, ...] = ()
    """Alerts that were raised before, with the same ids, for which more independent sources speak
    now. For those who were not told because there were too few; news to nobody else."""


@dataclass(frozen=True, slots=True)
class Due:
    """An alert to be raised, and the reason."""

    kind: AlertKind
    reason: AlertReason


def weigh(before: Dossier | None, after: Dossier, message: RecordMessage) -> Weighed:
    """What is to be told, now that a message is in the dossier.

    What was taken back comes first, then what changed, then what is new. Deciding again raises
    nothing; deciding again from the same `before` gives the same ids. About linear in the reports
    that stand.
    """
    if before is not None and _same_record(before, after):
        return Weighed(after)
    held = {report.id for report in after.reports}
    # What is too old to matter leaves in silence: nobody takes it back.
    ledger = [line for line in after.ledger if not held.isdisjoint(line.reports)]
    matched = match(ledger, matters(standing(after)))
    events: list[AlertEvent] = [_retraction(line, message) for line in matched.gone]
    lines: list[Alerted] = []
    attested: list[AlertEvent] = []
    retired = _retired(after, matched.gone)
    for line, matter in matched.followed:
        due = follow_up(line, matter, message)
        if due is None:
            more = _attested(line, matter, message)
            attested += [] if more is None else [more]
            lines.append(_carried_on(line, matter, more))
            continue
        event = _event(_next_id(line.alert, due, matter), due, matter, message, line)
        events.append(event)
        lines.append(_written(event, matter, line.first_alert))
    taken = {each.alert for each in retired} | {line.first_alert for line in ledger}
    for matter in matched.unheard:
        due = first_word(matter)
        if due is not None:
            event = _event(_first_id(matter, taken), due, matter, message, None)
            taken.add(event.id)
            events.append(event)
            lines.append(_written(event, matter, event.id))
    lines.sort(key=lambda line: line.first_alert)
    update = {"ledger": tuple(lines), "retired": retired}
    return Weighed(after.model_copy(update=update), tuple(events), tuple(attested))


def _retired(dossier: Dossier, gone: Iterable[Alerted]) -> tuple[Retired, ...]:
    """First alerts that were taken back, until their news is too old to be told again."""
    today = 0 if dossier.heard is None else dossier.heard.toordinal()
    retired = {each.alert: each for each in dossier.retired if each.last_day >= today}
    for line in gone:
        last = max(from_dates(line.window).last, today) + LIMITS.kept_days
        retired[line.first_alert] = Retired(alert=line.first_alert, last_day=last)
    return tuple(retired[alert] for alert in sorted(retired))


def _same_record(before: Dossier, after: Dossier) -> bool:
    """Nothing stands that did not, and nobody was told of anything else."""
    was, now = (
        (each.reports, each.editions, each.ledger, each.is_refused) for each in (before, after)
    )
    return was == now


def first_word(matter: Matter) -> Due | None:
    """What is due on a subject nobody was told of. Background alone raises nothing."""
    if not matter.news:
        return None
    if matter.kind == "invitation":
        return Due("invitation.new", "first_report")
    if matter.status == "cancelled":
        return Due("trip.cancelled", "cancelled")
    return Due("trip.new", "first_report")


def follow_up(line: Alerted, matter: Matter, message: RecordMessage) -> Due | None:
    """What is due on a subject people were told of, if what is believed now differs."""
    if not matter.news:
        return None
    due = _answer(line, matter) if matter.kind == "invitation" else _change(line, matter)
    corrected = isinstance(message, Withdrawal) and message.reason == "corrected"
    if due is not None and corrected and due.kind == "trip.changed":
        return Due(due.kind, "corrected")
    return due


def _change(line: Alerted, matter: Matter) -> Due | None:
    was, now = line.told.status, matter.status
    if now == "cancelled":
        return None if was == "cancelled" else Due("trip.cancelled", "cancelled")
    if was == "cancelled":
        return Due("trip.changed", "revived")
    if was == "possible" and now in _FIRM:
        return Due("trip.changed", "confirmed")
    if _rescheduled(line, matter):
        return Due("trip.changed", "rescheduled")
    # A look back at a trip that is over moves it for nobody.
    if now != "completed" and days_apart(line.told.dates, matter.dates) > SAME_DAY_OR_NEXT:
        return Due("trip.changed", "dates_moved")
    if was in _FIRM and now == "possible":
        return Due("trip.changed", "weakened")
    return None


def _rescheduled(line: Alerted, matter: Matter) -> bool:
    """A report that the trip was moved has come since people were last told."""
    return line.told.dates != matter.dates and any(
        isinstance(report.claim, TripClaim)
        and report.claim.rescheduled
        and report.id not in line.reports
        for report in matter.news
    )


def _answer(line: Alerted, matter: Matter) -> Due | None:
    was, now = line.told.status, matter.status
    if was == now:
        return None
    if now in _ANSWERED:
        return Due("invitation.answered", "answered")
    if was == "withdrawn":
        return Due("invitation.new", "revived")
    if was == "possible":
        return Due("invitation.new", "extended")
    return Due("invitation.new", "weakened")


def _first_id(matter: Matter, taken: set[AlertId]) -> AlertId:
    """From owner, kind, country or inviter and first window, all of which the subject's id has.

    News that was told once and is news again (it had been retracted) gets the next id.
    """
    made = AlertId(content_id("alert", matter.id))
    while made in taken:
        made = AlertId(content_id("alert", made))
    return made


def _next_id(replaced: AlertId, due: Due, matter: Matter) -> AlertId:
    """From the alert it replaces and what is new; so back and forth gives ever new ids."""
    dates = matter.dates
    return AlertId(
        content_id("alert", replaced, due.kind, due.reason, matter.status, dates.start, dates.end)
    )


def _event(
    alert: AlertId,
    due: Due,
    matter: Matter,
    message: RecordMessage,
    line: Alerted | None,
) -> AlertEvent:
    """The alert; its subject keeps the id under which people first heard of it."""
    data = Alert(
        kind=due.kind,
        leader=matter.leader,
        inviter=matter.inviter,
        country=matter.country,
        city=matter.city,
        occasion=matter.occasion,
        dates=matter.dates,
        status=matter.status,
        reason=due.reason,
        replaces=None if line is None else line.alert,
        subject=matter.id if line is None else line.told.subject,
        **_backing(texts(_saying(matter, message))),
    )
    return _envelope(alert, data, message)


def _backing(told: tuple[tuple[Report, ...], ...]) -> dict[str, Any]:
    """What an alert shows of those who say so, text by text."""
    reports = [report for group in told for report in group]
    embargoes = [each for r in reports if (each := r.source.embargoed_until) is not None]
    return {
        "independent_sources": len(told),
        "confidence": max(report.confidence for report in reports),
        "evidence": _quoted(told),
        "sources": tuple(sorted({report.source.name for report in reports})),
        "told_by": outlets(told),
        "topics": tuple(sorted({topic for report in reports for topic in report.topics})),
        "embargoed_until": min(embargoes) if len(embargoes) == len(reports) else None,
    }


def _envelope(alert: AlertId, data: Alert, message: RecordMessage) -> AlertEvent:
    return AlertEvent(
        id=alert,
        type=EVENT_TYPE_PREFIX + data.kind,
        subject=data.leader.id,
        time=_published_at(message),
        data=data,
    )


def _published_at(message: RecordMessage) -> Instant:
    match message:
        case Report():
            return message.source.published_at
        case Withdrawal():
            return message.published_at
        case Edited():
            return message.edit.edited_at
        case Handover():
            return message.handed_at


def _saying(matter: Matter, message: RecordMessage) -> tuple[Report, ...]:
    """The foreground reports that say what the alert says, those that raised it first.

    Where none says it outright, as with dates put together from several, all of them.
    """
    agreeing = [report for report in matter.news if _agrees(report, matter)] or matter.news
    return tuple(sorted(agreeing, key=lambda report: not _raised(report, message)))


def _agrees(report: Report, matter: Matter) -> bool:
    claim = report.claim
    if not isinstance(claim, TripClaim):
        return claim.status == matter.status
    alike = claim.status == matter.status or (claim.status in _FIRM and matter.status in _FIRM)
    return alike and days_apart(claim.dates, matter.dates) <= SAME_DAY_OR_NEXT


def _raised(report: Report, message: RecordMessage) -> bool:
    """The report is the message, or came with the edition whose withdrawal closed the older one."""
    if isinstance(message, Withdrawal):
        return (report.source.story, report.source.rank) == (message.story, message.rank)
    return report.id == message.id


def _quoted(told: tuple[tuple[Report, ...], ...]) -> tuple[AlertEvidence, ...]:
    """One sentence from each independent source."""
    return tuple(
        AlertEvidence(
            text=report.evidence.text,
            language=report.evidence.language,
            story=report.source.story,
            source=report.source.name,
            published_at=report.source.published_at,
            headline=report.source.headline,
            links=report.source.links,
        )
        for report, *_ in told[:MOST_SENTENCES]
    )


def _retraction(line: Alerted, message: RecordMessage) -> AlertEvent:
    """Takes back the last alert, with the sentence it rested on and no source behind it."""
    reason: AlertReason = "superseded"
    if isinstance(message, Withdrawal):
        reason = message.reason
    elif isinstance(message, Edited):
        reason = "refused"
    data = line.told.model_copy(
        update={
            "kind": "retracted",
            "reason": reason,
            "replaces": line.alert,
            "independent_sources": 0,
            "sources": (),
            "told_by": (),
        }
    )
    return _envelope(AlertId(content_id("alert", line.alert, "retracted")), data, message)


def _written(event: AlertEvent, matter: Matter, first_alert: AlertId) -> Alerted:
    return Alerted(
        alert=event.id,
        first_alert=first_alert,
        kind=matter.kind,
        told=event.data.model_copy(update={"evidence": event.data.evidence[:1]}),
        reports=tuple(sorted(report.id for report in matter.reports)),
        stories=tuple(sorted({report.source.story for report in matter.reports})),
        window=to_dates(matter.window),
    )


def _attested(line: Alerted, matter: Matter, message: RecordMessage) -> AlertEvent | None:
    """The alert that people were told, where more independent sources say it now than ever did."""
    before = line.told.independent_sources
    # Comparing texts takes long, and most messages are about another of the leader's trips.
    if not before < min(len(matter.news), MOST_SOURCES) or all(
        report.id in line.reports for report in matter.news
    ):
        return None
    told = texts(_saying(matter, message))
    if len(told) <= before:
        return None
    data = line.told.model_copy(update={"sources_before": before, **_backing(told)})
    return _envelope(line.alert, data, message)


def _carried_on(line: Alerted, matter: Matter, more: AlertEvent | None) -> Alerted:
    """The line with what it rests on now; what people were told stays as it was, but for how many
    say so."""
    if more is not None:
        told = {"independent_sources": more.data.independent_sources}
        line = line.model_copy(update={"told": line.told.model_copy(update=told)})
    reports = tuple(sorted(report.id for report in matter.reports))
    if reports == line.reports:
        return line
    return line.model_copy(
        update={
            "reports": reports,
            "stories": tuple(sorted({report.source.story for report in matter.reports})),
            "window": to_dates(matter.window),
        }
    )
