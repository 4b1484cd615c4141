"""What the reader knows of the world, as plain frozen data.

The shapes only: files are read and checked by `streams.knowledge`, and texts are matched against
these by the reader. All names are as written in copy, with accents and capitals.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from streams.core.forest import Forest

OfficeKind = Literal[
    "head_of_state",
    "head_of_government",
    "monarch",
    "president_elect",
    "prime_minister_designate",
    "vice",
    "heir",
    "foreign_minister",
    "minister",
    "organisation_head",
    "legislator",
]
"""The first five make a leader (sitting, elect, acting, monarch); the others an official."""
LEADER_OFFICES: frozenset[str] = frozenset(
    (
        "head_of_state",
        "head_of_government",
        "monarch",
        "president_elect",
        "prime_minister_designate",
    )
)


@dataclass(frozen=True, slots=True)
class Office:
    """An office someone held. Days are ISO dates cut to what is known; `None`: open, unknown."""

    kind: OfficeKind
    country: str | None
    """ISO 3166-1 alpha-2; `None` for an organisation."""
    since: str | None
    until: str | None
    organisation: str | None = None

    def is_held_on(self, day: str) -> bool:
        """On an ISO day, as far as the days are known."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day[: len(self.until)] <= self.until
        )


@dataclass(frozen=True, slots=True)
class Leader:
    """A person with a dossier: leader or official, in office or formerly."""

    id: str
    name: str
    """As people are shown it, usually the title of the English Wikipedia page."""
    country: str | None
    """Home country; `None` for heads of international organisations."""
    offices: tuple[Office, ...]
    woman: bool = False
    """Tells whom 'she' and 'the queen' may mean."""
    aliases: tuple[str, ...] = ()
    """Other full spellings in any of the languages."""
    surnames: tuple[str, ...] = ()
    """Short forms that name this person where the story makes it plain."""
    surname_alone: bool = False
    """A surname is enough without a first mention in full (Macron, but not Paz)."""
    wikidata: str | None = None

    def is_leader_on(self, day: str) -> bool:
        """Sitting, elect or acting head of state or government, or monarch, on an ISO day."""
        return any(
            office.kind in LEADER_OFFICES and office.is_held_on(day) for office in self.offices
        )


@dataclass(frozen=True, slots=True)
class Country:
    """A country as copy names it, by language."""

    code: str
    name: str
    """In English."""
    names: Mapping[str, tuple[str, ...]]
    """Language to all spellings and short forms in use (USA, EE.UU., 'the United States')."""
    demonyms: Mapping[str, tuple[str, ...]]
    """Language to all inflected forms of adjective and noun (chilena, chilenos, chilenischer)."""
    capital: str | None


@dataclass(frozen=True, slots=True)
class City:
    """A city, or a place by its own name, and the country it is in."""

    name: str
    country: str
    names: tuple[str, ...]
    """All spellings in the six languages, the first one included."""
    ambiguous: bool = False
    """Also a common word, a person's name or another place: needs support in the text."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of power that stands for its place (the Kremlin, La Moneda), with its spellings."""

    name: str
    country: str
    city: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """An international organisation or gathering that can invite or meet."""

    id: str
    name: str
    names: tuple[str, ...]
    country: str | None = None
    """Of its seat, where going there means going to that country."""
    city: str | None = None


@dataclass(frozen=True, slots=True)
class GivenNames:
    """Names that are usual in some countries: given names, and endings of family names."""

    countries: tuple[str, ...]
    names: tuple[str, ...]
    """As in copy; with a `*` before it, an ending."""


TitleKind = Literal[
    "president",
    "prime_minister",
    "chancellor",
    "monarch",
    "pope",
    "vice",
    "heir",
    "foreign_minister",
    "minister",
    "legislator",
    "organisation_head",
    "leader",
    "other",
]
"""`chancellor` is a head of government in DE and AT and a foreign minister in Latin America.
`pope` names its country by itself. `leader` is a word that stands for whoever leads (mandatario,
dirigeant). `other` marks a person of no political office (general, ambassador, adviser)."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title before or behind a name, with all its inflected forms in one language."""

    language: str
    kind: TitleKind
    forms: tuple[str, ...]


WordStrength = Literal["strong", "weak", "hint"]
"""What one word of a group says of its topic: nearly enough, something, little."""


@dataclass(frozen=True, slots=True)
class WordGroup:
    """Words for one idea in all languages. What they say of a topic is the group's, not theirs."""

    name: str
    strength: WordStrength
    words: Mapping[str, tuple[str, ...]]
    """Language to phrases; a `*` at an end leaves it open."""


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """A topic, its IPTC Media Topics where they exist, and the words that speak for it."""

    id: str
    name: str
    mediatopics: tuple[str, ...]
    """`medtop:20000771` and the like; empty where IPTC has none."""
    groups: tuple[WordGroup, ...]


@dataclass(frozen=True, slots=True)
class TopicWeights:
    """How much what a sentence has speaks for a topic, learned from labelled stories.

    All in hundredths of log-odds, whole numbers, so that every machine adds up to the same.
    """

    base: int
    """Of a sentence that has a word of the topic, before anything is added."""
    weights: Mapping[str, int]
    """By mark, as `streams.core.topics` names them."""
    threshold: float
    """The chance from which the topic counts."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of travel, invitation, time and page furniture in one language, by category.

    Categories are a closed list in `streams.core.lexicon`; entries are phrases as written, in which
    a final `*` matches any ending.
    """

    language: str
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All of it, frozen, with a version digest that every reading records."""

    version: str
    leaders: tuple[Leader, ...]
    countries: tuple[Country, ...]
    cities: tuple[City, ...]
    seats: tuple[Seat, ...]
    organisations: tuple[Organisation, ...]
    titles: tuple[Title, ...]
    topics: tuple[TopicEntry, ...]
    beside: tuple[WordGroup, ...]
    """Words that are about no topic; their strength says nothing."""
    lexicons: Mapping[str, Lexicon]
    """Language code to lexicon: these are the languages that are read."""
    forests: Mapping[str, Forest]
    """By name; they weigh a story as a whole."""
    topic_weights: Mapping[str, TopicWeights]
    """By topic; one that nobody labelled has none."""
    given_names: tuple[GivenNames, ...] = ()
    """Whose country a name makes likely, of people whom `leaders` has not."""
