"""Countries, cities and seats of power that a sentence names, and whose adjective it uses.

A place is found by its name in the language of the story; seats of power ('the Kremlin') stand for
their city. A name that is also a common word or a person's counts only with support: the story
names its country or another place of it. Who goes there is not decided here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from streams.core.knowledge import City, Country, Knowledge, Organisation, Seat
from streams.core.matching import Match, Phrases, fold
from streams.core.text import Sentence

PlaceForm = Literal["country", "city", "seat", "demonym"]


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place in a sentence: half-open character span, country, and city where one is named."""

    start: int
    end: int
    country: str
    city: str | None
    form: PlaceForm


@dataclass(frozen=True, slots=True)
class OrganisationMention:
    """An international organisation or gathering in a sentence."""

    start: int
    end: int
    organisation: Organisation


Found = tuple[tuple[PlaceMention, ...], tuple[OrganisationMention, ...]]
"""Those of one sentence."""
_Named = tuple[PlaceForm, Country | City | Seat] | Organisation


class Places:
    """Finds places of stories in one language. Immutable after it is made."""

    def __init__(self, knowledge: Knowledge, language: str) -> None:
        entries: list[tuple[str, _Named]] = []
        for country in knowledge.countries:
            entries += [(fold(n), ("country", country)) for n in country.names.get(language, ())]
            for form in country.demonyms.get(language, ()):
                entries.append((fold(form), ("demonym", country)))
                entries.append((fold(form[:1].upper() + form[1:]), ("demonym", country)))
        for city in knowledge.cities:
            entries += [(fold(name), ("city", city)) for name in city.names]
        for seat in knowledge.seats:
            entries += [
                (fold(form), ("seat", seat))
                for name in seat.names
                for form in (name, name[:1].lower() + name[1:], name[:1].upper() + name[1:])
            ]
        for organisation in knowledge.organisations:
            entries += [(fold(name), organisation) for name in organisation.names]
        self._names: Phrases[_Named] = Phrases(entries, genitive=language == "de")

    def find(self, sentences: Sequence[Sentence]) -> tuple[Found, ...]:
        """Places and organisations of each sentence, in order."""
        matches = [self._names.find(fold(sentence.text)) for sentence in sentences]
        supported = {
            value[1].code
            for found in matches
            for value in (match.value for match in found)
            if not isinstance(value, Organisation) and isinstance(value[1], Country)
        }
        return tuple(_mentions(found, supported) for found in matches)


def _mentions(found: Sequence[Match[_Named]], supported: set[str]) -> Found:
    places: dict[int, PlaceMention] = {}
    organisations: dict[int, OrganisationMention] = {}
    for match in found:
        if isinstance(match.value, Organisation):
            organisations.setdefault(
                match.start, OrganisationMention(match.start, match.end, match.value)
            )
            continue
        form, place = match.value
        if isinstance(place, City) and place.ambiguous and place.country not in supported:
            continue
        mention = _mention(match.start, match.end, form, place)
        known = places.get(match.start)
        if known is None or (known.country not in supported and mention.country in supported):
            places[match.start] = mention
    return tuple(places.values()), tuple(organisations.values())


def _mention(start: int, end: int, form: PlaceForm, place: Country | City | Seat) -> PlaceMention:
    if isinstance(place, Country):
        return PlaceMention(start, end, place.code, None, form)
    city = place.city if isinstance(place, Seat) else place.name
    return PlaceMention(start, end, place.country, city, form)
