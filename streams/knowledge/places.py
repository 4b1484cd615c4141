"""Countries, cities, seats of power and organisations, from their tables.

Whether a name could mean two places is checked here. People and words are not looked at.
"""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from streams.core.knowledge import City, Country, Organisation, Seat
from streams.core.matching import fold
from streams.knowledge.faults import Faults
from streams.knowledge.tables import Row, Unique, read_rows

COUNTRIES = "countries.csv"
COUNTRY_NAMES = "country-names.csv"
DEMONYMS = "demonyms.csv"
CITIES = "cities.csv"
SEATS = "seats.csv"
ORGANISATIONS = "organisations.csv"
_Forms = dict[str, dict[str, tuple[str, ...]]]


def read_countries(
    folder: Path, languages: Mapping[str, str], faults: Faults
) -> dict[str, Country]:
    """Code to country, in the order of the file, with names and demonyms by language."""
    rows: dict[str, Row] = {}
    for row in read_rows(folder, COUNTRIES, ("code", "name", "capital"), faults):
        code = row.country("code", None)
        if code in rows:
            row.fault(f"the country {code} stands twice", f"see line {rows[code].line}")
        rows[code] = row
    names = _read_forms(folder, (COUNTRY_NAMES, "names"), rows, languages, faults)
    demonyms = _read_forms(folder, (DEMONYMS, "forms"), rows, languages, faults)
    for code, row in rows.items():
        for language in languages:
            if language not in names[code]:
                row.fault(f"{code} has no name in {language}", f"add it to {COUNTRY_NAMES}")
    return {
        code: Country(
            code=code,
            name=row.text("name"),
            names=MappingProxyType(names[code]),
            demonyms=MappingProxyType(demonyms[code]),
            capital=row.optional("capital"),
        )
        for code, row in rows.items()
    }


def _read_forms(
    folder: Path,
    table: tuple[str, str],
    countries: Mapping[str, Row],
    languages: Mapping[str, str],
    faults: Faults,
) -> _Forms:
    """The spellings of each country by language. Names of two countries differ; demonyms need not:
    Congolese and Dominican are two."""
    file, column = table
    out: _Forms = defaultdict(dict)
    used = {
        language: Unique("the name", "leave it to the country that copy means by it")
        for language in languages
    }
    for row in read_rows(folder, file, ("code", "language", column), faults):
        code = row.country("code", countries)
        language = row.language(languages)
        forms = row.spellings(column, required=True)
        if language in out[code]:
            row.fault(f"{code} in {language} stands twice", "put all spellings into one line")
        out[code][language] = forms
        if file == COUNTRY_NAMES and language in used:
            for form in forms:
                used[language].claim(form, code, row)
    return out


def read_cities(folder: Path, countries: Mapping[str, Country], faults: Faults) -> tuple[City, ...]:
    """Cities in the order of the file; a spelling that two share is ambiguous in at least one."""
    shared = Unique("the city", "set ambiguous to yes for the lesser known of the two")
    cities = []
    for row in read_rows(folder, CITIES, ("name", "country", "names", "ambiguous"), faults):
        city = City(
            name=row.text("name"),
            country=row.country("country", countries),
            names=_with_name(row),
            ambiguous=row.yes_no("ambiguous"),
        )
        if not city.ambiguous:
            for name in city.names:
                shared.claim(name, f"{city.name} ({city.country})", row)
        cities.append(city)
    return tuple(cities)


def read_seats(
    folder: Path, countries: Mapping[str, Country], cities: tuple[City, ...], faults: Faults
) -> tuple[Seat, ...]:
    """Seats of power in the order of the file."""
    used = Unique("the seat", "name the seat more fully in one of the lines")
    places = _places(cities)
    seats = []
    for row in read_rows(folder, SEATS, ("name", "country", "city", "names"), faults):
        seat = Seat(
            name=row.text("name"),
            country=row.country("country", countries),
            city=row.text("city"),
            names=row.spellings("names", required=True),
        )
        _check_city(row, seat.country, seat.city, places)
        for name in seat.names:
            used.claim(name, seat.name, row)
        seats.append(seat)
    return tuple(seats)


def read_organisations(
    folder: Path, countries: Mapping[str, Country], cities: tuple[City, ...], faults: Faults
) -> dict[str, Organisation]:
    """Id to organisation, in the order of the file."""
    columns = ("id", "name", "names", "country", "city")
    used = Unique("the name", "leave it to the organisation that copy means by it")
    places = _places(cities)
    out: dict[str, Organisation] = {}
    for row in read_rows(folder, ORGANISATIONS, columns, faults):
        organisation = Organisation(
            id=row.text("id"),
            name=row.text("name"),
            names=row.spellings("names", required=True),
            country=row.country("country", countries) if row.cells["country"] else None,
            city=row.optional("city"),
        )
        if organisation.id in out:
            row.fault(f"the id {organisation.id!r} stands twice", "give it one line")
        if organisation.city is not None:
            _check_city(row, organisation.country or "", organisation.city, places)
        for name in organisation.names:
            used.claim(name, organisation.id, row)
        out[organisation.id] = organisation
    return out


def _with_name(row: Row) -> tuple[str, ...]:
    names = row.spellings("names", required=True)
    if row.cells["name"] not in names:
        row.fault("names lacks the city's own name", "begin the list with it")
    return names


def _places(cities: tuple[City, ...]) -> frozenset[tuple[str, str]]:
    return frozenset((city.country, fold(name)) for city in cities for name in city.names)


def _check_city(row: Row, country: str, city: str, places: frozenset[tuple[str, str]]) -> None:
    if city and (country, fold(city)) not in places:
        row.fault(
            f"no city {city!r} in {country or 'no country'}",
            f"correct the city or its country, or add it to {CITIES}",
        )
