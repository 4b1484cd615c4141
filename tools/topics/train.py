"""Learns what the marks of a sentence weigh for a topic, from the labelled development stories.

    /tmp/training/bin/python -m tools.topics.train

Labels are of stories, not of sentences: a story is about a topic if one of its sentences is. So the
likelihood of a story's label is a noisy or over its sentences, and its gradient finds by itself
which sentence was meant (learning from several instances: Dietterich and others, 1997). Weights are
drawn to nought, the more the less they have to do with the topic itself.

Stories are dealt to the same parts as those of `tools.judgement`. The test part is never opened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from bench.quality import FORESTS, LABELLED_TOPICS, PARTS, labelled, languages, part_of, story_of
from streams.core.knowledge import Knowledge, TopicWeights
from streams.core.text import read_page
from streams.core.topics import MARKS, UNIT, Topics
from streams.knowledge import load
from streams.knowledge.models import TOPIC_WEIGHTS

OUT = Path(__file__).resolve().parents[2] / "streams/data/models"
RIDGE = 0.5
"""How strongly a weight is drawn to nought."""
STRENGTHS = 0.3
"""Times that, for marks that all groups of a topic share: a new group is to live by them."""
OTHERS = 5.0
"""Times that, for words of other topics."""
SPEAKING = frozenset(("strong", "strong:2", "plain:2", "plain:3", "words:2", "words:3"))
"""These, and the groups that are more than hints, never speak against their topic: chance
neighbours in few stories must not make a ceasefire a reason to doubt that it is about security."""
CUTS = np.arange(0.3, 0.61, 0.05)
_BASE = -2.0
_NEVER_SURE = 1e-4


@dataclass(frozen=True)
class Example:
    """A story: its part, the marks of its sentences by topic, and what its label says."""

    part: int
    sentences: Mapping[str, Sequence[frozenset[str]]]
    wanted: frozenset[str]


class Sentences:
    """All sentences that have a word of a topic, as a table, and whose they are."""

    def __init__(self, topic: str, examples: Sequence[Example], plain: frozenset[str]) -> None:
        """`plain`: marks of the groups whose words are more than hints."""
        rows = [(n, marks) for n, one in enumerate(examples) for marks in one.sentences[topic]]
        self.marks = sorted({mark for _, marks in rows for mark in marks})
        column = {mark: number for number, mark in enumerate(self.marks)}
        self.table = np.zeros((len(rows), len(self.marks)))
        for row, (_, marks) in enumerate(rows):
            self.table[row, [column[mark] for mark in marks]] = 1.0
        self.owner = np.array([owner for owner, _ in rows])
        self.wanted = np.array([topic in one.wanted for one in examples])
        self.speaking = [mark in SPEAKING or mark in plain for mark in self.marks]
        self.drawn = RIDGE * np.array([_drawn(topic, mark) for mark in self.marks])

    def learn(self, seen: np.ndarray) -> np.ndarray:
        """Base and weights that make the labels of the stories seen likeliest."""
        mine = seen[self.owner]
        table, owner, wanted = self.table[mine], self.owner[mine], self.wanted

        def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
            odds = table @ point[1:] + point[0]
            doubt = _NEVER_SURE + np.bincount(owner, np.logaddexp(0, odds), len(wanted))
            none = np.exp(-doubt)
            each = np.where(wanted, -np.log1p(-none), doubt)
            slope = np.where(wanted, -none / (1 - none), 1.0)[owner] / (1 + np.exp(-odds))
            shrunk = (self.drawn * point[1:] ** 2).sum()
            down = np.concatenate([[slope.sum()], table.T @ slope + 2 * self.drawn * point[1:]])
            return float(each[seen].sum() + shrunk), down

        start = np.concatenate([[_BASE], np.zeros(len(self.marks))])
        bounds = [(None, None), *((0 if kept else None, None) for kept in self.speaking)]
        found = minimize(
            loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500}
        )
        return np.round(found.x * UNIT)

    def chances(self, point: np.ndarray) -> np.ndarray:
        """That each story is about the topic."""
        odds = (self.table @ point[1:] + point[0]) / UNIT
        return 1 - np.exp(-np.bincount(self.owner, np.logaddexp(0, odds), len(self.wanted)))

    def weights(self, point: np.ndarray, cut: float) -> TopicWeights:
        """As they are kept: marks that weigh nothing are left out."""
        numbers = [int(number) for number in point]
        told = {m: w for m, w in zip(self.marks, numbers[1:], strict=True) if w}
        return TopicWeights(numbers[0], told, cut)


def _drawn(topic: str, mark: str) -> float:
    if mark in MARKS:
        return 1.0 if mark in ("headline", "opening") else STRENGTHS
    return 1.0 if mark.startswith(f"{topic}.") else OTHERS


def plain_groups(knowledge: Knowledge, topic: str) -> frozenset[str]:
    """Marks of a topic's groups that say more than a hint."""
    [entry] = [entry for entry in knowledge.topics if entry.id == topic]
    return frozenset(f"{topic}.{each.name}" for each in entry.groups if each.strength != "hint")


def examples(knowledge: Knowledge) -> list[Example]:
    """The development part. The same words are counted as by the service."""
    readers = {language: Topics(knowledge, language) for language in knowledge.lexicons}
    found = []
    for language in languages():
        for label in labelled(language, "dev"):
            story = story_of(label)
            page = read_page(story.headline, story.body, knowledge.lexicons)
            topics = readers[page.language]
            marks = {topic: topics.marks(topic, page.sentences) for topic in LABELLED_TOPICS}
            wanted = frozenset(label["gold"]["topics"]) & LABELLED_TOPICS
            found.append(Example(part_of(label["id"]), marks, wanted))
    return found


def f1(found: np.ndarray, wanted: np.ndarray) -> float:
    """Of all pairs of story and topic."""
    return float(2 * (found & wanted).sum() / max(found.sum() + wanted.sum(), 1))


def write(weights: Mapping[str, TopicWeights], folder: Path) -> None:
    """One mark a line, so that a change can be seen."""
    content = {
        topic: {"base": one.base, "threshold": one.threshold, "weights": dict(one.weights)}
        for topic, one in weights.items()
    }
    (folder / TOPIC_WEIGHTS).write_text(json.dumps(content, indent=1) + "\n", "utf-8")


def main() -> None:
    """Learns, tells how well stories not seen are told apart, and writes the weights."""
    knowledge = load(forests=False)
    stories = examples(knowledge)
    parts = np.array([story.part for story in stories])
    tables = {
        topic: Sentences(topic, stories, plain_groups(knowledge, topic))
        for topic in sorted(LABELLED_TOPICS)
    }
    without = {
        topic: [table.learn(parts != part) for part in range(PARTS)]
        for topic, table in tables.items()
    }
    wanted = np.array([table.wanted for table in tables.values()])
    unseen = np.array(
        [
            np.choose(parts, [tables[topic].chances(point) for point in points])
            for topic, points in without.items()
        ]
    )
    cut = round(float(max(CUTS, key=lambda cut: f1(unseen >= cut, wanted))), 2)
    for topic, chances, right in zip(tables, unseen, wanted, strict=True):
        print(f"{topic:22} {right.sum():4} of {len(right)}  {f1(chances >= cut, right):.3f}")
    print(f"{'all':22} {wanted.sum():4}  cut {cut:.2f}  {f1(unseen >= cut, wanted):.3f}")
    whole = {topic: table.learn(parts >= 0) for topic, table in tables.items()}
    write({topic: tables[topic].weights(point, cut) for topic, point in whole.items()}, OUT)
    for part in range(PARTS):
        points = {topic: points[part] for topic, points in without.items()}
        write(
            {topic: tables[topic].weights(point, cut) for topic, point in points.items()},
            FORESTS / str(part),
        )


if __name__ == "__main__":
    main()
