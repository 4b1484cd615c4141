"""A TOML file of `[[name]]` tables, with the lines on which its tables and keys stand.

The standard library's reader gives no lines, so they are looked for in the text: the nth table
begins at the nth heading. What the keys mean is not known here.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")


class NotTomlError(Exception):
    """The text is no TOML; the message says why."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


@dataclass(frozen=True, slots=True)
class Table:
    """One `[[name]]`. Lines are counted from 1."""

    name: str
    line: int
    content: dict[str, Any]
    lines: tuple[str, ...]
    """Of the file, from the heading to the next one."""

    def line_of(self, key: str) -> int:
        """Where a key stands, or its table's heading; the table's own line where it is missing."""
        sought = re.compile(
            rf"\s*(\"?{re.escape(key)}\"?\s*[=.]|\[+\s*{self.name}\.{re.escape(key)}\s*\]+)"
        )
        for number, text in enumerate(self.lines):
            if sought.match(text):
                return self.line + number
        return self.line


@dataclass(frozen=True, slots=True)
class Document:
    """The tables, and the keys outside them with their lines."""

    tables: tuple[Table, ...]
    others: tuple[tuple[str, int], ...]


def read_document(text: str, name: str) -> Document:
    """The tables of this name. Raises `NotTomlError`."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _AT_LINE.search(str(error))
        line = int(place[1]) if place and place[1] else len(text.splitlines())
        raise NotTomlError(line, _AT_LINE.sub("", str(error))) from None
    lines = text.splitlines()
    found = content.pop(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        content[name] = found
        found = []
    others = tuple((key, _first_line(lines, key)) for key in content)
    return Document(tuple(_tables(name, found, lines)), others)


def _tables(name: str, found: list[dict[str, Any]], lines: list[str]) -> Iterator[Table]:
    heading = re.compile(rf"\s*\[\[\s*{name}\s*\]\]")
    starts = [number for number, text in enumerate(lines, 1) if heading.match(text)]
    if len(starts) != len(found):  # written in another way that TOML has
        starts = [1] * len(found)
    for number, content in enumerate(found):
        after = [start for start in starts if start > starts[number]]
        end = after[0] - 1 if after else len(lines)
        yield Table(name, starts[number], content, tuple(lines[starts[number] - 1 : end]))


def _first_line(lines: list[str], key: str) -> int:
    return next((number for number, text in enumerate(lines, 1) if key in text), 1)
