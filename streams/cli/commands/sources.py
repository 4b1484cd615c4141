"""`dragoman sources`: check the sources file, and what came of each source."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from streams.cli import given
from streams.cli.options import MOMENT
from streams.cli.tables import print_table

if TYPE_CHECKING:
    from streams.shell.intake.account import Accounts
    from streams.shell.intake.sources import Source


_FILE = click.option(
    "--sources",
    "file",
    type=click.Path(path_type=Path),
    help="The sources file; by default DRAGOMAN_SOURCES_FILE.",
)


@click.group(name="sources")
def command() -> None:
    """Checks the sources file, and tells what came of each source."""


@command.command()
@_FILE
def check(file: Path | None) -> None:
    """Whether the file can be used; all that is wrong with it, by line, with what to do.

    Looks for directories and secrets where the file says they are, and asks no broker and no feed.
    """
    sources = given.sources(given.settings(), file)
    many = "source" if len(sources) == 1 else "sources"
    click.echo(f"{len(sources)} {many}, no fault: {', '.join(each.name for each in sources)}")


@command.command(name="list")
@_FILE
@click.option("--since", type=MOMENT, help="Look back to then; by default, 24 hours.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a source.")
def list_(file: Path | None, since: datetime | None, as_json: bool) -> None:
    """What came of each source, by the record on the brokers; no intake need be running.

    LAST ITEM is when it arrived, LAG the median time from publication to arrival over the last
    day. Items that the intake left out as repeated are not on the record: its own page /sources
    counts them. SILENT is told where a source has a limit and has passed it.
    """
    settings = given.settings()
    sources = given.sources(settings, file)
    from streams.shell.intake.follow import looked_back, read_accounts  # noqa: PLC0415

    now = datetime.now(UTC)
    begin = since or looked_back(sources, now)
    accounts = given.run(read_accounts(settings, sources, begin))
    if as_json:
        for source in sources:
            click.echo(json.dumps(_facts(source, accounts, now), ensure_ascii=False))
        return
    print_table(
        ("SOURCE", "WAY", "LAST ITEM", "LAG", "STORIES", "REPEATED", "REFUSED", "SILENT"),
        [_row(source, accounts, now) for source in sources],
    )
    click.echo(f"since {begin:%Y-%m-%d %H:%M} UTC", err=True)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a kill.")
def kills(as_json: bool) -> None:
    """Kills whose story has no other edition on the record, oldest first.

    Either the story has not come yet, and is withdrawn when it comes; or the kill names it by
    another id than it has, and then the story stands. Such a one goes when a kill with its own id
    comes, as by `dragoman ingest` of a text that begins with the lines `uri: ID`, `signal: kill`
    and a blank one. Reads all of `stories.v1`.
    """
    settings = given.settings()
    from streams.shell.record import waiting_kills  # noqa: PLC0415

    waiting = given.run(waiting_kills(settings))
    if as_json:
        for kill in waiting:
            click.echo(kill.model_dump_json(exclude={"body"}))
        return
    print_table(
        ("STORY", "SOURCE", "FEED", "KILLED AT", "NOTE"),
        [
            (
                kill.id,
                kill.source,
                kill.feed,
                f"{kill.published_at or kill.received_at:%Y-%m-%d %H:%M:%S}",
                " ".join((kill.note or kill.headline or kill.body).split())[:100],
            )
            for kill in waiting
        ],
    )


def _row(source: "Source", accounts: "Accounts", now: datetime) -> tuple[str, ...]:
    account, silence = accounts.of(source), accounts.silence(source, now)
    last, lag_s = account.last_item_at, account.lag_s(now)
    reasons = ", ".join(f"{count} {reason}" for reason, count in account.reasons.most_common())
    refused = account.outcomes["refused"]
    return (
        source.name,
        source.way,
        "none" if last is None else f"{last:%Y-%m-%d %H:%M:%S}",
        "" if lag_s is None else span(lag_s),
        str(account.outcomes["story"]),
        str(account.outcomes["repeated"]),
        f"{refused} ({reasons})" if refused else "0",
        _silent(source, (now - silence.since).total_seconds(), exceeded=silence.is_exceeded),
    )


def _silent(source: "Source", silent_s: float, *, exceeded: bool) -> str:
    if source.silence_s is None:
        return "no limit"
    if not exceeded:
        return "no"
    return f"for {span(silent_s)}, may be {span(source.silence_s)}"


def span(seconds: float) -> str:
    """A span of time in the one unit, or two, that people would name."""
    whole = timedelta(seconds=round(abs(seconds)))
    sign = "-" if seconds < 0 and whole else ""
    hours, rest = divmod(whole.seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = ((whole.days, "d"), (hours, "h"), (minutes, "min"), (left, "s"))
    told = [f"{number} {unit}" for number, unit in parts if number]
    return sign + (" ".join(told[:2]) or "0 s")


def _facts(source: "Source", accounts: "Accounts", now: datetime) -> dict[str, Any]:
    account, silence = accounts.of(source), accounts.silence(source, now)
    return {
        "name": source.name,
        "way": source.way,
        "since": accounts.since.isoformat(),
        "last_item_at": account.last_item_at and account.last_item_at.isoformat(),
        "lag_s": account.lag_s(now),
        "items": {name: account.outcomes[name] for name in ("story", "repeated", "refused")},
        "refused_by_reason": dict(sorted(account.reasons.items())),
        "silent_since": silence.since.isoformat(),
        "silent": silence.is_exceeded,
    }
