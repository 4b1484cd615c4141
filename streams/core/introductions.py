"""How a story introduces a name: by title, in an apposition, by the adjective of a country, by its
owner's 's, by 'of Togo', as somebody's counterpart.

What it all says of where somebody is at home is weighed elsewhere.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from streams.core.knowledge import TitleKind
from streams.core.names import Mention, Name
from streams.core.places import PlaceMention

_APPOSITION: Final = 48
"""Characters between a name and a title behind it that may be about it."""
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


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as strangers are looked for in it."""

    lowered: str
    offices: tuple[Office, ...]
    places: Sequence[PlaceMention]
    headline: bool
    paragraph: int


@dataclass(frozen=True, slots=True)
class Introduction:
    """A title or adjective that stands with a mention of a name."""

    mention: Mention
    office: Office | None
    how: str
    country: str | None


def introductions_of(name: Name, lines: Sequence[Line]) -> list[Introduction]:
    """Of all mentions of a name, in order."""
    found: list[Introduction] = []
    for mention in name.mentions:
        line = lines[mention.line]
        before = _office_before(line, mention)
        if before is not None:
            country = before.country
            found.append(Introduction(mention, before, "title", country))
        behind = _office_behind(line, mention)
        if behind is not None:
            found.append(Introduction(mention, behind, "apposition", behind.country))
        for place in line.places:
            how = _beside(line.lowered, place, mention)
            if how:
                found.append(Introduction(mention, None, how, place.country))
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
