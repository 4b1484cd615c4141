"""What can be counted of one country of a story, to tell whether people come together there.

A gathering draws many to one place, and a story often names that place once and its guests three
paragraphs later. How likely a country is that place is asked before anybody is bound to it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from streams.core.reports.gatherings import Gathering
from streams.core.reports.stage import Spot, Stage, names
from streams.core.reports.trips import TripTold

Features = dict[str, int]

_OCCASIONS: Final = names("summit inauguration funeral ceremony")
_ATTENDING: Final = names(
    "attend confirm absent stand_in hosting accept decline invited ask invite party"
)
_BESIDE: Final = names(
    "attend confirm hosting absent arrive will_go went goes stay receive invite ask meet trip"
)
_OF_HOSTS: Final = names(
    "hosting receive invite ask inauguration went goes will_go arrive trip attend meet speak absent"
)
_LEAD_PARAGRAPHS = 2
_FAR = 40


@dataclass(frozen=True, slots=True)
class Venue:
    """How likely people come together in a country, and its place among the story's countries."""

    chance: float
    rank: int
    """0 for the likeliest."""
    share: float
    """Of the likeliest one's chance."""


NOWHERE: Final = Venue(0.0, 9, 0.0)


def ranked(chances: Mapping[str, float]) -> dict[str, Venue]:
    """Countries with their chances, set beside each other."""
    order = sorted(chances, key=lambda country: (-chances[country], country))
    most = max((chances[country] for country in order), default=0.0)
    return {
        country: Venue(chances[country], min(place, 9), chances[country] / most if most else 0.0)
        for place, country in enumerate(order)
    }


def count_venues(
    stage: Stage, gathering: Gathering | None, told: Sequence[TripTold]
) -> dict[str, Features]:
    """Features of every country of the story. Linear in its length."""
    last = max(
        (n for n, s in enumerate(stage.scenes) if s.sentence.paragraph < _LEAD_PARAGRAPHS),
        default=0,
    )
    families = Counter(cue.family for row in stage.cues for cue in row)
    homes = Counter(member.country for member in stage.cast.values())
    abroad = Counter(m.country for m in stage.cast.values() if m.kind != "person" and m.country)
    named = {c: sum(s.kind == "place" for s in spots) for c, spots in stage.spots.items()}
    rank = {c: n for n, c in enumerate(sorted(named, key=lambda c: (-named[c], c)))}
    led_to = Counter(trip.country for trip in told)
    here = Counter(stage.whereabouts)
    story = {
        "S.att": min(sum(families[family] for family in _ATTENDING), 20),
        "S.n": min(len(stage.scenes), 25),
        "S.countries": min(len(stage.spots), 15),
        "S.cast": min(len(stage.cast), 20),
        **{f"S.{family}": min(families[family], 5) for family in (*sorted(_OCCASIONS), "screen")},
    }
    found: dict[str, Features] = {}
    for country, spots in stage.spots.items():
        features = story | {
            "n": min(named[country], 10),
            "rank": min(rank[country], 8),
            "dateline": int(stage.dateline == country),
            "gath": int(gathering is not None and gathering.country == country),
            "told": min(led_to[country], 8),
            "cast": min(homes[country], 6),
            "foreign": min(abroad.total() - abroad[country], 15),
            "here": min(here[country], 20),
        }
        _count_spots(features, stage, spots, last)
        _count_hosts(features, stage, country, last)
        found[country] = features
    return found


def _count_spots(features: Features, stage: Stage, spots: Sequence[Spot], last: int) -> None:
    """Where and how the country is named, and beside which words."""
    places = [spot for spot in spots if spot.kind == "place"]
    leads = Counter(spot.lead for spot in places)
    for lead in ("in", "to", "of", "none"):
        features[lead] = min(leads[lead], 6)
    sentences = [spot.sentence for spot in places]
    features["adj"] = min(sum(spot.kind == "adjective" for spot in spots), 6)
    features["city"] = min(sum(spot.city is not None for spot in places), 6)
    features["head"] = sum(stage.scenes[n].sentence.paragraph < 0 for n in sentences)
    features["lead_in"] = sum(s.lead == "in" and s.sentence <= last for s in places)
    features["lead_n"] = sum(n <= last for n in sentences)
    features["first"] = min(sentences, default=15)
    features["span"] = min(max(sentences, default=0) - min(sentences, default=0), 15)
    nearest = _FAR
    for spot in spots:
        for cue in stage.cues[spot.sentence]:
            if cue.family in _OCCASIONS:
                low, high = min(spot.end, cue.end), max(spot.start, cue.start)
                between = stage.scenes[spot.sentence].lowered[low:high]
                nearest = min(nearest, len(between.split()))
                features[f"occ.{spot.kind}"] = 1
                features[f"occ.lead.{spot.lead}"] = 1
            if cue.family in _BESIDE:
                key = f"with.{cue.family}"
                features[key] = min(features.get(key, 0) + 1, 5)
    features["occ.d"] = nearest


def _count_hosts(features: Features, stage: Stage, country: str, last: int) -> None:
    """What those who are at home there do, and where they are named."""
    hosts = {person for person, member in stage.cast.items() if member.country == country}
    for host in hosts:
        for seen in stage.appearances.get(host, ()):
            features["h.n"] = min(features.get("h.n", 0) + 1, 10)
            if stage.scenes[seen.sentence].sentence.paragraph < 0:
                features["h.head"] = 1
            if seen.sentence <= last:
                features["h.lead"] = 1
            for cue in stage.cues[seen.sentence]:
                if cue.family in _OCCASIONS:
                    features[f"h.with.{cue.family}"] = 1
    for row in stage.cues:
        for cue in row:
            if cue.family in _OF_HOSTS and not hosts.isdisjoint(cue.agents):
                key = f"h.does.{cue.family}"
                features[key] = min(features.get(key, 0) + 1, 4)
