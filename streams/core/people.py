"""The cast of a story: who is in it, and every place where the story names them.

People come from the leader file by their full name, then by surname where the story has named them
in full or the surname is unmistakable; from a title before a capitalised name ('Botswana's
President X'), which makes a provisional leader of someone no file knows; and from a title with a
country and no name ('the Ecuadorian president'), which is whoever held the office on the day.
Pronouns are left to the rules that follow the subject through a paragraph.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from schemas.base import LeaderId
from streams.core.homes import Counted
from streams.core.knowledge import (
    LEADER_OFFICES,
    Knowledge,
    Leader,
    Office,
    OfficeKind,
    TitleKind,
)
from streams.core.matching import Match, Phrases, fold, lower
from streams.core.names import CAPITALISED
from streams.core.places import Found, PlaceMention
from streams.core.provisional import provisional_id
from streams.core.spellings import skeleton
from streams.core.strangers import Stranger, Strangers, Text
from streams.core.text import Sentence
from streams.core.titles import (
    OF_WORDS,
    TitleMention,
    behind_country,
    country_before,
    country_of_title,
)

PersonKind = Literal["leader", "official", "person"]

_PRESIDENTS_GOVERN = frozenset(("ES", "IT"))
"""Where the head of government is called a president, of the government or of the council."""
_CHANCELLORS_GOVERN = frozenset(("DE", "AT", "CH", "LI"))
_PARLIAMENTARY = frozenset(
    code
    for codes in (
        "AL AT AU BA BB BD BE BG BS BZ CA CZ DE DK DM EE ES ET FI FJ GB GD GR HR HU IE IL IN IQ",
        "IS IT JM JP KH LB LT LV LU LY ME MK MT MU MY NL NO NP NZ PG PK PL PT RO RS SB SE SG SI",
        "SK TH TO TT TV VU WS XK",
    )
    for code in codes.split()
)
"""'The leader' of these is the head of government, not of state."""
_OFFICES: dict[TitleKind, tuple[OfficeKind, ...]] = {
    "president": ("head_of_state", "president_elect", "head_of_government"),
    "prime_minister": ("head_of_government", "prime_minister_designate"),
    "monarch": ("monarch", "head_of_state"),
    "pope": ("monarch", "head_of_state"),
    "vice": ("vice",),
    "heir": ("heir",),
    "foreign_minister": ("foreign_minister",),
    "leader": ("head_of_state", "head_of_government"),
}
_BONES = 2
"""Letters that a surname's skeleton needs to tell anybody."""
_MEMBERS_KEPT = 4096
_LEADER_TITLES = frozenset(("president", "prime_minister", "monarch", "pope"))
_OFFICIAL_TITLES = frozenset(
    (
        "vice",
        "heir",
        "foreign_minister",
        "minister",
        "legislator",
        "organisation_head",
        "chancellor",
    )
)
_SUBORDINATES = frozenset(("vice", "foreign_minister", "minister"))
_NEAR_CHARACTERS = 3
_NEAR_NAME = 12
_LEADERS_OF_A_LIST = 2
_NEAR_TITLE = 40
"""Characters between a title and the country that goes with it."""
_MODIFIER = 14
"""Characters beside a title in which 'elect' or 'former' stand."""
_LONG_PORTFOLIO = 70
"""Characters between 'minister of' and the comma before the name."""
_OF_PORTFOLIO = {
    "en": ("of ", "for "),
    "es": ("de ", "del "),
    "fr": ("de ", "du ", "des ", "d'", "d’", "à ", "aux ", "chargé ", "chargée "),
    "de": ("für ", "des ", "der "),
    "pt": ("de ", "do ", "da ", "dos ", "das "),
    "it": (
        "di ",
        "del ",
        "dello ",
        "della ",
        "degli ",
        "delle ",
        "dell'",
        "dell’",
        "per ",
        "alla ",
    ),
}
_ARTICLE = re.compile(r"(?<!\w)(?:the|la|el|le|les|die|der|das|il|lo|i|gli|o|a|os|as|l')\s*$")
"""Before a name of two words it says that an institution is named, not a person."""


@dataclass(frozen=True, slots=True)
class CastMember:
    """Someone in the story."""

    id: LeaderId
    name: str
    kind: PersonKind
    country: str | None
    """Home country, where known."""
    known: bool
    """From the leader file; else made from a title."""
    title: TitleKind | None = None
    """The title that one who is not known was made from."""
    titles: frozenset[TitleKind] = frozenset()
    """Titles that copy of the day may call them by."""
    woman: bool | None = None
    """`None` where no file tells."""


@dataclass(frozen=True, slots=True)
class PersonMention:
    """Where a sentence names someone: half-open character span in the sentence."""

    start: int
    end: int
    member: CastMember
    form: Literal["name", "role"]


@dataclass(frozen=True, slots=True)
class Named:
    """A sentence in lower case, with the titles and people found in it."""

    lowered: str
    titles: tuple[TitleMention, ...]
    people: tuple[PersonMention, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One sentence with what was found in it so far."""

    text: str
    folded: str
    lowered: str
    titles: tuple[TitleMention, ...]
    places: Sequence[PlaceMention]


class People:
    """Finds the cast of stories in one language. Immutable after it is made."""

    def __init__(self, knowledge: Knowledge, language: str) -> None:
        lexicon = knowledge.lexicons[language].words
        self._leaders = knowledge.leaders
        self._by_id = {leader.id: leader for leader in knowledge.leaders}
        self._known = lru_cache(_MEMBERS_KEPT)(self._make_member)
        self._full = Phrases(
            (
                (fold(name), number)
                for number, leader in enumerate(knowledge.leaders)
                for name in (leader.name, *leader.aliases)
            ),
            genitive=language == "de",
        )
        self._surnames = Phrases(
            (
                (fold(surname), number)
                for number, leader in enumerate(knowledge.leaders)
                for surname in leader.surnames
            ),
            genitive=language == "de",
        )
        self._titles = Phrases(
            (lower(form), title.kind)
            for title in knowledge.titles
            if title.language == language
            for form in title.forms
        )
        self._elect = Phrases((word, True) for word in lexicon["elect"])
        self._former = Phrases((word, True) for word in lexicon["former"])
        particles = "|".join(
            re.escape(word) for word in lexicon["name_particle"] if word not in lexicon["and"]
        )
        self._open_name = re.compile(
            rf",?\s+({CAPITALISED}(?:(?:\s+(?:{particles}))*\s+{CAPITALISED}){{0,3}})"
        )
        of = "|".join(map(re.escape, sorted(_OF_PORTFOLIO[language], key=len, reverse=True)))
        ands = "|".join(map(re.escape, lexicon["and"]))
        name = rf"{CAPITALISED}(?:(?:\s+(?:{particles}))*\s+{CAPITALISED}){{1,3}}"
        self._portfolio = re.compile(rf"\s+(?:{of})[^,;:.()]{{2,{_LONG_PORTFOLIO}}},\s+({name})")
        self._next_portfolio = re.compile(
            rf"[,;]?\s+(?:(?:{ands})\s+)?(?:\w{{1,3}}\s+)?(?:{of})"
            rf"[^,;:.()]{{2,{_LONG_PORTFOLIO}}},\s+({name})"
        )
        self._full_name = re.compile(
            rf"(?<!\w)({CAPITALISED}(?:(?:\s+(?:{particles}))*\s+{CAPITALISED}){{1,3}})"
        )
        self._strangers = Strangers(knowledge, language)
        self._by_bones: dict[tuple[str, str], list[Leader]] = {}
        for leader in knowledge.leaders:
            for bones in {_bones(name) for name in (leader.name, *leader.surnames)}:
                if leader.country and len(bones) >= _BONES:
                    self._by_bones.setdefault((leader.country, bones), []).append(leader)
        self._holders: dict[tuple[str, str], list[tuple[Office, Leader]]] = {}
        for leader in knowledge.leaders:
            for office in leader.offices:
                if office.country:
                    self._holders.setdefault((office.country, office.kind), []).append(
                        (office, leader)
                    )

    def titles_of(self, phrase: str) -> frozenset[TitleKind]:
        """The kinds of title in a lower-case phrase."""
        return frozenset(match.value for match in self._titles.find(phrase))

    @staticmethod
    def countries_of_titles(
        lowered: str, titles: Sequence[TitleMention], places: Sequence[PlaceMention]
    ) -> frozenset[int]:
        """Where the countries stand that only say whose president: 'of Ecuador', 'Ecuador's'."""
        spans = [country_of_title(lowered, title, places)[:2] for title in titles]
        return frozenset(
            place.start
            for place in places
            for (start, end), title in zip(spans, titles, strict=True)
            if start <= place.start
            and place.end <= end
            and (start, end) != (title.start, title.end)
        )

    @staticmethod
    def countries_of_names(
        lowered: str, people: Sequence[PersonMention], places: Sequence[PlaceMention]
    ) -> frozenset[int]:
        """Where the countries stand that only say where someone is from: 'Macron, of France'."""
        return frozenset(
            place.start
            for place in places
            for person in people
            if 0 < place.start - person.end <= _NEAR_NAME
            and place.country == person.member.country
            and OF_WORDS.match(lowered[person.end : place.start].lstrip(","))
        )

    def cast(
        self,
        sentences: Sequence[Sentence],
        found_places: Sequence[Found],
        day: str,
        dateline: str | None = None,
    ) -> tuple[Named, ...]:
        """Who is named in each sentence, in order of place.

        `day`: ISO day of publication; `dateline`: the country the story comes from.
        """
        lines = [
            _Line(sentence.text, fold(sentence.text), lowered, self._titles_in(lowered), near[0])
            for sentence, near in zip(sentences, found_places, strict=True)
            for lowered in (lower(sentence.text),)
        ]
        full = [self._full.find(line.folded) for line in lines]
        named = {match.value for matches in full for match in matches}
        known = []
        for line, matches in zip(lines, full, strict=True):
            by_name = [self._mention(match, day) for match in self._one_each(matches, day)]
            known.append(by_name + self._by_surname(line, by_name, named, day))
        texts = self._texts(sentences, lines, found_places, known)
        met = [_met(stranger) for stranger in self._strangers.find(texts, day, dateline)]
        mentions = _by_line(met, len(lines))
        strangers = {_surname(member.name): member for member, _ in met}
        seen: dict[str, CastMember] = {}
        cast: list[Named] = []
        for line, by_file, strange in zip(lines, known, mentions, strict=True):
            found = by_file + strange
            found += self._by_title(line, found, strangers, day)
            found += self._by_country(line, found, strangers)
            found += _by_stranger_surname(line.folded, found, strangers)
            found += self._by_role(line, found, day, seen, [member for member, _ in met])
            found.sort(key=lambda mention: mention.start)
            for mention in found:
                seen.pop(mention.member.id, None)
                seen[mention.member.id] = mention.member
            cast.append(Named(line.lowered, line.titles, tuple(found)))
        return tuple(cast)

    def counted(
        self,
        sentences: Sequence[Sentence],
        found_places: Sequence[Found],
        dateline: str | None,
    ) -> tuple[Counted, ...]:
        """All names of a story as if no file knew any of them; for growing forests."""
        lines = [
            _Line(s.text, "", lowered, self._titles_in(lowered), near[0])
            for s, near in zip(sentences, found_places, strict=True)
            for lowered in (lower(s.text),)
        ]
        nobody: list[list[PersonMention]] = [[] for _ in lines]
        texts = self._texts(sentences, lines, found_places, nobody)
        return self._strangers.count(texts, dateline)

    @staticmethod
    def _texts(
        sentences: Sequence[Sentence],
        lines: Sequence[_Line],
        found_places: Sequence[Found],
        known: Sequence[Sequence[PersonMention]],
    ) -> list[Text]:
        return [
            Text(
                line.text,
                line.lowered,
                line.titles,
                line.places,
                organisations,
                [(mention.start, mention.end) for mention in found],
                sentence.paragraph,
            )
            for sentence, line, (_, organisations), found in zip(
                sentences, lines, found_places, known, strict=True
            )
        ]

    def _titles_in(self, lowered: str) -> tuple[TitleMention, ...]:
        return tuple(TitleMention(m.start, m.end, m.value) for m in self._titles.find(lowered))

    def _make_member(self, leader_id: str, day: str) -> CastMember:
        leader = self._by_id[leader_id]
        held = frozenset(office.kind for office in leader.offices if office.is_held_on(day))
        return CastMember(
            LeaderId(leader.id),
            leader.name,
            "leader" if held & LEADER_OFFICES else "official",
            leader.country,
            known=True,
            titles=_titles_of(held, leader.country),
            woman=leader.woman,
        )

    def _member(self, leader: Leader, day: str) -> CastMember:
        return self._known(leader.id, day)

    def _mention(self, match: Match[int], day: str) -> PersonMention:
        return PersonMention(
            match.start, match.end, self._member(self._leaders[match.value], day), "name"
        )

    def _one_each(self, matches: Sequence[Match[int]], day: str) -> list[Match[int]]:
        """Of namesakes, the one in office on the day, else the first in the file."""
        best: dict[int, Match[int]] = {}
        for match in matches:
            known = best.get(match.start)
            if known is None or (
                self._leaders[match.value].is_leader_on(day)
                and not self._leaders[known.value].is_leader_on(day)
            ):
                best[match.start] = match
        return list(best.values())

    def _by_surname(
        self, line: _Line, found: Sequence[PersonMention], named: set[int], day: str
    ) -> list[PersonMention]:
        """Bare surnames: of those named in full, else behind a fitting title, else unmistakable."""
        taken = [(mention.start, mention.end) for mention in found]
        at: dict[tuple[int, int], list[int]] = {}
        for match in self._surnames.find(line.folded):
            if not _overlaps(match.start, match.end, taken):
                at.setdefault((match.start, match.end), []).append(match.value)
        mentions = []
        for (start, end), numbers in at.items():
            in_full = [number for number in numbers if number in named]
            leader = (
                self._leaders[in_full[0]] if in_full else self._choose(numbers, start, line, day)
            )
            if leader is not None:
                mentions.append(PersonMention(start, end, self._member(leader, day), "name"))
        return mentions

    def _choose(self, numbers: list[int], start: int, line: _Line, day: str) -> Leader | None:
        """Of those with this surname, the one whom the title before it or nothing else can mean."""
        leaders = [self._leaders[number] for number in numbers]
        title = next((t for t in line.titles if 0 <= start - t.end <= _NEAR_CHARACTERS), None)
        if title is not None:
            near = {p.country for p in line.places if abs(p.start - title.start) <= _NEAR_TITLE}
            fitting = [leader for leader in leaders if _held(leader, title.kind, day)]
            local = [leader for leader in fitting if leader.country in near]
            if len(local or fitting) == 1:
                return (local or fitting)[0]
        alone = [leader for leader in leaders if leader.surname_alone]
        sitting = [leader for leader in alone if leader.is_leader_on(day)]
        return (sitting or alone)[0] if len(sitting or alone) == 1 else None

    def _by_title(
        self,
        line: _Line,
        found: Sequence[PersonMention],
        strangers: dict[str, CastMember],
        day: str,
    ) -> list[PersonMention]:
        """Someone no file knows: a title, and behind it a capitalised name.

        Where the name is another spelling of whoever holds that office, it is they.
        """
        taken = [(mention.start, mention.end) for mention in found]
        taken += [(place.start, place.end) for place in line.places if place.form != "demonym"]
        mentions = []
        for title in line.titles:
            begin, country = behind_country(line.lowered, title, line.places)
            match = self._open_name.match(line.text, begin)
            if match is None and title.kind in _SUBORDINATES:
                match = self._portfolio.match(line.text, begin)
            if match is None:
                continue
            country = country or country_before(line.lowered, title, line.places)
            if country is None and title.kind in _SUBORDINATES:
                country = _country_of_chief(title, found)
            name = match.group(1)
            if country is None and " " not in name:
                continue
            before = line.lowered[: title.start]
            former = any(title.start - m.end <= _NEAR_CHARACTERS for m in self._former.find(before))
            while match is not None:
                if not _overlaps(match.start(1), match.end(1), taken):
                    member = self._spelt_otherwise(match.group(1), title.kind, country, day)
                    if member is None or former:
                        member = _stranger(match.group(1), title.kind, country, former=former)
                    mentions.append(_introduced(match, member, strangers))
                    taken.append((match.start(1), match.end(1)))
                if title.kind not in _SUBORDINATES:
                    break
                match = self._next_portfolio.match(line.text, match.end(1))
        return mentions

    def _spelt_otherwise(
        self, name: str, title: TitleKind, country: str | None, day: str
    ) -> CastMember | None:
        """Whoever holds the office and has a surname of the same consonants, if it is one."""
        bones = _bones(name)
        fitting = {
            leader.id: leader
            for leader in self._by_bones.get((country or "", bones), ())
            if _held(leader, title, day)
        }
        if len(fitting) != 1:
            return None
        (leader,) = fitting.values()
        return self._member(leader, day)

    def _by_country(
        self, line: _Line, found: Sequence[PersonMention], strangers: dict[str, CastMember]
    ) -> list[PersonMention]:
        """Someone no file knows in a list of leaders: 'Thomas Example of Benin', 'Guinea's X'."""
        if sum(mention.member.kind == "leader" for mention in found) < _LEADERS_OF_A_LIST:
            return []
        taken = [(mention.start, mention.end) for mention in found]
        taken += [(place.start, place.end) for place in line.places]
        mentions = []
        for place in line.places:
            if place.form not in ("country", "demonym"):
                continue
            match = self._name_beside(line, place)
            if match is None or _overlaps(match.start(1), match.end(1), taken):
                continue
            member = _stranger(match.group(1), "president", place.country, former=False)
            mentions.append(_introduced(match, member, strangers))
            taken.append((match.start(1), match.end(1)))
        return mentions

    def _name_beside(self, line: _Line, place: PlaceMention) -> re.Match[str] | None:
        """A name of two words or more behind the country or its adjective, or before it."""
        possessive = 2 if line.lowered[place.end : place.end + 2] in ("'s", "s'") else 0
        if possessive or place.form == "demonym":
            behind = self._open_name.match(line.text, place.end + possessive)
            if behind is not None and " " in behind.group(1):
                return behind
        before = [
            match
            for match in self._full_name.finditer(line.text, 0, place.start)
            if OF_WORDS.match(line.lowered[match.end(1) : place.start].lstrip(","))
            and not _ARTICLE.search(line.lowered[: match.start(1)])
        ]
        return before[-1] if before and place.form == "country" else None

    def _by_role(
        self,
        line: _Line,
        found: Sequence[PersonMention],
        day: str,
        seen: Mapping[str, CastMember],
        met: Sequence[CastMember],
    ) -> list[PersonMention]:
        """A title with a country and no name: of whom the story has named (`seen`, the last one
        last) the last who may be called so, else whoever held the office on the day, else the
        stranger whom the story will name (`met`).
        """
        mentions = []
        for title in line.titles:
            start, end, country = country_of_title(line.lowered, title, line.places)
            if country is None or any(
                mention.start - end <= _NEAR_CHARACTERS and start - mention.end <= _NEAR_CHARACTERS
                for mention in found
            ):
                continue
            around = line.lowered[max(0, start - _MODIFIER) : end + _MODIFIER]
            if self._former.find(around):
                continue
            elect = bool(self._elect.find(around))
            member = None if elect else _last_called(seen, title.kind, country)
            if member is None:
                holder = self._holder(country, title.kind, day, elect=elect)
                member = (
                    _to_be_named(met, title.kind, country)
                    if holder is None
                    else self._member(holder, day)
                )
            if member is not None:
                mentions.append(PersonMention(start, end, member, "role"))
        return mentions

    def _holder(self, country: str, title: TitleKind, day: str, *, elect: bool) -> Leader | None:
        offices = _offices_of(title, country)
        if title == "leader" and country in _PARLIAMENTARY:
            offices = ("head_of_government",)
        if elect:
            offices = ("president_elect", "prime_minister_designate")
        for office in offices:
            held = [
                leader
                for tenure, leader in self._holders.get((country, office), ())
                if tenure.is_held_on(day)
            ]
            if held:
                return held[-1] if len({leader.id for leader in held}) == 1 else None
        return None


def _offices_of(title: TitleKind, country: str | None) -> tuple[OfficeKind, ...]:
    if title == "chancellor":
        governs = country in _CHANCELLORS_GOVERN
        return ("head_of_government",) if governs else ("foreign_minister",)
    return _OFFICES.get(title, ())


@lru_cache(8192)
def _bones(name: str) -> str:
    """The consonants of a surname. Kept, since every language asks of all leaders at the start."""
    return skeleton(name.rsplit(maxsplit=1)[-1])


def _titles_of(held: frozenset[OfficeKind], country: str | None) -> frozenset[TitleKind]:
    """What holders of these offices may be called."""
    titles = {title for title, offices in _OFFICES.items() if held.intersection(offices)}
    if held.intersection(_offices_of("chancellor", country)):
        titles.add("chancellor")
    if "monarch" in held:
        titles.add("leader")
    if country in _PARLIAMENTARY and "head_of_government" not in held:
        titles.discard("leader")
    if country not in _PRESIDENTS_GOVERN and not held & {"head_of_state", "president_elect"}:
        titles.discard("president")
    if "organisation_head" in held:
        titles.add("president")
    if held & {"minister", "foreign_minister"}:
        titles.add("minister")
    for office in ("legislator", "organisation_head"):
        if office in held:
            titles.add(office)
    return frozenset(titles)


def _held(leader: Leader, title: TitleKind, day: str) -> bool:
    """Holds an office on the day that the title may mean."""
    offices = _offices_of(title, leader.country)
    return any(office.kind in offices and office.is_held_on(day) for office in leader.offices)


def _to_be_named(met: Sequence[CastMember], title: TitleKind, country: str) -> CastMember | None:
    fitting = [m for m in met if m.country == country and title in m.titles]
    return fitting[0] if len(fitting) == 1 else None


def _met(stranger: Stranger) -> tuple[CastMember, Stranger]:
    kind: PersonKind = "leader" if stranger.leads else "official"
    country = stranger.country
    member = CastMember(
        provisional_id(stranger.name, country),
        stranger.name,
        kind,
        country,
        known=False,
        titles=stranger.titles,
    )
    return member, stranger


def _by_line(met: Sequence[tuple[CastMember, Stranger]], lines: int) -> list[list[PersonMention]]:
    found: list[list[PersonMention]] = [[] for _ in range(lines)]
    for member, stranger in met:
        for mention in stranger.mentions:
            found[mention.line].append(PersonMention(mention.start, mention.end, member, "name"))
    return found


def _surname(name: str) -> str:
    return fold(name).split()[-1]


def _stranger(name: str, title: TitleKind, country: str | None, *, former: bool) -> CastMember:
    kind: PersonKind = "person"
    if title in _LEADER_TITLES or (title == "chancellor" and country in _CHANCELLORS_GOVERN):
        kind = "official" if former else "leader" if country else "person"
    elif title in _OFFICIAL_TITLES:
        kind = "official"
    return CastMember(
        provisional_id(name, country),
        name,
        kind,
        country,
        known=False,
        title=title,
        titles=frozenset((title, "leader") if kind == "leader" else (title,)),
    )


def _last_called(
    seen: Mapping[str, CastMember], title: TitleKind, country: str
) -> CastMember | None:
    fitting = [m for m in seen.values() if m.country == country and title in m.titles]
    return fitting[-1] if fitting else None


def _introduced(
    match: re.Match[str], member: CastMember, strangers: dict[str, CastMember]
) -> PersonMention:
    """The mention of a stranger, who is whoever of that surname the story introduced first."""
    member = strangers.setdefault(_surname(match.group(1)), member)
    return PersonMention(match.start(1), match.end(1), member, "name")


def _by_stranger_surname(
    folded: str, found: Sequence[PersonMention], strangers: dict[str, CastMember]
) -> list[PersonMention]:
    taken = [(mention.start, mention.end) for mention in found]
    mentions = []
    for surname, member in strangers.items():
        for match in re.finditer(rf"(?<!\w){re.escape(surname)}(?!\w)", folded):
            if not _overlaps(match.start(), match.end(), taken):
                mentions.append(PersonMention(match.start(), match.end(), member, "name"))
                taken.append((match.start(), match.end()))
    return mentions


def _country_of_chief(title: TitleMention, found: Sequence[PersonMention]) -> str | None:
    """'Liberian President X and Vice-President Y': Y is of X's country."""
    chiefs = [m.member.country for m in found if m.end <= title.start and m.member.country]
    return chiefs[-1] if chiefs else None


def _overlaps(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in spans)
