"""Which dossiers hear of an edition: reports to them, and withdrawals of what older editions said.

The read hop's last step, pure: it decides what is sent and in which order, and remembers the story.
What the messages do to a dossier is `streams.core.fold`; why they are sent in this order is
docs/decisions/0003-editions-and-withdrawals.md.
"""

from collections.abc import Iterable
from typing import Literal

from schemas.base import Instant, LeaderId, Person
from schemas.readings import Finding, Reading
from schemas.reports import (
    LOW_TRUST_MOST,
    Report,
    Role,
    Source,
    TripClaim,
    Withdrawal,
    owner_of,
    report_id,
    withdrawal_id,
)
from schemas.stories import EditionRank, StoryState

NO_PERSON = ("org:", "gov:")
"""Ids of organisations and governments begin so; they have no dossier."""


def report(
    state: StoryState | None, reading: Reading
) -> tuple[StoryState, tuple[Report | Withdrawal, ...]]:
    """The story as now remembered, and what to send, in this order.

    An edition read before says nothing. The newest edition's reports come first and then a
    withdrawal to every dossier an older edition had reported to, which closes the older ones at one
    stroke. An edition older than the newest is preceded by the newest one's withdrawals. A kill
    reports nothing, and what it withdraws stays withdrawn, even if the story itself comes later.
    """
    if state is None:
        state = StoryState(story=reading.story, newest=reading.rank)
    if reading.edition in state.editions:
        return state, ()
    reports = _reports(reading)
    reached = tuple(sorted({each.leader for each in reports}))
    newer = reading.rank.order() >= state.newest.order()
    after = StoryState(
        story=state.story,
        newest=reading.rank if newer else state.newest,
        reported=tuple(sorted({*state.reported, *reached})),
        current=reached if newer else state.current,
        editions=tuple(sorted((*state.editions, reading.edition))),
    )
    if newer:
        return after, (*reports, *_closing(reading, state.reported))
    return after, (*_preceding(reading, state.newest, reached), *reports)


def _closing(reading: Reading, leaders: Iterable[LeaderId]) -> tuple[Withdrawal, ...]:
    reason: Literal["superseded", "corrected", "killed"] = "superseded"
    if reading.rank.kill:
        reason = "killed"
    elif reading.signal == "correction":
        reason = "corrected"
    return tuple(
        _withdrawal(reading, leader, reading.rank, reason, reading.published_at)
        for leader in leaders
    )


def _preceding(
    reading: Reading, newest: EditionRank, leaders: Iterable[LeaderId]
) -> tuple[Withdrawal, ...]:
    reason: Literal["superseded", "killed"] = "killed" if newest.kill else "superseded"
    return tuple(
        _withdrawal(reading, leader, newest, reason, newest.versioned_at) for leader in leaders
    )


def _withdrawal(
    reading: Reading,
    leader: LeaderId,
    rank: EditionRank,
    reason: Literal["superseded", "corrected", "killed"],
    published_at: Instant,
) -> Withdrawal:
    return Withdrawal(
        id=withdrawal_id(leader, reading.story, rank),
        leader=leader,
        story=reading.story,
        rank=rank,
        reason=reason,
        published_at=published_at,
        received_at=reading.received_at,
        embargoed_until=None if reading.rank.kill else reading.embargoed_until,
    )


def _reports(reading: Reading) -> tuple[Report, ...]:
    """As the story tells them, owner first; findings that make the same claim make one report."""
    if reading.rank.kill:
        return ()
    source = Source(
        story=reading.story,
        rank=reading.rank,
        name=reading.source,
        language=reading.language,
        published_at=reading.published_at,
        received_at=reading.received_at,
        fingerprint=reading.fingerprint,
        signature=reading.signature,
        headline=reading.headline,
        links=reading.links,
        embargoed_until=reading.embargoed_until,
    )
    most = LOW_TRUST_MOST if reading.trust == "low" else 1.0
    found: dict[str, Report] = {}
    for finding in _merged(reading.findings):
        for leader, role in _addressees(finding):
            made = Report(
                id=report_id(finding.claim, source, leader, role),
                leader=leader,
                role=role,
                claim=finding.claim,
                foreground=finding.foreground,
                evidence=finding.evidence,
                confidence=min(finding.confidence, most),
                topics=tuple(sorted({topic.id for topic in reading.topics})),
                source=source,
                knowledge=reading.knowledge,
            )
            found[made.id] = made
    return tuple(found.values())


def _merged(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """One finding a claim, hosts aside: the foreground one, the surest, the first; all hosts."""
    by_claim: dict[str, list[Finding]] = {}
    for finding in findings:
        claim = finding.claim
        bare = claim.model_copy(update={"hosts": ()}) if claim.kind == "trip" else claim
        by_claim.setdefault(bare.model_dump_json(), []).append(finding)
    return tuple(_one(same) for same in by_claim.values())


def _one(same: list[Finding]) -> Finding:
    best = max(same, key=lambda each: (each.foreground, each.confidence))
    if len(same) == 1 or not isinstance(best.claim, TripClaim):
        return best
    hosts: dict[LeaderId, Person] = {}
    for finding in same:
        if isinstance(finding.claim, TripClaim):
            hosts.update((host.id, host) for host in finding.claim.hosts)
    claim = best.claim.model_copy(update={"hosts": tuple(hosts[each] for each in sorted(hosts))})
    return best.model_copy(update={"claim": claim})


def _addressees(finding: Finding) -> tuple[tuple[LeaderId, Role], ...]:
    """Owner first, then the mirrors. Nobody is their own host or inviter."""
    claim = finding.claim
    owner = owner_of(claim).id
    mirrors: list[tuple[LeaderId, Role]]
    if isinstance(claim, TripClaim):
        mirrors = [(host.id, "host") for host in claim.hosts]
    else:
        mirrors = [(claim.inviter.id, "inviter")]
    others = [(leader, role) for leader, role in mirrors if leader != owner]
    people = [(leader, role) for leader, role in others if not leader.startswith(NO_PERSON)]
    return ((owner, "owner"), *dict.fromkeys(people))
