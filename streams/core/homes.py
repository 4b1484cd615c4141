"""Whose country a name is of that no file knows: what the story shows of a name and a country.

A story introduces whom it speaks of beside the name, or a sentence on, as 'the Swiss president'
alone. All of it is counted for every name and every country of the story, and a forest that was
grown on labelled stories weighs it. Who is in the leader file is not asked here, nor what anybody
does.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from streams.core.introductions import Introduction, Line, Office, introductions_of
from streams.core.names import Mention, Name

Features = dict[str, int]

_FAR = 30
_BESIDE: Final = 16
_MOST_NAMES: Final = 60
_MOST_COUNTRIES: Final = 40
"""The most named; a story with more is a list."""
_MOST_MENTIONS: Final = 30
_LEADERS: Final = frozenset(("president", "prime_minister", "monarch", "pope", "leader"))
_KINDS: Final[dict[str, str]] = {
    "president": "president",
    "prime_minister": "premier",
    "monarch": "monarch",
    "pope": "monarch",
    "chancellor": "chancellor",
    "leader": "leader",
    "counterpart": "counterpart",
    "vice": "vice",
    "heir": "vice",
    "foreign_minister": "minister",
    "minister": "minister",
    "legislator": "other",
    "organisation_head": "organisation",
    "other": "other",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A name with what was counted of it, and of it with each country."""

    name: Name
    person: Features
    homes: Mapping[str, Features]
    offices: tuple[Office, ...]
    """The titles that stand beside it."""


def count_strangers(
    lines: Sequence[Line],
    names: Sequence[Name],
    origins: Sequence[Mapping[str, int]],
    dateline: str | None,
) -> tuple[Counted, ...]:
    """What the story shows of every name; `origins`: of each, where it is usual.

    Quadratic in names and countries of a story, of which only so many are looked at.
    """
    names = names[:_MOST_NAMES]
    origins = origins[:_MOST_NAMES]
    told = [introductions_of(name, lines) for name in names]
    story = _Story(lines, names, told, dateline)
    return tuple(
        _count(story, number, name, said, origin)
        for number, (name, said, origin) in enumerate(zip(names, told, origins, strict=True))
    )


class _Story:
    """What is counted once a story."""

    def __init__(
        self,
        lines: Sequence[Line],
        names: Sequence[Name],
        told: Sequence[Sequence[Introduction]],
        dateline: str | None,
    ) -> None:
        self.lines = lines
        self.dateline = dateline
        self.names = len(names)
        self.titled = sum(any(s.office is not None for s in said) for said in told)
        self._count_countries()
        self._count_claims(names, told)

    def _count_countries(self) -> None:
        """How often, and where, each country is named."""
        self.countries = Counter(p.country for line in self.lines for p in line.places)
        if self.dateline is not None:
            self.countries[self.dateline] += 0
        for line in self.lines:
            for office in line.offices:
                if office.country is not None:
                    self.countries[office.country] += 0
        self.order = sorted(self.countries, key=lambda c: (-self.countries[c], c))
        self.rank = {country: n for n, country in enumerate(self.order)}
        self.named_in: dict[str, list[int]] = {country: [] for country in self.order}
        self.first: dict[str, int] = {}
        self.in_head: Counter[str] = Counter()
        self.in_lead: Counter[str] = Counter()
        self.adjectives: Counter[str] = Counter()
        for number, line in enumerate(self.lines):
            for country in {place.country for place in line.places}:
                self.named_in[country].append(number)
            for place in line.places:
                self.first.setdefault(place.country, number)
                self.in_head[place.country] += line.headline
                self.in_lead[place.country] += line.paragraph == 0
                self.adjectives[place.country] += place.form == "demonym"

    def _count_claims(self, names: Sequence[Name], told: Sequence[Sequence[Introduction]]) -> None:
        """Which names have a country by title or adjective, and which titles have no name."""
        self.titles: dict[tuple[str, ...], list[Office]] = {
            name.words: [one.office for one in said if one.office is not None]
            for name, said in zip(names, told, strict=True)
        }
        self.claims: dict[str, set[int]] = defaultdict(set)
        self.leading: dict[str, set[int]] = defaultdict(set)
        named = set()
        for number, said in enumerate(told):
            for one in said:
                if one.office is not None:
                    named.add((one.mention.line, one.office.start))
                if one.country is not None and one.how in _PLAIN:
                    self.claims[one.country].add(number)
                    if one.office is not None and one.office.kind in _LEADERS:
                        self.leading[one.country].add(number)
        self.roles: dict[int, list[Office]] = {
            number: [
                office
                for office in line.offices
                if office.country is not None
                and not office.former
                and (number, office.start) not in named
            ]
            for number, line in enumerate(self.lines)
        }
        unnamed = [office for offices in self.roles.values() for office in offices]
        self.unnamed = Counter(office.country for office in unnamed)
        self.rulers = len({o.country for o in unnamed if o.kind in _LEADERS})


_PLAIN = frozenset(("title", "apposition", "adjective", "owner", "of", "bracket"))


def _count(
    story: _Story, number: int, name: Name, said: Sequence[Introduction], origin: Mapping[str, int]
) -> Counted:
    person = _count_person(story, name, said)
    person["o.known"] = min(max(origin.values(), default=0), 6)
    here = {country: origin.get(country, 0) for country in story.countries}
    person["o.here"] = min(max(here.values(), default=0), 6)
    offices = tuple(one.office for one in said if one.office is not None)
    claimed = Counter(one.country for one in said if one.country is not None and one.how in _PLAIN)
    homes = {}
    for country in story.order[:_MOST_COUNTRIES]:
        found = person | {
            "origin": min(here[country], 6),
            "o.else": min(max((w for c, w in here.items() if c != country), default=0), 6),
            "claim": claimed[country],
            "claim.else": sum(claimed.values()) - claimed[country],
            "rivals": len(story.claims[country] - {number}),
            "leads": len(story.leading[country] - {number}),
            "c.n": min(story.countries[country], 12),
            "c.rank": min(story.rank[country], 9),
            "c.head": min(story.in_head[country], 2),
            "c.lead": min(story.in_lead[country], 4),
            "c.first": min(story.first.get(country, 20), 20),
            "c.adj": min(story.adjectives[country], 6),
            "c.roles": min(story.unnamed[country], 4),
            "dateline": int(story.dateline == country),
        }
        for one in said:
            if one.country == country:
                found[f"x.{one.how}"] = found.get(f"x.{one.how}", 0) + 1
                if one.office is not None:
                    kind = _KINDS[one.office.kind or "counterpart"]
                    found[f"x.{kind}"] = found.get(f"x.{kind}", 0) + 1
        _count_near(found, story, name, country)
        homes[country] = found
    return Counted(name, person, homes, offices)


def _count_person(story: _Story, name: Name, said: Sequence[Introduction]) -> Features:
    first = name.mentions[0]
    person: Features = {
        "n": min(len(name.mentions), 10),
        "full": min(sum(m.full for m in name.mentions), 5),
        "words": min(len(name.words), 5),
        "head": int(any(story.lines[m.line].headline for m in name.mentions)),
        "at": min(first.line, 20),
        "lead": int(story.lines[first.line].paragraph <= 0),
        "s.names": min(story.names, 20),
        "s.titled": min(story.titled, 12),
        "s.countries": min(len(story.countries), 12),
    }
    for one in said:
        if one.office is not None:
            kind = _KINDS[one.office.kind or "counterpart"]
            for key in (f"t.{kind}", f"t.{one.how}"):
                person[key] = person.get(key, 0) + 1
            if one.office.former:
                person["t.former"] = 1
            if one.office.country is None:
                person["t.bare"] = 1
    for mention in name.mentions[:6]:
        lowered = story.lines[mention.line].lowered
        if _ARTICLE.search(lowered, max(0, mention.start - _BESIDE), mention.start):
            person["article"] = person.get("article", 0) + 1
        if not lowered[: mention.start].strip(" \"'„“«"):
            person["begins"] = person.get("begins", 0) + 1
        if _LISTED.search(lowered, max(0, mention.start - _BESIDE), mention.start) or _LISTS.match(
            lowered, mention.end
        ):
            person["listed"] = 1
        if _OWNS.match(lowered, mention.end):
            person["owns"] = 1
        if _PREPOSITION.search(lowered, max(0, mention.start - _BESIDE), mention.start):
            person["prep"] = person.get("prep", 0) + 1
    return person


_ARTICLE = re.compile(
    r"(?<!\w)(?:the|la|el|los|las|le|les|die|der|das|den|dem|im|am|zum|zur|il|lo|i|gli|o|a|os|as"
    r"|al|del|du|au|aux|des|do|da|no|na|dos|das|nel|nella|della|dello|l'|dell'|all'|nell')\s*$"
)
_PREPOSITION = re.compile(r"(?<!\w)(?:in|at|en|à|a|em|no|na|nach|zu|on|sur|über|ad)\s+$")
_LISTED = re.compile(r"\w,\s+$|(?<!\w)(?:and|y|e|et|und)\s+$")
_LISTS = re.compile(r"\s*,\s+\S|\s+(?:and|y|e|et|und)\s")
_OWNS = re.compile(r"['’]s(?!\w)")


def _count_near(found: Features, story: _Story, name: Name, country: str) -> None:
    """How near the country stands to the name, in one sentence or the next."""
    here = {mention.line for mention in name.mentions[:_MOST_MENTIONS]}
    there = story.named_in[country]
    _count_roles(found, story, name, country)
    found["together"] = min(len(here.intersection(there)), 6)
    found["apart"] = min((abs(n - seen) for n in there for seen in here), default=_FAR)
    last = _last_before(story, name.mentions[0])
    if last is not None:
        found["last"] = int(last == country)
    _count_distances(found, story, name, country)


def _count_roles(found: Features, story: _Story, name: Name, country: str) -> None:
    """Titles of the country that stand with no name: how near, and whether the name's own."""
    own = {one.kind for one in story.titles[name.words]}
    here = {mention.line for mention in name.mentions[:_MOST_MENTIONS]}
    found["r.rulers"] = min(story.rulers, 4)
    nearest = _FAR
    for number, offices in story.roles.items():
        for office in offices:
            if office.country != country:
                continue
            for key, offset in (("r.same", 0), ("r.prev", 1), ("r.next", -1)):
                if number + offset in here:
                    found[key] = found.get(key, 0) + 1
            if office.kind in own:
                found["r.own"] = found.get("r.own", 0) + 1
            if office.kind in _LEADERS:
                found["r.rules"] = 1
                nearest = min(nearest, *(abs(number - seen) for seen in here))
    found["r.apart"] = nearest


def _last_before(story: _Story, mention: Mention) -> str | None:
    """The country named last before a mention, in its sentence or the one before."""
    before = [
        (number, place.start, place.country)
        for number in (mention.line - 1, mention.line)
        if number >= 0
        for place in story.lines[number].places
        if (number, place.start) < (mention.line, mention.start)
    ]
    return max(before)[2] if before else None


def _count_distances(found: Features, story: _Story, name: Name, country: str) -> None:
    """Words between the name and the country, by what stands for it and on which side."""
    near: dict[str, int] = {}
    nearest: int | None = None
    for mention in name.mentions[:_MOST_MENTIONS]:
        line = story.lines[mention.line]
        for place in line.places:
            low, high = min(place.end, mention.end), max(place.start, mention.start)
            words = line.lowered[low:high].count(" ")
            nearest = words if nearest is None else min(nearest, words)
            if place.country == country:
                side = "before" if place.start < mention.start else "after"
                for key in (f"d.{place.form}", f"d.{side}"):
                    near[key] = min(near.get(key, _FAR), words)
    for key in ("d.country", "d.city", "d.seat", "d.demonym", "d.before", "d.after"):
        found[key] = near.get(key, _FAR)
    found["nearest"] = int(bool(near) and min(near.values()) == nearest)
