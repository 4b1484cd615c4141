"""`dragoman ingest`: wire items from files, a directory or a feed onto the raw topic."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from streams.cli import given
from streams.cli.failures import UnusableError
from streams.cli.items import Problem, files_in, read_items
from streams.cli.options import MOMENT, format_option, source_option

if TYPE_CHECKING:
    from streams.shell.intake.sources import Source
    from streams.shell.settings import Settings

_NAME = "ingest"


@click.command(name="ingest")
@click.argument("paths", nargs=-1, metavar="PATH…|-")
@click.option(
    "--watch",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Take the files that are dropped into this directory, until it is told to stop.",
)
@click.option("--feed", metavar="URL", help="Ask this feed, until it is told to stop.")
@click.option(
    "--every", type=float, metavar="SECONDS", help="With --feed: time between two requests.  [60]"
)
@format_option
@source_option
@click.option(
    "--as",
    "name",
    metavar="NAME",
    help="Name of this way in; a source of the way 'files' in the sources file tells more of it.",
)
@click.option(
    "--received", type=MOMENT, help="Time of arrival, for archives; by default the time now."
)
def command(
    *,
    paths: tuple[str, ...],
    watch: Path | None,
    feed: str | None,
    every: float | None,
    format_name: str,
    source: str | None,
    name: str | None,
    received: datetime | None,
) -> None:
    """Puts stories on the raw topic, as they are, for a worker to read.

    PATH is a file, a directory (read with all that is in it, in order of names) or - for standard
    input. A file may hold several items: a ninjs array, one object a line, or a newsMessage of
    NewsML-G2. Every item is confirmed by the brokers. Whether it is a story is for the worker to
    find out: what it refuses is under `dragoman dead-letters list`.

    --watch and --feed run one source without a sources file, as `dragoman intake` runs many.

    Exit code 1 where a file could not be read or an item is too large; the others still go.
    """
    if sum((bool(paths), watch is not None, feed is not None)) != 1:
        raise click.UsageError("give PATHs, or --watch, or --feed")
    if every is not None and feed is None:
        raise click.UsageError("--every goes with --feed")
    settings = given.settings()
    if paths:
        _ingest(settings, files_in(paths), _arrival(settings, name, format_name, source, received))
        return
    if received is not None:
        raise click.UsageError("--received goes with PATHs")
    entry: dict[str, Any] = {"format": format_name, "name": name, "outlet": source}
    if watch is not None:
        entry |= {"way": "watch", "directory": str(watch)}
    else:
        entry |= {"way": "feed", "url": feed, "every_s": every}
    _run(settings, {key: value for key, value in entry.items() if value is not None})


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What is said of every item of this call."""

    source: "Source"
    received_at: datetime


def _arrival(
    settings: "Settings",
    name: str | None,
    format_name: str,
    outlet: str | None,
    received: datetime | None,
) -> _Arrival:
    from streams.shell.intake.sources import Source  # noqa: PLC0415

    known = given.sources(settings) if name is not None and settings.sources_file else ()
    found = next((each for each in known if each.name == name and each.way == "files"), None)
    source = Source(
        name=name or _NAME,
        way="files",
        format=found.format if found and format_name == "auto" else format_name,
        outlet=outlet or (found.outlet if found else None),
        language=found.language if found else None,
        trust=found.trust if found else "full",
    )
    return _Arrival(source, received or datetime.now(UTC))


def _ingest(settings: "Settings", files: list[str], arrival: _Arrival) -> None:
    problems: list[Problem] = []
    sent = given.run(_send(settings, files, arrival, problems))
    for problem in problems:
        click.echo(f"{problem.where}: {problem.reason}", err=True)
    summary = f"{sent} item{'' if sent == 1 else 's'} sent to {settings.broker}"
    click.echo(summary + (f", {len(problems)} refused" if problems else ""), err=True)
    if problems:
        sys.exit(1)


def _run(settings: "Settings", entry: dict[str, Any]) -> None:
    from streams.shell.intake.entries import adhoc_name, one_source  # noqa: PLC0415
    from streams.shell.intake.run import run  # noqa: PLC0415
    from streams.shell.intake.sources import SourcesError  # noqa: PLC0415

    way = str(entry["way"])
    place = str(Path(entry["directory"]).absolute()) if way == "watch" else str(entry["url"])
    try:
        source = one_source(f"--{way}", {"name": adhoc_name(way, place), **entry})
    except SourcesError as error:
        raise UnusableError("this cannot be done:", map(str, error.faults)) from None
    given.require_ways([source])
    # A port of its own, so that it runs beside an intake.
    sys.exit(run(settings.model_copy(update={"intake_port": 0}), [source]))


async def _send(
    settings: "Settings", files: list[str], arrival: _Arrival, problems: list[Problem]
) -> int:
    from streams.shell.intake.door import raw_item  # noqa: PLC0415
    from streams.shell.record import sender  # noqa: PLC0415

    sent = 0
    async with sender(settings) as sending:
        with _progress(files) as shown:
            for file in shown:
                for item in read_items(file, arrival.source.format):
                    if isinstance(item, Problem):
                        problems.append(item)
                        continue
                    await sending.send(raw_item(arrival.source, item.data, arrival.received_at))
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
