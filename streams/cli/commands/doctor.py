"""`dragoman doctor`: what is wrong with an installation, and what to do about it."""

import asyncio
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime

import click

from streams.cli import given
from streams.cli.commands.acls import known_components
from streams.cli.options import colour_options

_COLOURS = {"ok": "green", "wrong": "red", "unseen": "yellow"}
_WIDTH = max(map(len, _COLOURS))


@click.command(name="doctor")
@click.argument("components", nargs=-1, metavar="[COMPONENT…]")
@click.option(
    "--most-lag",
    type=click.IntRange(min=0),
    default=1000,
    show_default=True,
    metavar="MESSAGES",
    help="So many may wait for each hop.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding.")
@colour_options
def command(components: tuple[str, ...], most_lag: int, as_json: bool) -> None:
    """Looks at an installation from where it runs, and tells of each thing how it stands.

    Data files, sources file, disk; brokers, topics and their settings, the rights that COMPONENT
    must have (as for `dragoman acls`; by default the whole worker), clock, workers, what waits for
    them, and sources that are silent. Run it with the settings of the process it is about. Changes
    nothing and sends nothing.

    \b
    ok      as it should be
    wrong   not so; the line below says what to do
    unseen  this user may not look, or there is nothing to look at

    Exit code 1 where something is wrong, 2 where the settings are.
    """
    settings = given.settings()
    chosen = known_components(components or ("worker",))
    from streams.shell.doctor.examination import examine  # noqa: PLC0415
    from streams.shell.doctor.findings import Finding  # noqa: PLC0415

    async def look() -> bool:
        is_well = True
        async for finding in examine(settings, chosen, now=datetime.now(UTC), most_lag=most_lag):
            is_well &= finding.state != "wrong"
            show(finding)
        return is_well

    def show(finding: Finding) -> None:
        if as_json:
            click.echo(json.dumps(asdict(finding), ensure_ascii=False))
            return
        state = click.style(finding.state.ljust(_WIDTH), fg=_COLOURS[finding.state])
        click.echo(f"{state}  {finding.check}: {finding.told}")
        if finding.remedy:
            click.echo(f"{' ' * _WIDTH}  → {finding.remedy}")

    if not asyncio.run(look()):
        sys.exit(1)
