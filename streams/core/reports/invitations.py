"""Operators that find invitations in a scene: who asks whom to come, where to, and the answer.

An invitation between people of one country, or to no leader or official, is none. Wishes to see
somebody one day are none either; 'will invite' is possible. What becomes of an accepted one as a
journey is added by `merge`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from schemas.readings import Rejected
from schemas.reports import InvitationStatus
from streams.core.dates import Day
from streams.core.people import CastMember
from streams.core.reports.scene import Actor, Mark, Scene, nearest_day

_WORDS_TO_INVITEE = 9
_WORDS_TO_INVITER = 8
_WORDS_TO_OCCASION = 14
_WORDS_SUBJECT_TO_VERB = 4
_WORDS_WITHOUT_SUBJECT = 3
_WORDS_TO_SUBJECT = 4
_WORDS_TO_RECIPIENT = 5
_WORDS_FROM_RECIPIENT = 2
_ARTICLE_BEHIND = re.compile(r"\s+(?:o|a|os|as|el|la|los|las|il|lo|i|gli|le|les|die|das)\s")
_ARTICLE = re.compile(r"(?<!\w)(?:gli|i|los|las|les|os|as|the|die|den)\s+$")
_INVITED_OF = re.compile(r"(?:also |already )?invited")
_NO_OBJECT = re.compile(r"\s*(?:[,.;:)]|$)|\s+(?:as well|too|to|by|along)(?!\w)")
_WHOM = re.compile(r"(?<!\w)(?:whom|who|that|which)\s[^,;:]*$")
_BEGINS_CLAUSE = re.compile(
    r"(?:^|[,;:.(\u2013\u2014\"\u00ab\u201c-])\s*(?:(?:the|el|la|le|il|lo|o|a|os|as|les|los|die)\s+|l['\u2019])?$"
)
"""Before a country that is the subject: nothing, or an article at the most."""
_ANOTHER = re.compile(r"[,;:]\s*(?:and|und|et|e|ed|y)\s|[;:]")
"""Another clause begins: who is named there is not the one whose invitation it is."""
_ANSWERS: dict[str, InvitationStatus] = {
    "accept": "accepted",
    "decline": "declined",
    "withdraw": "withdrawn",
}


@dataclass(frozen=True, slots=True)
class Host:
    """Who invites: a person of the cast, or an organisation by its name."""

    id: str
    name: str
    country: str | None


@dataclass(frozen=True, slots=True)
class InvitationTold:
    """One sentence's word on one invitation."""

    inviter: Host | None
    """`None` where the sentence leaves it unsaid; only an answer may."""
    invitee: CastMember
    to: str | None
    occasion: str | None
    day: Day | None
    status: InvitationStatus
    sentence: int
    rule: str
    confidence: float
    because: tuple[str, ...] = ()
    """What moved the answer, where the whole story was weighed."""


def invitations_told(
    scene: Scene,
) -> tuple[tuple[InvitationTold, ...], tuple[Rejected, ...]]:
    """What a sentence tells of invitations, and what looked like one and is none."""
    rejected: list[Rejected] = []
    told: list[InvitationTold] = []
    for mark in scene.marks:
        for host, guests, status, rule in _askings(scene, mark):
            reason = _no_invitation(scene, mark, host, guests)
            if reason:
                rejected.append(Rejected(text=scene.sentence.text, rule=rule, reason=reason))
                continue
            told += [
                _told(scene, mark, (host, guest), status, rule)
                for guest in guests
                if host is None or guest.country != host.country or guest.country is None
            ]
    return tuple(told), tuple(rejected)


_Asking = tuple[Host | None, tuple[CastMember, ...], InvitationStatus, str]


def _askings(scene: Scene, mark: Mark) -> Iterable[_Asking]:
    if mark.category in ("invite.done", "invite.possible"):
        status: InvitationStatus = "extended" if mark.category == "invite.done" else "possible"
        answer = _answer(scene)
        carried = tuple(_carried(scene, mark))
        if carried:
            yield from carried
            return
        if _INVITED_OF.fullmatch(scene.lowered[mark.start : mark.end]) and _is_asked(scene, mark):
            yield None, scene.agents(mark), answer or "extended", "invited"
            return
        hosts = _leader_of_subject(scene, mark) or scene.agents(mark)
        guests = _invitees(scene, mark, hosts)
        for host in hosts or (None,):
            yield (
                _host(host) if host else _organisation(scene, mark),
                guests,
                (answer if answer and status == "extended" and not host else status),
                mark.category,
            )
    elif mark.category == "invited":
        guests = () if _others_are_invited(scene, mark) else scene.agents(mark)
        yield _inviter_behind(scene, mark), guests, _answer(scene) or "extended", "invited"
    elif mark.category == "at_invitation":
        for inviter in _inviters_behind(scene, mark):
            yield inviter, _guests_of(scene, mark), "accepted", "at_invitation"
    elif mark.category == "invitation_noun":
        said = _answer(scene) or ("accepted" if _at_whose(scene, mark) else None)
        if said is not None:
            yield _inviter_behind(scene, mark), _guests_of(scene, mark), said, "answer"
        else:
            yield from _carried(scene, mark)


def _carried(scene: Scene, mark: Mark) -> Iterable[_Asking]:
    """'An invitation from X to Y': both are named behind the noun, or Y right before it."""
    inviter = _inviter_actor(scene, mark)
    if inviter is None or not inviter.companion:
        return
    guests = [
        actor
        for actor in scene.actors
        if actor is not inviter
        and scene.is_led(actor.start, scene.grammar.to_person)
        and (
            _is_behind(scene, inviter.end, actor.start, _WORDS_TO_RECIPIENT)
            or _is_behind(scene, actor.end, mark.start, _WORDS_FROM_RECIPIENT)
        )
    ]
    if guests:
        behind = [actor for actor in scene.actors if actor.start >= guests[0].start]
        yield _host(inviter.members[0]), scene.listed(behind), "extended", "carried"


def _is_behind(scene: Scene, end: int, start: int, most: int) -> bool:
    """`start` comes at most so many words behind `end`."""
    return start >= end and scene.words_between(end, start) <= most


def _leader_of_subject(scene: Scene, mark: Mark) -> tuple[CastMember, ...]:
    """'Fiji will invite', 'Angola tinha convidado': the story's leader of the country."""
    for place in reversed(scene.places):
        if place.end > mark.start or place.form not in ("country", "city"):
            continue
        if scene.words_between(place.end, mark.start) > _WORDS_SUBJECT_TO_VERB:
            return ()
        if not scene.before(place.start, _BEGINS_CLAUSE) or any(
            place.end <= actor.start < mark.start for actor in scene.actors
        ):
            return ()
        head = scene.heads.get(place.country)
        return (head,) if head is not None else ()
    return ()


def _others_are_invited(scene: Scene, mark: Mark) -> bool:
    """The clause has a subject, and it is none of the cast: 'hoteliers have been invited'.

    A subject of a word or three without an article is not seen: 'today he has been invited' has as
    many.
    """
    if any(
        actor.start >= mark.end and scene.words_between(mark.end, actor.start) <= _WORDS_TO_SUBJECT
        for actor in scene.actors
    ):
        return False
    if _ARTICLE_BEHIND.match(scene.lowered[mark.end :]) or scene.before(mark.start, _ARTICLE):
        return True
    clause = max(scene.lowered.rfind(sign, 0, mark.start) for sign in ",;:") + 1
    if any(clause <= actor.start < mark.start for actor in scene.actors):
        return False
    return len(scene.lowered[clause : mark.start].split()) > _WORDS_WITHOUT_SUBJECT


def _is_asked(scene: Scene, mark: Mark) -> bool:
    """'X also invited', 'X invited to Bali': English 'invited' is passive with nobody behind it."""
    if _WHOM.search(scene.lowered[: mark.start]):
        return False
    return _NO_OBJECT.match(scene.lowered[mark.end :]) is not None


def _answer(scene: Scene) -> InvitationStatus | None:
    """Accepted, declined or withdrawn, where the sentence says so."""
    for category, status in _ANSWERS.items():
        if scene.has(category):
            return status
    return None


def _guests_of(scene: Scene, mark: Mark) -> tuple[CastMember, ...]:
    """The subject of the sentence: who comes at somebody's invitation, or answers one."""
    behind = _inviter_actor(scene, mark)
    verbs = [m for m in scene.marks if m.category in _ANSWERS]
    anchor = verbs[0] if verbs else mark
    for guests in (scene.agents(anchor), (scene.subject,) if scene.subject else ()):
        chosen = tuple(g for g in guests if behind is None or g not in behind.members)
        if chosen:
            return chosen
    return ()


def _invitees(scene: Scene, mark: Mark, hosts: tuple[CastMember, ...]) -> tuple[CastMember, ...]:
    """Behind the verb, else before it (German), else a pronoun for who was spoken of last."""
    behind = [
        actor
        for actor in scene.actors
        if actor.start >= mark.start
        and scene.words_between(mark.end, actor.start) <= _WORDS_TO_INVITEE
        and not any(member in hosts for member in actor.members)
    ]
    before = [
        actor
        for actor in scene.actors
        if actor.end <= mark.start
        and not any(member in hosts for member in actor.members)
        and not actor.companion
    ]
    pronoun = next(
        (
            m
            for m in scene.marks
            if m.category == "pronoun.object"
            and abs(scene.words_between(m.start, mark.start)) <= _WORDS_TO_INVITEE
        ),
        None,
    )
    if pronoun is not None and (not behind or behind[0].start > pronoun.start):
        chosen = _meant_by_pronoun(scene, pronoun, hosts)
        return (chosen,) if chosen else ()
    if behind:
        return scene.listed(behind)
    return scene.listed(before[-1:])


def _meant_by_pronoun(
    scene: Scene, pronoun: Mark, hosts: tuple[CastMember, ...]
) -> CastMember | None:
    """'X, who invited him': whom the story is about; 'he invited him': who was named last."""
    subjects = [a for a in scene.actors if not a.companion and a.end <= pronoun.start]
    subject = subjects[0].members[0] if subjects else scene.subject
    if subject is not None and subject not in hosts:
        return subject
    if scene.subject is not None and scene.subject not in hosts:
        return scene.subject
    last = [
        member
        for actor in scene.actors
        if actor.end <= pronoun.start
        for member in actor.members
        if member not in hosts and member.kind != "person"
    ]
    return last[-1] if last else scene.other if scene.other not in hosts else None


def _inviter_actor(scene: Scene, mark: Mark) -> Actor | None:
    behind = [
        actor
        for actor in scene.actors
        if actor.start >= mark.end
        and scene.words_between(mark.end, actor.start) <= _WORDS_TO_INVITER
    ]
    owner = [
        actor
        for actor in scene.actors
        if 0 <= mark.start - actor.end <= 4 and "'" in scene.lowered[actor.end : mark.start]
    ]
    near = owner or [
        actor for actor in behind if not _ANOTHER.search(scene.lowered[mark.end : actor.start])
    ]
    return near[0] if near else None


def _inviter_behind(scene: Scene, mark: Mark) -> Host | None:
    actor = _inviter_actor(scene, mark)
    if actor is not None:
        return _host(actor.members[0])
    return _organisation(scene, mark)


def _inviters_behind(scene: Scene, mark: Mark) -> tuple[Host | None, ...]:
    """'At the invitation of X and Y': each of them; in 'at his invitation X, Y and Z' come."""
    first = _inviter_actor(scene, mark)
    if first is None:
        return (_organisation(scene, mark),)
    behind = [actor for actor in scene.actors if actor.start >= first.start]
    listed = scene.listed(behind)
    if len(listed) > 1 and first.start >= mark.end and not first.companion:
        return (_organisation(scene, mark),)
    return tuple(_host(member) for member in listed)


def _at_whose(scene: Scene, mark: Mark) -> bool:
    """'At Rahmon's invitation': somebody's, with a preposition before."""
    return any(
        0 <= mark.start - actor.end <= 4
        and "'" in scene.lowered[actor.end : mark.start]
        and scene.before(actor.start, scene.grammar.in_place, 8)
        for actor in scene.actors
    )


def _organisation(scene: Scene, mark: Mark) -> Host | None:
    near = [
        mention.organisation
        for mention in scene.organisations
        if scene.words_between(mark.end, mention.start) <= _WORDS_TO_INVITER
    ]
    return Host(f"org:{near[0].id}", near[0].name, near[0].country) if near else None


def _host(member: CastMember) -> Host:
    return Host(member.id, member.name, member.country)


def _no_invitation(
    scene: Scene, mark: Mark, host: Host | None, guests: tuple[CastMember, ...]
) -> str | None:
    """Why it is none; `None` where it is one."""
    if not guests:
        return "nobody known is invited"
    if all(guest.kind == "person" for guest in guests):
        return "whoever is invited holds no political office"
    if host is None and mark.category not in ("invited", "at_invitation", "invitation_noun"):
        return "nobody known invites"
    if host is not None and all(
        guest.country is not None and guest.country == host.country for guest in guests
    ):
        return "an invitation among people of one country"
    if any(
        m.category == "negate"
        and m.end <= mark.start
        and scene.words_between(m.end, mark.start) <= 2
        for m in scene.marks
    ):
        return "denied"
    return None


def _told(
    scene: Scene,
    mark: Mark,
    pair: tuple[Host | None, CastMember],
    status: InvitationStatus,
    rule: str,
) -> InvitationTold:
    host, guest = pair
    occasion = min(
        (
            m
            for m in scene.marks
            if m.category.startswith("occasion.")
            and scene.words_between(mark.start, m.start) <= _WORDS_TO_OCCASION
        ),
        key=lambda m: abs(m.start - mark.start),
        default=None,
    )
    span = (mark.start, mark.end)
    if occasion is not None:
        span = (min(mark.start, occasion.start), max(mark.end, occasion.end))
    name = occasion.category.split(".", 1)[1].replace("_", " ") if occasion else None
    return InvitationTold(
        inviter=host,
        invitee=guest,
        to=_where(scene, mark, host, guest),
        occasion=name,
        day=nearest_day(scene, {0: span}, most=40).get(0),
        status=status,
        sentence=scene.sentence.index,
        rule=f"invitation:{rule}",
        confidence=round(
            0.55
            + 0.2 * (host is not None)
            + 0.1 * any(person.member == guest for person in scene.people)
            + 0.05 * guest.known,
            2,
        ),
    )


def _where(scene: Scene, mark: Mark, host: Host | None, guest: CastMember) -> str | None:
    """A place the sentence leads to behind the verb, else the inviter's country."""
    for place in scene.places:
        if (
            place.start > mark.start
            and place.country != guest.country
            and scene.words_between(mark.end, place.start) <= _WORDS_TO_OCCASION
            and (
                scene.before(place.start, scene.grammar.to_place)
                or scene.before(place.start, scene.grammar.in_place)
                or scene.has("go.bare", mark.end, place.start)
            )
        ):
            return place.country
    return host.country if host else None
