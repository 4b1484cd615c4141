"""`dragoman analyze`: what is read in these stories, with no broker."""

import sys
from datetime import datetime
from typing import TYPE_CHECKING

import click

from streams.cli import given
from streams.cli.items import Problem, read_stories
from streams.cli.options import MOMENT, colour_options, format_option, source_option

if TYPE_CHECKING:
    from streams.cli.page import Page
    from streams.core.knowledge import Knowledge


@click.command(name="analyze")
@click.argument("paths", nargs=-1, required=True, metavar="FILE…|-")
@format_option
@source_option
@click.option(
    "--received",
    type=MOMENT,
    help="When stories without a time of their own arrived: 'on Tuesday' is understood by it. By "
    "default, when their file was last changed.",
)
@click.option("--explain", is_flag=True, help="For people: everything, and why, story by story.")
@click.option(
    "--html",
    "as_html",
    is_flag=True,
    help="The same as one HTML page for a browser, which needs no network; redirect it to a file.",
)
@colour_options
def command(
    *,
    paths: tuple[str, ...],
    format_name: str,
    source: str | None,
    received: datetime | None,
    explain: bool,
    as_html: bool,
) -> None:
    """Prints what is read in each story: one JSON object a line, in the order given.

    For people: --explain in the terminal, or --html > page.html, with the names and the evidence
    marked in each story, what was found, and what was not taken and why.

    FILE is a file, a directory or - for standard input; a file may hold several items.

    Exit code 1 where something is no story; that is told on standard error, and the others go on.
    """
    if explain and as_html:
        raise click.UsageError("--explain or --html, not both")
    known = given.knowledge(given.settings().knowledge_dir)
    reader = given.reader(known)
    import orjson  # noqa: PLC0415

    from streams.cli.answers import answer  # noqa: PLC0415
    from streams.cli.explaining import explain as print_explained  # noqa: PLC0415

    page = _page(known) if as_html else None
    refused = False
    for found in read_stories(paths, format_name, source=source, received_at=received):
        if isinstance(found, Problem):
            click.echo(f"{found.where}: {found.reason}", err=True)
            refused = True
            if page is not None:
                page.refuse(found)
            continue
        reading = reader.read(found.story)
        if page is not None:
            page.add(found.story, reading)
        elif explain:
            print_explained(found.story, reading, known)
        else:
            click.echo(orjson.dumps(answer(found.story, reading)))
    if page is not None:
        click.echo(page.html().encode())
    if refused:
        sys.exit(1)


def _page(known: "Knowledge") -> "Page":
    from streams.cli.page import Page  # noqa: PLC0415

    return Page(known)
