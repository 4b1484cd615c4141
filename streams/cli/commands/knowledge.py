"""`dragoman knowledge`: are the data files that editors change in order?"""

from pathlib import Path

import click

from streams.cli import given


@click.group(name="knowledge")
def command() -> None:
    """Looks after the data files: leaders, places, titles, words."""


@command.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Check these files; by default those of DRAGOMAN_KNOWLEDGE_DIR, or of the package.",
)
def check(folder: Path | None) -> None:
    """Reads the data files and says what is in them.

    Tells all faults at once, each with file, line and remedy; exit code 2 where there are any.
    """
    known = given.knowledge(folder or given.settings().knowledge_dir)
    counts = {
        "leaders and officials": len(known.leaders),
        "countries": len(known.countries),
        "cities": len(known.cities),
        "seats of power": len(known.seats),
        "organisations": len(known.organisations),
        "titles": len(known.titles),
        "topics": len(known.topics),
    }
    for what, count in counts.items():
        click.echo(f"{count:>6,} {what}")
    click.echo(f"languages: {', '.join(sorted(known.lexicons))}")
    click.echo(f"version: {known.version}")
