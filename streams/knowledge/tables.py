"""Reads a csv file of the data folder into rows of checked cells.

What a table must look like is here: encoding, header, width of rows, cells and lists of spellings.
What the columns mean is in the modules for people, places and words.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from streams.core.matching import fold
from streams.knowledge.faults import Faults

SEPARATOR = "|"
_COUNTRY = re.compile(r"[A-Z]{2}")
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. What is wrong with a cell is noted when the cell is asked for."""

    file: str
    line: int
    cells: Mapping[str, str]
    faults: Faults

    def fault(self, problem: str, remedy: str) -> None:
        """Notes that something is wrong in this line."""
        self.faults.add(self.file, self.line, problem, remedy)

    def text(self, column: str) -> str:
        """A cell that must not be empty."""
        value = self.cells[column]
        if not value:
            self.fault(f"the cell {column} is empty", "fill it, or delete the line")
        return value

    def optional(self, column: str) -> str | None:
        """A cell, or `None` where it is empty."""
        return self.cells[column] or None

    def spellings(self, column: str, *, required: bool = False) -> tuple[str, ...]:
        """The entries of a list cell. None of them is empty, none stands twice."""
        value = self.text(column) if required else self.cells[column]
        if not value:
            return ()
        entries = value.split(SEPARATOR)
        if not all(entries):
            self.fault(
                f"the list {column} has an empty entry", f"write one {SEPARATOR} between spellings"
            )
        for entry in entries:
            if entry != entry.strip():
                self.fault(f"blanks around {entry!r} in {column}", f"write it as {entry.strip()!r}")
        ordered = sorted(entries)
        for entry in {first for first, second in pairwise(ordered) if first == second}:
            self.fault(f"{entry!r} stands twice in {column}", "leave one of them")
        return tuple(entry for entry in entries if entry)

    def yes_no(self, column: str) -> bool:
        """A cell that says yes or no."""
        value = self.cells[column]
        if value not in _YES_NO:
            self.fault(f"{column} is {value!r}", "write yes or no")
        return _YES_NO.get(value, False)

    def country(self, column: str, known: Mapping[str, object] | None) -> str:
        """A country code; with `known`, one that `countries.csv` has."""
        code = self.text(column)
        if code and not _COUNTRY.fullmatch(code):
            self.fault(
                f"{column} {code!r} is no country code",
                "write two capitals as in ISO 3166-1 (XK for Kosovo)",
            )
        elif code and known is not None and code not in known:
            self.fault(
                f"{column} {code!r} is not in countries.csv", "correct the code or add the country"
            )
        return code

    def language(self, known: Mapping[str, object]) -> str:
        """A language that `languages.csv` has."""
        code = self.text("language")
        if code and code not in known:
            self.fault(
                f"the language {code!r} is unknown",
                f"write one of {', '.join(sorted(known))}, or add it to languages.csv",
            )
        return code


def read_text(folder: Path, file: str, faults: Faults) -> str | None:
    """A file's text in UTF-8; `None`, with a fault noted, where there is none."""
    try:
        return (folder / file).read_bytes().decode("utf-8")
    except FileNotFoundError:
        faults.add(file, 0, "the file is missing", "put it back; every data file is needed")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        faults.add(file, line, "a sign is not in UTF-8", "save the file as UTF-8")
    return None


def read_rows(folder: Path, file: str, columns: Sequence[str], faults: Faults) -> Iterator[Row]:
    """The rows of a table that has just these columns, in any order. Blank lines are faults."""
    text = read_text(folder, file, faults)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = next(reader, [])
        if not _is_header(file, header, columns, faults):
            return
        for cells in reader:
            line = reader.line_num
            if len(cells) != len(header):
                faults.add(
                    file,
                    line,
                    f"{len(cells)} cells instead of {len(header)}",
                    "put a name that holds a comma in double quotes, and leave no line blank",
                )
                continue
            row = Row(file, line, dict(zip(header, cells, strict=True)), faults)
            for column, cell in row.cells.items():
                if cell != cell.strip():
                    row.fault(f"blanks around {column} {cell!r}", f"write it as {cell.strip()!r}")
            yield row
    except csv.Error as error:
        faults.add(file, reader.line_num, f"not csv: {error}", "check the double quotes")


def _is_header(file: str, header: list[str], columns: Sequence[str], faults: Faults) -> bool:
    expected = ", ".join(columns)
    for column in header:
        if column not in columns:
            faults.add(file, 1, f"unknown column {column!r}", f"the columns are {expected}")
    for column in columns:
        if header.count(column) != 1:
            faults.add(file, 1, f"column {column!r} must stand once", f"the columns are {expected}")
    return sorted(header) == sorted(columns)


class Unique:
    """Holds what must not stand twice, and tells where it stood first.

    Spellings are the same if they differ by accents and capitals only, as they are to the reader.
    """

    def __init__(self, what: str, remedy: str) -> None:
        self._what = what
        self._remedy = remedy
        self._seen: dict[str, tuple[str, str]] = {}

    def claim(self, spelling: str, owner: str, row: Row) -> None:
        """Notes a fault where another owner has this spelling."""
        key = fold(spelling).casefold()
        first, where = self._seen.setdefault(key, (owner, f"{row.file}:{row.line}"))
        if first != owner:
            row.fault(
                f"{self._what} {spelling!r} of {owner} is also that of {first} ({where})",
                self._remedy,
            )
