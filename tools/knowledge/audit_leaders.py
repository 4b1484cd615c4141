"""Compares a copy of Wikidata's heads of state and government with the packaged leaders.

Prints whom the data lack, and whom the copy has in office but the data do not. Mistakes of the copy
that are known are in `known-mistakes.csv` and are not told again. Nothing is written: what is right
is decided by an editor, in `streams/data/leaders.csv` and `offices.csv`.

    python tools/knowledge/audit_leaders.py COPY.csv

The copy has the columns of `data/wikidata.csv` in GitHub's every-politician-scrapers/
world-leaders-2021: officeholder (item), officeholderLabel, positionLabel, end_year.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from streams.core.knowledge import LEADER_OFFICES, Leader
from streams.core.matching import fold
from streams.knowledge import load

KNOWN = Path(__file__).with_name("known-mistakes.csv")


def differences(copy: Path, leaders: tuple[Leader, ...]) -> Iterator[str]:
    """What an editor should look at, a line each."""
    by_item = {leader.wikidata: leader for leader in leaders if leader.wikidata}
    by_name = {
        fold(name).casefold(): leader
        for leader in leaders
        for name in (leader.name, *leader.aliases)
    }
    with KNOWN.open(encoding="utf-8", newline="") as file:
        known = {row["item"] for row in csv.DictReader(file)}
    with copy.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            item, name = row["officeholder"], row["officeholderLabel"]
            if item in known:
                continue
            leader = by_item.get(item) or by_name.get(fold(name).casefold())
            where = f"line {line}: {name} ({item}), {row['positionLabel']}"
            if leader is None:
                yield f"{where}: not in the data"
            elif not row["end_year"] and not _in_office(leader):
                yield f"{where}: in office there, not here ({leader.id})"


def _in_office(leader: Leader) -> bool:
    """Holds an office of a leader whose end is not known, or that is not a country's head."""
    return any(
        office.until is None and office.kind in (*LEADER_OFFICES, "minister", "vice")
        for office in leader.offices
    )


def main() -> None:
    """Prints the differences with the copy named on the command line."""
    for difference in differences(Path(sys.argv[1]), load().leaders):
        sys.stdout.write(f"{difference}\n")


if __name__ == "__main__":
    main()
