"""`dragoman leaders`: who is known, from the data files, and who should be, from the wire."""

import sys
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from schemas.base import LeaderId
from schemas.readings import Reading
from schemas.stories import Story
from streams.cli import deciding, given
from streams.cli.items import Found, Problem, read_stories
from streams.cli.naming import resolve
from streams.cli.options import MOMENT, format_option, source_option
from streams.cli.tables import print_table
from streams.core import wording
from streams.core.knowledge import Knowledge, Leader, Office

if TYPE_CHECKING:
    from streams.cli.proposing import Proposed

_INDENT = "    "
_WIDTH = 96


@click.group(name="leaders")
def command() -> None:
    """Who is known, from the data files, who is missing, and what editors decide of them."""


deciding.add_to(command)


@command.command(name="list")
@click.option("--country", metavar="CODE", help="Only of this country, as in CL.")
@click.option("--former", is_flag=True, help="Those that hold no office now as well.")
def list_(country: str | None, former: bool) -> None:
    """Everyone with a dossier, by id."""
    today = datetime.now(UTC).date().isoformat()
    known = given.knowledge(given.settings().knowledge_dir)
    print_table(
        ("ID", "NAME", "COUNTRY", "OFFICE"),
        [
            (leader.id, leader.name, leader.country or "-", _offices(held))
            for leader in sorted(known.leaders, key=lambda each: each.id)
            if (country is None or leader.country == country.upper())
            and ((held := _held(leader, today)) or former)
        ],
    )


@command.command()
@click.argument("leader")
def show(leader: str) -> None:
    """One of them: LEADER is an id or a name in any spelling."""
    found = resolve(leader, given.knowledge(given.settings().knowledge_dir).leaders)
    click.secho(f"{found.name}  ({found.id})", bold=True)
    click.echo(f"country:   {found.country or '-'}")
    for office in found.offices:
        where = office.organisation or office.country or ""
        click.echo(f"office:    {_name(office)} {where}, {office.since or '…'} to {_until(office)}")
    for label, names in (("spellings", found.aliases), ("surnames", found.surnames)):
        if names:
            click.echo(f"{label}: {', '.join(names)}")
    if found.wikidata:
        click.echo(f"wikidata:  {found.wikidata}")


@command.command()
@click.argument("paths", nargs=-1, metavar="[FILE…|-]")
@click.option("--topic", is_flag=True, help="Take the readings on the brokers instead of files.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of text.")
@format_option
@source_option
@click.option(
    "--received",
    type=MOMENT,
    help="When stories without a time of their own arrived; by default, when their file was last "
    "changed.",
)
def proposed(
    *,
    paths: tuple[str, ...],
    topic: bool,
    as_json: bool,
    format_name: str,
    source: str | None,
    received: datetime | None,
) -> None:
    """People the data files do not know, found by title and country in these stories.

    For each: id, names as spelt, title, country, in how many stories and sources, first and last
    day, a sentence, and whom of those known it may be. Nothing is decided: that is for an editor,
    at once by `confirm`, `merge`, `alias` or `refuse`, or for good in leaders.csv. With --topic,
    those are left out of whom an editor has said who they are.

    Exit code 1 where something is no story; that is told on standard error, and the others go on.
    """
    if bool(paths) == topic:
        raise click.UsageError("give files, or --topic for the readings on the brokers")
    known = given.knowledge(given.settings().knowledge_dir)
    import orjson  # noqa: PLC0415

    from streams.cli.proposing import Proposals  # noqa: PLC0415

    problems: list[Problem] = []
    proposals = Proposals(known)
    if topic:
        readings = _recorded(problems)
    else:
        readings = _read(
            read_stories(paths, format_name, source=source, received_at=received), known, problems
        )
    for reading, story in readings:
        proposals.add(reading, story)
    names = wording.country_names(known)
    decided = deciding.in_force().is_decided if topic else None
    for person in proposals.proposed():
        if decided is not None and decided(LeaderId(person.id)):
            continue
        if as_json:
            click.echo(orjson.dumps(asdict(person)))
        else:
            _show(person, names)
    for problem in problems:
        click.echo(f"{problem.where}: {problem.reason}", err=True)
    if problems:
        sys.exit(1)


def _read(
    found: Iterable[Found | Problem], known: Knowledge, problems: list[Problem]
) -> Iterator[tuple[Reading, Story | None]]:
    reader = given.reader(known)
    for each in found:
        if isinstance(each, Problem):
            problems.append(each)
        else:
            yield reader.read(each.story), each.story


def _recorded(problems: list[Problem]) -> Iterator[tuple[Reading, Story | None]]:
    """The readings as they were made, each with its story where that is still kept."""
    from streams.cli.recorded import records_of  # noqa: PLC0415

    stories: dict[tuple[str, str], Story] = {
        (story.id, story.edition): story for story in records_of("stories.v1", problems)
    }
    for reading in records_of("readings.v1", problems):
        yield reading, stories.get((reading.story, reading.edition))


def _show(person: "Proposed", countries: wording.CountryNames) -> None:
    click.secho(f"{person.names[0]}  ({person.id})", bold=True)
    titles = ", ".join(title.replace("_", " ") for title in person.titles) or person.kind
    days = dict.fromkeys(map(wording.day, (person.first_day, person.last_day)))
    plural = "y" if person.stories == 1 else "ies"
    click.echo(
        f"  {titles}, {countries.get(person.country or '', 'country not told')}; "
        f"{person.stories} stor{plural} of {', '.join(person.sources)}, {' to '.join(days)}"
    )
    if person.names[1:]:
        click.echo(f"  also written {', '.join(person.names[1:])}")
    for candidate in person.may_be:
        click.echo(
            f"  may be {candidate.name} ({candidate.country or '-'}), {candidate.id}: "
            f"{candidate.because}"
        )
    if person.example is not None:
        click.echo(
            textwrap.fill(
                f"“{' '.join(person.example.text.split())}” ({person.example.language}, "
                f"{person.example.source}, {person.example.story})",
                _WIDTH,
                initial_indent=_INDENT,
                subsequent_indent=_INDENT,
                break_long_words=False,
            )
        )


def _held(leader: Leader, day: str) -> list[Office]:
    return [
        office
        for office in leader.offices
        if (office.since is None or office.since <= day)
        and (office.until is None or day[: len(office.until)] <= office.until)
    ]


def _offices(offices: list[Office]) -> str:
    return ", ".join(_name(office) for office in offices) or "former"


def _name(office: Office) -> str:
    return office.kind.replace("_", " ")


def _until(office: Office) -> str:
    return office.until or "now"
