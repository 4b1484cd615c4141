"""Whose country a name is of that no file knows: what the story shows of a name and a country.

A story introduces whom it speaks of: by title and country, by the adjective of the country, in an
apposition, as somebody's counterpart; or a sentence on, as 'the Swiss president' alone. All of it
is counted for every name and every country of the story, and a forest that was grown on labelled
stories weighs it. Who is in the leader file is not asked here, nor what anybody does.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from streams.core.knowledge import TitleKind
from streams.core.names import Mention, Name
from streams.core.places import PlaceMention

Features = dict[str, int]

_FAR = 30
_APPOSITION: Final = 48
"""Characters between a name and a title behind it that may be about it."""
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
_OPENS = re.compile(r"^\s*[,(–—-]")
_NO_MORE = re.compile(r"[;:.!?)]|,.*,")


@dataclass(frozen=True, slots=True)
class Office:
    """A title in a sentence with the country that goes with it, if one does."""

    start: int
    end: int
    """Of title and country together."""
    kind: TitleKind | None
    """`None`: somebody's counterpart."""
    country: str | None
    former: bool
    plural: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as strangers are looked for in it."""

    lowered: str
    offices: tuple[Office, ...]
    places: Sequence[PlaceMention]
    headline: bool
    paragraph: int


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

    Quadratic in names and countries of a story.
    """
    told = [_said_of(name, lines) for name in names]
    story = _Story(lines, names, told, dateline)
    return tuple(
        _count(story, number, name, said, origin)
        for number, (name, said, origin) in enumerate(zip(names, told, origins, strict=True))
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """A title or adjective that stands with a mention of a name."""

    mention: Mention
    office: Office | None
    how: str
    country: str | None


def _said_of(name: Name, lines: Sequence[Line]) -> list[_Said]:
    found: list[_Said] = []
    for mention in name.mentions:
        line = lines[mention.line]
        before = _office_before(line, mention)
        if before is not None:
            country = before.country
            found.append(_Said(mention, before, "title", country))
        behind = _office_behind(line, mention)
        if behind is not None:
            found.append(_Said(mention, behind, "apposition", behind.country))
        for place in line.places:
            how = _beside(line.lowered, place, mention)
            if how:
                found.append(_Said(mention, None, how, place.country))
    return found


def _office_before(line: Line, mention: Mention) -> Office | None:
    for office in reversed(line.offices):
        if office.end > mention.start:
            continue
        gap = line.lowered[office.end : mention.start].strip(" ,\"'„“«–-")
        if not gap or _SMALL.fullmatch(gap):
            return office
        if office.kind in ("minister", "foreign_minister") and _PORTFOLIO.fullmatch(
            line.lowered[office.end : mention.start]
        ):
            return office
        return None
    return None


_SMALL = re.compile(r"(?:m|mr|mrs|ms|mme|dr|herr|frau|don|doña|sr|sra|general|gen)\.?")
_PORTFOLIO = re.compile(
    r"\s+(?:of|for|de|del|du|des|d'|für|do|da|dos|di|della|degli|dell')\s?[^,;:.()]{2,60},\s+"
)


def _office_behind(line: Line, mention: Mention) -> Office | None:
    for office in line.offices:
        if office.start < mention.end:
            continue
        gap = line.lowered[mention.end : office.start]
        if len(gap) > _APPOSITION or not _OPENS.match(gap) or _NO_MORE.search(gap[1:]):
            return None
        return office if len(gap.split()) <= 5 else None
    return None


_OF = re.compile(
    r"^,?\s*\(?(?:of|from|de|del|du|des|d'|von|aus|der|do|da|di|del|della|dell')?\s*"
    r"(?:the|la|el|l'|los|las|le|les|der|den|o|a|il)?\s*$"
)


def _beside(lowered: str, place: PlaceMention, mention: Mention) -> str:
    """How a country stands right beside a name."""
    if place.end <= mention.start:
        gap = lowered[place.end : mention.start].strip(" ,\"'„“«")
        if gap in ("", "s") and mention.start - place.end <= 4:
            if place.form == "demonym":
                return "adjective"
            return "owner" if gap == "s" or lowered[place.end - 1] == "s" else "near"
    elif place.start >= mention.end and place.start - mention.end <= 14:
        gap = lowered[mention.end : place.start]
        if gap.strip() and _OF.match(gap) and place.form != "demonym":
            return "bracket" if "(" in gap else "of" if place.form == "country" else "of_city"
    return ""


class _Story:
    """What is counted once a story."""

    def __init__(
        self,
        lines: Sequence[Line],
        names: Sequence[Name],
        told: Sequence[Sequence[_Said]],
        dateline: str | None,
    ) -> None:
        self.lines = lines
        self.dateline = dateline
        self.countries = Counter(p.country for line in lines for p in line.places)
        if dateline is not None:
            self.countries[dateline] += 0
        for line in lines:
            for office in line.offices:
                if office.country is not None:
                    self.countries[office.country] += 0
        self.rank = {
            c: n
            for n, c in enumerate(sorted(self.countries, key=lambda c: (-self.countries[c], c)))
        }
        self.first: dict[str, int] = {}
        self.in_head: Counter[str] = Counter()
        self.in_lead: Counter[str] = Counter()
        self.adjectives: Counter[str] = Counter()
        for number, line in enumerate(lines):
            for place in line.places:
                self.first.setdefault(place.country, number)
                self.in_head[place.country] += line.headline
                self.in_lead[place.country] += line.paragraph == 0
                self.adjectives[place.country] += place.form == "demonym"
        self.claims: dict[str, set[int]] = defaultdict(set)
        self.leading: dict[str, set[int]] = defaultdict(set)
        spoken = set()
        for number, said in enumerate(told):
            for one in said:
                if one.office is not None:
                    spoken.add((one.mention.line, one.office.start))
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
                and (number, office.start) not in spoken
            ]
            for number, line in enumerate(lines)
        }
        self.unnamed = Counter(
            office.country for offices in self.roles.values() for office in offices
        )
        self.titled = sum(any(s.office is not None for s in said) for said in told)
        self.names = len(names)


_PLAIN = frozenset(("title", "apposition", "adjective", "owner", "of", "bracket"))


def _count(  # noqa: PLR0917 - a row of a table
    story: _Story, number: int, name: Name, said: Sequence[_Said], origin: Mapping[str, int]
) -> Counted:
    person = _count_person(story, name, said)
    person["o.known"] = min(max(origin.values(), default=0), 6)
    here = {country: origin.get(country, 0) for country in story.countries}
    person["o.here"] = min(max(here.values(), default=0), 6)
    offices = tuple(one.office for one in said if one.office is not None)
    claimed = Counter(one.country for one in said if one.country is not None and one.how in _PLAIN)
    homes = {}
    for country in story.countries:
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


def _count_person(story: _Story, name: Name, said: Sequence[_Said]) -> Features:
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
        if _ARTICLE.search(lowered, 0, mention.start):
            person["article"] = person.get("article", 0) + 1
        if not lowered[: mention.start].strip(" \"'„“«"):
            person["begins"] = person.get("begins", 0) + 1
        if _LISTED.search(lowered, 0, mention.start) or _LISTS.match(lowered, mention.end):
            person["listed"] = 1
        if _OWNS.match(lowered, mention.end):
            person["owns"] = 1
        if _PREPOSITION.search(lowered, 0, mention.start):
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
    lines = [m.line for m in name.mentions]
    here = set(lines)
    near: dict[str, int] = {}
    together = 0
    for mention in name.mentions:
        line = story.lines[mention.line]
        for place in line.places:
            if place.country != country:
                continue
            low, high = min(place.end, mention.end), max(place.start, mention.start)
            words = line.lowered[low:high].count(" ")
            side = "before" if place.start < mention.start else "after"
            for key in (f"d.{place.form}", f"d.{side}"):
                near[key] = min(near.get(key, _FAR), words)
    for number in sorted(here):
        together += any(p.country == country for p in story.lines[number].places)
        for offset, key in ((0, "r.same"), (-1, "r.prev"), (1, "r.next")):
            for office in story.roles.get(number + offset, ()):
                if office.country == country:
                    found[key] = found.get(key, 0) + 1
    for key in ("d.country", "d.city", "d.seat", "d.demonym", "d.before", "d.after"):
        found[key] = min(near.get(key, _FAR), _FAR)
    found["together"] = min(together, 6)
    found["apart"] = min(
        (
            abs(number - seen)
            for number, line in enumerate(story.lines)
            if any(p.country == country for p in line.places)
            for seen in here
        ),
        default=_FAR,
    )
    first = name.mentions[0]
    before = [
        (number, place.start)
        for number in (first.line - 1, first.line)
        if number >= 0
        for place in story.lines[number].places
        if (number, place.start) < (first.line, first.start)
    ]
    if before:
        last = max(before)
        found["last"] = int(
            any(p.country == country and p.start == last[1] for p in story.lines[last[0]].places)
        )
    found["nearest"] = int(
        bool(near)
        and min(near.values())
        == min(
            (
                story.lines[m.line].lowered[min(p.end, m.end) : max(p.start, m.start)].count(" ")
                for m in name.mentions
                for p in story.lines[m.line].places
            ),
            default=_FAR,
        )
    )
