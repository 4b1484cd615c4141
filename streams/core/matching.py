"""Many phrases found at once in a text: the automata behind names and words.

Names are matched with their capitals but without accents ('José Jerí' is 'Jose Jeri' on many
wires); words are matched in lower case with their accents. Both foldings keep every character in
its place, so that an offset in the folded text is one in the text. Who is meant is not decided
here.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar

from ahocorasick_rs import AhoCorasick

T = TypeVar("T")
_SENTENCES = 128
"""Those of a story, each asked for by several that look for different things in it."""
_GAP_CHARACTERS = 240
"""How far the second half of a split verb may be from the first."""


_UNFOLDED = re.compile(r"[^\x00-\x7f]|(?! )\s|`")
_UNSTRAIGHT = re.compile(r"[’‘ʼ`´‐‑]|(?! )\s")
_APOSTROPHES = "’‘ʼ`´"
_HYPHENS = "‐‑"


@lru_cache(maxsize=8_192)
def _fold_character(character: str) -> str:
    if character == "–":
        return "-"
    if not character.isalpha():
        return _straight(character)
    return unicodedata.normalize("NFD", _straight(character))[0]


@lru_cache(maxsize=8_192)
def _lower_character(character: str) -> str:
    lowered = _straight(character).lower()
    return lowered if len(lowered) == 1 else character


def _straight(character: str) -> str:
    if character in _APOSTROPHES:
        return "'"
    if character in _HYPHENS:
        return "-"
    return " " if character.isspace() else character


@lru_cache(maxsize=_SENTENCES)
def fold(text: str) -> str:
    """Same length, accents off, capitals kept."""
    if text.isascii():
        return text
    return _UNFOLDED.sub(lambda found: _fold_character(found.group()), text)


@lru_cache(maxsize=_SENTENCES)
def lower(text: str) -> str:
    """Same length, in lower case, accents kept, apostrophes straight."""
    lowered = text.lower()
    if text.isascii():
        return lowered
    if len(lowered) != len(text) or "Σ" in text:
        # A letter that becomes two, or another one at the end of a word.
        return "".join(map(_lower_character, text))
    return _UNSTRAIGHT.sub(lambda found: _straight(found.group()), lowered)


class Match(Generic[T]):
    """A phrase found: half-open character span, and what the phrase stands for.

    No dataclass, as the compiler of the core makes none that is generic.
    """

    __slots__ = ("end", "rest", "start", "value")

    def __init__(self, start: int, end: int, value: T, rest: int = -1) -> None:
        """`rest`: where the second half of a split verb begins; -1 where there is none."""
        self.start: Final = start
        self.end: Final = end
        self.value: Final = value
        self.rest: Final = rest


class _Pattern(Generic[T]):
    __slots__ = ("open_end", "open_start", "rest", "value")

    def __init__(self, value: T, open_start: bool, open_end: bool, rest: str | None) -> None:
        """`rest`: the second half of a split verb."""
        self.value: Final = value
        self.open_start: Final = open_start
        self.open_end: Final = open_end
        self.rest: Final = rest

    def says_the_same(self, other: "_Pattern[T]") -> bool:
        """As another pattern of the same words."""
        mine = (self.open_start, self.open_end, self.rest)
        return mine == (other.open_start, other.open_end, other.rest) and self.value == other.value


class Phrases(Generic[T]):
    """A fixed set of phrases, each with the values it stands for.

    `find` gives the longest phrase at each place, and all values of that phrase. With `genitive`,
    a final 's' is tolerated behind a phrase (German 'Kasts Besuch').
    """

    def __init__(self, entries: Iterable[tuple[str, T]], *, genitive: bool = False) -> None:
        patterns: dict[str, list[_Pattern[T]]] = {}
        for phrase, value in entries:
            head, _, rest = phrase.partition(" … ")
            pattern = _Pattern(value, head.startswith("*"), head.endswith("*"), rest or None)
            known = patterns.setdefault(head.strip("*"), [])
            if not any(pattern.says_the_same(other) for other in known):
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
            within = start > 0 and _in_word(text[start - 1]) and _in_word(text[start])
            for pattern in self._patterns[number]:
                if within and not pattern.open_start:
                    continue
                stop = self._end_of(text, end, pattern.open_end)
                if stop is None:
                    continue
                rest = -1 if pattern.rest is None else _find_word(text, stop, pattern.rest)
                if pattern.rest is None or rest >= 0:
                    found.append(Match(start, stop, pattern.value, rest))
        if len(found) < 2:
            return found
        found.sort(key=_by_place)
        return found if overlapping else _longest(found)

    def _end_of(self, text: str, end: int, is_open: bool) -> int | None:
        """Where the match ends in whole words, or `None` where it is only part of a word."""
        if end < len(text) and _in_word(text[end]) and _in_word(text[end - 1]):
            if is_open:
                while end < len(text) and _in_word(text[end]):
                    end += 1
            elif not (
                self._genitive
                and text[end] == "s"
                and not (end + 1 < len(text) and _in_word(text[end + 1]))
            ):
                return None
        return end


def _by_place(match: Match[Any]) -> tuple[int, int]:
    return (match.start, -match.end)


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
