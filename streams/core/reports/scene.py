"""One sentence with everything found in it, and who acts in it.

Operators ask a scene: who is the subject of this verb, which place does it lead to, is this denied.
The subject is followed from sentence to sentence, so that 'he' and a dropped subject have a name.
What the answers mean for trips and invitations is decided elsewhere.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from typing import Literal

from streams.core.dates import DateGrammar, Day
from streams.core.homes import Counted
from streams.core.knowledge import Knowledge, TitleKind
from streams.core.matching import Match, Phrases
from streams.core.people import CastMember, Named, People, PersonMention
from streams.core.places import OrganisationMention, PlaceMention, Places
from streams.core.text import Sentence
from streams.core.titles import TitleMention

_FUNCTION_WORDS = frozenset(
    (
        "companion",
        "possessive",
        "counterpart",
        "and",
        "name_particle",
        "in_place",
        "to_place",
        "to_person",
        "via",
        "elect",
        "former",
        "abbreviation",
        "chrome",
        "teaser",
        "woman",
        "man",
    )
)
HINT = "hint."
_VERB_FIRST = frozenset(("de", "es", "pt", "it"))
"""Languages in which the subject may stand behind its verb ('Danach reiste Kast', 'llegó Kast')."""
_BEHIND_VERB_WORDS = 4
_LIST_CHARACTERS = 90
_REMEMBERED = 8
"""How many people a pronoun may reach back to."""
_COMMA = 30

Voice = Literal["verb", "noun"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A word or phrase of the lexicon in a sentence, with its category."""

    start: int
    end: int
    category: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone a sentence speaks of, by name, role or pronoun."""

    start: int
    end: int
    members: tuple[CastMember, ...]
    companion: bool
    """Named only as company, object or owner ('with Noboa', 'of Milei'): not the subject."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence and what is in it. All spans are character offsets in the sentence."""

    sentence: Sentence
    lowered: str
    people: tuple[PersonMention, ...]
    titles: tuple[TitleMention, ...]
    places: tuple[PlaceMention, ...]
    """Those that can be gone to: not the adjectives, nor the countries that belong to a title."""
    adjectives: tuple[PlaceMention, ...]
    organisations: tuple[OrganisationMention, ...]
    marks: tuple[Mark, ...]
    hints: tuple[Mark, ...]
    """Words that weigh in when the whole is judged; operators do not look at them."""
    days: tuple[Day, ...]
    subject: CastMember | None
    """Of the sentences before."""
    other: CastMember | None
    """Who was spoken of last besides the subject."""
    recent: tuple[CastMember, ...]
    """Those of the sentences before: the last one's subjects, its others, then earlier ones."""
    bound: frozenset[int] = field(repr=False)
    """Where the countries stand that only say whose president, or where somebody is from."""
    grammar: "Grammar" = field(repr=False)
    heads: Mapping[str, CastMember] = field(repr=False)
    """By country, the leader whom the story names first: a country that acts is its leader."""
    actors: tuple[Actor, ...] = ()

    def words_between(self, start: int, end: int) -> int:
        """How many words apart two offsets are, dates not counted."""
        first, last = min(start, end), max(start, end)
        words = len(self.lowered[first:last].split())
        for day in self.days:
            if first <= day.start and day.end <= last:
                words -= len(self.lowered[day.start : day.end].split())
        return words

    def has(self, category: str, start: int = 0, end: int | None = None) -> bool:
        """A mark of this category lies in the span."""
        stop = len(self.lowered) if end is None else end
        return any(mark.category == category and start <= mark.start < stop for mark in self.marks)

    def first(self, *categories: str) -> Mark | None:
        """The first mark of one of these categories."""
        return next((mark for mark in self.marks if mark.category in categories), None)

    def before(self, offset: int, words: re.Pattern[str], reach: int = 32) -> bool:
        """One of the words stands right before the offset, small words aside."""
        return words.search(self.lowered[max(0, offset - reach) : offset]) is not None

    def is_led(self, start: int, words: re.Pattern[str]) -> bool:
        """One of the words stands before a name, its title and adjectives aside."""
        begin = start
        spans = [(t.start, t.end) for t in self.titles] + [
            (a.start, a.end) for a in self.adjectives
        ]
        for span_start, span_end in sorted(spans, key=lambda span: -span[1]):
            if span_end <= begin and not self.lowered[span_end:begin].strip(" ,"):
                begin = span_start
        return self.before(begin, words)

    def agents(self, mark: Mark, voice: Voice = "verb") -> tuple[CastMember, ...]:
        """Who does it: the nearest subject before the mark, with those it is joined to.

        Else the one right behind the verb where the language allows it, else whoever the sentences
        before were about.
        """
        for actor in reversed(self.actors):
            if actor.end <= mark.start and _WHO.match(self.lowered[actor.end : mark.start]):
                return self._with_joined(actor)
        named = self._first_or_last(mark)
        if named is not None:
            return self._with_joined(named)
        if self._of_something_else(mark):
            return ()
        objects = self._objects_of_others(mark)
        before = [
            actor
            for actor in self.actors
            if actor.end <= mark.start + 1 and not actor.companion and actor.start not in objects
        ]
        if before:
            return self._with_joined(self._subject_of_both(before, mark))
        if voice == "verb" and self.grammar.language in _VERB_FIRST:
            behind = [
                actor
                for actor in self.actors
                if actor.start >= mark.start
                and self.words_between(mark.end, actor.start) <= _BEHIND_VERB_WORDS
                and not actor.companion
                and not self.is_led(actor.start, self.grammar.to_person)
            ]
            if behind:
                return self._with_joined(behind[0])
        return (self.subject,) if self.subject else ()

    def _first_or_last(self, mark: Mark) -> Actor | None:
        """'The last president to visit Dili was X', 'the first who came was X': X is who did it."""
        if not self.before(mark.start, _FOREMOST, _CLAUSE):
            return None
        return next(
            (
                actor
                for actor in self.actors
                if actor.start >= mark.end
                and not actor.companion
                and _WAS.search(self.lowered[mark.end : actor.start])
            ),
            None,
        )

    def _of_something_else(self, mark: Mark) -> bool:
        """A relative clause about none of those named: 'the storm, which has reached Florida'."""
        begin = max(0, mark.start - _RELATIVE)
        found = _WHICH.search(self.lowered[begin : mark.start])
        if found is None or self.grammar.language == "de":
            return False
        end = begin + found.start()
        return not any(actor.start < end <= actor.end + 1 for actor in self.actors) and not any(
            title.start < end <= title.end for title in self.titles
        )

    def _subject_of_both(self, before: Sequence[Actor], mark: Mark) -> Actor:
        """In 'X rings Y and invites him' it is X who invites."""
        last = before[-1]
        first = before[0]
        goes_on = self.grammar.and_verb.fullmatch(self.lowered[last.end : mark.start])
        if goes_on and first is not last and not self.joined(before[-2].end, last.start):
            return first
        return last

    def _objects_of_others(self, mark: Mark) -> set[int]:
        """Who is right behind another verb's end is its object, not the subject of this one."""
        return {
            actor.start
            for actor in self.actors
            for other in self.marks
            if other is not mark
            and other.end <= actor.start < mark.start
            and other.category in _TRANSITIVE
            and self.words_between(other.end, actor.start) <= 2
            and any(a.end <= other.start and not a.companion for a in self.actors)
        }

    def _with_joined(self, actor: Actor) -> tuple[CastMember, ...]:
        """The actor and whoever stands in one list with it."""
        position = self.actors.index(actor)
        members = list(actor.members)
        for left, right in reversed(list(pairwise(self.actors[: position + 1]))):
            if not self.joined(left.end, right.start):
                break
            members[:0] = left.members
        return tuple(dict.fromkeys((*members, *self.listed(self.actors[position:]))))

    def listed(self, actors: Sequence[Actor]) -> tuple[CastMember, ...]:
        """The first of them and those behind it that are in one list with it."""
        members = [member for actor in actors[:1] for member in actor.members]
        for left, right in pairwise(actors):
            if not self.joined(left.end, right.start):
                break
            members += right.members
        return tuple(dict.fromkeys(members))

    def joined(self, start: int, end: int) -> bool:
        """Only commas, 'and', titles, adjectives and small words lie between: a list goes on."""
        if not 0 <= end - start <= _LIST_CHARACTERS:
            return False
        rest = list(self.lowered[start:end])
        spans = [(t.start, t.end) for t in self.titles]
        spans += [(p.start, p.end) for p in (*self.adjectives, *self.places)]
        for span_start, span_end in spans:
            for n in range(max(span_start, start), min(span_end, end)):
                rest[n - start] = " "
        words = set(re.findall(r"[^\W_]+|,|&|\S", "".join(rest)))
        link = words & self.grammar.links
        return bool(link) and words <= (self.grammar.links | self.grammar.small)


_WHO = re.compile(
    r",?\s*(?:who|qui|que|quien|che|quem|der|die)(?:\s+(?:had|has|a|ha|avait|aveva|había|tinha|l|lo|la|le|o|ihn|sie|him|her))*['’]?\s*$"
)
"""A relative clause that begins right behind a name and before a verb is about the name."""
_CLAUSE = 120
_RELATIVE = 24
"""Characters before a verb that are looked at."""
_FOREMOST = re.compile(
    r"(?<!\w)(?:the (?:last|first|only|previous|latest|most recent)"
    r"|(?:el|la) (?:últim|primer|únic)[oa]?|(?:le|la) (?:derni|premi)(?:er|ère)|(?:le|la) seule?"
    r"|(?:der|die) (?:bislang |bisher )?(?:letzte|erste|einzige)"
    r"|(?:il |la |l['’])(?:ultim|prim|unic)[oa]|(?:o|a) (?:últim|primeir|únic)[oa])"
    r"(?!\w)[^,;:]{0,70}$"
)
"""Before a verb: one of several who did it, named behind."""
_WAS = re.compile(
    r"(?<!\w)(?:was|were|is|had been|war|ist|fue|era|es|ha sido|était|fut|est|a été"
    r"|è stat[oa]|era stat[oa]|è|fu|foi|é)\s+(?:[^\s,;:.]+\s+){0,7}$"
)
"""Before the name of the one who did it: was, with title and adjectives."""
_BORN = re.compile(
    r"(?<!\w)(?:born (?:in|near)|geboren in|nacid[oa] en|née? (?:à|en)|nat[oa] a|nascid[oa] em)"
    r"\s+$"
)
"""Before the place that somebody is from."""
_WHICH = re.compile(
    r"(?:(?<=[^,]) (?:which|qui)|, (?:which|who|qui|que|che))"
    r"(?: (?:had|has|have|a|ha|avait|aveva|había|tinha|is|was))?\s*$"
)
"""Right before a verb: a relative clause, about whatever stands before it."""
_TRANSITIVE = frozenset(
    (
        "meet.past",
        "meet.present",
        "meet.future",
        "receive.past",
        "receive.present",
        "receive.future",
        "invite.done",
        "invite.possible",
    )
)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a pronoun, or a title without a name, says of whom it means."""

    woman: bool | None
    titles: frozenset[TitleKind]
    """Any of these; none where it says nothing of an office."""

    def fits(self, member: CastMember) -> bool:
        """May be meant."""
        if None not in (self.woman, member.woman) and self.woman != member.woman:
            return False
        return not self.titles or not self.titles.isdisjoint(member.titles)


@dataclass(frozen=True, slots=True)
class _Before:
    """Who was spoken of in the sentences before."""

    subject: CastMember | None
    other: CastMember | None
    recent: tuple[CastMember, ...]


class Grammar:
    """What one language's lexicon gives, compiled. Immutable after it is made."""

    def __init__(self, knowledge: Knowledge, language: str) -> None:
        lexicon = knowledge.lexicons[language]
        words = lexicon.words
        self.language = language
        self.people = People(knowledge, language)
        self.places = Places(knowledge, language)
        self.dates = DateGrammar(lexicon)
        self.marks = Phrases(
            (phrase, category)
            for category, phrases in words.items()
            if _is_marked(category)
            for phrase in phrases
        )
        self.hints = Phrases(
            (phrase, category)
            for category, phrases in words.items()
            if category.startswith(HINT)
            for phrase in phrases
        )
        then = (phrase for phrase in words["date.then"] if " " not in phrase)
        self._capital_cities = {
            country.code: country.capital for country in knowledge.countries if country.capital
        }
        self._references = {
            phrase: Reference(_is_woman(phrase, words), self.people.titles_of(phrase))
            for phrase in words["pronoun.subject"]
        }
        self.links = frozenset((*words["and"], *then, ",", "&"))
        self.small = frozenset(
            word
            for name in (
                "name_particle",
                "in_place",
                "to_place",
                "date.of",
                "elect",
                "possessive",
                "counterpart",
            )
            for phrase in words[name]
            for word in re.findall(r"[^\W_]+", phrase)
        ) | frozenset(
            ("'", "s", "l", "’", "the", "la", "el", "le", "les", "los", "die", "der", "den")
        )
        self.companion = _right_before(
            words["companion"], (*words["date.of"], *words["possessive"])
        )
        self.of_place = _right_before(words["date.of"])
        self.in_place = _right_before(words["in_place"])
        self.to_place = _right_before(words["to_place"])
        self.to_person = _right_before(words["to_person"])
        self.via = _right_before(words["via"])
        conjunctions = "|".join(re.escape(word) for word in words["and"] if word.isalpha())
        self.and_verb = re.compile(rf"\s+(?:{conjunctions})(?:\s+[^\s,;]+){{0,2}}\s+")
        """Between the object of one verb and the next verb of the same subject."""
        self.comes_from = _right_before(
            tuple(word for word in words["via"] if word not in words["to_place"]) or ("\0",)
        )
        ordinal = "|".join(re.escape(w).replace(r"\*", r"\w*") for w in words["ordinal"])
        via = "|".join(map(re.escape, words["via"]))
        self.earlier_stop = re.compile(rf"(?<!\w)(?:{ordinal})\s+(?:{via})\s+$")

    def scenes(
        self, sentences: Sequence[Sentence], day: str, dateline: str | None = None
    ) -> tuple[Scene, ...]:
        """All sentences of a story, with subjects followed through them.

        `dateline`: the country the story comes from.
        """
        found = self.places.find(sentences)
        cast = self.people.cast(sentences, found, day, dateline)
        heads: dict[str, CastMember] = {}
        for named in cast:
            for person in named.people:
                if person.member.kind == "leader" and person.member.country is not None:
                    heads.setdefault(person.member.country, person.member)
        scenes: list[Scene] = []
        before = _Before(None, None, ())
        for sentence, (places, organisations), named in zip(sentences, found, cast, strict=True):
            scene = self._scene(sentence, places, organisations, named, before, heads=heads)
            scenes.append(scene)
            before = _follow(scene)
        return tuple(scenes)

    def strangers(self, sentences: Sequence[Sentence], dateline: str | None) -> tuple[Counted, ...]:
        """All names of a story as if no file knew any of them; for growing forests."""
        return self.people.counted(sentences, self.places.find(sentences), dateline)

    def reference(self, phrase: str) -> Reference:
        """Whom a phrase of `pronoun.subject` may mean."""
        return self._references[phrase]

    def country_of(self, dateline: str) -> str | None:
        """The country of a place as datelines write it: in capitals or not."""
        for form in (dateline, dateline.title()):
            places = self.places.find([Sentence(form, -1, -1, 0)])[0][0]
            if places:
                return places[0].country
        return None

    def _capitals(
        self, marks: Sequence[Mark], lowered: str, places: Sequence[PlaceMention]
    ) -> Iterable[PlaceMention]:
        """'The Argentine capital' is Buenos Aires."""
        for mark in marks:
            if mark.category == "capital":
                country = _capital_of(mark, lowered, places)
                city = self._capital_cities.get(country or "")
                if country is not None and city:
                    yield PlaceMention(mark.start, mark.end, country, city, "city")

    def _scene(
        self,
        sentence: Sentence,
        places: tuple[PlaceMention, ...],
        organisations: tuple[OrganisationMention, ...],
        named: Named,
        before: _Before,
        *,
        heads: Mapping[str, CastMember],
    ) -> Scene:
        lowered, titles, people = named.lowered, named.titles, named.people
        bound = self.people.countries_of_titles(lowered, titles, places)
        bound |= self.people.countries_of_names(lowered, people, places)
        phrases = self.marks.find(lowered)
        halves = {m.rest for m in phrases if m.rest >= 0}
        # One word may begin two phrases of a category: 'invites', and 'invites … to'.
        marks = tuple(
            dict.fromkeys(
                Mark(m.start, m.end, m.value)
                for m in phrases
                if not _is_part_of_name(m.start, m.end, people)
                and m.start not in halves
                and not (self.language == "de" and _is_other_part_of_speech(m, sentence.text))
            )
        )
        capitals = tuple(self._capitals(marks, lowered, places))
        scene = Scene(
            sentence=sentence,
            lowered=lowered,
            people=people,
            titles=titles,
            places=tuple(
                place
                for place in sorted((*places, *capitals), key=lambda place: place.start)
                if place.form != "demonym"
                and place.start not in bound
                and not _BORN.search(lowered, max(0, place.start - 24), place.start)
                and not _is_part_of_name(place.start, place.end, people)
            ),
            adjectives=tuple(place for place in places if place.form == "demonym"),
            organisations=organisations,
            marks=marks,
            hints=tuple(Mark(m.start, m.end, m.value) for m in self.hints.find(lowered)),
            days=self.dates.find(sentence.text),
            subject=before.subject,
            other=before.other,
            recent=before.recent,
            bound=bound,
            grammar=self,
            heads=heads,
        )
        return _with_actors(scene)


def _is_woman(phrase: str, words: Mapping[str, Sequence[str]]) -> bool | None:
    said = phrase.split()
    for word in (said[0], said[-1]):
        if word in words["woman"]:
            return True
        if word in words["man"]:
            return False
    return None


_NAME_FOLLOWS = re.compile(r"\s+[A-ZÀ-ÖØ-ÞĀ-Ž][a-zß-öø-ÿ]")
_OF_SOMETHING = re.compile(
    r"\s+(?:(?:of|de|del|du|des|von|do|da|dos|das|di|della|dello|der)(?!\w)|(?:d|dell)['’])"
)
_ONE = re.compile(
    r"(?<!\w)(?:(?:the|el|la|le|il|lo|o|a|der|die|den|dem|al|au|ao|del|du|do|da|dal)\s|(?:l|dell|all|dall)['’])$"
)
"""An article of one, before an adjective of a country that stands for a person."""
_NO_PERSON = ("ese", "sh", "ch", "s")
"""English adjectives that as nouns mean a people: the Chinese, the British, the French."""
_SENTENCE_GOES_ON = re.compile(r"\s*(?:[,;:.)»”\"!?]|$)")
_OF_PERSONS = (
    "go.",
    "arrive.",
    "depart",
    "leave",
    "end",
    "meet.",
    "receive.",
    "received.",
    "attend",
    "invite",
    "accept",
    "decline",
    "cancel",
    "postpone",
    "negate",
    "tense.",
    "hint.stay",
    "hint.absent",
    "hint.speak",
)
"""What a person does: a word of these behind the adjective makes it a noun."""
_CAPITAL_OF = re.compile(
    r"^\s*(?:(?:of|de|del|du|des|von|do|da|di|della)\s+|d['’])?(?:(?:the|la|el|l|le|les|der|die|o|a)\s+|l['’])?$"
)
_NOUNS = ("trip_noun", "stop_noun", "invitation_noun", "occasion.")
_VERBS = ("go.", "meet.", "receive", "arrive", "depart", "end")


def _is_other_part_of_speech(match: Match[str], text: str) -> bool:
    """German nouns have a capital: 'Reisen' are journeys, 'reisen' is to travel."""
    capital = text[match.start].isupper()
    if match.value.startswith(_NOUNS):
        return not capital and " " not in text[match.start : match.end]
    return capital and match.start > 1 and match.value.startswith(_VERBS)


def _is_marked(category: str) -> bool:
    if category.startswith("date."):
        return category in ("date.then", "date.before", "date.before_office")
    return category not in _FUNCTION_WORDS and not category.startswith(
        ("month.", "weekday.", "day.", HINT)
    )


def _capital_of(mark: Mark, lowered: str, places: Sequence[PlaceMention]) -> str | None:
    """The country whose adjective or name stands beside the word 'capital'."""
    for place in places:
        if place.form == "demonym" and place.end <= mark.start:
            if not lowered[place.end : mark.start].strip():
                return place.country
        elif (
            place.start >= mark.end
            and place.form in ("demonym", "country")
            and _CAPITAL_OF.match(lowered[mark.end : place.start])
        ):
            return place.country
    return None


def _right_before(phrases: Sequence[str], between: Sequence[str] = ()) -> re.Pattern[str]:
    """One of the phrases at the end of a text, with at most one more word behind it.

    `between`: the words that may stand behind it; any word where none are given.
    """
    body = "|".join(re.escape(p) for p in sorted(phrases, key=len, reverse=True))
    word = "|".join(map(re.escape, between)) if between else r"[^\s,;]+"
    return re.compile(rf"(?:^|[\s(,;:—–-])(?:{body})(?:\s+(?:{word})){{0,1}}(?:\s+|\s*['’])?$")


def _is_part_of_name(start: int, end: int, people: Sequence[PersonMention]) -> bool:
    return any(person.start <= start and end <= person.end for person in people)


def _with_actors(scene: Scene) -> Scene:
    actors = [
        Actor(
            mention.start,
            mention.end,
            (mention.member,),
            companion=_is_company(scene, mention.start),
        )
        for mention in scene.people
    ]
    for mark in scene.marks:
        members = _meant_by(mark, scene, actors)
        near_name = any(a.start - mark.end <= 2 and mark.start - a.end <= 2 for a in actors) or any(
            t.start < mark.end < t.end for t in scene.titles
        )
        if members and not (near_name and " " in scene.lowered[mark.start : mark.end]):
            company = _is_company(scene, mark.start)
            actors.append(Actor(mark.start, mark.end, members, companion=company))
    actors += list(_by_nation(scene, actors))
    actors.sort(key=lambda actor: actor.start)
    return replace(scene, actors=tuple(actors))


def _by_nation(scene: Scene, named: Sequence[Actor]) -> Iterator[Actor]:
    """'The Ghanaian', 'l'Argentin': of whom the story has named, the last one of that country."""
    for place in scene.adjectives:
        if not _ONE.search(scene.lowered[max(0, place.start - 6) : place.start]):
            continue
        said = scene.lowered[place.start : place.end]
        if scene.grammar.language == "en" and said.endswith(_NO_PERSON):
            continue
        if not _SENTENCE_GOES_ON.match(scene.lowered[place.end :]) and not any(
            mark.start == place.end + 1 and mark.category.startswith(_OF_PERSONS)
            for mark in (*scene.marks, *scene.hints)
        ):
            continue
        before = [m for actor in reversed(named) if actor.end <= place.start for m in actor.members]
        fitting = [m for m in (*before, *scene.recent) if m.country == place.country]
        meant = next((m for m in fitting if m.kind == "leader"), next(iter(fitting), None))
        if meant is not None:
            company = _is_company(scene, place.start)
            yield Actor(place.start, place.end, (meant,), companion=company)


def _meant_by(mark: Mark, scene: Scene, named: Sequence[Actor]) -> tuple[CastMember, ...]:
    """Whom a pronoun or a title without a name means; `named`: who is named in the sentence."""
    if mark.category == "pronoun.subject" and not _goes_on(mark, scene):
        reference = scene.grammar.reference(scene.lowered[mark.start : mark.end])
        here = [a for a in named if a.end <= mark.start and not a.companion]
        before = [member for actor in reversed(here) for member in actor.members[:1]]
        fitting = (m for m in (*before, *scene.recent) if reference.fits(m))
        return tuple(islice(fitting, 1))
    if mark.category == "pronoun.pair" and scene.subject and scene.other:
        return (scene.subject, scene.other)
    return ()


def _goes_on(mark: Mark, scene: Scene) -> bool:
    """'The president of the Senate', 'the queen Letizia': it is somebody else's title."""
    if mark.end + 1 in scene.bound:
        return True
    rest = scene.sentence.text[mark.end : mark.end + 32]
    if _OF_SOMETHING.match(scene.lowered[mark.end : mark.end + 12]):
        return True
    return " " in scene.lowered[mark.start : mark.end] and _NAME_FOLLOWS.match(rest) is not None


def _is_company(scene: Scene, start: int) -> bool:
    """A word such as 'with' or 'of' stands before the name, title and adjectives aside."""
    return scene.is_led(start, scene.grammar.companion)


def _follow(scene: Scene) -> _Before:
    """Who is spoken of after this sentence."""
    subjects = [actor for actor in scene.actors if not actor.companion]
    subject = subjects[0].members[0] if subjects else scene.subject
    others = [
        member
        for actor in scene.actors
        for member in actor.members
        if member != subject and member.kind != "person"
    ]
    company = [actor for actor in scene.actors if actor.companion]
    here = [member for actor in (*subjects, *company) for member in actor.members]
    # 'Berlin is the last stop of his tour': who is named beside no subject is spoken of next.
    last = (subject,) if subject is not None else ()
    recent = tuple(dict.fromkeys((*here, *last, *scene.recent)))[:_REMEMBERED]
    if others:
        return _Before(subject, others[-1], recent)
    return _Before(subject, scene.other if scene.other != subject else scene.subject, recent)


def nearest_day(
    scene: Scene, spans: Mapping[int, tuple[int, int]], most: int = 80
) -> dict[int, Day]:
    """For each span, by its key, the day told nearest to it, at most `most` characters away.

    A day goes to the span it is nearest to, so that each leg of a journey keeps its own; a comma
    between the two counts as many characters.
    """
    best: dict[int, tuple[int, Day]] = {}
    for day in scene.days:
        if not spans:
            break
        key, distance = min(
            ((key, _distance(scene.lowered, day, span)) for key, span in spans.items()),
            key=lambda pair: pair[1],
        )
        if distance <= most and (key not in best or distance < best[key][0]):
            best[key] = (distance, day)
    return {key: day for key, (_, day) in best.items()}


def _distance(lowered: str, day: Day, span: tuple[int, int]) -> int:
    start, end = span
    between = lowered[day.end : start] if day.end <= start else lowered[end : day.start]
    if day.start < end and start < day.end:
        return 0
    return len(between) + _COMMA * len(re.findall(r"[,;:—–]", between))
