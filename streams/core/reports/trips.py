"""Operators that find journeys in a scene: each takes a scene and gives what it tells.

Going somewhere, a noun of travel with its place, a reception, a meeting abroad, the places of an
itinerary. Each names itself in what it finds, so that a person can ask why. What several sentences
say of one journey is put together in `merge`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from schemas.readings import Rejected
from schemas.reports import TripStatus
from streams.core.dates import Day, Tense
from streams.core.people import CastMember
from streams.core.places import PlaceMention
from streams.core.reports.scene import Actor, Mark, Scene, nearest_day

_GO = {
    "go.past": "past",
    "go.present": "present",
    "go.future": "future",
    "go.bare": "bare",
    "go.possible": "bare",
}
_MEET = {"meet.past": "past", "meet.present": "present", "meet.future": "future"}
_ARRIVE = {"arrive.past": "arrive", "arrive.present": "arriving"}
_RECEIVE = {f"receive.{tense}": tense for tense in ("past", "present", "future")}
_RECEIVED = {f"received.{tense}": tense for tense in ("past", "present", "future")}
_TELLING = frozenset(
    (*_GO, *_MEET, *_RECEIVED, *_ARRIVE, "depart", "leave", "trip_noun", "stop_noun")
)
_BLOCKING = _TELLING | frozenset(
    (*_RECEIVE, "invite.done", "invite.possible", "invited", "at_invitation")
)
_WORDS_TO_PLACE = 10
_WORDS_AFTER_NOUN = 4
_WORDS_MEETING_TO_PLACE = 14
_WORDS_PLACE_TO_MEETING = 7
_WORDS_TO_PARTNER = 8
_WORDS_TO_GUEST = 12
_MODIFIER_WORDS = 5
_NEGATION_WORDS = 2
_REFUSED = 0.6
_REFUSES = re.compile(r"(?<!\w)(?:not|won't|nicht|kein\w*|no|ne|n['’]\w+|non|não)(?!\w)")
_OF = re.compile(
    r"(?<!\w)(?:(?:of(?: the)?|de(?: la)?|del|du|des|d[oa]s?|di|dell[ao]|vo[nm])\s+|d(?:ell)?['’])$"
)
"""Before a place that something is about: 'the future of Haiti'."""
_OBJECT_BEFORE = re.compile(r"(?:^|[\s,;:(])(?:lo|la|li|le|los|las|l['’](?:a|ha|avait|aveva)?)\s*$")
"""A pronoun as object right before the verb: who receives is named behind ('lo riceverà X')."""


@dataclass(frozen=True, slots=True)
class TripTold:
    """One sentence's word on one journey. `None` where it leaves something unsaid."""

    traveller: CastMember
    country: str
    city: str | None
    status: TripStatus | None
    tense: Tense
    day: Day | None
    sentence: int
    rule: str
    confidence: float
    past: bool = False
    """Told as something of the past, whatever its date."""
    arrival: bool = False
    ended: bool = False
    rescheduled: bool = False
    before_office: bool = False
    then: bool = False
    """'Then', 'afterwards': on the day told last."""
    ahead_of: str | None = None
    """Country of the journey that came after this stop."""
    hosts: tuple[CastMember, ...] = ()
    because: tuple[str, ...] = ()
    """What moved the answer, where the whole story was weighed."""


@dataclass(frozen=True, slots=True)
class _Leg:
    """A telling word and the places it leads to, before travellers and dates are bound."""

    mark: Mark
    places: tuple[PlaceMention, ...]
    rule: str
    travellers: tuple[CastMember, ...]
    sense: str
    hosts: tuple[CastMember, ...] = ()
    ahead_of: str | None = None

    @property
    def span(self) -> tuple[int, int]:
        starts = [self.mark.start, *(place.start for place in self.places)]
        ends = [self.mark.end, *(place.end for place in self.places)]
        return min(starts), max(ends)


def trips_told(
    scene: Scene, last: TripTold | None = None
) -> tuple[tuple[TripTold, ...], tuple[Rejected, ...]]:
    """What a sentence tells of journeys, and what looked like one and is none.

    `last`: the journey told last before it, which 'the visit' means where no place is named.
    """
    rejected: list[Rejected] = []
    legs = [leg for leg in _legs(scene) if _stands(leg, scene, rejected)]
    days = nearest_day(scene, {n: leg.span for n, leg in enumerate(legs)} | _occasions(scene))
    told = [
        trip for n, leg in enumerate(legs) for trip in _tellings(leg, days.get(n), scene, rejected)
    ]
    if not legs and last is not None:
        told += _same_journey(scene, last)
    return tuple(told), tuple(rejected)


def _same_journey(scene: Scene, last: TripTold) -> Iterable[TripTold]:
    """'The visit has been put off to 5 May': more on the journey told last, with no place."""
    mark = scene.first("trip_noun")
    changed = scene.has("cancel") or scene.has("postpone")
    if mark is None or scene.places or not (scene.days or changed):
        return
    leg = _Leg(mark, (), "noun:same", (last.traveller,), "noun")
    status, tense = _status(leg, scene)
    day = nearest_day(scene, {0: leg.span} | _occasions(scene)).get(0)
    if day is None and not changed:
        return
    yield replace(
        last,
        status=status,
        tense="future" if tense == "none" else tense,
        day=day,
        sentence=scene.sentence.index,
        rule=leg.rule,
        confidence=0.5,
        arrival=False,
        ended=scene.has("end"),
        rescheduled=last.rescheduled or scene.has("postpone"),
        before_office=False,
        then=False,
    )


def _occasions(scene: Scene) -> dict[int, tuple[int, int]]:
    """Ceremonies someone is asked to: they take their own day (keys below zero)."""
    if not any(mark.category.startswith("invit") for mark in scene.marks):
        return {}
    return {
        -1 - n: (mark.start, mark.end)
        for n, mark in enumerate(scene.marks)
        if mark.category.startswith("occasion.")
    }


def _legs(scene: Scene) -> Iterable[_Leg]:
    for mark in scene.marks:
        if mark.category in _GO or mark.category in _ARRIVE or mark.category == "depart":
            yield from _going(scene, mark)
        elif mark.category in ("trip_noun", "stop_noun"):
            yield from _noun(scene, mark)
        elif mark.category == "leave":
            yield from _leaving(scene, mark)
        elif mark.category in _MEET:
            yield from _meeting(scene, mark)
        elif mark.category.startswith("receive."):
            yield from _reception(scene, mark)
        elif mark.category.startswith("received."):
            yield from _received(scene, mark)


def _going(scene: Scene, mark: Mark) -> Iterable[_Leg]:
    """Someone goes, and the place follows the verb, or stands before it with a preposition."""
    places = _list_after(scene, mark.end, _WORDS_TO_PLACE, mark)
    if places and scene.before(places[0].start, _OF):
        places = _held_behind(scene, places[0], mark) or places
    if not places:
        places = tuple(
            place
            for place in scene.places
            if place.end <= mark.start
            and scene.words_between(place.end, mark.start) <= _WORDS_TO_PLACE
            and (
                scene.before(place.start, scene.grammar.to_place)
                or (mark.category in _ARRIVE and scene.before(place.start, scene.grammar.in_place))
            )
            and not _blocked(scene, place.end, mark.start, mark)
        )[-1:]
    if places:
        sense = (_GO | _ARRIVE).get(mark.category, mark.category)
        if sense == "bare" and _is_headlines_future(scene, mark):
            sense = "future"
        yield _Leg(mark, places, f"going:{mark.category}", scene.agents(mark), sense)


def _held_behind(scene: Scene, about: PlaceMention, mark: Mark) -> tuple[PlaceMention, ...]:
    """In 'a conference on the future of X in Y' it is Y where one goes."""
    held = [
        place
        for place in scene.places
        if place.start >= about.end
        and place.country != about.country
        and scene.words_between(about.end, place.start) <= _WORDS_AFTER_NOUN
        and scene.before(place.start, scene.grammar.in_place)
        and not _blocked(scene, about.end, place.start, mark)
    ]
    return tuple(held[:1])


def _is_headlines_future(scene: Scene, mark: Mark) -> bool:
    """'Macron to visit Poland', and not 'invites Macron to visit Poland'."""
    return (
        scene.sentence.paragraph < 0
        and scene.lowered.startswith("to ", mark.start)
        and any(0 <= mark.start - a.end <= 1 and not a.companion for a in scene.actors)
        and not any(other.start < mark.start for other in scene.marks)
    )


def _leaving(scene: Scene, mark: Mark) -> Iterable[_Leg]:
    """Someone has left a place, and had been there."""
    places = _list_after(scene, mark.end, 1, mark)
    if places:
        yield _Leg(mark, places[:1], "leaving", scene.agents(mark), "left")


def _noun(scene: Scene, mark: Mark) -> Iterable[_Leg]:
    """'Visit to Peru', 'Ecuador trip', 'USA-Reise', 'upcoming journeys include Peru'."""
    travellers = _travellers_of_noun(scene, mark)
    adjacent = [
        place
        for place in (*scene.places, *scene.adjectives)
        if place.end <= mark.start and scene.lowered[place.end : mark.start].strip() in ("", "-")
    ]
    if adjacent:
        yield _Leg(mark, tuple(adjacent[-1:]), "noun:compound", travellers, "noun")
        return
    earlier = tuple(_earlier_stop(scene, mark, travellers))
    if earlier:
        yield from earlier
        return
    after = _list_after(scene, mark.end, _WORDS_AFTER_NOUN, mark)
    after = after if after and _leads_to(scene, mark, after[0]) else ()
    listing = next(
        (
            other
            for other in scene.marks
            if other.category == "include"
            and other.start - mark.end >= 0
            and scene.words_between(mark.end, other.start) <= 1
        ),
        None,
    )
    if listing is not None and not after:
        after = _list_after(scene, listing.end, 1, listing)
    if after:
        rule = "noun:stop" if mark.category == "stop_noun" else "noun:to"
        yield _Leg(mark, after, rule, travellers, "noun", ahead_of=_what_follows(scene, mark))


def _earlier_stop(scene: Scene, mark: Mark, travellers: tuple[CastMember, ...]) -> Iterable[_Leg]:
    """'The tour, the second after Buenos Aires': a journey that came before this one."""
    for place in scene.places:
        lead = scene.lowered[max(0, place.start - 40) : place.start]
        if place.start > mark.end and scene.grammar.earlier_stop.search(lead):
            yield _Leg(mark, (place,), "noun:earlier", travellers, "earlier")


def _leads_to(scene: Scene, mark: Mark, place: PlaceMention) -> bool:
    """A preposition of place or way stands between the noun and the place."""
    between = scene.lowered[mark.end : place.start]
    if scene.grammar.comes_from.search(between):
        return False
    return bool(scene.grammar.to_place.search(between) or scene.grammar.in_place.search(between))


def _what_follows(scene: Scene, mark: Mark) -> str | None:
    """For a stop told with 'after a stop in Lima': the country where the sentence leads."""
    if mark.category != "stop_noun" or not scene.before(mark.start, scene.grammar.via):
        return None
    main = [
        place.country
        for place in scene.places
        for other in scene.marks
        if other.category in _GO or other.category in _ARRIVE
        if scene.words_between(other.start, place.start) <= _WORDS_TO_PLACE
        and (place.end <= mark.start or place.start > mark.end + 40)
    ]
    return main[0] if main else None


def _travellers_of_noun(scene: Scene, mark: Mark) -> tuple[CastMember, ...]:
    """Whose visit: the owner beside the noun ('Kast's visit', 'la visite de Kast'), else the
    subject."""
    owners = [
        actor
        for actor in scene.actors
        if (
            mark.start - actor.end >= 0
            and scene.words_between(actor.end, mark.start) <= 2
            and scene.lowered[actor.end : actor.end + 2] in ("'s", "s ", "' ")
        )
        or (
            actor.start - mark.end >= 0
            and scene.words_between(mark.end, actor.start) <= 2
            and actor.companion
        )
    ]
    return owners[0].members if owners else scene.agents(mark, "noun")


def _meeting(scene: Scene, mark: Mark) -> Iterable[_Leg]:
    """People meet in a place: whoever is not at home there has travelled."""
    held = [
        place
        for place in scene.places
        if scene.before(place.start, scene.grammar.in_place)
        and not scene.before(place.start, scene.grammar.comes_from)
        and (
            (
                place.start >= mark.end
                and scene.words_between(mark.end, place.start) <= _WORDS_MEETING_TO_PLACE
                and not _blocked(scene, mark.end, place.start, mark)
            )
            or (
                place.end <= mark.start
                and scene.words_between(place.end, mark.start) <= _WORDS_PLACE_TO_MEETING
                and not _blocked(scene, place.end, mark.start, mark)
            )
        )
    ]
    if not held:
        return
    held.sort(key=lambda p: (p.start < mark.start, abs(p.start - mark.start)))
    subjects = scene.agents(mark)
    partners = tuple(
        member
        for actor in scene.actors
        if actor.start >= mark.start
        and scene.words_between(mark.end, actor.start) <= _WORDS_TO_PARTNER
        for member in actor.members
        if member.kind != "person"
    )
    everyone = tuple(dict.fromkeys((*subjects, *partners)))
    if len(everyone) < 2:
        return
    country = held[0].country
    away = tuple(member for member in everyone if member.country not in (None, country))
    hosts = tuple(member for member in everyone if member.country == country)
    place = next((p for p in held if p.city and p.country == country), held[0])
    if away:
        yield _Leg(mark, (place,), f"meeting:{mark.category}", away, _MEET[mark.category], hosts)


def _reception(scene: Scene, mark: Mark) -> Iterable[_Leg]:
    """'X receives Y': Y comes to the country of X."""
    hosts = scene.agents(mark)
    objects = tuple(_objects(scene, mark))
    received = tuple(member for actor in objects for member in actor.members)
    first = scene.lowered[mark.start : mark.end].split()[0]
    if objects and (_OBJECT_BEFORE.match(first) or scene.before(mark.start, _OBJECT_BEFORE)):
        hosts, received = objects[0].members, hosts
    host = next((member for member in hosts if member.country), None)
    if host is None:
        return
    guests = tuple(
        member
        for member in received
        if member not in hosts
        and member.country not in (None, host.country)
        and member.kind != "person"
    )
    if not guests:
        return
    assert host.country is not None
    at = _place_of_meeting(scene, mark, host.country)
    yield _Leg(mark, (at,), "reception", guests, _hosted(mark), (host,))


def _objects(scene: Scene, mark: Mark) -> Iterable[Actor]:
    """Those named right behind the verb, and whoever is in one list with them."""
    last: Actor | None = None
    for actor in scene.actors:
        if actor.start < mark.end:
            continue
        near = scene.words_between(mark.end, actor.start) <= _WORDS_TO_GUEST
        listed = last is not None and scene.joined(last.end, actor.start)
        if listed or (near and not _blocked(scene, mark.end, actor.start, mark)):
            last = actor
            yield actor


def _received(scene: Scene, mark: Mark) -> Iterable[_Leg]:
    """'Y was received by X', 'Y was received in Quito'."""
    guests = scene.agents(mark)
    hosts = tuple(
        member
        for actor in scene.actors
        if actor.start >= mark.end
        and actor.companion
        and scene.words_between(mark.end, actor.start) <= _WORDS_TO_GUEST
        for member in actor.members
        if member not in guests
    )
    home = next((host.country for host in hosts if host.country), None)
    place = _place_of_meeting(scene, mark, home) if home else None
    if place is None:
        near = [
            p
            for p in scene.places
            if p.start >= mark.end
            and scene.words_between(mark.end, p.start) <= _WORDS_MEETING_TO_PLACE
            and scene.before(p.start, scene.grammar.in_place)
        ]
        place = near[0] if near else None
    if place is not None and guests:
        yield _Leg(mark, (place,), "received", guests, _hosted(mark), hosts)


def _hosted(mark: Mark) -> str:
    return f"hosted {(_RECEIVE | _RECEIVED)[mark.category]}"


def _place_of_meeting(scene: Scene, mark: Mark, country: str) -> PlaceMention:
    """A city of the host's country that the sentence names, else the country as such."""
    named = [
        place
        for place in scene.places
        if place.country == country
        and place.city
        and scene.before(place.start, scene.grammar.in_place)
    ]
    if named:
        return min(named, key=lambda place: abs(place.start - mark.start))
    return PlaceMention(mark.start, mark.end, country, None, "country")


def _list_after(scene: Scene, offset: int, words: int, mark: Mark) -> tuple[PlaceMention, ...]:
    """The first place behind the offset, at most so many words away, and those listed with it."""
    found: list[PlaceMention] = []
    for place in scene.places:
        if place.start < offset:
            continue
        if not found:
            near = scene.words_between(offset, place.start) <= words
            if not near or _blocked(scene, offset, place.start, mark):
                break
            if scene.before(place.start, scene.grammar.comes_from):
                break
            found.append(place)
        elif scene.joined(found[-1].end, place.start) or _is_city_of(found[-1], place):
            found.append(place)
        else:
            break
    return _one_each(found)


def _is_city_of(place: PlaceMention, following: PlaceMention) -> bool:
    """'Quito, Ecuador', 'Quito en Équateur': the same place named twice."""
    return place.country == following.country and following.start - place.end <= 24


def _one_each(places: Sequence[PlaceMention]) -> tuple[PlaceMention, ...]:
    """One place a country, the one with a city first."""
    chosen: dict[str, PlaceMention] = {}
    for place in places:
        known = chosen.get(place.country)
        if known is None or (known.city is None and place.city):
            chosen[place.country] = place
    return tuple(chosen.values())


def _blocked(scene: Scene, start: int, end: int, mark: Mark) -> bool:
    """Another telling word lies between: the place is that one's."""
    return any(
        other.category in _BLOCKING and start <= other.start < end and other.start != mark.start
        for other in scene.marks
    )


def _stands(leg: _Leg, scene: Scene, rejected: list[Rejected]) -> bool:
    """Neither denied nor only asked for."""

    def reject(reason: str) -> bool:
        rejected.append(Rejected(text=scene.sentence.text, rule=leg.rule, reason=reason))
        return False

    if not leg.travellers:
        return reject("nobody known travels")
    if leg.sense == "bare" and any(
        mark.category in ("invite.done", "invite.possible", "invited")
        and mark.start < leg.mark.start
        and not any(scene.has(word, mark.end, leg.mark.start) for word in ("possible", "planned"))
        for mark in scene.marks
    ):
        return reject("asked to come, which is no journey yet")
    cancelled = scene.has("cancel") or scene.has("postpone")
    if not cancelled and any(
        mark.category == "negate"
        and abs(scene.words_between(mark.end, leg.mark.start)) <= _NEGATION_WORDS
        and mark.end <= leg.mark.start
        for mark in scene.marks
    ):
        return reject("denied")
    return True


def _tellings(
    leg: _Leg, day: Day | None, scene: Scene, rejected: list[Rejected]
) -> Iterable[TripTold]:
    status, tense = _status(leg, scene)
    for traveller in leg.travellers:
        for place in leg.places:
            if traveller.country == place.country:
                rejected.append(
                    Rejected(
                        text=scene.sentence.text,
                        rule=leg.rule,
                        reason=f"{traveller.name} is at home in {place.country}",
                    )
                )
                continue
            if traveller.kind == "person" or traveller.country is None:
                continue
            yield TripTold(
                traveller=traveller,
                country=place.country,
                city=place.city,
                status=status,
                tense=tense,
                day=day,
                sentence=scene.sentence.index,
                rule=leg.rule,
                confidence=_confidence(leg, day, traveller, scene),
                past=leg.sense == "earlier" or _is_background(leg, scene),
                arrival=leg.sense in ("arrive", "depart"),
                ended=status == "completed" and (leg.sense == "left" or scene.has("end")),
                rescheduled=scene.has("postpone") and status != "cancelled",
                before_office=scene.has("date.before_office", leg.mark.start),
                then=day is None and scene.has("date.then", 0, 24),
                ahead_of=_before_stop(scene, place.country)
                or (leg.ahead_of if leg.ahead_of != place.country else None),
                hosts=leg.hosts or _hosts(scene, place.country),
            )


def _before_stop(scene: Scene, country: str) -> str | None:
    """'Before his stop in Quito, Kast met X in Lima': Lima came before Ecuador."""
    stop = scene.first("stop_noun", "trip_noun")
    if stop is None or not scene.lowered[: stop.start].strip():
        return None
    lead = scene.lowered[: stop.start]
    if len(lead.split()) > 3 or not scene.has("date.before", 0, stop.start):
        return None
    countries = [p.country for p in scene.places if p.start > stop.end]
    return countries[0] if countries and countries[0] != country else None


def _hosts(scene: Scene, country: str) -> tuple[CastMember, ...]:
    return tuple(
        dict.fromkeys(person.member for person in scene.people if person.member.country == country)
    )


def _is_background(leg: _Leg, scene: Scene) -> bool:
    start, end = leg.span
    near = [
        mark
        for mark in scene.marks
        if mark.category == "background" and min(abs(mark.start - end), abs(start - mark.end)) < 60
    ]
    return bool(near) and leg.sense not in ("future", "present")


def _status(leg: _Leg, scene: Scene) -> tuple[TripStatus | None, Tense]:
    """How the journey stands by this sentence alone, and the tense its dates are read in."""
    start, end = leg.span
    if _near(scene, "cancel", leg):
        return "cancelled", "none"
    if _near(scene, "postpone", leg):
        return "planned", "future"
    if leg.mark.category == "go.possible" or _modified(scene, "possible", leg):
        return "possible", "future"
    if leg.sense == "earlier":
        return "completed", "past"
    if scene.has("end", max(0, start - 40), end) and leg.sense == "noun":
        return "completed", "past"
    by_sense: dict[str, tuple[TripStatus | None, Tense]] = {
        "past": ("completed", "past"),
        "arrive": ("under_way", "past"),
        "arriving": ("under_way", "future"),
        "depart": ("under_way", "past"),
        "left": ("completed", "past"),
        "present": ("under_way", "future"),
        "future": ("planned", "future"),
        "hosted past": (None, "past"),
        "hosted present": (None, "future"),
        "hosted future": ("planned", "future"),
        "bare": ("planned" if scene.has("planned", 0, start) else None, "none"),
        "noun": ("planned" if _modified(scene, "planned", leg) else None, "none"),
    }
    stage, tense = by_sense[leg.sense]
    if leg.sense in ("noun", "bare"):
        if scene.before(leg.mark.start, scene.grammar.via):
            return "completed", "past"
        if stage is None and scene.has("tense.past") and not scene.has("tense.future"):
            tense = "past"
        elif scene.has("tense.future"):
            tense = "future"
    return stage, tense


def _near(scene: Scene, category: str, leg: _Leg) -> bool:
    return any(
        mark.category == category
        and min(
            scene.words_between(mark.end, leg.span[0]), scene.words_between(leg.span[1], mark.start)
        )
        <= 2 * _MODIFIER_WORDS
        for mark in scene.marks
    )


def _modified(scene: Scene, category: str, leg: _Leg) -> bool:
    """The word stands before the telling word, with no other telling word between."""
    return any(
        mark.category == category
        and mark.start <= leg.span[1]
        and scene.words_between(mark.end, leg.mark.start) <= _MODIFIER_WORDS
        and not any(
            other.category in _TELLING and mark.end <= other.start < leg.mark.start
            for other in scene.marks
        )
        for mark in scene.marks
        if mark.end <= leg.mark.start or leg.mark.end <= mark.start < leg.span[1]
    )


def _confidence(leg: _Leg, day: Day | None, traveller: CastMember, scene: Scene) -> float:
    """0.5 to 0.95: higher where the sentence itself names the traveller, a day and a verb."""
    score = 0.5
    score += 0.2 * any(person.member == traveller for person in scene.people)
    score += 0.1 * (day is not None)
    score += 0.1 * (leg.sense not in ("noun", "bare", "earlier"))
    score += 0.05 * traveller.known
    if any(
        mark.category == "cancel" and _REFUSES.search(scene.lowered[mark.start : mark.end])
        for mark in scene.marks
    ):
        # Whoever does not come may never have meant to.
        score = min(score, _REFUSED)
    return round(score, 2)
