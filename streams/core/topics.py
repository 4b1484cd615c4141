"""What a story is about: security, migration and the others, each with the words that decided it.

A strong phrase nearly decides alone; weak ones only together. The score is a saturating sum: one
strong phrase gives 0.6, two give 0.84; a topic counts from 0.43, which two weak phrases reach.
Phrases are data (`topics.toml`).
"""

from schemas.readings import Topic
from streams.core.knowledge import Knowledge
from streams.core.matching import Phrases, lower

_STRONG = 0.6
_WEAK = 0.25
COUNTS_FROM = 0.43
_MOST_WORDS = 8


class Topics:
    """Finds topics of stories in one language. Immutable after it is made."""

    def __init__(self, knowledge: Knowledge, language: str) -> None:
        self._phrases = Phrases(
            (lower(phrase), (entry.id, weight))
            for entry in knowledge.topics
            for weight, phrases in ((_STRONG, entry.strong), (_WEAK, entry.weak))
            for phrase in phrases.get(language, ())
        )

    def of(self, text: str) -> tuple[Topic, ...]:
        """Topics that count, the surest first, then by id."""
        lowered = lower(text)
        words: dict[str, dict[str, float]] = {}
        for match in self._phrases.find(lowered):
            topic, weight = match.value
            said = words.setdefault(topic, {})
            phrase = lowered[match.start : match.end]
            said[phrase] = max(said.get(phrase, 0.0), weight)
        topics = []
        for topic, said in words.items():
            doubt = 1.0
            for weight in said.values():
                doubt *= 1.0 - weight
            if 1.0 - doubt >= COUNTS_FROM:
                surest = sorted(said, key=lambda phrase: (-said[phrase], phrase))
                topics.append(
                    Topic(id=topic, score=round(1.0 - doubt, 2), words=tuple(surest[:_MOST_WORDS]))
                )
        return tuple(sorted(topics, key=lambda topic: (-topic.score, topic.id)))
