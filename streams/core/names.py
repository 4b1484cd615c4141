"""Capitalised names in a story: what may be a person's name, and which mentions are one name.

A name is two capitalised words or more with nothing between them but the small words that names
have; a word of it alone, further on, is the same person. Whether it is a person's at all, and
whose, is not decided here.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from streams.core.knowledge import Knowledge
from streams.core.matching import fold, lower

CAPITALISED: Final = (
    r"(?:(?:al|el|ad|an|ar|as|ash|at|az|bin|ibn|ben|ould|d|O)[-'’])?[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]*[\w]"
)
"""A word of a name; Arabic articles are often written small before it."""
_INITIALS = r"(?:[A-Z]\.\s?){1,3}"
_NICKNAME = r"(?:\s+[\"“”«'‘][^\W\d_][\w' -]{1,14}[\"”“»'’])?"
_MOST_WORDS = 5
_ARTICLES: Final = frozenset(
    ("the", "el", "la", "los", "las", "le", "les", "il", "lo", "der", "die", "das", "den", "o", "a")
)
_LEFT = re.compile(rf"(?<![\w'’])({CAPITALISED})\s$")
_RIGHT = re.compile(rf"\s{CAPITALISED}")
_LAST = re.compile(r"([\w'’]+)\W*$")
_NUMERAL = re.compile(r"[IVX]+")
_SHORT = 3
"""Letters of a word that may stand in a name all in capitals, as numerals of monarchs do."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a name stands: sentence, and half-open span of characters in it."""

    line: int
    start: int
    end: int
    full: bool
    """With two words or more."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name and all its mentions, in order."""

    text: str
    """As the story first gives it in full."""
    words: tuple[str, ...]
    """Without accents; particles left out."""
    mentions: tuple[Mention, ...]


class Names:
    """Finds names in stories of one language. Immutable after it is made."""

    def __init__(self, knowledge: Knowledge, language: str) -> None:
        words = knowledge.lexicons[language].words
        particles = [w for w in words["name_particle"] if w not in words["and"]]
        before = ("in_place", "to_place", "via", "date.of", "companion")
        self._leads = frozenset(word for kind in before for word in words[kind]) | _ARTICLES
        small = "|".join(map(re.escape, sorted(particles, key=len, reverse=True)))
        self._full = re.compile(
            rf"(?<![\w.])(?:{_INITIALS})?{CAPITALISED}"
            rf"(?:{_NICKNAME}(?:\s+(?:{small}))*\s+(?:{_INITIALS})?{CAPITALISED})"
            rf"{{0,{_MOST_WORDS - 1}}}"
        )
        self._particles = frozenset(particles)
        self._genitive = language == "de"
        self._common = frozenset(
            word
            for phrases in words.values()
            for phrase in phrases
            for word in re.findall(r"[^\W\d_]+", phrase)
            if word.islower()
        )

    def is_in_name(self, text: str, start: int, end: int, *, demonym: bool) -> bool:
        """Whether a place's word is part of a name: 'Luis Montenegro', 'Santiago Peña'."""
        if not text[start].isupper() or " " in text[start:end]:
            return False
        left = _LEFT.search(text, 0, start)
        if left is not None and not _shouted(left.group(1)):
            lowered = lower(left.group(1))
            return lowered not in self._common and lowered not in self._leads
        if demonym or self._genitive or _RIGHT.match(text, end) is None:
            return False
        word = _LAST.search(text, 0, start)
        return word is None or lower(word.group(1)) not in self._leads

    def find(self, texts: Sequence[str], taken: Sequence[Sequence[Span]]) -> tuple[Name, ...]:
        """All names of a story; `taken`: by sentence, what is known to be something else.

        Linear in the text and the names.
        """
        small = {w for t in texts for w in re.findall(r"(?<!\w)[^\W\d_]+", t) if w.islower()}
        first: dict[tuple[str, ...], str] = {}
        full: dict[tuple[str, ...], list[Mention]] = defaultdict(list)
        single: list[tuple[str, Mention]] = []
        for line, text in enumerate(texts):
            free = _blank(text, taken[line])
            for match in self._full.finditer(free):
                span = self._trimmed(free, match.span(), small)
                if span is None:
                    continue
                name = free[span[0] : span[1]]
                words = self._words(name)
                if len(words) > 1:
                    first.setdefault(words, name)
                    full[words].append(Mention(line, *span, full=True))
                else:
                    single.append((words[0], Mention(line, *span, full=False)))
        return self._joined(first, full, single)

    def _trimmed(self, text: str, span: Span, small: set[str]) -> Span | None:
        """Without words at the start of it that are no name's, or `None` if nothing is left."""
        start, end = span
        tokens = [(m.start() + start, m.group()) for m in re.finditer(r"\S+", text[start:end])]
        while tokens:
            word = tokens[0][1]
            cut = re.match(r"[dlDL]['’](?=[A-ZÀ-ÖØ-ÞĀ-Ž])", word)
            if cut:
                tokens[0] = (tokens[0][0] + cut.end(), word[cut.end() :])
                continue
            begins = not text[: tokens[0][0]].strip(" \"'“„«‹‘(¿¡—–-") or self._genitive
            lowered = lower(word)
            begins = begins or (len(tokens) > 1 and tokens[1][1] in self._particles)
            if (begins and (lowered in self._common or lowered in small)) or _shouted(word):
                tokens.pop(0)
                continue
            if word in self._particles and not word[:1].isupper():
                tokens.pop(0)
                continue
            break
        while tokens and (
            _shouted(tokens[-1][1])
            or tokens[-1][1] in self._particles
            or (self._genitive and tokens[-1][1].lower() in self._common)
        ):
            tokens.pop()
        if not tokens:
            return None
        stop = tokens[-1][0] + len(tokens[-1][1])
        stop -= len(word) - len(re.sub(r"['’]s?$", "", word)) if (word := tokens[-1][1]) else 0
        return (tokens[0][0], stop) if stop > tokens[0][0] + 1 else None

    def _words(self, name: str) -> tuple[str, ...]:
        plain = re.sub(r"[\"“”«»‘]", "", fold(name))
        words = [w for w in plain.split() if w not in self._particles and len(w.strip(".")) > 1]
        return tuple(words or plain.split()[:1])

    def _joined(
        self,
        first: dict[tuple[str, ...], str],
        full: dict[tuple[str, ...], list[Mention]],
        single: Sequence[tuple[str, Mention]],
    ) -> tuple[Name, ...]:
        owner: dict[tuple[str, ...], tuple[str, ...]] = {}
        for words in full:
            owner[words] = next(
                (o for o in owner.values() if _same(o, words, genitive=self._genitive)), words
            )
        mentions: dict[tuple[str, ...], list[Mention]] = defaultdict(list)
        for words, found in full.items():
            mentions[owner[words]] += found
        by_word: dict[str, tuple[str, ...]] = {}
        for place in (-1, 0, 1, 2):
            for words in full:
                if place < len(words) - (place > 0):
                    by_word.setdefault(words[place], owner[words])
        for word, mention in single:
            known = by_word.get(word)
            if known is None and self._genitive and word.endswith("s"):
                known = by_word.get(word[:-1])
            if known is not None:
                mentions[known].append(mention)
        fullest: dict[tuple[str, ...], tuple[str, ...]] = {}
        for words in full:
            known = fullest.setdefault(owner[words], words)
            shorter = _same(words, known, genitive=self._genitive) and known[-1] == f"{words[-1]}s"
            if len(words) > len(known) or (len(words) == len(known) and shorter):
                fullest[owner[words]] = words
        return tuple(
            Name(
                first[fullest[words]],
                fullest[words],
                tuple(sorted(found, key=lambda m: (m.line, m.start))),
            )
            for words, found in mentions.items()
        )


def _same(one: tuple[str, ...], other: tuple[str, ...], *, genitive: bool) -> bool:
    """The same name with a word more or less."""
    if genitive and other[-1] == f"{one[-1]}s":
        other = (*other[:-1], one[-1])
    if genitive and one[-1] == f"{other[-1]}s":
        one = (*one[:-1], other[-1])
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    return set(few) <= set(many)


def _shouted(word: str) -> bool:
    letters = re.sub(r"\W", "", word)
    return len(letters) > 1 and letters.isupper() and not _NUMERAL.fullmatch(letters)


def _blank(text: str, taken: Sequence[Span]) -> str:
    """The text with something that is in no name in place of what is taken."""
    for start, end in taken:
        text = f"{text[:start]}{'|' * (end - start)}{text[end:]}"
    return text
