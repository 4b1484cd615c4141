"""What can be counted between one person and one country of a story.

Every feature is a small whole number with a name that says what was counted, so that a decision
made from them can be told in words. Nothing is weighed here, and no language is mentioned: words
have become cues before.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from streams.core.dates import Tense
from streams.core.reports.gatherings import Gathering
from streams.core.reports.scene import Scene
from streams.core.reports.stage import TRAVEL, Appearance, Cue, Spot, Stage, names
from streams.core.reports.trips import TripTold
from streams.core.reports.venues import NOWHERE, Features, Venue

Pair = tuple[str, str]
"""Person's id and country code."""

_FAR = 40
_LEAD = 4
_ATTENDANCE = names(
    "absent negate decline stand_in confirm attend remote screen party accompany hosting accept "
    "cancel invited invite ask"
)
_OCCASIONS = names(
    "summit inauguration funeral ceremony hosting receive invite invitation invited confirm"
)
_OF_STORY = ("receive", "attend", "summit", "cancel", "invite", "funeral", "inauguration", "screen")
_MOST = 8
_DESERTED = 0.05
"""Chance that people come together in a country, below which those whom nothing ties to it are
let go."""
_AHEAD = names(
    "go.future go.possible meet.future receive.future received.future tense.future planned"
)
_BACK = names(
    "go.past arrive.past meet.past receive.past received.past tense.past background leave"
)
_TIMES = (
    _AHEAD
    | _BACK
    | names(
        "go.present go.bare arrive.present depart meet.present receive.present possible "
        "cancel postpone negate end stop_noun trip_noun"
    )
)
_GAPS = (
    ("long_ago", -100_000, -15),
    ("ago", -14, -4),
    ("just", -3, -1),
    ("today", 0, 0),
    ("soon", 1, 7),
    ("ahead", 8, 100_000),
)
"""Days from publication."""
_SUBORDINATES = frozenset(("foreign_minister", "minister", "vice"))
_KINDS = {"person": 0, "official": 1, "leader": 2}


@dataclass
class Counts:
    """Everything counted once for a story. Not for keeping."""

    stage: Stage
    gathering: Gathering | None
    told: Mapping[Pair, list[TripTold]]
    people: dict[str, Features] = field(default_factory=dict)
    countries: dict[str, Features] = field(default_factory=dict)
    story: Features = field(default_factory=dict)
    home: str | None = None
    """Of the leader named most often."""
    hosted: dict[str, set[str]] = field(default_factory=dict)
    """Country to the occasions in whose sentence, early on, one of its people is named."""


def count(
    stage: Stage,
    gathering: Gathering | None,
    told: Sequence[TripTold],
    venues: Mapping[str, Venue],
) -> dict[Pair, Features]:
    """Features of every pair of somebody and a country not their own that anything ties.

    Half of all pairs are never in one sentence or beside each other, no operator told of them, and
    nobody comes together in that country: of these not one in a hundred is a journey, and hardly
    any would be found. They are let go uncounted.
    """
    by_pair: dict[Pair, list[TripTold]] = defaultdict(list)
    for trip in told:
        by_pair[trip.traveller.id, trip.country].append(trip)
    counts = Counts(stage, gathering, by_pair)
    counts.home = _story_home(stage)
    _count_story(counts)
    _count_people(counts)
    _count_countries(counts)
    for country, features in counts.countries.items():
        venue = venues.get(country, NOWHERE)
        features["v.chance"] = int(100 * venue.chance)
        features["v.share"] = int(100 * venue.share)
        features["v.rank"] = venue.rank
    between = _count_between(counts)
    found: dict[Pair, Features] = {}
    for person, member in stage.cast.items():
        if member.kind == "person" and member.country is None:
            continue
        for country in stage.spots:
            if country == member.country:
                continue
            pair = (person, country)
            venue = venues.get(country, NOWHERE)
            if pair not in between and pair not in by_pair and venue.chance < _DESERTED:
                continue
            found[pair] = {
                **counts.story,
                **counts.people[person],
                **counts.countries[country],
                **_operators(pair, counts),
                **between.get(pair, {}),
                **_distances(stage, person, country),
                **_when(counts, pair),
            }
    return found


def _count_story(counts: Counts) -> None:
    stage = counts.stage
    counts.story.update(
        {
            "story.cast": min(len(stage.cast), 20),
            "story.countries": min(len(stage.spots), 20),
            "story.sentences": min(len(stage.scenes), 30),
            "story.gathering": int(counts.gathering is not None),
        }
    )
    families = Counter(cue.family for row in stage.cues for cue in row)
    counts.story["story.travel"] = min(sum(families[f] for f in TRAVEL), 12)
    for family in _OF_STORY:
        counts.story[f"story.{family}"] = min(families[family], 4)
    counts.story["story.screen_lead"] = sum(
        cue.family == "screen" for row in stage.cues[:_LEAD] for cue in row
    )


def _count_people(counts: Counts) -> None:
    stage = counts.stage
    mentions = Counter({person: len(seen) for person, seen in stage.appearances.items()})
    rank = {person: n for n, (person, _) in enumerate(mentions.most_common())}
    homes = Counter(m.country for m in stage.cast.values() if m.kind != "person")
    does: dict[str, Counter[str]] = defaultdict(Counter)
    for row in stage.cues:
        for cue in row:
            for agent in cue.agents:
                does[agent][cue.family] += 1
    for person, member in stage.cast.items():
        seen = stage.appearances.get(person, [])
        home = [s for s in stage.spots.get(member.country or "", ()) if s.kind == "place"]
        features = {
            "p.kind": _KINDS[member.kind],
            "p.known": int(member.known),
            "p.sub": int(member.title in _SUBORDINATES),
            "p.n": min(len(seen), _MOST),
            "p.rank": min(rank.get(person, _MOST), _MOST),
            "p.first": min((a.sentence for a in seen), default=12),
            "p.head": int(any(_is_headline(stage, a.sentence) for a in seen)),
            "p.company": int(all(a.company for a in seen)),
            "p.homeless": int(member.country is None),
            "p.story_home": int(member.country is not None and member.country == counts.home),
            "p.compatriots": min(homes[member.country], 5),
            "p.home_n": min(len(home), _MOST),
            "p.home_in": int(any(s.lead == "in" for s in home)),
            "p.home_dateline": int(stage.dateline is not None and stage.dateline == member.country),
            "p.crowd": max(
                (len({p.member.id for p in stage.scenes[a.sentence].people}) for a in seen),
                default=0,
            ),
        }
        for family, n in does[person].items():
            features[f"p.does.{family}"] = min(n, 3)
        for sentence in {a.sentence for a in seen if a.named}:
            for cue in stage.cues[sentence]:
                if cue.family in _ATTENDANCE:
                    features[f"p.with.{cue.family}"] = 1
        counts.people[person] = features


def _is_headline(stage: Stage, sentence: int) -> bool:
    return stage.scenes[sentence].sentence.paragraph < 0


def _count_countries(counts: Counts) -> None:
    stage = counts.stage
    places = {
        country: [s for s in spots if s.kind == "place"] for country, spots in stage.spots.items()
    }
    total = sum(map(len, places.values())) or 1
    by_number = sorted(places, key=lambda country: -len(places[country]))
    rank = {country: n for n, country in enumerate(by_number)}
    homes = Counter(m.country for m in stage.cast.values() if m.kind != "person")
    weighty = {
        m.country for person, m in stage.cast.items() if len(stage.appearances.get(person, ())) > 1
    }
    counts.hosted.update(occasions_hosted(stage))
    for country, spots in stage.spots.items():
        named = places[country]
        leads = Counter(s.lead for s in named)
        features = {
            "c.n": min(len(named), _MOST),
            "c.share": 10 * len(named) // total,
            "c.adjectives": min(sum(s.kind == "adjective" for s in spots), 4),
            "c.seats": int(any(s.kind == "organisation" for s in spots)),
            "c.rank": min(rank[country], _MOST),
            "c.head": int(any(_is_headline(stage, s.sentence) for s in named)),
            "c.first": min((s.sentence for s in named), default=12),
            "c.first_any": min((s.sentence for s in spots), default=12),
            "c.cities": min(sum(s.city is not None for s in named), 4),
            "c.dateline": int(stage.dateline == country),
            "c.cast": min(homes[country], 5),
            "c.host": int(country in weighty),
            "c.gathering": int(
                counts.gathering is not None and counts.gathering.country == country
            ),
            "c.listed": min(sum(s.listed for s in named), 3),
        }
        for lead, n in leads.items():
            features[f"c.lead.{lead}"] = min(n, 4)
        features["c.story_home"] = int(country == counts.home)
        for family in counts.hosted.get(country, ()):
            features[f"c.hosts.{family}"] = 1
        for spot in named:
            for cue in stage.cues[spot.sentence]:
                features[f"c.with.{cue.family}"] = 1
            nearest = _cue_before(stage.cues[spot.sentence], spot)
            if nearest is not None:
                features[f"c.after.{nearest.family}"] = 1
        counts.countries[country] = features


def _story_home(stage: Stage) -> str | None:
    leaders = [m for m in stage.cast.values() if m.kind == "leader" and m.country is not None]
    most = max(leaders, key=lambda m: len(stage.appearances.get(m.id, ())), default=None)
    return most.country if most is not None else None


def occasions_hosted(stage: Stage) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for person, member in stage.cast.items():
        if member.country is None:
            continue
        for seen in stage.appearances.get(person, ()):
            if seen.sentence > _LEAD:
                continue
            found[member.country].add("head" if _is_headline(stage, seen.sentence) else "lead")
            for cue in stage.cues[seen.sentence]:
                if cue.family in _OCCASIONS:
                    found[member.country].add(cue.family)
                    if person in cue.agents:
                        found[member.country].add(f"does_{cue.family}")
    return found


def _cue_before(cues: Sequence[Cue], spot: Spot) -> Cue | None:
    before = [cue for cue in cues if cue.end <= spot.start and cue.agents]
    return before[-1] if before else None


def _operators(pair: Pair, counts: Counts) -> Features:
    """What the operators found of this pair, of others bound there, and of the person elsewhere."""
    person, country = pair
    cast = counts.stage.cast
    mine = counts.told.get(pair, [])
    features: Features = {
        "told.n": min(len(mine), 3),
        "told.confidence": int(100 * max((t.confidence for t in mine), default=0)),
        "told.past": int(bool(mine) and all(t.past for t in mine)),
    }
    for trip in mine:
        features[f"told.{trip.rule.split(':', 1)[0]}"] = 1
    others = {who for (who, where) in counts.told if where == country and who != person}
    elsewhere = {where for (who, where) in counts.told if who == person and where != country}
    features["told.others"] = min(len(others), 5)
    features["told.compatriots"] = int(
        any(cast[who].country == cast[person].country for who in others if who in cast)
    )
    features["told.elsewhere"] = min(len(elsewhere), 5)
    return features


def _distances(stage: Stage, person: str, country: str) -> Features:
    """How many sentences lie between them."""
    seen = {a.sentence for a in stage.appearances.get(person, ())}
    named = {a.sentence for a in stage.appearances.get(person, ()) if a.named}
    spots = {s.sentence for s in stage.spots[country] if s.kind == "place"}
    return {
        "gap": min((abs(i - j) for i in seen for j in spots), default=20),
        "gap.named": min((abs(i - j) for i in named for j in spots), default=20),
        "gap.after": min((j - i for i in seen for j in spots if j >= i), default=20),
        "gap.before": min((i - j for i in seen for j in spots if j <= i), default=20),
    }


def _when(counts: Counts, pair: Pair) -> Features:
    """What the sentences that hold both say of time and certainty."""
    stage = counts.stage
    features: Features = {}
    for sentence in telling_sentences(stage, pair):
        scene = stage.scenes[sentence]
        features["when.first"] = min(features.get("when.first", 12), sentence)
        for mark in scene.marks:
            if mark.category in _TIMES:
                features[f"when.{mark.category}"] = 1
        for name in _spans_of_days(scene, stage.published):
            features[f"when.{name}"] = 1
    for trip in counts.told.get(pair, ()):
        if trip.status is not None:
            features[f"told.status.{trip.status}"] = 1
        features[f"told.tense.{trip.tense}"] = 1
    return features


def telling_sentences(stage: Stage, pair: Pair) -> list[int]:
    """Sentences that hold both, the person by name, role, pronoun or as the subject before."""
    person, country = pair
    seen = {a.sentence for a in stage.appearances.get(person, ())}
    return sorted(
        {
            spot.sentence
            for spot in stage.spots.get(country, ())
            if spot.kind == "place"
            for subject in (stage.scenes[spot.sentence].subject,)
            if spot.sentence in seen or (subject is not None and subject.id == person)
        }
    )


def _spans_of_days(scene: Scene, published: date) -> Iterable[str]:
    """How the days that a sentence tells lie to the day of publication."""
    ahead = any(m.category in _AHEAD for m in scene.marks)
    back = any(m.category in _BACK for m in scene.marks)
    tense: Tense = "future" if ahead and not back else "past" if back else "none"
    for day in scene.days:
        dates = day.resolve(published, tense)
        if dates is None:
            continue
        told = dates.start or dates.end
        last = dates.end or dates.start
        if told is None or last is None:
            continue
        iso = published.isoformat()
        if len(told) < len("2026-01-01"):
            yield "vague_past" if last < iso[: len(last)] else "vague_ahead"
            continue
        gap = (date.fromisoformat(told) - published).days
        for name, low, high in _GAPS:
            if low <= gap <= high:
                yield name


def _count_between(counts: Counts) -> dict[Pair, Features]:
    """Sentence by sentence, what ties those who appear to the countries spoken of."""
    stage = counts.stage
    found: dict[Pair, Features] = defaultdict(dict)
    here: dict[int, list[tuple[str, Appearance]]] = defaultdict(list)
    for person, seen in stage.appearances.items():
        for appearance in seen:
            here[appearance.sentence].append((person, appearance))
    for number in range(len(stage.scenes)):
        for person, appearance in here[number]:
            for spot in stage.in_sentence[number]:
                if spot.kind == "place":
                    _tie(stage, (person, appearance), spot, found[person, spot.country])
        _hosts(stage, number, here[number], found)
        _elsewhere(stage, number, here[number], found)
    return found


def _tie(stage: Stage, who: tuple[str, Appearance], spot: Spot, features: Features) -> None:
    """Both are in one sentence."""
    person, seen = who
    scene = stage.scenes[spot.sentence]
    first = seen.start < spot.start
    low, high = (seen.end, spot.start) if first else (spot.end, seen.start)
    features["both"] = min(features.get("both", 0) + 1, 5)
    features["both.first"] = features.get("both.first", 0) | first
    gap = max(scene.words_between(low, high), 0) if low <= high else 0
    features["both.words"] = min(features.get("both.words", _FAR), gap)
    features[f"both.lead.{spot.lead}"] = 1
    if not seen.company:
        features["both.subject"] = 1
    if spot.listed:
        features["both.listed"] = 1
    if not any(low <= a.start < high for a in scene.actors):
        features["both.nobody_between"] = 1
    between = [s for s in stage.in_sentence[spot.sentence] if low <= s.start < high]
    if not any(s.kind == "place" and s.country != spot.country for s in between):
        features["both.no_place_between"] = 1
    for cue in stage.cues[spot.sentence]:
        features[f"both.with.{cue.family}"] = 1
        if low <= cue.start < high:
            features[f"both.between.{cue.family}"] = 1
        if person in cue.agents and cue.start < spot.start:
            direct = not any(
                s.kind == "place" and cue.start < s.start < spot.start
                for s in stage.in_sentence[spot.sentence]
            )
            kind = "does" if direct else "listed" if spot.listed else "does_far"
            features[f"both.{kind}.{cue.family}"] = 1
            if direct and spot.lead in ("in", "to"):
                features[f"both.does_{spot.lead}.{cue.family}"] = 1
        elif cue.agents and cue.start < spot.start:
            features[f"both.other_does.{cue.family}"] = 1


def _hosts(
    stage: Stage,
    number: int,
    here: Sequence[tuple[str, Appearance]],
    found: dict[Pair, Features],
) -> None:
    """Somebody meets or is received by somebody of the country."""
    cues = [cue for cue in stage.cues[number] if cue.agents or cue.family == "at_invitation"]
    for person, seen in here:
        for host, beside in here:
            country = stage.cast[host].country
            if host == person or country is None or country == stage.cast[person].country:
                continue
            features = found[person, country]
            features["host"] = 1
            for cue in cues:
                low, high = sorted((seen.start, beside.start))
                where = "between" if low <= cue.start < high else "beside"
                if person in cue.agents:
                    features[f"host.does.{cue.family}"] = 1
                elif host in cue.agents:
                    features[f"host.{where}.host_does.{cue.family}"] = 1
                else:
                    features[f"host.with.{cue.family}"] = 1


def _elsewhere(
    stage: Stage,
    number: int,
    here: Sequence[tuple[str, Appearance]],
    found: dict[Pair, Features],
) -> None:
    """The one is in this sentence, the other in a neighbouring one, or where the story is."""
    placed = any(s.kind == "place" for s in stage.in_sentence[number])
    where = None if placed else stage.whereabouts[number]
    for person, _ in here:
        acts = [cue for cue in stage.cues[number] if person in cue.agents]
        if where is not None:
            features = found[person, where]
            for cue in acts:
                features[f"here.does.{cue.family}"] = 1
            for cue in stage.cues[number]:
                features[f"here.with.{cue.family}"] = 1
            features["here"] = min(features.get("here", 0) + 1, 4)
        for step in (-2, -1, 1, 2):
            if 0 <= number + step < len(stage.scenes):
                _beside(stage, number, step, (person, acts), found)
    _of_subject(stage, number, here, found)


def _beside(
    stage: Stage,
    number: int,
    step: int,
    who: tuple[str, Sequence[Cue]],
    found: dict[Pair, Features],
) -> None:
    """Countries in a sentence one or two before or behind that of somebody who does something."""
    person, acts = who
    travel = any(cue.family in TRAVEL for cue in stage.cues[number + step])
    for spot in stage.in_sentence[number + step]:
        if spot.kind == "place":
            features = found[person, spot.country]
            features[f"near{step}"] = 1
            if travel:
                features[f"near{step}.travel"] = 1
            for cue in acts:
                features[f"near.does.{cue.family}"] = 1


def _of_subject(
    stage: Stage,
    number: int,
    here: Sequence[tuple[str, Appearance]],
    found: dict[Pair, Features],
) -> None:
    """Whoever the sentences before are about, where this one does not name them."""
    subject = stage.scenes[number].subject
    if subject is None or subject.id in {person for person, _ in here}:
        return
    for spot in stage.in_sentence[number]:
        if spot.kind == "place":
            features = found[subject.id, spot.country]
            features["subject"] = min(features.get("subject", 0) + 1, 3)
            features[f"subject.lead.{spot.lead}"] = 1
            if not here:
                features["subject.alone"] = 1
            for cue in stage.cues[number]:
                features[f"subject.with.{cue.family}"] = 1
            if spot.listed:
                features["subject.listed"] = 1
