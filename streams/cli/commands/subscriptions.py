"""`dragoman subscriptions`: who wants to hear of what, and what each would have got."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from schemas.subscriptions import Subscription
from streams.cli import given, silencing
from streams.cli.failures import UnusableError
from streams.cli.items import Found, Problem, read_stories
from streams.cli.options import format_option, source_option
from streams.cli.tables import print_table
from streams.core import wording

if TYPE_CHECKING:
    from streams.core.deskbook import Errand
    from streams.core.knowledge import Knowledge

_FILE = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="SUBSCRIPTIONS"
)


@click.group(name="subscriptions")
def command() -> None:
    """Who wants to hear of what: checks a file of subscriptions, and tries it on stories."""


@command.command()
@_FILE
def check(file: Path) -> None:
    """Tells all that is wrong with a file of subscriptions; exit code 2 where something is."""
    found = given.subscriptions(file, _knowledge())
    click.echo(f"{len(found)} subscription{'' if len(found) == 1 else 's'}, all sound")


silencing.add_to(command)


@command.command(name="list")
@click.argument(
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="[SUBSCRIPTIONS]",
    required=False,
)
def list_(file: Path | None) -> None:
    """The subscriptions of a file, or without one those that the workers go by."""
    if file is not None:
        found: Iterable[Subscription] = given.subscriptions(file, _knowledge())
    else:
        held = silencing.subscriptions_in_force()
        found = [held[key] for key in sorted(held) if held[key].state != "removed"]
    print_table(
        ("ID", "FOR", "BY", "ASKS FOR", "WHEN"),
        [(each.id, each.owner, each.channel, _asked(each), _when(each)) for each in found],
    )


@command.command()
@_FILE
@click.argument("paths", nargs=-1, required=True, metavar="STORIES…|-")
@click.option("--only", metavar="ID", help="Of this subscription alone.")
@click.option("--why", is_flag=True, help="Also what each did not get, and why.")
@format_option
@source_option
def test(
    *,
    file: Path,
    paths: tuple[str, ...],
    only: str | None,
    why: bool,
    format_name: str,
    source: str | None,
) -> None:
    """What each subscription would have got of these stories, and when. Needs no broker.

    Times are those of the subscription's zone. Stories are taken as if each had arrived when it
    was published.
    """
    known = _knowledge()
    asked = [each for each in given.subscriptions(file, known) if only in (None, each.id)]
    if not asked:
        raise UnusableError("there is no such subscription:", [f"{only!r} is not in {file}"])
    names = wording.country_names(known)
    zones = {each.id: ZoneInfo(each.time_zone) for each in asked}
    problems: list[Problem] = []
    found = read_stories(paths, format_name, source=source)
    for errand in _errands(known, asked, found, problems):
        if errand.wanted or why:
            click.echo(_line(errand, names, zones[errand.subscription]))
    for problem in problems:
        click.echo(f"{problem.where}: {problem.reason}", err=True)


def _errands(
    known: "Knowledge",
    asked: Iterable[Subscription],
    found: Iterable[Found | Problem],
    problems: list[Problem],
) -> "Iterator[Errand]":
    from streams.core.deskbook import Deskbook  # noqa: PLC0415
    from streams.core.home_countries import HomeCountries  # noqa: PLC0415
    from streams.core.replay import Replay  # noqa: PLC0415

    replay = Replay(given.reader(known), with_attested=True)
    book = Deskbook(asked, HomeCountries(known.leaders).of)
    for each in found:
        if isinstance(each, Problem):
            problems.append(each)
            continue
        for alert in replay.feed(each.story):
            yield from book.take(alert, each.story.received_at)
    for alert in replay.release():
        yield from book.take(alert, alert.time)


def _line(errand: "Errand", names: wording.CountryNames, zone: ZoneInfo) -> str:
    said = wording.alert(errand.event.data, names)
    if errand.event.data.kind == "retracted":
        said += " (taken back)"
    if errand.due_at is None:
        return f"{'':16}  {errand.subscription:20}  –  {said}  ({errand.detail})"
    at = errand.due_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    instead = "  (in place of what was waiting)" if errand.instead_of else ""
    return f"{at}  {errand.subscription:20}  ●  {said}{instead}"


def _asked(each: Subscription) -> str:
    filters = [
        *each.leaders,
        *(f"of {code}" for code in each.of_countries),
        *(f"to {code}" for code in each.to_countries),
        *each.kinds,
        *each.topics,
        *each.languages,
        *(["confirmed"] if each.status == "confirmed" else []),
        *([f"{each.least_sources} sources"] if each.least_sources > 1 else []),
    ]
    return ", ".join(filters) or "everything"


def _when(each: Subscription) -> str:
    if each.state == "paused":
        return "never: paused, its end said that it is gone"
    said = [f"at {', '.join(each.digest)}"] if each.digest else []
    said += [f"within {each.group_s} s"] if each.group_s else []
    said += [f"one message in {each.least_pause_s} s"] if each.least_pause_s else []
    said += [f"not {hours.begin} to {hours.end}" for hours in each.quiet]
    return f"{'; '.join(said)} ({each.time_zone})" if said else "at once"


def _knowledge() -> "Knowledge":
    return given.knowledge(given.settings().knowledge_dir)
