"""An invented wire without end: short stories of trips and invitations, told, changed, taken back.

For fire drills and for measuring the pipeline: cheap to read, and yet all that an alert can go
through is in it. Several agencies tell of one affair, some word for word; a trip is put off or
called off; an invitation is answered; second editions update, correct and kill. The same seed gives
the same wire. Leaders and countries are those of the data files, so names are real and everything
said of them is invented; the wording is our own. Nothing here sends anything.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from streams.core.knowledge import Knowledge, OfficeKind

BEGIN = datetime(2026, 4, 1, 6, 0, tzinfo=UTC)
BETWEEN = timedelta(minutes=1)
AGENCIES = ("Agence Boréale", "Harbour Press", "Altamar", "North Wire")
OPEN_AFFAIRS = 400
"""So many can still be told again or change; older ones are over. At a story a minute an affair is
news for about three hours."""
_TITLES: dict[OfficeKind, str] = {"head_of_state": "President", "head_of_government": "Premier"}


@dataclass(frozen=True, slots=True)
class Item:
    """One message for the raw topic: ninjs, or garbage."""

    data: bytes
    at: datetime
    is_garbage: bool = False


@dataclass(frozen=True, slots=True)
class _Leader:
    title: str
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class _Affair:
    """A trip of the leader, or an invitation where there is a host."""

    leader: _Leader
    country: str
    day: datetime
    host: _Leader | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """The first edition of a story that may have others."""

    uri: str
    agency: str
    affair: _Affair


def invented_wire(knowledge: Knowledge, seed: int, *, garbage: float = 0.0) -> Iterator[Item]:
    """Items for ever. `garbage` is the share of those that are no stories."""
    chance = random.Random(seed)
    wire = _Wire(knowledge, chance)
    number = 0
    while True:
        number += 1
        at = BEGIN + number * BETWEEN
        if chance.random() < garbage:
            yield Item(b"garbage %d \xff" % number, at, is_garbage=True)
        else:
            yield Item(wire.next(number, at), at)


class _Wire:
    def __init__(self, knowledge: Knowledge, chance: random.Random) -> None:
        self._chance = chance
        names = {country.code: country.name for country in knowledge.countries}
        self._countries = sorted(names.values())
        day = BEGIN.date().isoformat()
        self._leaders = [
            _Leader(title, leader.name, names[office.country])
            for leader in knowledge.leaders
            for office in leader.offices
            if office.country in names and office.is_held_on(day)
            for title in [_TITLES.get(office.kind)]
            if title is not None
        ]
        self._affairs: list[_Affair] = []
        self._stories: list[_Told] = []

    def next(self, number: int, at: datetime) -> bytes:
        chance = self._chance
        kind = chance.choices(
            ("trip", "invitation", "again", "moved", "off", "answer", "edition", "quiet"),
            (24, 8, 22, 6, 6, 6, 16, 12),
        )[0]
        if kind == "edition" and self._stories:
            return self._edition(at)
        if kind == "quiet":
            return _ninjs(self._first(number), at, self._agency(), self._quiet())
        affair = self._affair(kind, at)
        text = self._text(kind, affair)
        told = _Told(self._first(number), self._agency(), affair)
        if kind in ("trip", "invitation"):
            _keep(self._affairs, affair)
        _keep(self._stories, told)
        return _ninjs(told.uri, at, told.agency, text)

    def _affair(self, kind: str, at: datetime) -> _Affair:
        """One that this kind of story can be about: an open one, or else a new one."""
        chance = self._chance
        wants_host = {"answer": True, "moved": False, "off": False}.get(kind)
        if kind not in ("trip", "invitation") and self._affairs:
            affair = chance.choice(self._affairs)
            if wants_host is None or wants_host == (affair.host is not None):
                return affair
        leader = chance.choice(self._leaders)
        day = at + timedelta(days=chance.randrange(8, 120))
        if kind == "invitation" or wants_host:
            host = chance.choice([each for each in self._leaders if each != leader])
            return _Affair(leader, host.country, day, host)
        return _Affair(leader, chance.choice(self._countries), day)

    def _text(self, kind: str, affair: _Affair) -> str:
        who, where, day = _named(affair.leader), affair.country, _day(affair.day)
        if affair.host is not None:
            host = _named(affair.host)
            if kind == "answer":
                word = self._chance.choice(("accepted", "declined"))
                return f"{who} has {word} the invitation of {host} to visit {where}."
            return f"{host} has invited {who} to visit {where} in {affair.day:%B %Y}."
        if kind == "moved":
            later = _day(affair.day + timedelta(days=self._chance.randrange(4, 9)))
            return f"{who} has postponed the trip to {where} from {day} to {later}."
        if kind == "off":
            return f"{who} has cancelled the trip to {where} planned for {day}."
        return self._chance.choice(
            (
                f"{who} will travel to {where} on {day}, officials said.",
                f"{who} is to pay a visit to {where} on {day}, a spokesman said.",
                f"{who} may visit {where} on {day}, two officials said.",
            )
        )

    def _edition(self, at: datetime) -> bytes:
        """A second edition: an update, a correction or a kill."""
        told = self._chance.choice(self._stories)
        affair = told.affair
        match self._chance.choice(("update", "correction", "kill")):
            case "kill":
                return _ninjs(told.uri, at, told.agency, "", pubstatus="canceled")
            case "correction":
                wrong = replace(affair, country=self._chance.choice(self._countries), host=None)
                note = "Corrects the country"
                return _ninjs(told.uri, at, told.agency, self._text("trip", wrong), ednote=note)
            case _:
                later = replace(affair, day=affair.day + timedelta(days=self._chance.randrange(6)))
                text = self._text("again", later) + " Talks on trade are planned."
                return _ninjs(told.uri, at, told.agency, text, ednote="Updates with talks")

    def _quiet(self) -> str:
        who = _named(self._chance.choice(self._leaders))
        return f"{who} opened a hospital on Monday and spoke of the budget."

    def _agency(self) -> str:
        return self._chance.choice(AGENCIES)

    @staticmethod
    def _first(number: int) -> str:
        return f"urn:invented:{number}"


def _named(leader: _Leader) -> str:
    return f"{leader.title} {leader.name} of {leader.country}"


def _day(day: datetime) -> str:
    return f"{day.day} {day:%B %Y}"


def _keep(some: list, one: object) -> None:  # type: ignore[type-arg]
    some.append(one)
    del some[:-OPEN_AFFAIRS]


def _ninjs(uri: str, at: datetime, agency: str, text: str, **fields: str) -> bytes:
    # The time is the version: an edition's number would have to be counted.
    story = {
        "uri": uri,
        "type": "text",
        "versioncreated": at.isoformat().replace("+00:00", "Z"),
        "language": "en",
        "provider": agency,
        "headline": text.partition(".")[0],
        "body_text": text,
        **fields,
    }
    return json.dumps(story, ensure_ascii=False).encode()
