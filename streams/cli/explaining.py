"""One reading for people: what was found, in which words, by which rule, and what was not taken."""

import textwrap

import click

from schemas.readings import Entity, Finding, Reading
from schemas.stories import Story
from streams.core import wording
from streams.core.knowledge import Knowledge

_WIDTH = 96
_ASIDE = "      "


def explain(story: Story, reading: Reading, known: Knowledge) -> None:
    """Prints it to standard output."""
    names = wording.country_names(known)
    _head(story, reading)
    _entities(reading.entities)
    if not reading.findings:
        click.echo(f"  {wording.NO_REPORT}")
    for finding in reading.findings:
        _finding(finding, story, names)
    for rejected in reading.rejected:
        click.secho(f"  not taken: {rejected.reason}  [{rejected.rule}]", dim=True)
        click.secho(_block(f"“{rejected.text}”"), dim=True)
    click.echo()


def _head(story: Story, reading: Reading) -> None:
    click.secho(wording.headline(story), bold=True)
    click.echo(f"  {story.id}")
    click.echo(
        f"  {story.source}, {wording.published(story, reading)}, language {reading.language}"
    )
    signal = wording.signal(story, reading)
    if signal is not None:
        click.secho(f"  {signal}", fg="yellow")
    if reading.set_aside:
        click.echo(f"  {wording.set_aside(reading.set_aside)}")
    if reading.truncated:
        click.secho(f"  {wording.TRUNCATED}", fg="yellow")
    for topic in reading.topics:
        words = f": {', '.join(topic.words)}" if topic.words else ""
        click.echo(f"  topic {topic.id} {topic.score:.2f}{words}")


def _entities(entities: tuple[Entity, ...]) -> None:
    for kind in dict.fromkeys(entity.kind for entity in entities):
        named = ", ".join(
            f"{entity.name} ({entity.country})" if entity.country else entity.name
            for entity in entities
            if entity.kind == kind
        )
        click.echo(
            textwrap.fill(
                f"  {kind}: {named}", _WIDTH, subsequent_indent="    ", break_long_words=False
            )
        )


def _finding(finding: Finding, story: Story, names: wording.CountryNames) -> None:
    claim = finding.claim
    click.echo(
        "  "
        + click.style(claim.kind.upper(), fg="green" if finding.foreground else None, bold=True)
        + f"  {wording.claim(claim, names)} — {wording.status(claim.status)}, "
        + f"{wording.ground(finding)}, confidence {finding.confidence:.2f}  [{finding.rule}]"
    )
    if finding.because:
        click.secho(f"      because: {', '.join(finding.because)}", dim=True)
    click.echo(_marked(finding.evidence.text, story.body))


def _marked(evidence: str, body: str) -> str:
    """The paragraph with the evidence in it marked; the evidence alone where it is not found."""
    start = body.find(evidence)
    if start < 0:
        return _block(f"»{evidence}«")
    begin = body.rfind("\n", 0, start)
    begin = 0 if begin < 0 else begin + 1
    end = body.find("\n", start + len(evidence))
    end = len(body) if end < 0 else end
    stop = start + len(evidence)
    text = f"{body[begin:start]}»{body[start:stop]}«{body[stop:end]}"
    block = _block(text)
    before, opening, rest = block.partition("»")
    inside, closing, after = rest.rpartition("«")
    # Line by line, so that an indent is not underlined.
    marked = "\n".join(
        line[: len(line) - len(line.lstrip())] + click.style(line.lstrip(), underline=True)
        for line in (opening + inside + closing).split("\n")
    )
    return before + marked + after


def _block(text: str) -> str:
    return textwrap.fill(
        " ".join(text.split()),
        _WIDTH,
        initial_indent=_ASIDE,
        subsequent_indent=_ASIDE,
        break_long_words=False,
    )
