"""Titles, topics and the lexicons of the languages, from csv and TOML.

Whether a lexicon has just the categories the reader knows is checked here; what they mean is said
in `streams.core.lexicon`. People and places are not looked at.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import get_args

from streams.core.knowledge import (
    Lexicon,
    Title,
    TitleKind,
    TopicEntry,
    WordGroup,
    WordStrength,
)
from streams.core.lexicon import CATEGORIES
from streams.core.topics import BESIDE
from streams.knowledge.faults import Faults
from streams.knowledge.tables import Unique, read_rows, read_text

LANGUAGES = "languages.csv"
TITLES = "titles.csv"
TOPICS = "topics.toml"
LEXICONS = "lexicons"
_TITLE_KINDS: dict[str, TitleKind] = {kind: kind for kind in get_args(TitleKind)}
_MEDIA_TOPIC = re.compile(r"medtop:\d{8}")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_TOPIC_KEYS = frozenset(("name", "mediatopics"))
_STRENGTHS: dict[object, WordStrength] = {each: each for each in get_args(WordStrength)}
_LEXICON_KEYS = frozenset(("language", "words"))


def read_languages(folder: Path, faults: Faults) -> dict[str, str]:
    """The languages data may be in: code to English name."""
    out: dict[str, str] = {}
    for row in read_rows(folder, LANGUAGES, ("code", "name"), faults):
        code = row.text("code")
        if code in out:
            row.fault(f"the language {code} stands twice", "leave one line")
        out[code] = row.text("name")
    return out


def read_titles(folder: Path, languages: Mapping[str, str], faults: Faults) -> tuple[Title, ...]:
    """Titles in the order of the file. In one language a form is of one kind only."""
    used = {
        language: Unique("the form", "leave it in the kind that it means most often")
        for language in languages
    }
    titles = []
    for row in read_rows(folder, TITLES, ("language", "kind", "forms"), faults):
        language = row.language(languages)
        kind = _TITLE_KINDS.get(row.cells["kind"])
        forms = row.spellings("forms", required=True)
        if kind is None:
            row.fault(
                f"unknown kind {row.cells['kind']!r}", f"write one of {', '.join(_TITLE_KINDS)}"
            )
            continue
        if language in used:
            for form in forms:
                used[language].claim(form, kind, row)
        titles.append(Title(language, kind, forms))
    return tuple(titles)


class _Toml:
    """A TOML file whose faults are told by line. TOML gives no lines, so a key is looked for."""

    def __init__(self, folder: Path, file: str, faults: Faults) -> None:
        self.file = file
        self._faults = faults
        self._lines: list[str] = []
        self.content: dict[str, object] = {}
        text = read_text(folder, file, faults)
        if text is None:
            return
        self._lines = text.splitlines()
        try:
            self.content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = _AT_LINE.search(str(error))
            line = int(place[1]) if place else len(self._lines)
            problem = _AT_LINE.sub("", str(error)).strip()
            faults.add(file, line, f"not TOML: {problem}", "check quotes, commas and brackets")

    def fault(self, sought: str, problem: str, remedy: str, section: str | None = None) -> None:
        """Notes a fault at the first line, of the section if one is given, that has the words."""
        start = 0
        if section is not None:
            start = next(
                (n for n, line in enumerate(self._lines) if line.strip() == f"[{section}]"), 0
            )
        found = (n for n, line in enumerate(self._lines[start:], start + 1) if sought in line)
        self._faults.add(self.file, next(found, start + 1), problem, remedy)

    def table(self, value: object, sought: str, what: str) -> dict[str, object]:
        """A table, or an empty one with a fault noted."""
        if isinstance(value, dict):
            return value
        self.fault(sought, f"{what} is no table", f"write it under a heading like [{sought}]")
        return {}

    def phrases(self, value: object, sought: str, what: str, section: str) -> tuple[str, ...]:
        """A list of phrases: none empty, none with blanks around it, none twice."""
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.fault(sought, f"{what} is no list of words", 'write ["word", "word"]', section)
            return ()
        for one in value:
            if not one.strip("* ") or one != one.strip():
                self.fault(
                    f'"{one}"',
                    f"{what} has an empty phrase or blanks around one: {one!r}",
                    "take out the blanks or the phrase",
                    section,
                )
        for one in {one for one in value if value.count(one) > 1}:
            self.fault(f'"{one}"', f"{one!r} stands twice in {what}", "leave one", section)
        return tuple(value)


def read_topics(
    folder: Path, languages: Mapping[str, str], faults: Faults
) -> tuple[tuple[TopicEntry, ...], tuple[WordGroup, ...]]:
    """Topics in the order of the file, and the words that are about none."""
    toml = _Toml(folder, TOPICS, faults)
    topics = []
    beside: tuple[WordGroup, ...] = ()
    for topic, value in toml.content.items():
        entry = toml.table(value, topic, f"the topic {topic}")
        groups = {name: group for name, group in entry.items() if isinstance(group, dict)}
        wanted = frozenset[str]() if topic == BESIDE else _TOPIC_KEYS
        for key in (entry.keys() - groups.keys()) ^ wanted:
            toml.fault(
                f"[{topic}",
                f"the topic {topic} {'has an unknown' if key in entry else 'lacks the'} key {key}",
                "a topic has name, mediatopics and groups of words",
            )
        words = tuple(_group(toml, topic, name, group, languages) for name, group in groups.items())
        if topic == BESIDE:
            beside = words
        elif entry.keys() >= _TOPIC_KEYS:
            media = _media_topics(toml, topic, entry["mediatopics"])
            topics.append(TopicEntry(topic, str(entry["name"]), media, words))
    return tuple(topics), beside


def _media_topics(toml: _Toml, topic: str, value: object) -> tuple[str, ...]:
    media = toml.phrases(value, "mediatopics", f"{topic}.mediatopics", topic)
    for one in media:
        if not _MEDIA_TOPIC.fullmatch(one):
            toml.fault(one, f"{one!r} is no Media Topic", "write an id like medtop:20000771")
    return media


def _group(
    toml: _Toml, topic: str, name: str, value: dict[str, object], languages: Mapping[str, str]
) -> WordGroup:
    section = f"{topic}.{name}"
    strength = _STRENGTHS.get("hint" if topic == BESIDE else value.get("strength"))
    if strength is None or (topic == BESIDE and "strength" in value):
        toml.fault(
            f"[{section}]",
            f"the strength of {section} is {value.get('strength', 'missing')}",
            f"write one of {', '.join(_STRENGTHS.values())}; the words of {BESIDE} have none",
        )
    words = {}
    for language, phrases in value.items():
        if language == "strength":
            continue
        if language not in languages:
            toml.fault(
                f"{language} =",
                f"the language {language!r} is unknown",
                f"write one of {', '.join(languages)}, or add it to {LANGUAGES}",
                section,
            )
        words[language] = toml.phrases(phrases, f"{language} =", f"{section}.{language}", section)
    return WordGroup(name, strength or "hint", MappingProxyType(words))


def read_lexicons(folder: Path, languages: Mapping[str, str], faults: Faults) -> dict[str, Lexicon]:
    """Language to lexicon. Each has every category of the closed list, and no other."""
    out: dict[str, Lexicon] = {}
    for path in sorted((folder / LEXICONS).glob("*.toml")):
        toml = _Toml(folder, f"{LEXICONS}/{path.name}", faults)
        if not toml.content:
            continue
        language = toml.content.get("language")
        if language != path.stem or language not in languages:
            toml.fault(
                "language",
                f"the language {language!r} of {path.name} is unknown or not the file's",
                f"name the file after a language of {LANGUAGES}, and write it into the file",
            )
        for key in toml.content.keys() ^ _LEXICON_KEYS:
            toml.fault(key, f"{key} is unknown or missing", "a lexicon has language and [words]")
        words = toml.table(toml.content.get("words"), "words", "words")
        for category in sorted(words.keys() - CATEGORIES):
            toml.fault(
                category,
                f"the category {category!r} is unknown",
                "write one of the closed list in streams/core/lexicon.py",
            )
        for category in sorted(CATEGORIES - words.keys()):
            toml.fault(
                "[words]",
                f"the category {category!r} is missing",
                "add it, with an empty list if the language has no such words",
            )
        read = {
            category: toml.phrases(phrases, f'"{category}"', category, "words")
            for category, phrases in words.items()
        }
        out[path.stem] = Lexicon(path.stem, MappingProxyType(read))
    if not out:
        faults.add(LEXICONS, 0, "there is no lexicon", "a language is read if it has one")
    return out
