"""Which of the days that a story tells is the day of a journey.

Every day and span of the story, read once as coming and once as past, and every two days that may
be first and last, is a candidate; what can be counted between it and a pair of person and country
is counted here. Which one is taken is decided by whoever weighs them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.base import Dates
from streams.core.dates import Day, Tense
from streams.core.forest import Forest
from streams.core.reports.features import Pair, telling_sentences
from streams.core.reports.gatherings import Gathering
from streams.core.reports.scene import Scene
from streams.core.reports.stage import TRAVEL, Stage, names
from streams.core.reports.trips import TripTold
from streams.core.reports.venues import Features

_DAY = len("2026-01-01")
_LONGEST_DAYS = 16
"""Of a journey whose first and last day are told apart."""
_MOST = 60
"""Candidates looked at; stories with more days than that are chronicles."""
_FAR = 20
_APART = 8
"""Sentences between first and last day."""
_NEAR = 30
"""Characters between a day and a telling word."""
_TIMED = TRAVEL | names(
    "meet receive received attend summit funeral inauguration ceremony cancel postpone end "
    "background onward came_from"
)
_AHEAD = ("go.future", "go.possible", "meet.future", "receive.future", "tense.future", "planned")
_BACK = ("go.past", "arrive.past", "meet.past", "receive.past", "tense.past", "background", "leave")


@dataclass(frozen=True, slots=True)
class Telling:
    """A day as a sentence tells it, resolved."""

    sentence: int
    day: Day
    dates: Dates
    tense: Tense
    certain: bool
    """The same whatever the tense."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """First and last day that may be a journey's, and the places of the tellings they come from."""

    dates: Dates
    first: int
    last: int


def _days_told(stage: Stage) -> tuple[Telling, ...]:
    """All days of a story, in order, each once for every way it can be read."""
    found: list[Telling] = []
    for number, scene in enumerate(stage.scenes):
        for day in scene.days:
            if day.beside:
                found += _beside(number, day, found)
            past = day.resolve(stage.published, "past")
            future = day.resolve(stage.published, "future")
            if past == future and past is not None:
                found.append(Telling(number, day, past, "none", certain=True))
            else:
                if past is not None:
                    found.append(Telling(number, day, past, "past", certain=False))
                if future is not None:
                    found.append(Telling(number, day, future, "future", certain=False))
    return tuple(found[:_MOST])


def _beside(number: int, day: Day, before: Sequence[Telling]) -> Iterator[Telling]:
    """'The next day', counted from the day told last, however that is read."""
    exact = [one for one in before if one.dates.start and len(one.dates.start) == _DAY]
    for one in exact[-2:] if exact and not exact[-1].certain else exact[-1:]:
        assert one.dates.start is not None
        shifted = date.fromisoformat(one.dates.start) + timedelta(days=day.shift or 0)
        dates = Dates(start=shifted.isoformat(), end=shifted.isoformat())
        yield Telling(number, day, dates, one.tense, one.certain)


def _candidates(days: Sequence[Telling]) -> Iterator[Candidate]:
    """Each telling by itself, and each two that may be first and last day of one journey."""
    for place, one in enumerate(days):
        yield Candidate(one.dates, place, place)
    exact = [n for n, one in enumerate(days) if one.dates.start and len(one.dates.start) == _DAY]
    for at, place in enumerate(exact):
        first = days[place]
        for other in exact[at + 1 :]:
            last = days[other]
            if abs(last.sentence - first.sentence) > _APART or first.day is last.day:
                continue
            start, end = first.dates.start, last.dates.end
            if start is None or end is None or len(end) < _DAY:
                continue
            apart = (date.fromisoformat(end) - date.fromisoformat(start)).days
            if 0 < apart <= _LONGEST_DAYS:
                yield Candidate(Dates(start=start, end=end), place, other)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a story, and what can be counted of each whoever travels."""

    stage: Stage
    days: tuple[Telling, ...]
    candidates: tuple[Candidate, ...]
    counted: tuple[Features, ...]
    """By day."""
    times: Mapping[str | None, int]
    """How often each first day is told."""


def calendar_of(stage: Stage) -> Calendar:
    """Looks all days of a story up once."""
    days = _days_told(stage)
    times = Counter(one.dates.start for one in days if one.certain or one.tense == "past")
    counted = tuple(_count_day(stage, one) for one in days)
    return Calendar(stage, days, tuple(_candidates(days)), counted, times)


def count_timing(
    calendar: Calendar, pair: Pair, gathering: Gathering | None, told: Sequence[TripTold]
) -> list[tuple[Candidate, Features]]:
    """Every candidate with what can be counted between it and the pair."""
    person, country = pair
    stage, days = calendar.stage, calendar.days
    places = sorted({s.sentence for s in stage.spots.get(country, ()) if s.kind == "place"})
    people = sorted({a.sentence for a in stage.appearances.get(person, ())})
    mine = [trip for trip in told if (trip.traveller.id, trip.country) == pair]
    sentences = {
        "tells": telling_sentences(stage, pair),
        "person": people,
        "place": places,
        "operator": sorted({trip.sentence for trip in mine}),
    }
    alike: Features = {
        "p.n": min(len(people), 8),
        "c.n": min(len(places), 8),
        "days": min(len(days), 20),
        "gathering": int(gathering is not None and gathering.country == country),
        "operators": int(bool(mine)),
    }
    near = [
        counted | _count_near(stage, one, pair, sentences)
        for one, counted in zip(days, calendar.counted, strict=True)
    ]
    first = [{f"a.{name}": n for name, n in counts.items()} for counts in near]
    last = [{f"z.{name}": n for name, n in counts.items()} for counts in near]
    found = []
    for candidate in calendar.candidates:
        day = days[candidate.first].day
        span = candidate.first != candidate.last
        features = alike | first[candidate.first] | (last[candidate.last] if span else {})
        features["span"] = int(span)
        features["times"] = min(calendar.times[candidate.dates.start], 4)
        features["gathering.day"] = int(gathering is not None and gathering.day is day)
        same = [trip for trip in told if trip.day is day]
        features["others"] = sum(trip.country == country for trip in same)
        features["elsewhere"] = len(same) - features["others"]
        features["operators.day"] = int(any(trip.day is day for trip in mine))
        if span:
            _count_span(features, candidate, days)
        found.append((candidate, features))
    return found


def _count_span(features: Features, candidate: Candidate, days: Sequence[Telling]) -> None:
    start, end = candidate.dates.start, candidate.dates.end
    assert start is not None
    assert end is not None
    features["span.days"] = (date.fromisoformat(end) - date.fromisoformat(start)).days
    features["span.sentences"] = days[candidate.last].sentence - days[candidate.first].sentence


def choose(forest: Forest, counted: Sequence[tuple[Candidate, Features]]) -> Dates | None:
    """The likeliest candidate, where one is likely enough; of equals the one told first."""
    best, most = None, forest.threshold
    for candidate, features in counted:
        chance = forest.probability(features)
        if chance > most or (best is None and chance >= most):
            best, most = candidate.dates, chance
    return best


def count_chosen(dates: Dates | None, published: date) -> Features:
    """What the chosen days say of how a journey stands."""
    if dates is None:
        return {"date": 0}
    start, end = dates.start or dates.end or "", dates.end or dates.start or ""
    iso = published.isoformat()
    features = {"date": 1, "date.precision": len(start)}
    features["date.begun"] = int(start <= iso[: len(start)])
    features["date.over"] = int(end < iso[: len(end)])
    if len(start) == _DAY:
        features["date.start"] = max(-400, min((date.fromisoformat(start) - published).days, 400))
    if len(end) == _DAY:
        features["date.end"] = max(-400, min((date.fromisoformat(end) - published).days, 400))
    return features


def _count_day(stage: Stage, one: Telling) -> Features:
    """How precise, how far from publication, and which telling words stand around it."""
    scene = stage.scenes[one.sentence]
    start, end = one.dates.start or one.dates.end or "", one.dates.end or ""
    features: Features = {
        "precision": len(start),
        "range": int(one.dates.start != one.dates.end),
        "ends": int(start != end),
        "deadline": int(one.day.deadline),
        "weekday": int(one.day.weekday is not None),
        "shift": int(one.day.shift is not None),
        "certain": int(one.certain),
        "tense": {"past": -1, "none": 0, "future": 1}[one.tense],
        "sentence": min(one.sentence, 15),
        "s_ahead": int(any(m.category in _AHEAD for m in scene.marks)),
        "s_back": int(any(m.category in _BACK for m in scene.marks)),
    }
    if len(start) == _DAY:
        gap = (date.fromisoformat(start) - stage.published).days
        features["ahead"] = max(-400, min(gap, 400))
    for cue in stage.cues[one.sentence]:
        if cue.family in _TIMED:
            features[f"with.{cue.family}"] = 1
            if abs(cue.start - one.day.start) < _NEAR:
                features[f"near.{cue.family}"] = 1
    return features


def _count_near(
    stage: Stage, one: Telling, pair: Pair, sentences: Mapping[str, Sequence[int]]
) -> Features:
    """How far the person and the country are from it."""
    person, country = pair
    scene = stage.scenes[one.sentence]
    near, other = 99, 99
    for spot in stage.in_sentence[one.sentence]:
        if spot.kind == "place":
            words = _words(scene, spot.start, one.day.start)
            if spot.country == country:
                near = min(near, words)
            else:
                other = min(other, words)
    people = [a for a in stage.appearances.get(person, ()) if a.sentence == one.sentence]
    features = {
        "place_words": min(near, 40),
        "other_place_words": min(other, 40),
        "other_nearer": int(other < near),
        "person_words": min((_words(scene, a.start, one.day.start) for a in people), default=40),
    }
    for what, where in sentences.items():
        gap = min((abs(one.sentence - s) for s in where), default=_FAR)
        features[f"gap.{what}"] = gap
    return features


def _words(scene: Scene, one: int, other: int) -> int:
    """How many words lie between two places of a sentence, whichever is first."""
    low, high = sorted((one, other))
    return len(scene.lowered[low:high].split())
