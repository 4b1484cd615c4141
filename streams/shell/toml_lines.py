"""A TOML file of `[[name]]` tables, with the lines on which its tables and keys stand.

The standard library's reader gives no lines, so they are looked for in the text: the nth table
begins at the nth heading. What the keys mean is not known here.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streams.knowledge.faults import Faults

_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")


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


def read_tables(path: Path, name: str, faults: Faults) -> tuple[Table, ...]:
    """The tables of a file, in its order; what is wrong with the file as a whole is noted."""
    shown = str(path)
    try:
        text = path.read_bytes().decode("utf-8").removeprefix("\ufeff")
        content = tomllib.loads(text)
    except OSError as error:
        faults.add(shown, 0, error.strerror or "it cannot be read", "name a file that can be read")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        faults.add(shown, line, "a sign is not in UTF-8", "save the file as UTF-8")
    except tomllib.TOMLDecodeError as error:
        place = _AT_LINE.search(str(error))
        line = int(place[1]) if place and place[1] else len(text.splitlines())
        problem = f"not TOML: {_AT_LINE.sub('', str(error))}"
        faults.add(shown, line, problem, "check quotes, commas and brackets")
    else:
        return _checked(shown, name, content, text.splitlines(), faults)
    return ()


def _checked(
    shown: str, name: str, content: dict[str, Any], lines: list[str], faults: Faults
) -> tuple[Table, ...]:
    found = content.pop(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        content[name] = found
        found = []
    for key in content:
        problem = f"{key!r} stands outside a {name}"
        faults.add(shown, _first_line(lines, key), problem, f"begin with [[{name}]]")
    if not found and not content:
        faults.add(shown, 0, f"there is no {name} in it", f"begin one with [[{name}]]")
    return tuple(_tables(name, found, lines))


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
