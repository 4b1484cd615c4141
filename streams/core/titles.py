"""Titles in a sentence, and the country that goes with one: 'Peru's foreign minister', 'president
of Ecuador', 'presidente chileno'.

Who bears the title is not looked at here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from streams.core.knowledge import TitleKind
from streams.core.places import PlaceMention

_HOLY_SEE = "VA"
OF_WORDS: Final = re.compile(
    r"^(?:\s|')*(?:of|de|del|du|des|d|do|da|della|dello|dell|von|der|the|la|el|l|o|il|le|les)"
    r"(?:(?:\s|')+(?:the|la|el|l|der|den|las|los|les|le|il|o|a))?(?:\s|')*$"
)


@dataclass(frozen=True, slots=True)
class TitleMention:
    """A title in a sentence."""

    start: int
    end: int
    kind: TitleKind


def behind_country(
    lowered: str, title: TitleMention, places: Sequence[PlaceMention]
) -> tuple[int, str | None]:
    """'presidente ecuatoriano X', 'president of Ecuador, X': the name is behind the country."""
    _, end, country = country_of_title(lowered, title, places)
    if end > title.end or title.kind == "pope":
        return end, country
    return title.end, None


def country_before(lowered: str, title: TitleMention, places: Sequence[PlaceMention]) -> str | None:
    """'Peruvian Foreign Minister X', 'Ecuador's President X'."""
    for place in places:
        gap = lowered[place.end : title.start] if place.end <= title.start else None
        if gap is not None and gap.strip() in ("", "'s", "s", "'", "-"):
            return place.country
    return None


def country_of_title(
    lowered: str, title: TitleMention, places: Sequence[PlaceMention]
) -> tuple[int, int, str | None]:
    """Span and country of 'president of Ecuador', 'Ecuadorian president', 'presidente chileno'."""
    for place in places:
        if title.kind == "pope":
            break
        if place.form == "city":
            continue
        if place.start >= title.end:
            gap = lowered[title.end : place.start]
            adjacent = place.form == "demonym" and not gap.strip()
            if adjacent or (place.form == "country" and OF_WORDS.match(gap)):
                return title.start, place.end, place.country
        elif place.end <= title.start:
            gap = lowered[place.end : title.start].strip()
            if gap == "" and place.form == "demonym":
                return place.start, title.end, place.country
            if gap in ("'s", "'") and place.form == "country":
                return place.start, title.end, place.country
    return title.start, title.end, _HOLY_SEE if title.kind == "pope" else None
