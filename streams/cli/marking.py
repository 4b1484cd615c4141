"""A story cut into pieces: which words name someone or somewhere, and which say a report.

Pieces together are the text, character for character. What they look like is not decided here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from schemas.readings import Entity, Reading

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that are marked in one way. `entity` `None`: they name nothing that is known."""

    text: str
    entity: Entity | None


@dataclass(frozen=True, slots=True)
class Passage:
    """Pieces that bear on the same reports: numbers in the reading's findings and rejected."""

    pieces: tuple[Piece, ...]
    findings: tuple[int, ...] = ()
    rejected: tuple[int, ...] = ()
    first_of_findings: tuple[int, ...] = ()
    """Of those, the ones whose words begin here."""
    first_of_rejected: tuple[int, ...] = ()
    is_read: bool = True
    """Not furniture that was set aside."""


@dataclass(frozen=True, slots=True)
class Said:
    """Where a text says what the reading found: a span for each finding and rejected sentence."""

    findings: Mapping[int, Span]
    rejected: Mapping[int, Span]


def said_in(text: str, reading: Reading, *, besides: Said | None = None) -> Said:
    """Where the evidence stands in this text, at its first place; what is not in it is left out.

    `besides`: another text of the story, and what is said there is not looked for again.
    """
    findings = [finding.evidence.text for finding in reading.findings]
    rejected = [sentence.text for sentence in reading.rejected]
    return Said(
        _found(text, findings, besides.findings if besides else {}),
        _found(text, rejected, besides.rejected if besides else {}),
    )


def paragraphs(
    text: str, entities: Iterable[Entity], said: Said, read: Sequence[Span] | None = None
) -> Iterator[tuple[Passage, ...]]:
    """The text block by block, blank lines left out.

    `entities` have their spans in this text. `read`: the parts that were read, by default all of
    it. Of marks that overlap the longest of the first counts. Linear in marks times paragraphs.
    """
    names = _apart(entities)
    for block in _blocks(text):
        yield tuple(_passages(text, block, names, said, read))


def _passages(
    text: str,
    block: Span,
    names: Sequence[tuple[Span, Entity]],
    said: Said,
    read: Sequence[Span] | None,
) -> Iterator[Passage]:
    near = [(span, entity) for span, entity in names if _meet(span, block)]
    parts = [span for span in read or () if _meet(span, block)]
    here = Said(_within(block, said.findings), _within(block, said.rejected))
    marks = [*(span for span, _ in near), *parts, *here.findings.values(), *here.rejected.values()]
    edges = {min(max(edge, block[0]), block[1]) for span in marks for edge in span}
    cuts = list(pairwise(sorted(edges | set(block))))

    def bears_on(cut: Span) -> tuple[tuple[int, ...], tuple[int, ...], bool]:
        findings, rejected = _within(cut, here.findings), _within(cut, here.rejected)
        # Blanks between sentences belong to no sentence, and are not set aside for that.
        is_read = read is None or any(_meet(span, cut) for span in parts)
        is_blank = not text[slice(*cut)].strip()
        return tuple(findings), tuple(rejected), is_read or is_blank

    for (findings, rejected, is_read), group in groupby(cuts, bears_on):
        inside = list(group)
        start = inside[0][0]
        yield Passage(
            tuple(
                Piece(text[slice(*cut)], next((e for span, e in near if _meet(span, cut)), None))
                for cut in inside
            ),
            findings,
            rejected,
            tuple(number for number in findings if said.findings[number][0] == start),
            tuple(number for number in rejected if said.rejected[number][0] == start),
            is_read,
        )


def _blocks(text: str) -> Iterator[Span]:
    """Runs of lines with something on them."""
    begin, end, at = -1, 0, 0
    for line in text.split("\n"):
        if line.strip():
            begin = at if begin < 0 else begin
            end = at + len(line.rstrip())
        elif begin >= 0:
            yield begin, end
            begin = -1
        at += len(line) + 1
    if begin >= 0:
        yield begin, end


def _apart(entities: Iterable[Entity]) -> list[tuple[Span, Entity]]:
    """Their mentions in order of place, none within another."""
    mentions = sorted(
        ((span, entity) for entity in entities for span in entity.spans),
        key=lambda mention: (mention[0][0], -mention[0][1]),
    )
    kept: list[tuple[Span, Entity]] = []
    for span, entity in mentions:
        if not kept or span[0] >= kept[-1][0][1]:
            kept.append((span, entity))
    return kept


def _found(text: str, sentences: Sequence[str], known: Mapping[int, Span]) -> dict[int, Span]:
    places = ((number, text.find(words), len(words)) for number, words in enumerate(sentences))
    return {
        number: (at, at + length)
        for number, at, length in places
        if at >= 0 and length and number not in known
    }


def _within(part: Span, spans: Mapping[int, Span]) -> dict[int, Span]:
    return {number: span for number, span in spans.items() if _meet(span, part)}


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
