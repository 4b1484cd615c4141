"""Readings as one HTML page for people: each story with its marks, and beside it what was found.

The page needs no network and no script. Jinja2 escapes all that comes from a story; what a story
says never becomes an address, a style or a name on the page. `streams.cli.explaining` is the same
for a terminal, and the words of both are in `streams.core.wording`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from schemas.base import Person
from schemas.readings import Entity, EntityKind, Finding, Reading, Rejected
from schemas.stories import Story
from streams.cli.items import Problem
from streams.cli.marking import Passage, Said, Span, paragraphs, said_in
from streams.core import wording
from streams.core.knowledge import Knowledge
from streams.core.text import MOST_CHARACTERS, read_page

_MARKED: tuple[EntityKind, ...] = (
    *("leader", "official", "person"),
    *("country", "city", "organisation"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a head or a card: what it is about, what it says, and the id behind it."""

    label: str
    text: str
    id: str = ""
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A report as people are shown it. `number` counts from 1; `line`: all of it in one."""

    number: int
    finding: Finding
    line: str
    lines: tuple[Line, ...]
    is_marked: bool
    """Its evidence is marked in the headline or the text."""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """What was rejected, numbered from 1, and whether its sentence is marked."""

    number: int
    rejected: Rejected
    is_marked: bool


@dataclass(frozen=True, slots=True)
class TopicShown:
    """A topic with its name and the words that decided it."""

    name: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A story, its reading and what the page shows of them."""

    number: int
    title: str
    language: str | None
    reading: Reading
    head: tuple[Line, ...]
    headline: tuple[tuple[Passage, ...], ...]
    text: tuple[tuple[Passage, ...], ...]
    unshown: int
    """Characters behind the end of what is read, which the page leaves out."""
    cards: tuple[Card, ...]
    not_taken: tuple[NotTaken, ...]
    topics: tuple[TopicShown, ...]
    entities: tuple[tuple[EntityKind, tuple[Entity, ...]], ...]


class Page:
    """Makes the sections one by one, then all of the page. Holds every story shown in memory."""

    def __init__(self, known: Knowledge) -> None:
        self._known = known
        self._countries = wording.country_names(known)
        self._topics = {topic.id: topic.name for topic in known.topics}
        self._sections: list[Section] = []
        self._problems: list[Problem] = []

    def add(self, story: Story, reading: Reading) -> None:
        """Shows one story, behind those before it."""
        whole = len(story.body)
        story = story.model_copy(update={"body": story.body[:MOST_CHARACTERS]})
        headline = story.headline or ""
        below = said_in(story.body, reading)
        above = said_in(headline, reading, besides=below)
        self._sections.append(
            Section(
                number=len(self._sections) + 1,
                title=wording.headline(story),
                language=None if reading.language == "und" else reading.language,
                reading=reading,
                head=tuple(_head(story, reading, self._known)),
                headline=tuple(paragraphs(headline, (), above)),
                text=tuple(
                    paragraphs(story.body, reading.entities, below, self._read(story, reading))
                ),
                unshown=whole - len(story.body),
                cards=tuple(self._cards(reading, above, below)),
                not_taken=tuple(
                    NotTaken(n + 1, rejected, n in above.rejected or n in below.rejected)
                    for n, rejected in enumerate(reading.rejected)
                ),
                topics=tuple(
                    TopicShown(self._topics.get(topic.id, topic.id), topic.score, topic.words)
                    for topic in reading.topics
                ),
                entities=_by_kind(reading.entities),
            )
        )

    def refuse(self, problem: Problem) -> None:
        """Tells of something that is no story."""
        self._problems.append(problem)

    def html(self) -> str:
        """The page."""
        environment = Environment(
            loader=PackageLoader("streams.cli"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_seen,
        )
        return environment.get_template("stories.html").render(
            sections=self._sections, problems=self._problems, wording=wording, kinds=_MARKED
        )

    def _read(self, story: Story, reading: Reading) -> Sequence[Span] | None:
        """The parts of the body that the reader took for the story; `None`: it read none of it."""
        if reading.signal == "kill":
            return None
        page = read_page(story.headline, story.body, self._known.lexicons)
        spans = [(s.start, s.start + len(s.text)) for s in page.sentences if s.start >= 0]
        if story.headline is None and page.headline:
            at = story.body.find(page.headline)
            spans.append((at, at + len(page.headline)))
        return spans

    def _cards(self, reading: Reading, *texts: Said) -> Iterator[Card]:
        for number, finding in enumerate(reading.findings):
            yield Card(
                number=number + 1,
                finding=finding,
                line=wording.claim(finding.claim, self._countries),
                lines=tuple(self._lines(finding)),
                is_marked=any(number in text.findings for text in texts),
            )

    def _lines(self, finding: Finding) -> Iterator[Line]:
        claim = finding.claim
        if claim.kind == "trip":
            place = claim.destination
            yield _person("who", claim.leader)
            yield Line("where", wording.place(place.country, place.city, self._countries))
            yield Line("when", wording.dates(claim.dates))
            yield from (_person("host", host) for host in claim.hosts)
            if claim.rescheduled:
                yield Line("moved", "to these dates")
        else:
            yield _person("who", claim.invitee)
            yield _person("invited by", claim.inviter)
            yield Line("where", wording.place(claim.to, None, self._countries))
            if claim.occasion:
                yield Line("for", claim.occasion)
            yield Line("when", wording.day(claim.date) if claim.date else "date unknown")
        yield Line("confidence", f"{finding.confidence:.2f}")


def _head(story: Story, reading: Reading, known: Knowledge) -> Iterator[Line]:
    yield Line("source", story.source)
    yield Line("published", wording.published(story, reading))
    if reading.embargoed_until is not None:
        yield Line("embargo", f"until {wording.moment(reading.embargoed_until)}", is_warning=True)
    is_readable = reading.language in known.lexicons or reading.signal == "kill"
    yield Line("language", wording.language(story, reading, is_readable=is_readable))
    signal = wording.signal(story, reading)
    if signal is not None:
        yield Line("signal", signal, is_warning=True)
    if reading.set_aside:
        yield Line("set aside", wording.set_aside(reading.set_aside))
    if reading.truncated:
        yield Line("cut", wording.TRUNCATED, is_warning=True)
    yield Line("story", story.id)
    yield Line("read by", f"{reading.reader}, knowledge {reading.knowledge}")


def _person(label: str, person: Person) -> Line:
    return Line(label, person.name, person.id)


def _by_kind(entities: Sequence[Entity]) -> tuple[tuple[EntityKind, tuple[Entity, ...]], ...]:
    grouped = ((kind, tuple(e for e in entities if e.kind == kind)) for kind in _MARKED)
    return tuple((kind, those) for kind, those in grouped if those)


def _seen(value: object) -> object:
    """What the template prints, with a sign in place of what cannot be seen."""
    return wording.seen(value) if type(value) is str else value
