"""From the data folder to `Knowledge`, or to all its faults at once.

The order in which the tables need each other is here, and the digest that names their version.
"""

import hashlib
from pathlib import Path
from types import MappingProxyType

from streams.core.knowledge import Knowledge
from streams.knowledge.faults import Faults, KnowledgeError
from streams.knowledge.models import FOLDER as MODELS
from streams.knowledge.models import read_forests, read_topic_weights
from streams.knowledge.people import read_given_names, read_leaders
from streams.knowledge.places import (
    read_cities,
    read_countries,
    read_organisations,
    read_seats,
)
from streams.knowledge.words import read_languages, read_lexicons, read_titles, read_topics

PACKAGED = Path(__file__).resolve().parent.parent / "data"
_DIGITS = 16


def load(folder: Path | None = None, *, forests: bool = True) -> Knowledge:
    """All that the files say, checked; the packaged ones unless a folder is given.

    `forests`: `False` leaves them and the weights of topics out, to learn new ones. Reads some
    2 MB. Raises `KnowledgeError` with every fault found.
    """
    folder = folder or PACKAGED
    faults = Faults()
    languages = read_languages(folder, faults)
    countries = read_countries(folder, languages, faults)
    cities = read_cities(folder, countries, faults)
    organisations = read_organisations(folder, countries, cities, faults)
    topics, beside = read_topics(folder, languages, faults)
    knowledge = Knowledge(
        version=digest(folder),
        leaders=read_leaders(folder, countries, organisations, faults),
        countries=tuple(countries.values()),
        cities=cities,
        seats=read_seats(folder, countries, cities, faults),
        organisations=tuple(organisations.values()),
        given_names=read_given_names(folder, countries, faults),
        titles=read_titles(folder, languages, faults),
        topics=topics,
        beside=beside,
        lexicons=MappingProxyType(read_lexicons(folder, languages, faults)),
        forests=read_forests(folder / MODELS, faults) if forests else MappingProxyType({}),
        topic_weights=(
            read_topic_weights(folder / MODELS, topics, beside, faults)
            if forests
            else MappingProxyType({})
        ),
    )
    if faults.found:
        raise KnowledgeError(faults.found)
    return knowledge


def digest(folder: Path) -> str:
    """Names a state of the data: 16 hex digits of SHA-256 over names and bytes of the files.

    The same files give the same digest on every machine; the README and the sample don't count.
    """
    kinds = ("*.csv", "*.toml", "lexicons/*.toml", "models/*.json")
    files = [file for kind in kinds for file in folder.glob(kind)]
    state = hashlib.sha256()
    for name, path in sorted((file.relative_to(folder).as_posix(), file) for file in files):
        content = path.read_bytes()
        state.update(f"{name}\0{len(content)}\0".encode())
        state.update(content)
    return state.hexdigest()[:_DIGITS]
