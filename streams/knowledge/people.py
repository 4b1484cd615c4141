"""The leaders and officials of `leaders.csv`, with the offices of `offices.csv`.

Who may be confused with whom is checked here. Places and words are not looked at.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import get_args

from streams.core.knowledge import Country, GivenNames, Leader, Office, OfficeKind, Organisation
from streams.knowledge.faults import Faults
from streams.knowledge.tables import Row, Unique, read_rows

LEADERS = "leaders.csv"
OFFICES = "offices.csv"
GIVEN_NAMES = "given-names.csv"
_LEADER_COLUMNS = (
    "id",
    "name",
    "country",
    "woman",
    "aliases",
    "surnames",
    "surname_alone",
    "wikidata",
)
_OFFICE_COLUMNS = ("leader", "kind", "country", "organisation", "since", "until", "checked")
_KINDS: dict[str, OfficeKind] = {kind: kind for kind in get_args(OfficeKind)}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WIKIDATA = re.compile(r"Q[1-9]\d*")
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def read_given_names(
    folder: Path, countries: Mapping[str, Country], faults: Faults
) -> tuple[GivenNames, ...]:
    """Names that are usual in some countries, in the order of the file."""
    found = []
    for row in read_rows(folder, GIVEN_NAMES, ("countries", "names"), faults):
        codes = row.spellings("countries", required=True)
        for code in codes:
            if code not in countries:
                row.fault(f"{code!r} is not in countries.csv", "correct the code")
        found.append(GivenNames(codes, row.spellings("names", required=True)))
    return tuple(found)


def read_leaders(
    folder: Path,
    countries: Mapping[str, Country],
    organisations: Mapping[str, Organisation],
    faults: Faults,
) -> tuple[Leader, ...]:
    """Everyone with a dossier, in the order of the file, each with the offices they held."""
    rows = list(read_rows(folder, LEADERS, _LEADER_COLUMNS, faults))
    ids = {row.cells["id"] for row in rows}
    offices = _read_offices(folder, ids, countries, organisations, faults)
    id_used = Unique("the id", "give each person one line and one id")
    item_used = Unique("the Wikidata item", "an item is one person: correct one of them")
    names = Unique(
        "the spelling",
        "take it from one of them, or set surname_alone to no where only the surname is shared",
    )
    leaders = []
    for row in rows:
        leader = _leader(row, offices, countries)
        id_used.claim(leader.id, f"line {row.line}", row)
        if leader.wikidata:
            item_used.claim(leader.wikidata, leader.id, row)
        for spelling in _unmistakable(leader):
            names.claim(spelling, leader.id, row)
        leaders.append(leader)
    return tuple(leaders)


def _leader(
    row: Row, offices: Mapping[str, tuple[Office, ...]], countries: Mapping[str, Country]
) -> Leader:
    slug = row.text("id")
    if slug and not _SLUG.fullmatch(slug):
        row.fault(f"the id {slug!r} is no slug", "write the English name like jose-antonio-kast")
    wikidata = row.optional("wikidata")
    if wikidata and not _WIKIDATA.fullmatch(wikidata):
        row.fault(f"wikidata is {wikidata!r}", "write an item such as Q937, or nothing")
    surnames = row.spellings("surnames")
    alone = row.yes_no("surname_alone")
    if alone and not surnames:
        row.fault("surname_alone is yes without a surname", "add the surname or write no")
    return Leader(
        id=slug,
        name=row.text("name"),
        country=row.country("country", countries) if row.cells["country"] else None,
        woman=row.yes_no("woman"),
        offices=offices.get(slug, ()),
        aliases=row.spellings("aliases"),
        surnames=surnames,
        surname_alone=alone,
        wikidata=wikidata,
    )


def _unmistakable(leader: Leader) -> set[str]:
    """The spellings that name this person wherever they stand."""
    alone = leader.surnames if leader.surname_alone else ()
    return {spelling for spelling in (leader.name, *leader.aliases, *alone) if spelling}


def _read_offices(
    folder: Path,
    leaders: set[str],
    countries: Mapping[str, Country],
    organisations: Mapping[str, Organisation],
    faults: Faults,
) -> dict[str, tuple[Office, ...]]:
    offices: dict[str, list[Office]] = defaultdict(list)
    for row in read_rows(folder, OFFICES, _OFFICE_COLUMNS, faults):
        leader = row.text("leader")
        if leader and leader not in leaders:
            row.fault(f"no leader has the id {leader!r}", f"correct it or add them to {LEADERS}")
        office = _office(row, countries, organisations)
        if office is not None:
            offices[leader].append(office)
    return {leader: tuple(held) for leader, held in offices.items()}


def _office(
    row: Row, countries: Mapping[str, Country], organisations: Mapping[str, Organisation]
) -> Office | None:
    kind = _KINDS.get(row.cells["kind"])
    if kind is None:
        row.fault(f"unknown kind {row.cells['kind']!r}", f"write one of {', '.join(_KINDS)}")
    organisation = row.optional("organisation")
    if organisation and organisation not in organisations:
        row.fault(
            f"the organisation {organisation!r} is unknown", "write an id of organisations.csv"
        )
    if bool(organisation) == bool(row.cells["country"]):
        row.fault(
            "an office is a country's or an organisation's", "fill one of the two cells, not both"
        )
    country = row.country("country", countries) if row.cells["country"] else None
    since, until = _day(row, "since"), _day(row, "until")
    if since and until and since[: len(until)] > until[: len(since)]:
        row.fault(f"since {since} is after until {until}", "correct one of the days")
    row.yes_no("checked")
    if kind is None:
        return None
    return Office(kind, country, since, until, organisation)


def _day(row: Row, column: str) -> str | None:
    day = row.optional(column)
    if day is None:
        return None
    try:
        if not _DAY.fullmatch(day):
            raise ValueError(day)
        date.fromisoformat(day + "-01-01"[len(day) - len("2026") :])
    except ValueError:
        row.fault(f"{column} {day!r} is no day", "write 2026-03-11, or cut it to 2026-03 or 2026")
    return day
