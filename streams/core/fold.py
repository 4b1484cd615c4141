"""The fold: a dossier is a function of the set of messages it has had, not of their order.

What stands, and what people are shown of it. What is kept is decided in `streams.core.keeping`,
which reports are one trip or one invitation in `streams.core.trips` and `streams.core.invitations`,
what is told of it in `streams.core.alerts`; the ledger passes through here untouched.
"""

from collections.abc import Iterable
from datetime import datetime

from schemas.base import LeaderId, Person, StoryId
from schemas.dossiers import Dossier, DossierView, Edition
from schemas.leaders import LeaderEdit
from schemas.record import Edited, Handover, RecordMessage
from schemas.reports import InvitationClaim, Report
from streams.core import clashes, invitations, trips
from streams.core.keeping import LIMITS, Limits, kept, kept_editions, told_at

_Order = tuple[str, bool, str]


def fold(dossier: Dossier | None, message: RecordMessage, limits: Limits = LIMITS) -> Dossier:
    """The dossier with this message in it; the very same object where it changes nothing.

    Raises `ValueError` for a message to another leader. About linear in the reports held, which
    are bounded.
    """
    if dossier is None:
        dossier = Dossier(leader=message.leader)
    if dossier.leader != message.leader:
        raise ValueError(f"a message to {message.leader} came to the dossier of {dossier.leader}")
    if isinstance(message, Edited):
        return _edited(dossier, message.edit)
    if dossier.merged_into is not None and message.leader not in message.via:
        return dossier
    if isinstance(message, Handover):
        if message.id in dossier.handovers:
            return dossier
        reports, editions, told = message.reports, message.editions, message.heard
        dossier = _taken_over(dossier, message)
    elif isinstance(message, Report):
        reports, editions, told = (message,), (), told_at(message)
    else:
        closed = Edition(story=message.story, rank=message.rank)
        reports, editions, told = (), (closed,), told_at(message)
    return _added(dossier, reports, editions, told, limits)


def _added(
    dossier: Dossier,
    more: Iterable[Report],
    closed: Iterable[Edition],
    told: datetime | None,
    limits: Limits,
) -> Dossier:
    heard = max((each for each in (dossier.heard, told) if each is not None), default=None)
    reports, editions = dossier.reports, dossier.editions
    for report in more:
        reports = _with(reports, report)
    for edition in closed:
        editions = _closed(editions, edition)
    if heard is None:
        return dossier
    today = heard.toordinal()
    aged = dossier.heard is not None and dossier.heard.toordinal() < today
    if aged or reports is not dossier.reports:
        reports = kept(reports, today, limits)
    editions = kept_editions(editions, reports, limits)
    if (heard, reports, editions) == (dossier.heard, dossier.reports, dossier.editions):
        return dossier
    return dossier.model_copy(update={"heard": heard, "reports": reports, "editions": editions})


def _edited(dossier: Dossier, edit: LeaderEdit) -> Dossier:
    """The later edit holds. A dossier that is merged is empty: what it held goes elsewhere."""
    before = dossier.fate if edit.is_fate else dossier.renamed
    if before is not None and before.order() >= edit.order():
        return dossier
    if edit.action == "merge":
        return Dossier(
            leader=dossier.leader,
            heard=dossier.heard,
            fate=edit,
            renamed=dossier.renamed,
            handovers=dossier.handovers,
        )
    if edit.is_fate:
        return dossier.model_copy(update={"fate": edit})
    return dossier.model_copy(update={"renamed": edit}) if edit.action == "rename" else dossier


def _taken_over(dossier: Dossier, handover: Handover) -> Dossier:
    """With the ledger of the other dossier, and the handover noted."""
    lines = {each.first_alert: each for each in (*handover.ledger, *dossier.ledger)}
    retired = {each.alert: each for each in (*handover.retired, *dossier.retired)}
    taken = {handover.id, *handover.handovers, *dossier.handovers}
    return dossier.model_copy(
        update={
            "ledger": tuple(lines[each] for each in sorted(lines)),
            "retired": tuple(retired[each] for each in sorted(retired)),
            "handovers": tuple(sorted(taken)),
        }
    )


def _closed(editions: tuple[Edition, ...], closed: Edition) -> tuple[Edition, ...]:
    before = next((edition for edition in editions if edition.story == closed.story), None)
    if before is not None and before.rank.order() >= closed.rank.order():
        return editions
    others = (edition for edition in editions if edition.story != closed.story)
    return (*others, closed)


def _with(reports: tuple[Report, ...], report: Report) -> tuple[Report, ...]:
    twin = next((each for each in reports if each.id == report.id), None)
    if twin is None:
        return (*reports, report)
    if twin == report or _canonical(twin) <= _canonical(report):
        return reports
    return (*(each for each in reports if each.id != report.id), report)


def _canonical(report: Report) -> str:
    """Settles which of two readings of one claim is kept, the same whichever comes first."""
    return report.model_dump_json()


def standing(dossier: Dossier) -> tuple[Report, ...]:
    """The reports that count: of each story, those of the oldest edition that is not closed.

    None for a leader whom an editor refused.
    """
    if dossier.is_refused:
        return ()
    closed = {edition.story: edition.rank.order() for edition in dossier.editions}
    oldest: dict[StoryId, _Order] = {}
    ranked = [(report, report.source.rank.order()) for report in dossier.reports]
    ranked = [
        (report, order)
        for report, order in ranked
        if report.source.story not in closed or order >= closed[report.source.story]
    ]
    for report, order in ranked:
        story = report.source.story
        oldest[story] = min(order, oldest.get(story, order))
    return tuple(report for report, order in ranked if order == oldest[report.source.story])


def view(dossier: Dossier) -> DossierView:
    """The dossier as people are shown it."""
    reports = standing(dossier)
    journeys = trips.journeys(reports)
    clashing = clashes.of_journeys(journeys)
    shown = [trips.shown(each, clashing.get(each.id, ())) for each in journeys]
    asked = [
        invitations.shown(each, invitations.came_of(each, journeys), clashes.of_bidding(each))
        for each in invitations.gathered(reports)
    ]
    return DossierView(
        id=dossier.leader,
        name=(dossier.renamed and dossier.renamed.name) or _name(dossier.leader, reports),
        trips=tuple(sorted(shown, key=trips.first_day)),
        invitations=tuple(sorted(asked, key=invitations.first_day)),
        merged_into=dossier.merged_into,
        is_refused=dossier.is_refused,
    )


def _name(leader: LeaderId, reports: Iterable[Report]) -> str:
    """As the latest report spells it; the id where no report stands."""
    spelled: str = leader
    for report in sorted(reports, key=lambda each: (each.source.published_at, each.id)):
        claim = report.claim
        people: tuple[Person, ...]
        if isinstance(claim, InvitationClaim):
            people = (claim.inviter, claim.invitee)
        else:
            people = (claim.leader, *claim.hosts)
        spelled = next((person.name for person in people if person.id == leader), spelled)
    return spelled
