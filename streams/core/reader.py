"""The reader: a story in, a reading out.

`Reader` is the contract; `RuleReader` is our implementation of it, made of rules over frozen
knowledge. The same story and knowledge give the same reading on every machine. A story in a
language with no lexicon is a reading too: its language, and nothing else.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from schemas.ids import content_id
from schemas.readings import Entity, Finding, Reading, Rejected
from schemas.stories import Story
from streams.core.homes import Counted
from streams.core.knowledge import Knowledge
from streams.core.places import PlaceMention
from streams.core.reports.judge import Judge
from streams.core.reports.merge import findings
from streams.core.reports.scene import Grammar, Scene
from streams.core.reports.stage import Stage, stage_of
from streams.core.reports.telling import Told, tell
from streams.core.reprints import signature
from streams.core.text import Page, read_page
from streams.core.topics import Topics

READER = "rules/4"


class Reader(Protocol):
    """What a newsroom may put in our place: story in, reading out, version recorded."""

    name: str
    """Name and version, as recorded in each reading."""
    knowledge_version: str

    def read(self, story: Story) -> Reading:
        """What the story says, with the story's trust. Never raises for any text."""
        ...


class RuleReader:
    """Reads by rules, in every language that has a lexicon. Not thread-safe."""

    name = READER

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge_version = knowledge.version
        self._knowledge = knowledge
        self._judge = Judge(knowledge.forests)
        self._grammars = {code: Grammar(knowledge, code) for code in knowledge.lexicons}
        self._topics = {code: Topics(knowledge, code) for code in knowledge.lexicons}
        self._countries = {country.code: country.name for country in knowledge.countries}
        self._takes_office = {
            leader.id: sorted(office.since for office in leader.offices if office.since)
            for leader in knowledge.leaders
        }

    def read(self, story: Story) -> Reading:
        """What this edition says. Linear in its length but for the longest sentences."""
        page = read_page(story.headline, story.body, self._knowledge.lexicons)
        published = story.published_at or story.received_at
        found: tuple[Finding, ...] = ()
        rejected: tuple[Rejected, ...] = ()
        scenes: tuple[Scene, ...] = ()
        if story.signal != "kill":
            stage, told = self._stage(story, page)
            if stage is not None:
                scenes = stage.scenes
                found, rejected = self._report(stage, told)
        topics = self._topics.get(page.language)
        return Reading(
            story=story.id,
            edition=story.edition,
            rank=story.rank(),
            source=story.source,
            trust=story.trust,
            language=page.language,
            published_at=published,
            received_at=story.received_at,
            fingerprint=_fingerprint(page),
            signature=signature(_body(page)),
            headline=page.headline,
            links=story.links,
            embargoed_until=story.embargoed_until,
            signal=story.signal,
            topics=topics.of(page.sentences) if topics and story.signal != "kill" else (),
            entities=_entities(scenes, self._countries),
            findings=found,
            rejected=rejected,
            set_aside=page.set_aside,
            truncated=page.truncated,
            reader=self.name,
            knowledge=self.knowledge_version,
        )

    def stage(self, story: Story) -> tuple[Stage | None, Told]:
        """The story laid out, and what its sentences tell, before the whole is weighed.

        No stage for a language that has no lexicon. For growing and examining the forests.
        """
        return self._stage(story, read_page(story.headline, story.body, self._knowledge.lexicons))

    def strangers(self, story: Story) -> tuple[Counted, ...]:
        """All names of the story as if no file knew any of them. For growing the forests."""
        page = read_page(story.headline, story.body, self._knowledge.lexicons)
        grammar = self._grammars.get(page.language)
        if grammar is None:
            return ()
        dateline = grammar.country_of(story.dateline) if story.dateline else None
        return grammar.strangers(page.sentences, dateline)

    def _stage(self, story: Story, page: Page) -> tuple[Stage | None, Told]:
        grammar = self._grammars.get(page.language)
        if grammar is None:
            return None, Told((), (), None, ())
        published = (story.published_at or story.received_at).date()
        dateline = grammar.country_of(story.dateline) if story.dateline else None
        scenes = grammar.scenes(page.sentences, published.isoformat(), dateline)
        return stage_of(scenes, published, dateline), tell(scenes)

    def _report(self, stage: Stage, told: Told) -> tuple[tuple[Finding, ...], tuple[Rejected, ...]]:
        judged = self._judge.judge(stage, told.gathering, told.trips, told.invitations)

        def office_begins(leader: str) -> str | None:
            day = stage.published.isoformat()
            return next(
                (since for since in self._takes_office.get(leader, ()) if since > day), None
            )

        found = findings(
            judged.trips,
            judged.invitations,
            stage.scenes,
            stage.published,
            office_begins,
            standings=judged.standings,
        )
        return found, (*told.rejected, *judged.rejected)


def _fingerprint(page: Page) -> str:
    """Of the words alone: a reprint with other line breaks or another headline has the same."""
    return content_id("text", " ".join(_body(page).split()).lower())


def _body(page: Page) -> str:
    return " ".join(s.text for s in page.sentences if s.paragraph >= 0) or (page.headline or "")


_Key = tuple[str, str, str, str | None]
"""Id, name, kind and country of an entity."""


def _place_key(place: PlaceMention, countries: Mapping[str, str]) -> _Key:
    if place.city is not None:
        return (f"city:{place.country}:{place.city}", place.city, "city", place.country)
    name = countries.get(place.country, place.country)
    return (f"country:{place.country}", name, "country", place.country)


def _entities(scenes: Sequence[Scene], countries: Mapping[str, str]) -> tuple[Entity, ...]:
    """All that is named, in order of first mention; spans are offsets in the body."""
    spans: dict[_Key, list[tuple[int, int]]] = {}
    for scene in scenes:
        start = scene.sentence.start
        named: list[tuple[int, int, _Key]] = [
            (m.start, m.end, (m.member.id, m.member.name, m.member.kind, m.member.country))
            for m in scene.people
        ]
        named += [(p.start, p.end, _place_key(p, countries)) for p in scene.places]
        named += [
            (
                o.start,
                o.end,
                (f"org:{o.organisation.id}", o.organisation.name, "organisation", None),
            )
            for o in scene.organisations
        ]
        for first, end, key in sorted(named):
            known = spans.setdefault(key, [])
            if start >= 0:
                known.append((start + first, start + end))
    return tuple(
        Entity(id=id_, name=name, kind=kind, country=country, spans=tuple(places))
        for (id_, name, kind, country), places in spans.items()
    )
