"""Grows the forests that weigh stories, from the labelled development stories.

    python -m venv /tmp/training && /tmp/training/bin/pip install -e . lightgbm numpy
    /tmp/training/bin/python -m tools.judgement.train

Stories are dealt to five parts by a digest of their id. Beside each forest grown on all of them,
five are grown without one part each, so that `make quality` measures the development stories with
trees that have not seen them. The test part is never opened. The same stories, rules and LightGBM
give the same files.

`--batches` writes nothing: it leaves out each of the six batches in which the stories came, and
says how well it is read with what was grown on the others.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np

from bench.quality import (
    FORESTS,
    PARTS,
    Names,
    Tally,
    batch_of,
    labelled,
    languages,
    named_in,
    part_of,
    score,
    story_of,
    table,
)
from schemas.base import Dates
from streams.core.forest import STRIDE, UNIT, Forest, Tree
from streams.core.homes import Counted
from streams.core.knowledge import Knowledge
from streams.core.reader import RuleReader
from streams.core.reports.asking import Asking, count_askings, hopeful, weighed
from streams.core.reports.features import Pair, count
from streams.core.reports.judge import (
    ASKINGS,
    DAYS,
    GUESTS,
    HOSTS,
    JOURNEYS,
    NEWS,
    STAGES,
    VENUES,
)
from streams.core.reports.stage import Stage
from streams.core.reports.telling import Told
from streams.core.reports.timing import Candidate, calendar_of, choose, count_chosen, count_timing
from streams.core.reports.venues import Features, count_venues, ranked
from streams.core.strangers import HOMES, LEADING, leading_features
from streams.knowledge import load

BATCHES = 6
OUT = Path(__file__).resolve().parents[2] / "streams/data/models"
_NEVER = -1_000_000
GATHERED = 3
"""So many travellers to one country make a gathering."""
_COMMON: dict[str, Any] = {
    "objective": "binary",
    "verbose": -1,
    "num_threads": 2,
    "deterministic": True,
    "force_row_wise": True,
    "feature_pre_filter": False,
    "bagging_freq": 1,
    "bagging_fraction": 0.8,
    "lambda_l2": 3.0,
}
JOURNEY_TREES = {
    "num_leaves": 16,
    "min_data_in_leaf": 20,
    "learning_rate": 0.08,
    "feature_fraction": 0.3,
}
HOME_TREES = {
    "num_leaves": 16,
    "min_data_in_leaf": 20,
    "learning_rate": 0.08,
    "feature_fraction": 0.4,
}
DAY_TREES = {
    "num_leaves": 12,
    "min_data_in_leaf": 12,
    "learning_rate": 0.08,
    "feature_fraction": 0.4,
}
FEW_TREES = {"num_leaves": 6, "min_data_in_leaf": 10, "learning_rate": 0.1, "feature_fraction": 0.3}


@dataclass(frozen=True)
class Deal:
    """How the stories are dealt to parts that are left out in turn."""

    parts: int
    of: Callable[[str], int]
    """The part of a story, by its id."""


BY_STORY = Deal(PARTS, part_of)
BY_BATCH = Deal(BATCHES, batch_of)


@dataclass(frozen=True)
class Example:
    """A pair of a story: what was counted, and what the labels say of it."""

    story: str
    counts: Features
    pair: Pair
    wanted: Mapping[str, bool]


LaidOut = tuple[dict[str, Any], Stage, Told]
"""A labelled story, laid out, and what its sentences tell."""


def laid_out(
    knowledge: Knowledge, forests: Sequence[Mapping[str, Forest]], deal: Deal
) -> dict[str, LaidOut]:
    """The development part, by the stories' ids; `forests`: by part, those of its strangers."""
    readers = [RuleReader(replace(knowledge, forests=without)) for without in forests]
    stages: dict[str, LaidOut] = {}
    for label in _development():
        stage, told = readers[deal.of(label["id"])].stage(story_of(label))
        if stage is not None:
            stages[label["id"]] = (label, stage, told)
    return stages


def venues(stages: Mapping[str, LaidOut], names: Names) -> list[Example]:
    """All countries: whether so many travel there that they come together."""
    examples = []
    for story, (label, stage, told) in stages.items():
        key = names.of(label["gold"])
        bound = {(key(t["traveller"]), t["destination"]) for t in label["gold"]["trips"]}
        number = Counter(country for _, country in bound)
        for country, counts in count_venues(stage, told.gathering, told.trips).items():
            wanted = {"gathers": number[country] >= GATHERED}
            examples.append(Example(story, counts, ("", country), wanted))
    return examples


def journeys(
    stages: Mapping[str, LaidOut], gathers: Mapping[str, Mapping[str, float]], names: Names
) -> list[Example]:
    """All pairs of person and country."""
    examples: list[Example] = []
    for story, (label, stage, told) in stages.items():
        key = names.of(label["gold"])
        gold = defaultdict(list)
        for trip in label["gold"]["trips"]:
            gold[key(trip["traveller"]), trip["destination"]].append(trip)
        drawn = ranked(gathers[story])
        counted = count(stage, told.gathering, told.trips, drawn)
        for (person, country), counts in counted.items():
            trips = gold.get((key(stage.cast[person].name), country), [])
            news = [trip for trip in trips if trip["foreground"]]
            wanted = {"any": bool(trips), "news": bool(news)}
            for status in STAGES:
                wanted[status] = any(trip["status"] == status for trip in news or trips)
            examples.append(Example(story, counts, (person, country), wanted))
    return examples


def askings(
    stages: Mapping[str, LaidOut],
    gathers: Mapping[str, Mapping[str, float]],
    likely: Mapping[str, Mapping[Pair, float]],
    names: Names,
) -> tuple[list[Example], list[Example]]:
    """All pairs that may be inviter and invitee, and all guests."""
    examples: list[Example] = []
    guests: list[Example] = []
    for story, (label, stage, told) in stages.items():
        named = names.of(label["gold"])
        gold = {(named(i["inviter"]), named(i["invitee"])) for i in label["gold"]["invitations"]}
        organisations = {
            f"org:{o.organisation.id}": o.organisation.name
            for scene in stage.scenes
            for o in scene.organisations
        }
        drawn = ranked(gathers[story])
        found = count_askings(stage, told.gathering, told.invitations, likely[story], drawn)
        wanted = set()
        for host, guest in found.pairs:
            inviter = organisations.get(host) or stage.cast[host].name
            if (named(inviter), named(stage.cast[guest].name)) in gold:
                wanted.add((host, guest))
        asked = {guest for _, guest in wanted}
        for pair, counts in found.pairs.items():
            answers = {"asked": pair in wanted, "guest": pair[1] in asked}
            examples.append(Example(story, counts, pair, answers))
        for guest, counts in found.guests.items():
            guests.append(Example(story, counts, ("", guest), {"asked": guest in asked}))
    return examples, guests


def inviting(
    examples: Sequence[Example], guests: Sequence[Example], deal: Deal
) -> tuple[Grown, Grown, Grown]:
    """The forests of pairs, of guests, and of the hosts of those who are asked.

    The first has the threshold that scores best when all three are weighed.
    """
    pairs = grow(ASKINGS, examples, "asked", deal, trees=120, shape=HOME_TREES, score=f1)
    whom = grow(GUESTS, guests, "asked", deal, trees=120, shape=DAY_TREES, score=f1)
    of_asked = [example for example in examples if example.wanted["guest"]]
    who = grow(HOSTS, of_asked, "asked", deal, trees=120, shape=DAY_TREES, score=f1)
    likely: dict[str, dict[str, float]] = defaultdict(dict)
    for example, chance in zip(guests, whom.unseen, strict=True):
        likely[example.story][example.pair[1]] = chance
    by_story: dict[str, dict[Asking, tuple[float, float]]] = defaultdict(dict)
    for example, chance in zip(examples, pairs.unseen, strict=True):
        of_host = who.without[deal.of(example.story)].probability(example.counts)
        by_story[example.story][example.pair] = (chance, of_host)
    chances: dict[tuple[str, Asking], float] = {}
    for story, found in by_story.items():
        left = hopeful(found, likely[story], whom.whole.threshold)
        together = weighed(
            {pair: chance for pair, (chance, _) in left.items()},
            likely[story],
            {pair: of_host for pair, (_, of_host) in left.items()},
        )
        chances |= {(story, pair): chance for pair, chance in together.items()}
    unseen = np.array([chances.get((example.story, example.pair), 0.0) for example in examples])
    answers = np.array([example.wanted["asked"] for example in examples])
    cut = best_cut(unseen, answers, f1)
    print(f"{'':15} cut {cut:.2f}  {f1(unseen >= cut, answers):.3f}  all three weighed")
    without = tuple(replace(forest, threshold=cut) for forest in pairs.without)
    pairs = replace(pairs, whole=replace(pairs.whole, threshold=cut), without=without)
    return pairs, whom, who


@dataclass(frozen=True)
class Met:
    """A name of a story: what was counted of it, and what the labels say."""

    story: str
    counted: Counted
    home: str | None
    """Of labelled people that the leader file has."""
    labelled: bool
    leads: bool


def met(knowledge: Knowledge, names: Names) -> list[Met]:
    """All names of the development part, read as if no file knew any."""
    reader = RuleReader(replace(knowledge, leaders=()))
    homes = {leader.id: leader.country for leader in knowledge.leaders}
    found = []
    for label in _development():
        key = names.of(label["gold"])
        leaders = {key(name) for name in label["gold"]["leaders"]}
        labelled = {key(name) for name in named_in(label["gold"])}
        for counted in reader.strangers(story_of(label)):
            person = key(counted.name.text)
            found.append(
                Met(
                    label["id"],
                    counted,
                    homes.get(person),
                    person in labelled,
                    person in leaders,
                )
            )
    return found


def strangers(knowledge: Knowledge, names: Names, deal: Deal) -> tuple[Grown, Grown]:
    """The forests of homes, and of who is a leader."""
    people = met(knowledge, names)
    pairs = [
        (one, country, counts)
        for one in people
        if one.home is not None or not one.labelled
        for country, counts in one.counted.homes.items()
    ]
    examples = [
        Example(one.story, counts, ("", country), {"home": one.labelled and one.home == country})
        for one, country, counts in pairs
    ]
    homes = grow(HOMES, examples, "home", deal, trees=120, shape=HOME_TREES, score=f1)
    standing = []
    for one in people:
        unseen = homes.without[deal.of(one.story)]
        chances = {c: unseen.probability(found) for c, found in one.counted.homes.items()}
        counts = leading_features(one.counted, chances)
        standing.append(Example(one.story, counts, ("", ""), {"leads": one.leads}))
    leading = grow(LEADING, standing, "leads", deal, trees=80, shape=DAY_TREES, score=f1)
    return homes, leading


@dataclass(frozen=True)
class Dated:
    """A labelled journey: its candidate days, and the days wanted."""

    story: str
    counted: list[tuple[Candidate, Features]]
    wanted: tuple[str | None, str | None]


def timings(stages: Mapping[str, LaidOut], names: Names) -> tuple[list[Example], list[Dated]]:
    """All candidate days of the labelled journeys, one by one and journey by journey."""
    examples: list[Example] = []
    dated: list[Dated] = []
    for story, (label, stage, told) in stages.items():
        calendar = calendar_of(stage)
        key = names.of(label["gold"])
        ids = {key(member.name): person for person, member in stage.cast.items()}
        for trip in label["gold"]["trips"]:
            person = ids.get(key(trip["traveller"]))
            if person is None:
                continue
            pair = (person, trip["destination"])
            want = (trip["start"], trip["end"] or trip["start"])
            counted = count_timing(calendar, pair, told.gathering, told.trips)
            dated.append(Dated(story, counted, want))
            for candidate, counts in counted:
                right = _span(candidate.dates) == want
                examples.append(Example(story, counts, pair, {"right": right}))
    return examples, dated


def _span(dates: Dates | None) -> tuple[str | None, str | None]:
    return (dates.start, dates.end or dates.start) if dates else (None, None)


def choosing(grown: Grown, dated: Sequence[Dated], deal: Deal) -> Grown:
    """The same with the threshold at which most journeys get the days that are wanted."""

    def right(cut: float) -> int:
        without = [replace(forest, threshold=cut) for forest in grown.without]
        return sum(
            _span(choose(without[deal.of(one.story)], one.counted)) == one.wanted for one in dated
        )

    cut = round(float(max(np.arange(0.06, 0.4, 0.02), key=right)), 2)
    print(f"{'':15} {right(cut):5} of {len(dated):6}  cut {cut:.2f}  right days chosen")
    without = tuple(replace(forest, threshold=cut) for forest in grown.without)
    return replace(grown, whole=replace(grown.whole, threshold=cut), without=without)


@dataclass(frozen=True)
class Grown:
    """A forest, those grown without each part, and what these say of the examples of theirs."""

    whole: Forest
    without: tuple[Forest, ...]
    unseen: np.ndarray

    def write(self) -> None:
        """The whole to the data files, the others beside the bench."""
        write(self.whole, OUT)
        for part, forest in enumerate(self.without):
            write(forest, FORESTS / str(part))


def _development() -> Iterator[dict[str, Any]]:
    for language in languages():
        yield from labelled(language, "dev")


def grow(
    name: str,
    examples: Sequence[Example],
    wanted: str,
    deal: Deal,
    *,
    trees: int,
    shape: Mapping[str, Any],
    score: Callable[[np.ndarray, np.ndarray], float],
) -> Grown:
    """Grows a forest on all examples, and one without each part.

    The threshold is the one that scores best when each example is asked of the forest that has not
    seen its story.
    """
    features = sorted({feature for example in examples for feature in example.counts})
    table = np.array([[e.counts.get(f, 0) for f in features] for e in examples], dtype=float)
    answers = np.array([e.wanted[wanted] for e in examples])
    parts = np.array([deal.of(e.story) for e in examples])

    def planted(seen: np.ndarray) -> tuple[Tree, ...]:
        booster = lightgbm.train(
            {**_COMMON, **shape},
            lightgbm.Dataset(table[seen], answers[seen]),
            num_boost_round=trees,
        )
        dumped = booster.dump_model()["tree_info"]
        return tuple(_tree(tree["tree_structure"], features) for tree in dumped)

    without = [_bare(name, planted(parts != part), 0.5) for part in range(deal.parts)]
    unseen = np.array([without[deal.of(e.story)].probability(e.counts) for e in examples])
    cut = best_cut(unseen, answers, score)
    print(
        f"{name:15} {answers.sum():5} of {len(answers):6}  cut {cut:.2f}  "
        f"{score(unseen >= cut, answers):.3f}",
        flush=True,
    )
    whole = _bare(name, planted(parts >= 0), cut)
    near = [
        example.counts
        for example, chance in zip(examples, unseen, strict=True)
        if chance >= cut / 2
    ]
    return Grown(
        _with_floors(whole, near, cut), tuple(_with_floors(f, near, cut) for f in without), unseen
    )


def best_cut(
    unseen: np.ndarray, answers: np.ndarray, score: Callable[[np.ndarray, np.ndarray], float]
) -> float:
    """The threshold that scores best."""
    cuts = np.arange(0.1, 0.7, 0.02)
    return round(float(max(cuts, key=lambda cut: score(unseen >= cut, answers))), 2)


def _bare(name: str, trees: tuple[Tree, ...], cut: float) -> Forest:
    """One that lets nobody go early."""
    return Forest(name, trees, cut, (_NEVER,) * -(-len(trees) // STRIDE))


def _with_floors(forest: Forest, near: Sequence[Features], cut: float) -> Forest:
    """With the lowest sums after each few trees that one who comes near the threshold has."""
    lowest = []
    for after in range(STRIDE, len(forest.trees) + STRIDE, STRIDE):
        first = _bare(forest.name, forest.trees[:after], cut)
        odds = [first.probability(counts) for counts in near]
        lowest.append(min((round(UNIT * math.log(p / (1 - p))) for p in odds), default=_NEVER))
    return replace(forest, threshold=cut, floors=tuple(lowest))


def _tree(node: Mapping[str, Any], features: Sequence[str]) -> Tree:
    if "leaf_value" in node:
        return round(node["leaf_value"] * UNIT)
    return (
        features[node["split_feature"]],
        int(np.floor(node["threshold"])),
        _tree(node["left_child"], features),
        _tree(node["right_child"], features),
        round(node["internal_value"] * UNIT),
    )


def f1(found: np.ndarray, answers: np.ndarray) -> float:
    """Of the examples; what is no example at all is not counted."""
    right = (found & answers).sum()
    return float(2 * right / max(found.sum() + answers.sum(), 1))


def accuracy(found: np.ndarray, answers: np.ndarray) -> float:
    """Share that is right."""
    return float((found == answers).mean())


def write(forest: Forest, folder: Path) -> None:
    """One tree a line, so that a change can be seen."""
    folder.mkdir(parents=True, exist_ok=True)
    head = json.dumps(
        {
            "name": forest.name,
            "threshold": forest.threshold,
            "floors": forest.floors,
        }
    )
    trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in forest.trees)
    path = folder / f"{forest.name}.json"
    path.write_text(f'{head[:-1]}, "trees": [\n{trees}\n]}}\n', "utf-8")


def grow_all(knowledge: Knowledge, names: Names, deal: Deal) -> list[Grown]:
    """All of them, one after the other, since some ask others."""
    of_strangers = strangers(knowledge, names, deal)
    stages = laid_out(
        knowledge,
        [{g.whole.name: g.without[part] for g in of_strangers} for part in range(deal.parts)],
        deal,
    )
    countries = venues(stages, names)
    drawing = grow(VENUES, countries, "gathers", deal, trees=80, shape=FEW_TREES, score=f1)
    gathers: dict[str, dict[str, float]] = defaultdict(dict)
    for example, chance in zip(countries, drawing.unseen, strict=True):
        gathers[example.story][example.pair[1]] = chance
    examples = journeys(stages, gathers, names)
    going = grow(JOURNEYS, examples, "any", deal, trees=100, shape=JOURNEY_TREES, score=f1)
    likely: dict[str, dict[Pair, float]] = defaultdict(dict)
    for example, chance in zip(examples, going.unseen, strict=True):
        likely[example.story][example.pair] = chance
    candidates, dated = timings(stages, names)
    days = grow(DAYS, candidates, "right", deal, trees=80, shape=DAY_TREES, score=f1)
    days = choosing(days, dated, deal)
    positive = [
        replace(
            example, counts=example.counts | _chosen(days, deal, stages[example.story], example)
        )
        for example in examples
        if example.wanted["any"]
    ]
    asked, guests = askings(stages, gathers, likely, names)
    return [
        *of_strangers,
        drawing,
        going,
        days,
        grow(NEWS, positive, "news", deal, trees=40, shape=FEW_TREES, score=accuracy),
        *(
            grow(
                f"trip-{status}", positive, status, deal, trees=30, shape=FEW_TREES, score=accuracy
            )
            for status in STAGES
        ),
        *inviting(asked, guests, deal),
    ]


def _chosen(days: Grown, deal: Deal, laid_out: LaidOut, example: Example) -> Features:
    _, stage, told = laid_out
    counted = count_timing(calendar_of(stage), example.pair, told.gathering, told.trips)
    unseen = days.without[deal.of(example.story)]
    return count_chosen(choose(unseen, counted), stage.published)


def read_batches(knowledge: Knowledge, names: Names, grown: Sequence[Grown]) -> dict[str, Tally]:
    """Each batch, read with what was grown on the others, and all."""
    tallies = {f"batch {batch + 1}": Tally() for batch in range(BATCHES)} | {"all": Tally()}
    readers = [
        RuleReader(replace(knowledge, forests={g.whole.name: g.without[batch] for g in grown}))
        for batch in range(BATCHES)
    ]
    for label in _development():
        batch = batch_of(label["id"])
        tally = score(label, readers[batch].read(story_of(label)), names).tally
        for name in (f"batch {batch + 1}", "all"):
            tallies[name].add(tally)
    return tallies


def main() -> None:
    """Grows and writes all of them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument(
        "--batches", action="store_true", help="leave out whole batches and read them"
    )
    knowledge = load(forests=False)
    names = Names(knowledge)
    if parser.parse_args().batches:
        print(table(read_batches(knowledge, names, grow_all(knowledge, names, BY_BATCH))))
        return
    for grown in grow_all(knowledge, names, BY_STORY):
        grown.write()


if __name__ == "__main__":
    main()
