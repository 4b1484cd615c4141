"""How far two who label the same stories agree: what is left to be reached.

`python -m bench.agreement` holds the second labels in tests/golden/stories/second, made by people
who had seen neither the first nor any reading, against the first ones: F1 as in `bench.quality`, so
that the figures can be laid beside those of the reader. Nothing of a story is printed.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bench.quality import (
    STORIES,
    Names,
    Tally,
    days_of,
    labelled,
    languages,
    named_in,
    sets_of,
    table,
    trip_key,
)
from streams.knowledge import load

SECOND = STORIES / "second"
PARTS: Final = ("dev", "test")
Gold = Mapping[str, Any]


def compare(first: Gold, second: Gold, names: Names) -> Tally:
    """Counts one story: what both have is right, what only the second has is wrong."""
    key = names.of({**first, "officials": [*first.get("officials", ()), *named_in(second)]})
    tally = Tally(stories=1)
    ours, theirs = sets_of(first, key), sets_of(second, key)
    for name, had in ours.items():
        tally.right[name] = (had & theirs[name]).total()
        tally.missed[name] = (had - theirs[name]).total()
        tally.wrong[name] = (theirs[name] - had).total()
    left = list(second["trips"])
    for trip in first["trips"]:
        same = next((one for one in left if trip_key(one, key) == trip_key(trip, key)), None)
        if same is None:
            continue
        left.remove(same)
        _agree(tally, "foreground", trip["foreground"] == same["foreground"])
        if trip["foreground"] and same["foreground"]:
            _agree(tally, "status", trip["status"] == same["status"])
            _agree(tally, "dates", days_of(trip) == days_of(same))
    return tally


def _agree(tally: Tally, name: str, agreed: bool) -> None:
    tally.tries[name] += 1
    tally.hits[name] += agreed


def twice(language: str, part: str) -> Iterator[tuple[Gold, Gold]]:
    """First and second labels of the stories of a part that were labelled twice."""
    path = SECOND / f"{language}.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    second = {one["id"]: one["gold"] for one in map(json.loads, lines)}
    for label in labelled(language, part):
        if label["id"] in second:
            yield label["gold"], second[label["id"]]


def measure(names: Names, part: str) -> dict[str, Tally]:
    """Tallies of a part, by language and `all`."""
    total = Tally()
    tallies: dict[str, Tally] = {}
    for language in languages():
        tally = tallies[language] = Tally()
        for first, second in twice(language, part):
            tally.add(compare(first, second, names))
        total.add(tally)
    return tallies | {"all": total}


def main() -> None:
    """The command."""
    names = Names(load())
    for part in PARTS:
        print(f"{part}\n{table(measure(names, part))}\n")


if __name__ == "__main__":
    main()
