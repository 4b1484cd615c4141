"""People of a story whom no file knows: which names are leaders' and officials', and whose.

Names and what introduces them are counted elsewhere; here two forests are asked, and an answer is
only believed where the file has nobody: if it says who leads a country, a name that it does not
know is no leader of it unless a title says so beside the name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from streams.core.homes import Counted, Features, count_strangers
from streams.core.introductions import Line, Office
from streams.core.knowledge import LEADER_OFFICES, Knowledge, TitleKind
from streams.core.knowledge import Office as Tenure
from streams.core.matching import Phrases
from streams.core.names import Mention, Names, Span
from streams.core.origins import Origins
from streams.core.places import OrganisationMention, PlaceMention
from streams.core.titles import TitleMention, country_before, country_of_title

HOMES: Final = "homes"
LEADING: Final = "leading"
_MODIFIER = 14
_CROWNED: Final = frozenset(("monarch", "pope", "heir"))


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence with what was found in it before strangers are looked for."""

    text: str
    lowered: str
    titles: Sequence[TitleMention]
    places: Sequence[PlaceMention]
    organisations: Sequence[OrganisationMention]
    people: Sequence[Span]
    """Those whom the file knows."""
    paragraph: int
    """-1 in the headline."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody whom no file knows."""

    name: str
    country: str | None
    leads: bool
    former: bool
    titles: frozenset[TitleKind]
    mentions: tuple[Mention, ...]


class Strangers:
    """Finds strangers in stories of one language. Immutable after it is made."""

    def __init__(self, knowledge: Knowledge, language: str) -> None:
        words = knowledge.lexicons[language].words
        self._names = Names(knowledge, language)
        self._origins = Origins(knowledge.given_names)
        self._forests = knowledge.forests
        self._counterparts = Phrases((word, True) for word in words["counterpart"])
        self._former = Phrases((word, True) for word in words["former"])
        self._tenures: dict[str, list[Tenure]] = {}
        for leader in knowledge.leaders:
            for tenure in leader.offices:
                if tenure.country and tenure.kind in LEADER_OFFICES:
                    self._tenures.setdefault(tenure.country, []).append(tenure)

    def find(self, texts: Sequence[Text], day: str, dateline: str | None) -> tuple[Stranger, ...]:
        """All of a story on an ISO day; nobody where the file knows who leads its countries."""
        if HOMES not in self._forests:
            return ()
        countries = {place.country for text in texts for place in text.places}
        if dateline is not None:
            countries.add(dateline)
        nameless = {country for country in countries if not self._is_led(country, day)}
        if not nameless:
            return ()
        found = (
            self._stranger(counted, nameless, alone=nameless == countries)
            for counted in self.count(texts, dateline)
        )
        return tuple(stranger for stranger in found if stranger is not None)

    def count(self, texts: Sequence[Text], dateline: str | None) -> tuple[Counted, ...]:
        """What the forests are asked; for growing them too."""
        lines, taken = [], []
        for text in texts:
            places = [
                place
                for place in text.places
                if not self._names.is_in_name(
                    text.text, place.start, place.end, demonym=place.form == "demonym"
                )
            ]
            offices = self._offices(text, places)
            lines.append(Line(text.lowered, offices, places, text.paragraph < 0, text.paragraph))
            taken.append(
                [
                    *((office.start, office.end) for office in offices),
                    *((place.start, place.end) for place in places),
                    *((o.start, o.end) for o in text.organisations),
                    *text.people,
                ]
            )
        crowned = [
            [office.end for office in line.offices if office.kind in _CROWNED] for line in lines
        ]
        names = self._names.find([text.text for text in texts], taken, crowned)
        origins = [self._origins.of(name.words) for name in names]
        return count_strangers(lines, names, origins, dateline)

    def _is_led(self, country: str, day: str) -> bool:
        return any(tenure.is_held_on(day) for tenure in self._tenures.get(country, ()))

    def _offices(self, text: Text, places: Sequence[PlaceMention]) -> tuple[Office, ...]:
        found: list[tuple[TitleMention, TitleKind | None]] = [(t, t.kind) for t in text.titles]
        found += [
            (TitleMention(match.start, match.end, "leader"), None)
            for match in self._counterparts.find(text.lowered)
        ]
        offices = []
        for title, kind in found:
            start, end, country = country_of_title(text.lowered, title, places)
            if country is None:
                country = country_before(text.lowered, title, places)
            around = text.lowered[max(0, start - _MODIFIER) : end + _MODIFIER]
            former = bool(self._former.find(around))
            offices.append(Office(start, max(end, title.end), kind, country, former))
        offices.sort(key=lambda office: office.start)
        return tuple(offices)

    def _stranger(self, counted: Counted, nameless: set[str], *, alone: bool) -> Stranger | None:
        homes, leading = self._forests[HOMES], self._forests[LEADING]
        chances = {c: homes.probability(found) for c, found in counted.homes.items()}
        features = leading_features(counted, chances)
        leads = leading.probability(features) >= leading.threshold
        home = max(chances, key=lambda country: chances[country], default=None)
        if home is not None and chances[home] < homes.threshold:
            home = None
        if home is None and not (leads and alone):
            return None
        if home is not None and home not in nameless:
            return None
        offices = [o for o in counted.offices if home is None or o.country in (None, home)]
        titles = frozenset(o.kind for o in offices if o.kind is not None)
        former = any(o.former for o in offices)
        if leads:
            titles |= {"leader"} if titles & LEADING_TITLES else {"leader", "president"}
        return Stranger(
            counted.name.text, home, leads and not former, former, titles, counted.name.mentions
        )


LEADING_TITLES: Final = frozenset(("president", "prime_minister", "monarch", "pope", "chancellor"))


def leading_features(counted: Counted, chances: Mapping[str, float]) -> Features:
    """What is asked of somebody's standing: with the likeliest home, and how likely it is."""
    ranked = sorted(chances.items(), key=lambda pair: (-pair[1], pair[0]))
    if not ranked:
        return dict(counted.person)
    home, chance = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    return dict(counted.homes[home]) | {
        "chance": int(100 * chance),
        "second": int(100 * second),
    }
