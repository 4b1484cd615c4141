"""Records for tests of the fold: builders that state only what matters, and strategies over them.

The strategies draw from a small world on purpose, so that stories, dates and countries collide.
"""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from schemas.base import Dates, EditionId, LeaderId, Person, Place, StoryId
from schemas.readings import Finding, Reading, Topic
from schemas.reports import (
    Evidence,
    InvitationClaim,
    Report,
    Source,
    TripClaim,
    Withdrawal,
    report_id,
    withdrawal_id,
)
from schemas.stories import EditionRank

KAST = Person(id=LeaderId("jose-antonio-kast"), name="José Antonio Kast")
NOBOA = Person(id=LeaderId("daniel-noboa"), name="Daniel Noboa")
BUKELE = Person(id=LeaderId("nayib-bukele"), name="Nayib Bukele")
CHILE = Person(id=LeaderId("gov:CL"), name="Chile")


def at(text: str) -> datetime:
    """A moment in UTC: a day, or a day and a time."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def dates(text: str | None) -> Dates:
    """`2026-01-10..2026-01-12`, `2026-01` (a month), `..2026-03-11` (a deadline), `None`."""
    if text is None:
        return Dates()
    if ".." not in text:
        return Dates(start=text, end=text)
    start, end = text.split("..")
    return Dates(start=start or None, end=end or None)


def trip(country, status="planned", when=None, *, city=None, leader=KAST, hosts=(), moved=False):
    return TripClaim(
        leader=leader,
        destination=Place(country=country, city=city),
        dates=dates(when),
        status=status,
        rescheduled=moved,
        hosts=tuple(hosts),
    )


def invitation(
    status="extended", *, inviter=KAST, invitee=BUKELE, to="CL", occasion=None, when=None
):
    return InvitationClaim(
        inviter=inviter, invitee=invitee, to=to, occasion=occasion, date=when, status=status
    )


def rank(story, edition, published, kill=False):
    return EditionRank(
        versioned_at=at(published), kill=kill, edition=EditionId(f"{story}#{edition}")
    )


def reported(
    claim,
    published,
    *,
    story=None,
    edition=1,
    foreground=True,
    role="owner",
    leader=None,
    text=None,
    embargo=None,
    confidence=0.9,
    same_text_as=None,
    outlet=None,
    signature=None,
    language="en",
):
    """A report; its story is named after its day of publication unless told otherwise."""
    story = StoryId(story or f"story-{published}")
    owner = claim.leader if claim.kind == "trip" else claim.invitee
    source = Source(
        story=story,
        rank=rank(story, edition, published),
        name=outlet or f"wire of {story}",
        language=language,
        published_at=at(published),
        received_at=at(published),
        signature=signature,
        fingerprint=same_text_as or f"text of {story}",
        embargoed_until=at(embargo) if embargo else None,
    )
    leader = leader or owner.id
    return Report(
        id=report_id(claim, source, leader, role),
        leader=leader,
        role=role,
        claim=claim,
        foreground=foreground,
        evidence=Evidence(text=text or f"{story} says so.", language="en"),
        confidence=confidence,
        topics=("diplomacy",),
        source=source,
        knowledge="test",
    )


def withdrawn(story, edition, published, *, leader=KAST.id, reason="superseded"):
    story = StoryId(story)
    place = rank(story, edition, published, kill=reason == "killed")
    return Withdrawal(
        id=withdrawal_id(leader, story, place),
        leader=leader,
        story=story,
        rank=place,
        reason=reason,
        published_at=at(published),
        received_at=at(published),
    )


def found(claim, foreground=True, confidence=0.9):
    return Finding(
        claim=claim,
        foreground=foreground,
        evidence=Evidence(text="It says so.", language="en"),
        confidence=confidence,
        rule="test",
    )


def reading(story, edition, published, *findings, signal="none"):
    """What was read in an edition; findings may be bare claims, which are foreground then."""
    return Reading(
        story=StoryId(story),
        edition=EditionId(f"{story}#{edition}"),
        rank=rank(story, edition, published, kill=signal == "kill"),
        source="wire",
        language="en",
        published_at=at(published),
        received_at=at(published) + timedelta(minutes=1),
        fingerprint=f"text of {story}",
        signal=signal,
        topics=(Topic(id="trade", score=0.9),),
        findings=tuple(each if isinstance(each, Finding) else found(each) for each in findings),
        reader="test",
        knowledge="test",
    )


_WHEN = st.sampled_from(
    (
        None,
        "..2025-12-23",
        "..2026-03-11",
        "2025-12-22..2025-12-23",
        "2025-12-24",
        "2025-12-28",
        "2026-01-02",
        "2026-01-20",
        "2026-01-22..",
        "2026-01",
        "2026-01..2026-02",
        "2026",
        "2025-12-20..2026-01-30",
    )
)
_DAYS = ("2025-12-21", "2025-12-24", "2026-01-03", "2026-01-21", "2026-02-15")
_COUNTRIES = st.sampled_from(("EC", "PE"))

trip_claims = st.builds(
    trip,
    _COUNTRIES,
    st.sampled_from(("possible", "planned", "under_way", "completed", "cancelled")),
    _WHEN,
    city=st.sampled_from((None, "Quito", "Lima")),
    hosts=st.sampled_from(((), (NOBOA,))),
    moved=st.sampled_from((False, False, False, True)),
)
invitation_claims = st.builds(
    invitation,
    st.sampled_from(("possible", "extended", "accepted", "declined", "withdrawn")),
    inviter=st.sampled_from((NOBOA, BUKELE, CHILE)),
    invitee=st.just(KAST),
    to=st.sampled_from((None, "CL", "EC")),
    occasion=st.sampled_from((None, "inauguration", "summit")),
    when=st.sampled_from((None, "2026-01-20", "2026-03-11", "2026-03")),
)
claims = st.one_of(trip_claims, trip_claims, invitation_claims)


def _published(story: int, edition: int) -> str:
    """An edition has one time of publication, whoever draws it."""
    return (at(_DAYS[story]) + timedelta(days=9 * (edition - 1))).date().isoformat()


@st.composite
def reports(draw):
    """A report to one leader, of one of five stories in up to three editions."""
    story, edition = draw(st.integers(0, 4)), draw(st.integers(1, 3))
    return reported(
        draw(claims),
        _published(story, edition),
        story=f"story-{story}",
        edition=edition,
        foreground=draw(st.booleans()),
    )


@st.composite
def withdrawals(draw):
    """A withdrawal from the same leader, of the same stories."""
    story, edition = draw(st.integers(0, 4)), draw(st.integers(1, 3))
    reason = draw(st.sampled_from(("superseded", "corrected", "killed")))
    return withdrawn(f"story-{story}", edition, _published(story, edition), reason=reason)


messages = st.lists(st.one_of(reports(), reports(), withdrawals()), min_size=1, max_size=12)


@st.composite
def readings(draw):
    """One edition of a story as read; a third edition may be a kill."""
    story, edition = draw(st.integers(0, 2)), draw(st.integers(1, 3))
    signal = "none" if edition == 1 else draw(st.sampled_from(("none", "correction", "refile")))
    if edition == 3 and story == 1:
        signal = "kill"
    findings = draw(st.lists(st.builds(found, claims, st.booleans()), max_size=3))
    return reading(f"story-{story}", edition, _published(story, edition), *findings, signal=signal)


wires = st.lists(readings(), min_size=1, max_size=7, unique_by=lambda each: each.edition)
"""Editions of three stories, each once."""
