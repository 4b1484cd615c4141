"""The fold: a dossier is a function of the set of messages it has had, not of their order.

What is kept, what stands, and what people are shown of it. Which reports are one trip or one
invitation is decided in `streams.core.trips` and `streams.core.invitations`, what is told of it in
`streams.core.alerts`; the ledger passes through here untouched.
"""

from collections.abc import Iterable

from schemas.base import LeaderId, Person, StoryId
from schemas.dossiers import Dossier, DossierView, Edition
from schemas.reports import InvitationClaim, Report, Withdrawal
from schemas.stories import EditionRank
from streams.core import invitations, trips


def fold(dossier: Dossier | None, message: Report | Withdrawal) -> Dossier:
    """The dossier with this message in it; the very same object where it changes nothing.

    Raises `ValueError` for a message to another leader. Linear in the reports held.
    """
    if dossier is None:
        dossier = Dossier(leader=message.leader)
    if dossier.leader != message.leader:
        raise ValueError(f"a message to {message.leader} came to the dossier of {dossier.leader}")
    if isinstance(message, Withdrawal):
        return _close(dossier, message.story, message.rank)
    return _add(dossier, message)


def _close(dossier: Dossier, story: StoryId, rank: EditionRank) -> Dossier:
    closed = {edition.story: edition for edition in dossier.editions}
    before = closed.get(story)
    if before is not None and before.rank.order() >= rank.order():
        return dossier
    closed[story] = Edition(story=story, rank=rank)
    order = rank.order()
    return dossier.model_copy(
        update={
            "reports": tuple(
                each
                for each in dossier.reports
                if each.source.story != story or each.source.rank.order() >= order
            ),
            "editions": tuple(closed[each] for each in sorted(closed)),
        }
    )


def _add(dossier: Dossier, report: Report) -> Dossier:
    order = report.source.rank.order()
    for edition in dossier.editions:
        if edition.story == report.source.story and edition.rank.order() > order:
            return dossier
    held = {each.id: each for each in dossier.reports}
    twin = held.get(report.id)
    if twin is not None and (twin == report or _canonical(twin) <= _canonical(report)):
        return dossier
    held[report.id] = report
    return dossier.model_copy(update={"reports": tuple(held[each] for each in sorted(held))})


def _canonical(report: Report) -> str:
    """Settles which of two readings of one claim is kept, the same whichever comes first."""
    return report.model_dump_json()


def standing(dossier: Dossier) -> tuple[Report, ...]:
    """The reports that count: of each story, those of the oldest edition that is not closed."""
    oldest: dict[StoryId, tuple[str, bool, str]] = {}
    for report in dossier.reports:
        story, order = report.source.story, report.source.rank.order()
        if story not in oldest or order < oldest[story]:
            oldest[story] = order
    return tuple(
        report
        for report in dossier.reports
        if report.source.rank.order() == oldest[report.source.story]
    )


def view(dossier: Dossier) -> DossierView:
    """The dossier as people are shown it."""
    reports = standing(dossier)
    return DossierView(
        id=dossier.leader,
        name=_name(dossier.leader, reports),
        trips=tuple(sorted(map(trips.shown, trips.journeys(reports)), key=trips.first_day)),
        invitations=tuple(
            sorted(map(invitations.shown, invitations.gathered(reports)), key=invitations.first_day)
        ),
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
