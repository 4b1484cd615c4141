"""A whole story laid out for questions about any two of its parts.

Who appears where, which countries are spoken of where and how, which telling words stand between,
and where the story is at each sentence. Only what the text shows: what it means is decided by
whoever asks.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from streams.core.people import CastMember
from streams.core.reports.scene import HINT, Mark, Scene

_FAMILIES: Final = {
    "go.past": "went",
    "go.present": "goes",
    "go.future": "will_go",
    "go.bare": "go",
    "go.possible": "may_go",
    "arrive.past": "arrive",
    "arrive.present": "arrive",
    "depart": "depart",
    "leave": "leave",
    "trip_noun": "trip",
    "stop_noun": "stop",
    "include": "include",
    "meet.past": "meet",
    "meet.present": "meet",
    "meet.future": "meet",
    "receive.past": "receive",
    "receive.present": "receive",
    "receive.future": "receive",
    "received.past": "received",
    "received.present": "received",
    "received.future": "received",
    "attend": "attend",
    "stand_in": "stand_in",
    "accompany": "accompany",
    "end": "end",
    "invite.done": "invite",
    "invite.possible": "may_invite",
    "invited": "invited",
    "at_invitation": "at_invitation",
    "invitation_noun": "invitation",
    "accept": "accept",
    "decline": "decline",
    "withdraw": "withdraw",
    "cancel": "cancel",
    "postpone": "postpone",
    "possible": "possible",
    "planned": "planned",
    "negate": "negate",
    "background": "background",
    "occasion.summit": "summit",
    "occasion.inauguration": "inauguration",
    "occasion.funeral": "funeral",
    "occasion.ceremony": "ceremony",
    "occasion.state_visit": "trip",
}
"""Categories of the lexicon by what they tell, tense aside where it makes no difference."""


def names(words: str) -> frozenset[str]:
    """Several at once, parted by spaces."""
    return frozenset(words.split())


ACTED: Final = names(
    "went goes will_go go may_go arrive depart leave trip stop meet receive received "
    "attend stand_in accompany invite may_invite invited invitation accept decline "
    "withdraw onward came_from stay speak act party ask hosting absent confirm talks"
)
"""What somebody does; the rest only colours it."""
TRAVEL: Final = names("went goes will_go go may_go arrive depart leave trip stop")

SpotKind = Literal["place", "adjective", "organisation"]
Lead = Literal["in", "to", "from", "with", "of", "none"]


@dataclass(frozen=True, slots=True)
class Cue:
    """A telling word: offsets in its sentence, what it tells, and who does it."""

    start: int
    end: int
    family: str
    mark: Mark
    agents: frozenset[str]


@dataclass(frozen=True, slots=True)
class Appearance:
    """Someone in a sentence, by name, role or pronoun."""

    sentence: int
    start: int
    end: int
    company: bool
    """Named only as company, object or owner."""
    named: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """A country in a sentence, by its name, a city's, its adjective or an organisation's seat."""

    sentence: int
    start: int
    end: int
    country: str
    city: str | None
    kind: SpotKind
    lead: Lead
    listed: bool
    """Stands in one list with the spot before it."""


@dataclass(frozen=True, slots=True)
class Stage:
    """All of a story. Sentences are numbered as in `scenes`."""

    scenes: tuple[Scene, ...]
    cast: dict[str, CastMember]
    appearances: dict[str, list[Appearance]]
    spots: dict[str, list[Spot]]
    """By country; empty for countries that are only somebody's home."""
    in_sentence: tuple[tuple[Spot, ...], ...]
    """Spots by sentence, in order."""
    cues: tuple[tuple[Cue, ...], ...]
    """By sentence, in order."""
    whereabouts: tuple[str | None, ...]
    """The country in which the story is as each sentence begins."""
    published: date
    dateline: str | None


def stage_of(scenes: Sequence[Scene], published: date, dateline: str | None) -> Stage:
    """Lays a story out. Linear in its sentences."""
    cast: dict[str, CastMember] = {}
    appearances: dict[str, list[Appearance]] = defaultdict(list)
    spots: dict[str, list[Spot]] = defaultdict(list)
    rows: list[tuple[Spot, ...]] = []
    whereabouts: list[str | None] = []
    here = dateline
    for number, scene in enumerate(scenes):
        whereabouts.append(here)
        named = {person.start for person in scene.people}
        for person in scene.people:
            known = cast.setdefault(person.member.id, person.member)
            if known.country is None and person.member.country is not None:
                cast[person.member.id] = person.member
        for actor in scene.actors:
            for member in actor.members:
                cast.setdefault(member.id, member)
                appearances[member.id].append(
                    Appearance(
                        number, actor.start, actor.end, actor.companion, actor.start in named
                    )
                )
        row = _spots(scene, number)
        rows.append(row)
        for spot in row:
            spots[spot.country].append(spot)
            if spot.kind == "place" and spot.lead in ("in", "to"):
                here = spot.country
    for member in cast.values():
        if member.country is not None:
            spots.setdefault(member.country, [])
    return Stage(
        tuple(scenes),
        cast,
        dict(appearances),
        dict(spots),
        tuple(rows),
        tuple(_cues(scene) for scene in scenes),
        tuple(whereabouts),
        published,
        dateline,
    )


def _spots(scene: Scene, number: int) -> tuple[Spot, ...]:
    found: list[Spot] = []
    last_end = -1
    for place in scene.places:
        listed = last_end >= 0 and scene.joined(last_end, place.start)
        lead = _lead(scene, place.start, place.end)
        if listed and lead == "none":
            lead = found[-1].lead
        found.append(
            Spot(number, place.start, place.end, place.country, place.city, "place", lead, listed)
        )
        last_end = place.end
    found += [
        Spot(number, place.start, place.end, place.country, None, "adjective", "none", listed=False)
        for place in scene.adjectives
    ]
    found += [
        Spot(number, o.start, o.end, country, None, "organisation", "none", listed=False)
        for o in scene.organisations
        for country in (o.organisation.country,)
        if country is not None
    ]
    return tuple(sorted(found, key=lambda spot: spot.start))


def _lead(scene: Scene, start: int, end: int) -> Lead:
    """The word before a place, or its genitive."""
    grammar = scene.grammar
    if scene.lowered[end : end + 2] in ("'s", "’s", "s'"):
        return "of"
    if scene.before(start, grammar.comes_from):
        return "from"
    if scene.before(start, grammar.to_place):
        return "to"
    if scene.before(start, grammar.in_place):
        return "in"
    if scene.before(start, grammar.of_place):
        return "of"
    return "with" if scene.before(start, grammar.companion) else "none"


def _cues(scene: Scene) -> tuple[Cue, ...]:
    found: list[Cue] = []
    for mark in (*scene.marks, *scene.hints):
        family = _FAMILIES.get(mark.category, "")
        if mark.category.startswith(HINT):
            family = mark.category.removeprefix(HINT)
        if not family:
            continue
        agents: frozenset[str] = frozenset()
        if family in ACTED:
            voice: Literal["noun", "verb"] = "noun" if family in ("trip", "stop") else "verb"
            agents = frozenset(member.id for member in scene.agents(mark, voice))
        found.append(Cue(mark.start, mark.end, family, mark, agents))
    found.sort(key=lambda cue: cue.start)
    return tuple(found)
