"""Many phrases found at once in a text: the automata behind names and words.

Names are matched with their capitals but without accents ('José Jerí' is 'Jose Jeri' on many
wires); words are matched in lower case with their accents. Both foldings keep every character in
its place, so that an offset in the folded text is one in the text. Who is meant is not decided
here.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick

T = TypeVar("T")
_GAP_CHARACTERS = 240
"""How far the second half of a split verb may be from the first."""


@lru_cache(maxsize=8_192)
def _fold_character(character: str) -> str:
    if character in "’‘ʼ`´":
        return "'"
    if character in "‐‑–":
        return "-"
    if character.isspace():
        return " "
    base = unicodedata.normalize("NFD", character)[0]
    return base if character.isalpha() else character


@lru_cache(maxsize=8_192)
def _lower_character(character: str) -> str:
    if character in "’‘ʼ`´":
        return "'"
    if character in "‐‑":
        return "-"
    if character.isspace():
        return " "
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character


def fold(text: str) -> str:
    """Same length, accents off, capitals kept."""
    return text if text.isascii() else "".join(map(_fold_character, text))


def lower(text: str) -> str:
    """Same length, in lower case, accents kept, apostrophes straight."""
    return text.lower() if text.isascii() else "".join(map(_lower_character, text))


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """A phrase found: half-open character span, and what the phrase stands for."""

    start: int
    end: int
    value: T
    rest: int = -1
    """Where the second half of a split verb begins; -1 where there is none."""


@dataclass(frozen=True, slots=True)
class _Pattern(Generic[T]):
    value: T
    open_start: bool
    open_end: bool
    rest: str | None
    """Second half of a split verb."""


class Phrases(Generic[T]):
    """A fixed set of phrases, each with the values it stands for.

    `find` gives the longest phrase at each place, and all values of that phrase. With `genitive`,
    a final 's' is tolerated behind a phrase (German 'Kasts Besuch').
    """

    def __init__(self, entries: Iterable[tuple[str, T]], *, genitive: bool = False) -> None:
        patterns: dict[str, list[_Pattern[T]]] = {}
        for phrase, value in entries:
            head, _, rest = phrase.partition(" … ")
            open_start, open_end = head.startswith("*"), head.endswith("*")
            text = head.strip("*")
            pattern = _Pattern(value, open_start, open_end, rest or None)
            known = patterns.setdefault(text, [])
            if pattern not in known:
                known.append(pattern)
        self._patterns = list(patterns.values())
        self._automaton = AhoCorasick(list(patterns))
        self._genitive = genitive

    def find(self, text: str, *, overlapping: bool = False) -> Sequence[Match[T]]:
        """Matches in order of their place; longer before shorter.

        Without `overlapping`, a match inside a longer one is left out.
        """
        found: list[Match[T]] = []
        for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for pattern in self._patterns[number]:
                stop = self._end_of(text, start, end, pattern)
                if stop is None:
                    continue
                rest = -1 if pattern.rest is None else _find_word(text, stop, pattern.rest)
                if pattern.rest is None or rest >= 0:
                    found.append(Match(start, stop, pattern.value, rest))
        found.sort(key=lambda match: (match.start, -match.end))
        return found if overlapping else _longest(found)

    def _end_of(self, text: str, start: int, end: int, pattern: _Pattern[T]) -> int | None:
        """Where the match ends in whole words, or `None` where it is only part of a word."""
        if not pattern.open_start and start and _in_word(text[start - 1]) and _in_word(text[start]):
            return None
        if end < len(text) and _in_word(text[end]) and _in_word(text[end - 1]):
            if pattern.open_end:
                while end < len(text) and _in_word(text[end]):
                    end += 1
            elif not (
                self._genitive
                and text[end] == "s"
                and not (end + 1 < len(text) and _in_word(text[end + 1]))
            ):
                return None
        return end


def _find_word(text: str, start: int, rest: str) -> int:
    """Where the second half stands as whole words, not far behind the first; -1 where it does not.

    The text is one sentence: what is behind it is not looked at.
    """
    at = text.find(rest, start, start + _GAP_CHARACTERS)
    while at >= 0:
        end = at + len(rest)
        if not _in_word(text[at - 1]) and (end >= len(text) or not _in_word(text[end])):
            return at
        at = text.find(rest, at + 1, start + _GAP_CHARACTERS)
    return -1


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _longest(found: list[Match[T]]) -> list[Match[T]]:
    """Leftmost, then longest; different values of one span all stay."""
    kept: list[Match[T]] = []
    span, reach = (-1, -1), -1
    for match in found:
        if (match.start, match.end) == span or match.start >= reach:
            kept.append(match)
            span, reach = (match.start, match.end), max(reach, match.end)
    return kept
