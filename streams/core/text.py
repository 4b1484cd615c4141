"""From a page to the story on it: paragraphs and sentences, with their places in the body.

Page chrome and teasers are set aside, in whatever language: lines of page furniture, lines in
another language than the body, and what follows a line that announces other stories are no part of
the story. Nothing is rewritten: each sentence is a slice of the body it came from.

Who and where is not looked at here.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from streams.core.knowledge import Lexicon
from streams.core.language import UNDETERMINED, language_of

MOST_CHARACTERS = 60_000
"""Of a body; what lies beyond is not read, and the reading says so."""
MOST_SENTENCES = 1_000
LONGEST_SENTENCE = 1_000
"""Characters. What claims to be a longer one is read in pieces: rules compare everything in a
sentence with everything else in it."""
_SHORT_LINE = 90
_LONGEST_WORD = 30
_FEW_WORDS = 4
_LONG_FURNITURE = 300
"""Characters; a longer line is prose whatever words are in it. One of more than `_SHORT_LINE` needs
two words of furniture: stories speak of comments and subscriptions too."""
_LATER_GROUP_SHARE = 0.5
_WRAPPED_LINE = 85

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_PROSE_END = re.compile(r"[.!?…:;,]['\"”’»“)\]]*$")
_SENTENCE_END = re.compile(r"[.!?…]+(?:['\"”’»“)\]]*|\s»)\s+(?=(['\"“„«‹‘(\[¿¡—–-]*\s?)([^\W_]))")
_WORD_BEFORE = re.compile(r"([^\s(«“„\"']+)$")
_WORD = re.compile(r"\w+")

LineKind = Literal["prose", "heading", "furniture"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its words, where it begins in the body (-1: in the headline), its paragraph."""

    text: str
    start: int
    paragraph: int
    index: int


@dataclass(frozen=True, slots=True)
class Page:
    """What is left of a story after furniture and teasers were set aside."""

    language: str
    headline: str | None
    sentences: tuple[Sentence, ...]
    """In order; those of the headline first, with paragraph -1."""
    set_aside: int
    truncated: bool

    def text(self) -> str:
        """All of it, sentences joined by a blank: what topics and fingerprints are made from."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str
    kind: LineKind
    teaser: bool = False


def read_page(headline: str | None, body: str, lexicons: Mapping[str, Lexicon]) -> Page:
    """The story on a page. Linear in its length."""
    truncated = len(body) > MOST_CHARACTERS
    raw = [(start, text) for start, text in _lines(body[:MOST_CHARACTERS]) if text]
    spoken = {text: language_of(text) for _, text in raw if len(text) > _SHORT_LINE}
    language = _body_language(headline, raw, spoken)
    lexicon = lexicons.get(language)
    lines = [_classify(start, text, language, lexicon, spoken) for start, text in raw]
    kept, heading = _main_story(lines)
    title = headline or heading
    sentences = tuple(islice(_number(title, kept, lexicon), MOST_SENTENCES + 1))
    truncated = truncated or len(sentences) > MOST_SENTENCES
    return Page(language, title, sentences[:MOST_SENTENCES], len(lines) - len(kept), truncated)


def _lines(body: str) -> Iterable[tuple[int, str]]:
    """Lines with their offsets; the lines of a hard-wrapped paragraph are one."""
    found = [
        (match.start() + len(text) - len(text.lstrip()), text.strip())
        for match in _LINE.finditer(body)
        for text in (match.group(),)
    ]
    if not _is_hard_wrapped(body, [text for _, text in found]):
        return found
    paragraphs: list[tuple[int, str]] = []
    for block in re.finditer(r"(?:[^\n]*\S[^\n]*(?:\n|$))+", body):
        text = block.group()
        paragraphs.append((block.start() + len(text) - len(text.lstrip()), text.strip()))
    return paragraphs


def _is_hard_wrapped(body: str, lines: list[str]) -> bool:
    """Most lines are of typewriter width and end in mid-sentence, and blank lines part them."""
    full = [line for line in lines if len(line) > _WRAPPED_LINE / 2]
    if len(full) < _FEW_WORDS or not re.search(r"\n[ \t]*\n", body):
        return False
    open_ended = sum(1 for line in full if not _PROSE_END.search(line))
    return max(map(len, full)) <= _WRAPPED_LINE and open_ended * 2 > len(full)


def _body_language(
    headline: str | None, lines: list[tuple[int, str]], spoken: Mapping[str, str]
) -> str:
    """The language most of the prose is in, by characters."""
    weight: Counter[str] = Counter()
    for _, text in lines:
        if len(text) > _SHORT_LINE:
            weight[spoken[text]] += len(text)
    if not weight:
        return language_of(" ".join([headline or "", *(text for _, text in lines)]))
    return weight.most_common(1)[0][0]


def _classify(
    start: int, text: str, language: str, lexicon: Lexicon | None, spoken: Mapping[str, str]
) -> _Line:
    """`spoken`: the languages of the lines that are not short."""
    short = len(text) <= _SHORT_LINE
    if lexicon is not None and len(text) < _LONG_FURNITURE:
        lowered = text.lower().replace("’", "'")
        if short and any(phrase in lowered for phrase in lexicon.words["teaser"]):
            return _Line(start, text, "furniture", teaser=True)
        if _count(lowered, lexicon.words["chrome"]) > (0 if short else 1):
            return _Line(start, text, "furniture")
    if not short or not text.isascii() or len(_WORD.findall(text)) >= _FEW_WORDS:
        told = spoken[text] if not short else language_of(text)
        if told not in (language, UNDETERMINED) and _is_telling(text, short):
            return _Line(start, text, "furniture")
    if short and not _PROSE_END.search(text):
        return _Line(start, text, "heading")
    return _Line(start, text, "prose")


def _is_telling(text: str, short: bool) -> bool:
    """Short lines full of names are easily taken for another language: ask for lower-case words."""
    if not short:
        return True
    words = _WORD.findall(text)
    return sum(1 for word in words if word[:1].islower()) >= min(2, len(words))


def _count(lowered: str, phrases: tuple[str, ...]) -> int:
    """How many of the phrases stand in the line as whole words; a `*` leaves the ending open."""
    return sum(
        1
        for phrase in phrases
        if (at := lowered.find(phrase.rstrip("*"))) >= 0
        and not lowered[at - 1 : at].isalnum()
        and (phrase.endswith("*") or not lowered[at + len(phrase) :][:1].isalnum())
    )


def _main_story(lines: list[_Line]) -> tuple[list[_Line], str | None]:
    """The prose of the longest run between furniture, and the heading that stands before it.

    Another run counts only before a line that announces other stories, and only where it is at
    least half as long as the longest: an advertisement in the middle cuts a story in two, but a
    teaser is short.
    """
    groups: list[list[_Line]] = [[]]
    announced: list[bool] = [False]
    for line in lines:
        if line.kind == "furniture":
            groups.append([])
            announced.append(announced[-1] or line.teaser)
        else:
            groups[-1].append(line)
    sizes = [sum(len(line.text) for line in group if line.kind == "prose") for group in groups]
    longest = max(range(len(groups)), key=lambda n: (sizes[n], -n))
    if not sizes[longest]:
        return [line for group in groups for line in group], None
    kept = [
        line
        for n, group in enumerate(groups)
        if n == longest
        or (sizes[n] >= _LATER_GROUP_SHARE * sizes[longest] and announced[n] == announced[longest])
        for line in group
        if line.kind == "prose"
    ]
    first = kept[0].start
    headings = [
        line.text
        for line in lines
        if line.kind == "heading"
        and line.start < first
        and len(_WORD.findall(line.text)) >= _FEW_WORDS
    ]
    return kept, headings[-1] if headings else None


def _number(title: str | None, kept: list[_Line], lexicon: Lexicon | None) -> Iterable[Sentence]:
    abbreviations = frozenset(lexicon.words["abbreviation"]) if lexicon else frozenset[str]()
    ordinals = lexicon is not None and lexicon.language == "de"
    index = 0
    if title:
        yield Sentence(title[:LONGEST_SENTENCE], -1, -1, 0)
        index = 1
    for number, line in enumerate(kept):
        for begin, sentence in split_sentences(line.text, abbreviations, ordinals):
            for start, text in _pieces(sentence):
                yield Sentence(text, line.start + begin + start, number, index)
                index += 1


def _pieces(sentence: str) -> Iterable[tuple[int, str]]:
    """The sentence, or where it is too long to be one, its pieces, parted at blanks."""
    begin = 0
    while len(sentence) - begin > LONGEST_SENTENCE:
        blank = sentence.rfind(" ", begin, begin + LONGEST_SENTENCE)
        end = blank if blank > begin else begin + LONGEST_SENTENCE
        yield begin, sentence[begin:end]
        begin = end + (blank > begin)
    yield begin, sentence[begin:]


def split_sentences(
    text: str, abbreviations: frozenset[str] = frozenset(), ordinals: bool = False
) -> tuple[tuple[int, str], ...]:
    """Sentences of a paragraph with their offsets in it.

    `abbreviations`: words, in lower case and without their final full stop, that end none.
    `ordinals`: a number of one or two digits with a full stop is an ordinal ('am 23. Dezember').
    """
    return tuple(_sentences(text, abbreviations, ordinals))


def _sentences(
    text: str, abbreviations: frozenset[str], ordinals: bool
) -> Iterable[tuple[int, str]]:
    begin = 0
    for match in _SENTENCE_END.finditer(text):
        before = _WORD_BEFORE.search(text, max(begin, match.start() - _LONGEST_WORD), match.start())
        word = before.group(1).rstrip(".") if before else ""
        if match.group(2).islower() and not match.group(1).strip():
            continue
        if text[match.start()] == "." and _goes_on(word, abbreviations, ordinals):
            continue
        yield begin, text[begin : match.end()].rstrip()
        begin = match.end()
    if begin < len(text):
        yield begin, text[begin:].rstrip()


def _goes_on(word: str, abbreviations: frozenset[str], ordinals: bool) -> bool:
    if word.lower() in abbreviations:
        return True
    if len(word) == 1 and word.isalpha() and word.isupper():
        return True
    return ordinals and word.isdigit() and len(word) <= 2
