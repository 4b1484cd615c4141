"""`dragoman replay`: from stories or from the record to alerts, at full speed."""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from schemas.alerts import AlertEvent
from schemas.record import RecordMessage
from schemas.stories import Story
from streams.cli import given
from streams.cli.comparing import Comparison, compare, read_alerts
from streams.cli.items import Found, Problem, read_stories
from streams.cli.options import MOMENT, UNTIL, format_option, source_option
from streams.core.hindsight import known_at

if TYPE_CHECKING:
    from streams.core.reader import Reader
    from streams.core.replay import Replay


@click.command(name="replay")
@click.argument("paths", nargs=-1, metavar="[FILE…|-]")
@click.option("--topic", is_flag=True, help="Take the record on the brokers instead of files.")
@click.option(
    "--read-anew",
    is_flag=True,
    help="With --topic: read the stories again with today's reader and editors' decisions, instead "
    "of taking the reports as they were recorded.",
)
@format_option
@source_option
@click.option(
    "--received",
    type=MOMENT,
    help="When stories without a time of their own arrived; by default, when their file was last "
    "changed.",
)
@click.option(
    "--until",
    type=UNTIL,
    help="Stop at this time: what was published later (with --topic: what came later) is left out.",
)
@click.option("--dossiers", is_flag=True, help="Print the final dossiers instead of the alerts.")
@click.option(
    "--compare",
    "compared",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="ALERTS",
    help="Print what is gained, lost and changed against this file of alerts, one a line.",
)
@click.option("--fail-on-change", is_flag=True, help="With --compare: exit code 1 on any change.")
def command(
    *,
    paths: tuple[str, ...],
    topic: bool,
    read_anew: bool,
    format_name: str,
    source: str | None,
    received: datetime | None,
    until: datetime | None,
    dossiers: bool,
    compared: Path | None,
    fail_on_change: bool,
) -> None:
    """Prints the alerts in the order in which they arise, one CloudEvent a line.

    The same stories in the same order always give the same alerts, byte for byte, and the same as
    the worker's. FILE is a file, a directory or - for standard input; files are read in the order
    given.

    Exit code 1 where something is no story; that is told on standard error, and the others go on.
    """
    if bool(paths) == topic:
        raise click.UsageError("give files, or --topic for the record on the brokers")
    if (read_anew and not topic) or (fail_on_change and compared is None):
        raise click.UsageError("--read-anew goes with --topic, --fail-on-change with --compare")
    if dossiers and compared is not None:
        raise click.UsageError("--dossiers or --compare, not both")
    from streams.core.replay import Replay  # noqa: PLC0415

    reader = given.reader(given.knowledge(given.settings().knowledge_dir))
    problems: list[Problem] = []
    replay = Replay(_edited(reader, until, problems) if read_anew else reader)
    if topic:
        alerts = _from_topic(replay, until, problems, read_anew=read_anew)
    else:
        found = read_stories(paths, format_name, source=source, received_at=received)
        alerts = _from_stories(replay, found, until, problems)
    changed = _print(alerts, replay, dossiers=dossiers, compared=compared)
    for problem in problems:
        click.echo(f"{problem.where}: {problem.reason}", err=True)
    if problems or (changed and fail_on_change):
        sys.exit(1)


def _from_stories(
    replay: "Replay",
    found: Iterable[Found | Problem],
    until: datetime | None,
    problems: list[Problem],
) -> Iterator[AlertEvent]:
    for each in found:
        if isinstance(each, Problem):
            problems.append(each)
        elif until is None or each.story.received_at <= until:
            yield from replay.feed(each.story)
    yield from replay.release(until)


def _from_topic(
    replay: "Replay", until: datetime | None, problems: list[Problem], *, read_anew: bool
) -> Iterator[AlertEvent]:
    from streams.cli.recorded import records_of  # noqa: PLC0415

    for record in records_of("stories.v1" if read_anew else "reports.v1", problems):
        if until is not None and _known_at(record) > until:
            continue
        if isinstance(record, Story):
            yield from replay.feed(record)
        else:
            yield from replay.feed_report(record)
    yield from replay.release(until)


def _edited(reader: "Reader", until: datetime | None, problems: list[Problem]) -> "Reader":
    """The reader with what editors had decided by then."""
    from streams.cli.recorded import records_of  # noqa: PLC0415
    from streams.core.leader_edits import EditedReader, LeaderEdits  # noqa: PLC0415

    made = records_of("leaders.v1", problems)
    edits = LeaderEdits(each for each in made if until is None or each.edited_at <= until)
    return EditedReader(reader, lambda: edits)


def _print(
    alerts: Iterator[AlertEvent], replay: "Replay", *, dossiers: bool, compared: Path | None
) -> bool:
    """Whether a comparison found a change."""
    if compared is not None:
        comparison = compare(read_alerts(compared), [_plain(alert) for alert in alerts])
        _print_comparison(comparison)
        return not comparison.is_same
    for alert in alerts:
        if not dossiers:
            click.echo(alert.model_dump_json())
    if dossiers:
        for dossier in replay.dossiers():
            click.echo(dossier.model_dump_json())
    return False


def _print_comparison(comparison: Comparison) -> None:
    for sign, alerts in (("+", comparison.gained), ("-", comparison.lost)):
        for alert in alerts:
            click.echo(f"{sign} {alert.line}")
    for change in comparison.changed:
        click.echo(f"~ {change.after.line}: {', '.join(change.fields)}")
    click.echo(
        f"{len(comparison.gained)} gained, {len(comparison.lost)} lost, "
        f"{len(comparison.changed)} changed, {comparison.same} the same",
        err=True,
    )


def _plain(alert: AlertEvent) -> dict[str, object]:
    plain: dict[str, object] = json.loads(alert.model_dump_json())
    return plain


def _known_at(record: Story | RecordMessage) -> datetime:
    return record.received_at if isinstance(record, Story) else known_at(record)
