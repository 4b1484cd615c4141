"""`dragoman intake`: the always-on ways in."""

import sys
from pathlib import Path

import click

from streams.cli import given


@click.command(name="intake")
@click.option(
    "--sources",
    "file",
    type=click.Path(path_type=Path),
    help="The sources file; by default DRAGOMAN_SOURCES_FILE.",
)
def command(file: Path | None) -> None:
    """Brings in all that the sources file names, until it is told to stop.

    Watches directories, asks feeds, takes what is pushed: each source on its own, so that one that
    fails stops no other. All that is wrong with the file is told at once, before anything starts.
    /healthz, /metrics and /sources are served on DRAGOMAN_INTAKE_PORT. SIGTERM and Ctrl-C finish
    what is in hand and stop.

    \b
    Exit codes: 0 stopped, 1 failed, 2 settings or the sources file are wrong.
    """
    settings = given.settings()
    sources = given.sources(settings, file)
    given.require_ways(sources)
    from streams.shell.intake.run import run  # noqa: PLC0415

    sys.exit(run(settings, sources))
