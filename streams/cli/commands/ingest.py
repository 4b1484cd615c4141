"""`dragoman ingest`: wire items from files or standard input onto the raw topic."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from streams.cli import given
from streams.cli.items import Problem, files_in, read_items
from streams.cli.options import MOMENT, format_option, source_option

if TYPE_CHECKING:
    from streams.shell.settings import Settings


@click.command(name="ingest")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…|-")
@format_option
@source_option
@click.option(
    "--feed", default="ingest", show_default=True, metavar="NAME", help="Name of this way in."
)
@click.option(
    "--received", type=MOMENT, help="Time of arrival, for archives; by default the time now."
)
def command(
    *,
    paths: tuple[str, ...],
    format_name: str,
    source: str | None,
    feed: str,
    received: datetime | None,
) -> None:
    """Puts stories on the raw topic, as they are, for a worker to read.

    PATH is a file, a directory (read with all that is in it, in order of names) or - for standard
    input. A file may hold several items: a ninjs array, one object a line, or a newsMessage of
    NewsML-G2. Every item is confirmed by the brokers. Whether it is a story is for the worker to
    find out: what it refuses is under `dragoman dead-letters list`.

    Exit code 1 where a file could not be read or an item is too large; the others still go.
    """
    settings = given.settings()
    arrival = _Arrival(format_name, source, feed, received or datetime.now(UTC))
    problems: list[Problem] = []
    sent = given.run(_send(settings, files_in(paths), arrival, problems))
    for problem in problems:
        click.echo(f"{problem.where}: {problem.reason}", err=True)
    summary = f"{sent} item{'' if sent == 1 else 's'} sent to {settings.broker}"
    click.echo(summary + (f", {len(problems)} refused" if problems else ""), err=True)
    if problems:
        sys.exit(1)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What is said of every item of this call."""

    format_name: str
    source: str | None
    feed: str
    received_at: datetime


async def _send(
    settings: "Settings", files: list[str], arrival: _Arrival, problems: list[Problem]
) -> int:
    from streams.shell.record import RawItem, sender  # noqa: PLC0415

    sent = 0
    async with sender(settings) as sending:
        with _progress(files) as shown:
            for file in shown:
                for item in read_items(file, arrival.format_name):
                    if isinstance(item, Problem):
                        problems.append(item)
                        continue
                    await sending.send(
                        RawItem(
                            data=item.data,
                            feed=arrival.feed,
                            received_at=arrival.received_at,
                            format=arrival.format_name,
                            source=arrival.source,
                        )
                    )
                    sent += 1
        await sending.confirm()
    return sent


@contextmanager
def _progress(files: list[str]) -> Iterator[Iterable[str]]:
    """The files, with a bar on standard error where that is a terminal."""
    if not sys.stderr.isatty() or len(files) == 1:
        yield files
        return
    with click.progressbar(files, label="sending", file=sys.stderr) as bar:
        yield bar
