"""Operators that reach beyond a sentence: guests of a gathering, and who travels with whom.

A summit, a funeral or an inauguration has a place and a day; whoever the story lists among its
guests goes there, though the sentence that names them names no place. Who accompanies a traveller
shares the journey told last. Both lean on the story as a whole, so they give less confidence than
a sentence that says it all.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from schemas.reports import TripStatus
from streams.core.dates import Day, Tense
from streams.core.people import CastMember
from streams.core.places import PlaceMention
from streams.core.reports.scene import HINT, Mark, Scene
from streams.core.reports.trips import TripTold

_GATHERINGS = ("occasion.summit", "occasion.funeral", "occasion.inauguration", "occasion.ceremony")
_WORDS_TO_PLACE = 9
_LEAD_PARAGRAPHS = 3
_WORDS_TO_GUEST = 14
_WORDS_TO_OWNER = 4
_GUESTS_OF_A_LIST = 3
_ABSENT = ("negate", "decline", "background")
_CONFIDENCE = 0.55
_ASKED = ("invite.done", "invite.possible", "invited")
_COMING = ("accept", "go.future", "go.past", "arrive.past", "arrive.present")
_SENTENCES_TO_HERE = 6
_SCREEN = f"{HINT}screen"


@dataclass(frozen=True, slots=True)
class Gathering:
    """An event with a place, to which people come from abroad."""

    country: str
    city: str | None
    day: Day | None
    tense: Tense
    sentence: int


def gathering_of(scenes: Sequence[Scene]) -> Gathering | None:
    """The gathering that a story is about: named in its headline or first paragraphs.

    Its place is the one most often named beside it; where none is, the place that the headline and
    first paragraphs say most often that something is in; failing that, the one they name. One that
    is held by video is none.
    """
    lead = [scene for scene in scenes if scene.sentence.index <= _lead(scenes)]
    if not any(_naming(scene) for scene in lead) or any(_by_video(scene) for scene in lead):
        return None
    beside = [
        (place, scene)
        for scene in scenes
        for start in _naming(scene)
        for place in (*_held_in(scene), *_named_after(scene, start), *_sworn_in(scene, start))
        if scene.words_between(start, place.start) <= _WORDS_TO_PLACE
    ]
    places = (
        beside
        or [(place, scene) for scene in lead for place in _held_in(scene)]
        or [(place, scene) for scene in lead for place in scene.places]
    )
    if not places:
        return None
    votes = Counter(place.country for place, _ in places)
    country = max(votes, key=lambda code: (votes[code], -_first(places, code)))
    telling = [scene for place, scene in places if place.country == country]
    days = [(day, _tense(scene)) for scene in telling for day in scene.days if not day.deadline]
    tense: Tense = "future" if any(_tense(scene) == "future" for scene in telling) else "past"
    return Gathering(
        country,
        next((p.city for p, _ in places if p.country == country and p.city), None),
        days[0][0] if days else None,
        days[0][1] if days else tense,
        _first(places, country),
    )


def _tense(scene: Scene) -> Tense:
    ahead = any(m.category.endswith(".future") or m.category == "planned" for m in scene.marks)
    return "future" if ahead else "past"


def _naming(scene: Scene) -> list[int]:
    """Where the sentence names a gathering: a summit, a funeral, the G20 (which has no seat)."""
    named = [mark.end for mark in scene.marks if mark.category in _GATHERINGS]
    return named + [o.end for o in scene.organisations if o.organisation.country is None]


def _by_video(scene: Scene) -> bool:
    """'The summit was held by video'; not 'Putin spoke by video link' to those who had come."""
    return bool(_naming(scene)) and any(
        mark.category == _SCREEN
        and not any(a.end <= mark.start and not a.companion for a in scene.actors)
        for mark in scene.hints
    )


def _held_in(scene: Scene) -> Iterable[PlaceMention]:
    for place in scene.places:
        if scene.before(place.start, scene.grammar.in_place):
            yield place


def _named_after(scene: Scene, end: int) -> Iterable[PlaceMention]:
    """'Le sommet de Buenos Aires': the place that the gathering is called by."""
    for place in scene.places:
        if place.city and place.start >= end and scene.words_between(end, place.start) <= 1:
            yield place


def _sworn_in(scene: Scene, end: int) -> Iterable[PlaceMention]:
    """'The inauguration of X', 'la posse de X': in the country of X."""
    if not any(
        mark.end == end and mark.category == "occasion.inauguration" for mark in scene.marks
    ):
        return
    for actor in scene.actors:
        near = actor.start >= end and scene.words_between(end, actor.start) <= _WORDS_TO_OWNER
        if near and actor.companion and actor.members[0].country is not None:
            yield PlaceMention(actor.start, actor.end, actor.members[0].country, None, "country")


def _first(places: Sequence[tuple[PlaceMention, Scene]], country: str) -> int:
    return min(s.sentence.index for p, s in places if p.country == country)


def _lead(scenes: Sequence[Scene]) -> int:
    """Index of the last sentence of the first paragraphs."""
    return max(
        (s.sentence.index for s in scenes if s.sentence.paragraph < _LEAD_PARAGRAPHS), default=0
    )


def guests_told(scene: Scene, gathering: Gathering, told: Sequence[TripTold]) -> Iterable[TripTold]:
    """Those whom the sentence lists among the guests, or says to come, with no place of its own."""
    if any(scene.has(category) for category in _ABSENT):
        return
    if any(place.country != gathering.country for place in _goals(scene)):
        return
    if _only_asked(scene):
        return
    guests = _guests(scene, gathering)
    if scene.has("cancel"):
        guests = guests[:1]
    countries = {guest.country for guest in guests}
    is_list = len(countries) >= _GUESTS_OF_A_LIST and not scene.has("go.bare")
    if not guests or not (
        is_list or any(scene.has(word) for word in ("attend", "stand_in", "cancel"))
    ):
        return
    known = {trip.traveller.id for trip in told if trip.country == gathering.country}
    for guest in guests:
        if guest.id not in known:
            yield TripTold(
                traveller=guest,
                country=gathering.country,
                city=gathering.city,
                status=_standing(scene, gathering),
                tense=gathering.tense,
                day=gathering.day,
                sentence=scene.sentence.index,
                rule="gathering:list" if is_list else "gathering:attends",
                confidence=_CONFIDENCE,
            )


def _only_asked(scene: Scene) -> bool:
    """The sentence says who is invited, and nothing of who comes."""
    return scene.first(*_ASKED) is not None and scene.first(*_COMING) is None


def _standing(scene: Scene, gathering: Gathering) -> TripStatus:
    """By the sentence where it doubts, else by whether the gathering is still to come."""
    if scene.has("cancel"):
        return "cancelled"
    if scene.has("possible"):
        return "possible"
    return "planned" if gathering.tense == "future" else "under_way"


def _goals(scene: Scene) -> Iterable[PlaceMention]:
    """Places where something is or goes to, not those that say whose president someone is."""
    for place in scene.places:
        behind = scene.lowered[place.end : place.end + 2]
        if behind not in ("'s", "s'") and (
            scene.before(place.start, scene.grammar.in_place, 24)
            or scene.before(place.start, scene.grammar.to_place, 24)
        ):
            yield place


def _guests(scene: Scene, gathering: Gathering) -> tuple[CastMember, ...]:
    """Leaders and officials from abroad that the sentence names; of stand-ins only who comes."""
    named = [
        person.member
        for person in scene.people
        if person.member.kind != "person" and person.member.country not in (None, gathering.country)
    ]
    stand_in = scene.first("stand_in")
    if stand_in is not None and len(named) > 1:
        behind = [
            person.member
            for person in scene.people
            if person.start >= stand_in.end and person.member in named
        ]
        return tuple(dict.fromkeys(behind[:1] or named[:1]))
    return tuple(dict.fromkeys(named))


def arrivals_told(scene: Scene, last: TripTold | None) -> Iterable[TripTold]:
    """'Bukele had landed on Tuesday': where the story's last journey led, if he is not at home."""
    mark = scene.first("arrive.past", "arrive.present")
    if mark is None or last is None or last.past or any(_goals(scene)):
        return
    if scene.sentence.index - last.sentence > _SENTENCES_TO_HERE:
        return
    for member in scene.agents(mark):
        if member.kind == "person" or member.country in (None, last.country):
            continue
        if member != last.traveller:
            yield replace(
                last,
                traveller=member,
                status="under_way",
                tense="past" if mark.category == "arrive.past" else "future",
                day=next(iter(scene.days), None),
                sentence=scene.sentence.index,
                rule="arrival:here",
                confidence=_CONFIDENCE,
                arrival=True,
                hosts=(),
            )


def companions_told(scene: Scene, last: TripTold | None) -> Iterable[TripTold]:
    """'Accompanied by X', 'with him in the delegation X and Y': they share the journey."""
    mark = scene.first("accompany")
    if mark is None or last is None or last.past:
        return
    listed = _listed_near(scene, mark)
    for member in listed:
        if member.country != last.traveller.country and member.country is not None:
            continue
        if member.title == "legislator":
            continue
        if member.kind == "official" and member.id != last.traveller.id:
            yield replace(
                last,
                traveller=replace(member, country=last.traveller.country),
                sentence=scene.sentence.index,
                rule="companion",
                confidence=_CONFIDENCE,
            )


def _listed_near(scene: Scene, mark: Mark) -> tuple[CastMember, ...]:
    """Those behind the word, in one list; else those before it."""
    behind = [
        a
        for a in scene.actors
        if a.start >= mark.end and scene.words_between(mark.end, a.start) <= _WORDS_TO_GUEST
    ]
    return scene.listed(behind or [a for a in scene.actors if a.end <= mark.start][-1:])
