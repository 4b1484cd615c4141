"""What a story is about: security, migration and the others, each with the words that decided it.

A topic counts when the story gives it a clause. So sentences are weighed one by one, and a story is
about a topic unless all of its sentences are about something else (a noisy or: Pearl,
"Probabilistic reasoning in intelligent systems", 1988). A sentence has *marks*: the groups of words
it has, of the topic and of others, how many words of the topic and how strong ones, and whether it
opens the story. What a mark weighs was learned from labelled stories. A topic that nobody labelled
has a saturating sum of its words instead.

Words, groups and strengths are data (`topics.toml`), and so are weights (`models/topics.json`).
People, places and journeys are not looked at.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.readings import Topic
from streams.core.knowledge import Knowledge, TopicWeights, WordGroup, WordStrength
from streams.core.matching import Phrases, lower
from streams.core.text import Sentence

BESIDE: Final = "beside"
"""In place of a topic's id: what is about none."""
MARKS: Final = frozenset(
    (
        "headline",
        "opening",
        "strong",
        "strong:2",
        "weak",
        "hint",
        "plain:2",
        "plain:3",
        "words:2",
        "words:3",
    )
)
"""Beside the groups: where the sentence stands, which strengths its words of the topic have, how
many are strong, how many are more than hints, how many there are."""
UNIT: Final = 100
COUNTS_FROM: Final = 0.43
"""Of a topic without weights; two weak words reach it."""
_WORTH: Final = {"strong": 0.6, "weak": 0.25, "hint": 0.1}
_RANK: Final = {"strong": 0, "weak": 1, "hint": 2}
_OPENING: Final = 2
_MOST_WORDS: Final = 8
_SPEAKS_FROM: Final = -2 * UNIT
"""A sentence that is less likely to be about the topic did not decide it."""


@dataclass(frozen=True, slots=True)
class _Group:
    """What a phrase stands for. `letters`: of the phrase without its open ends."""

    topic: str
    mark: str
    strength: WordStrength
    letters: int


@dataclass(frozen=True, slots=True)
class _Clause:
    """A sentence and its words of topics, in their order."""

    sentence: Sentence
    words: tuple[tuple[_Group, str], ...]

    def own(self, topic: str) -> dict[str, _Group]:
        """The words of a topic, each once."""
        return {word: group for group, word in self.words if group.topic == topic}


class Topics:
    """Finds topics of stories in one language. Immutable after it is made."""

    def __init__(self, knowledge: Knowledge, language: str) -> None:
        self._weights = dict(knowledge.topic_weights)
        self._phrases = Phrases(_entries(knowledge, language))

    def of(self, sentences: Sequence[Sentence]) -> tuple[Topic, ...]:
        """Topics that count, the surest first, then by id. Linear in the length of the story."""
        clauses = self._clauses(sentences)
        found = []
        for topic in {group.topic for clause in clauses for group, _ in clause.words} - {BESIDE}:
            told = [clause for clause in clauses if clause.own(topic)]
            weights = self._weights.get(topic)
            tagged = _summed(topic, told) if weights is None else _weighed(topic, told, weights)
            if tagged is not None:
                found.append(tagged)
        return tuple(sorted(found, key=lambda topic: (-topic.score, topic.id)))

    def marks(self, topic: str, sentences: Sequence[Sentence]) -> list[frozenset[str]]:
        """Of each sentence that has a word of the topic; for learning what they weigh."""
        clauses = self._clauses(sentences)
        return [frozenset(_marks(topic, clause)) for clause in clauses if clause.own(topic)]

    def _clauses(self, sentences: Sequence[Sentence]) -> list[_Clause]:
        return [
            _Clause(sentence, words) for sentence in sentences if (words := self._words(sentence))
        ]

    def _words(self, sentence: Sentence) -> tuple[tuple[_Group, str], ...]:
        """Of phrases of one topic that take in the same words, the one that says most of them."""
        lowered = lower(sentence.text)
        best: dict[tuple[int, int, str], _Group] = {}
        for match in self._phrases.find(lowered):
            span = (match.start, match.end, match.value.topic)
            known = best.get(span)
            if known is None or match.value.letters > known.letters:
                best[span] = match.value
        return tuple((group, lowered[start:end]) for (start, end, _), group in best.items())


def _entries(knowledge: Knowledge, language: str) -> Iterator[tuple[str, _Group]]:
    owned: list[tuple[str, WordGroup]] = [
        (topic.id, group) for topic in knowledge.topics for group in topic.groups
    ]
    owned += [(BESIDE, group) for group in knowledge.beside]
    for topic, group in owned:
        for phrase in group.words.get(language, ()):
            letters = len(phrase.strip("*"))
            yield lower(phrase), _Group(topic, f"{topic}.{group.name}", group.strength, letters)


def _marks(topic: str, clause: _Clause) -> set[str]:
    marks = {group.mark for group, _ in clause.words}
    own = clause.own(topic).values()
    marks.update(group.strength for group in own)
    strong = sum(1 for group in own if group.strength == "strong")
    plain = sum(1 for group in own if group.strength != "hint")
    for name, number in (("strong", strong), ("plain", plain), ("words", len(own))):
        if number > 1:
            marks.add(f"{name}:2")
        if number > 2 and name != "strong":
            marks.add(f"{name}:3")
    if clause.sentence.paragraph < 0:
        marks.add("headline")
    elif clause.sentence.index <= _OPENING:
        marks.add("opening")
    return marks


def _weighed(topic: str, told: Sequence[_Clause], weights: TopicWeights) -> Topic | None:
    doubt = 1.0
    speaking: list[tuple[int, int]] = []
    for number, clause in enumerate(told):
        odds = weights.base
        for mark in _marks(topic, clause):
            odds += weights.weights.get(mark, 0)
        doubt /= 1.0 + math.exp(odds / UNIT)
        speaking.append((-odds, number))
    if 1.0 - doubt < weights.threshold:
        return None
    speaking.sort()
    surest = [n for odds, n in speaking if -odds >= _SPEAKS_FROM] or [speaking[0][1]]
    words = dict.fromkeys(word for n in surest for word in _by_strength(told[n].own(topic)))
    return Topic(id=topic, score=round(1.0 - doubt, 2), words=tuple(words)[:_MOST_WORDS])


def _summed(topic: str, told: Sequence[_Clause]) -> Topic | None:
    """One strong word gives 0.6, two give 0.84."""
    said: dict[str, _Group] = {}
    for clause in told:
        said.update(clause.own(topic))
    doubt = 1.0
    for group in said.values():
        doubt *= 1.0 - _WORTH[group.strength]
    if 1.0 - doubt < COUNTS_FROM:
        return None
    words = tuple(_by_strength(dict(sorted(said.items()))))
    return Topic(id=topic, score=round(1.0 - doubt, 2), words=words[:_MOST_WORDS])


def _by_strength(words: dict[str, _Group]) -> list[str]:
    return sorted(words, key=lambda word: _RANK[words[word].strength])
