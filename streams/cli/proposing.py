"""People no data file knows, put before an editor: who they are, and whom they may be.

Gathered from readings. Nothing is decided here: a candidate is a reason to look, and an editor adds
someone, or a spelling of someone, to the data files.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

from schemas.readings import Entity, Reading
from schemas.stories import Story
from streams.core.knowledge import Knowledge, Leader, TitleKind
from streams.core.matching import Match, Phrases, fold, lower
from streams.core.provisional import is_provisional
from streams.core.spellings import skeleton, spelling_key
from streams.core.text import read_page

T = TypeVar("T")

_MOST_CANDIDATES = 3
_FEWEST_CONSONANTS = 4
"""In a skeleton that says something: Ali and Ely share one."""
_SIMILAR = 0.8
"""Of two keys, as `difflib` measures it; Selenski and Zelenski have 0.88."""
_NEAR_TITLE = 40
"""Characters between a title and the name, with a country or a portfolio between them."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that names someone, and where it is from."""

    text: str
    language: str
    source: str
    story: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A leader of the data files whom a proposed person may be, and why that may be."""

    id: str
    name: str
    country: str | None
    because: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A provisional person. Days are ISO dates of publication."""

    id: str
    names: tuple[str, ...]
    """As spelt, the most frequent first."""
    kind: str
    titles: tuple[TitleKind, ...]
    """Beside the name in the sentences, the most frequent first; none in a list of leaders."""
    country: str | None
    stories: int
    sources: tuple[str, ...]
    first_day: str
    last_day: str
    example: Example | None
    """`None` where neither the story is at hand nor a report quotes it."""
    may_be: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """One provisional person in one story."""

    entity: Entity
    day: str
    source: str
    title: TitleKind | None
    example: Example | None


class Proposals:
    """Takes readings one by one, in any order; of each story the newest edition counts."""

    def __init__(self, known: Knowledge) -> None:
        self._known = known
        self._titles = {
            language: Phrases(
                (lower(form), title.kind)
                for title in known.titles
                if title.language == language
                for form in title.forms
            )
            for language in known.lexicons
        }
        self._newest: dict[str, tuple[tuple[str, bool, str], list[_Seen]]] = {}

    def add(self, reading: Reading, story: Story | None) -> None:
        """What one reading names; `story` as it was read, where it is at hand."""
        order = reading.rank.order()
        newest = self._newest.get(reading.story)
        if newest is None or newest[0] < order:
            self._newest[reading.story] = (order, list(self._seen(reading, story)))

    def proposed(self) -> list[Proposed]:
        """All of them, those in most stories first."""
        people: dict[str, list[_Seen]] = {}
        stories: Counter[str] = Counter()
        for _, seen in self._newest.values():
            stories.update({each.entity.id for each in seen})
            for each in seen:
                people.setdefault(each.entity.id, []).append(each)
        namesakes = _Namesakes(self._known.leaders)
        made = [_proposed(seen, stories[id_], namesakes) for id_, seen in people.items()]
        return sorted(made, key=lambda person: (-person.stories, person.id))

    def _seen(self, reading: Reading, story: Story | None) -> Iterator[_Seen]:
        unknown = [entity for entity in reading.entities if is_provisional(entity.id)]
        if not unknown or reading.signal == "kill":
            return
        sentences = self._sentences(story)
        for entity in unknown:
            text, at = _sentence_with(entity, sentences) or (_quoted(entity.id, reading), -1)
            example = Example(text, reading.language, reading.source, reading.story)
            yield _Seen(
                entity,
                reading.published_at.date().isoformat(),
                reading.source,
                self._title(text, at, reading.language) if at >= 0 else None,
                example if text else None,
            )

    def _sentences(self, story: Story | None) -> list[tuple[int, str]]:
        if story is None:
            return []
        page = read_page(story.headline, story.body, self._known.lexicons)
        return [(sentence.start, sentence.text) for sentence in page.sentences]

    def _title(self, sentence: str, at: int, language: str) -> TitleKind | None:
        """The title nearest before the name, else nearest behind it."""
        titles = self._titles.get(language)
        found: Iterable[Match[TitleKind]] = titles.find(lower(sentence)) if titles else ()
        near = {
            (title.start > at, abs(at - title.end)): title.value
            for title in found
            if abs(at - title.end) <= _NEAR_TITLE
        }
        return near[min(near)] if near else None


class _Namesakes:
    """Leaders by what their spellings share with other spellings."""

    def __init__(self, leaders: Iterable[Leader]) -> None:
        self._spelt = [
            (leader, spelling_key(name), skeleton(name))
            for leader in leaders
            for name in dict.fromkeys((leader.name, *leader.aliases))
        ]

    def of(self, names: Iterable[str], country: str | None) -> tuple[Candidate, ...]:
        """Whom one with these names may be: of the same country first, then the surest."""
        best: dict[str, tuple[tuple[bool, int], Candidate]] = {}
        for name in names:
            key, bones = spelling_key(name), skeleton(name)
            for leader, other_key, other_bones in self._spelt:
                at_home = country is not None and leader.country == country
                found = _likeness(key, bones, other_key, other_bones, at_home=at_home)
                if found is None:
                    continue
                rank, because = (not at_home, found[0]), found[1]
                if leader.id not in best or rank < best[leader.id][0]:
                    candidate = Candidate(leader.id, leader.name, leader.country, because)
                    best[leader.id] = (rank, candidate)
        ranked = sorted(best.values(), key=lambda pair: (pair[0], pair[1].id))
        return tuple(candidate for _, candidate in ranked[:_MOST_CANDIDATES])


def _likeness(
    key: str, bones: str, other_key: str, other_bones: str, *, at_home: bool
) -> tuple[int, str] | None:
    """How sure, 0 the surest, and why; `None`: not alike.

    Of another country only a whole name speaks for someone: surnames are shared by many.
    """
    if key == other_key:
        return 0, "the same name"
    is_telling = len(bones) - bones.count("-") >= _FEWEST_CONSONANTS
    if bones == other_bones and is_telling:
        return 1, "the same consonants"
    if not at_home:
        return None
    first, _, last = key.rpartition("-")
    other_first, _, other_last = other_key.rpartition("-")
    if last == other_last and first[:1] == other_first[:1]:
        return 2, "the same surname and initial"
    if last == other_last:
        return 3, "the same surname"
    if SequenceMatcher(None, key, other_key).ratio() >= _SIMILAR:
        return 4, "a similar name"
    return None


def _proposed(seen: list[_Seen], stories: int, namesakes: _Namesakes) -> Proposed:
    seen = sorted(seen, key=lambda each: (each.day, each.source, each.entity.name))
    first = seen[0].entity
    names = _by_frequency(each.entity.name for each in seen)
    examples = [each.example for each in seen if each.example is not None]
    return Proposed(
        id=first.id,
        names=names,
        kind=_by_frequency(each.entity.kind for each in seen)[0],
        titles=_by_frequency(each.title for each in seen if each.title is not None),
        country=first.country,
        stories=stories,
        sources=tuple(sorted({each.source for each in seen})),
        first_day=seen[0].day,
        last_day=seen[-1].day,
        example=examples[0] if examples else None,
        may_be=namesakes.of(names, first.country),
    )


def _sentence_with(entity: Entity, sentences: list[tuple[int, str]]) -> tuple[str, int] | None:
    """The sentence that names someone first, and where in it; by surname alone if need be."""
    surname = fold(entity.name).rpartition(" ")[2]
    for start, text in sentences:
        if start < 0:
            at = max(fold(text).find(fold(entity.name)), fold(text).find(surname))
            if at >= 0:
                return text, at
        for span in entity.spans:
            if start <= span[0] < start + len(text):
                return text, span[0] - start
    return None


def _quoted(id_: str, reading: Reading) -> str:
    """The evidence of the first report that names someone; empty where none does."""
    for finding in reading.findings:
        claim = finding.claim
        people = (
            (claim.leader, *claim.hosts) if claim.kind == "trip" else (claim.invitee, claim.inviter)
        )
        if any(person.id == id_ for person in people):
            return finding.evidence.text
    return ""


def _by_frequency(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(value for value, _ in Counter(values).most_common())
