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
_MOST_WORDS = 8
_ARTICLES: Final = frozenset(
    ("the", "el", "la", "los", "las", "le", "les", "il", "lo", "der", "die", "das", "den", "o", "a")
)
_LEFT = re.compile(rf"(?<![\w'’])({CAPITALISED})\s$")
_RIGHT = re.compile(rf"\s{CAPITALISED}")
_LAST = re.compile(r"([\w'’]+)\W*$")
_ELIDED = re.compile(r"[dlDL]['’](?=[A-ZÀ-ÖØ-ÞĀ-Ž])")
_POSSESSIVE = re.compile(r"['’]s?$")
_OPENING = " \"'“„«‹‘(¿¡—–-"
_NUMERAL = re.compile(r"[IVX]+")
_LONGEST = 40
"""Characters of a word that is looked at beside a place."""
_BEHIND_TITLE = 2
"""Characters between a monarch's title and the name."""

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
        ands = {w for lexicon in knowledge.lexicons.values() for w in lexicon.words["and"]}
        known = [w for x in knowledge.lexicons.values() for w in x.words["name_particle"]]
        particles = [w for w in dict.fromkeys(known) if w not in ands]
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
        left = _LEFT.search(text, max(0, start - _LONGEST), start)
        if left is not None and not _shouted(left.group(1)):
            lowered = lower(left.group(1))
            return lowered not in self._common and lowered not in self._leads
        if demonym or self._genitive or _RIGHT.match(text, end) is None:
            return False
        word = _LAST.search(text, max(0, start - _LONGEST), start)
        return word is None or lower(word.group(1)) not in self._leads

    def find(
        self,
        texts: Sequence[str],
        taken: Sequence[Sequence[Span]],
        crowned: Sequence[Sequence[int]] = (),
    ) -> tuple[Name, ...]:
        """All names of a story; `taken`: by sentence, what is known to be something else.

        `crowned`: by sentence, where titles of monarchs end, behind which one word is a name.
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
                heads = crowned[line] if crowned else ()
                if len(words) > 1 or any(0 < span[0] - end <= _BEHIND_TITLE for end in heads):
                    first.setdefault(words, name)
                    full[words].append(Mention(line, *span, full=True))
                else:
                    single.append((words[0], Mention(line, *span, full=False)))
        return self._joined(first, full, single)

    def _trimmed(self, text: str, span: Span, small: set[str]) -> Span | None:
        """Without words at either end that are no name's, or `None` if nothing is left."""
        words = [
            (span[0] + match.start(), match.group())
            for match in re.finditer(r"\S+", text[slice(*span)])
        ]
        while words:
            start, word = words[0]
            elided = _ELIDED.match(word)
            if elided is not None:
                words[0] = (start + elided.end(), word[elided.end() :])
                continue
            of_more = len(words) > 1 and words[1][1] in self._particles
            doubtful = of_more or self._genitive or not text[:start].strip(_OPENING)
            lowered = lower(word)
            is_word = doubtful and (lowered in self._common or lowered in small)
            if not (is_word or _shouted(word) or word in self._particles):
                break
            words.pop(0)
        while words and self._is_no_end(words[-1][1]):
            words.pop()
        if not words:
            return None
        start, last = words[0][0], words[-1]
        end = last[0] + len(_POSSESSIVE.sub("", last[1]))
        return (start, end) if end > start + 1 else None

    def _is_no_end(self, word: str) -> bool:
        common = self._genitive and word.lower() in self._common
        return common or _shouted(word) or word in self._particles

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
            for words in sorted(full, key=len, reverse=True):
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
