"""`dragoman demo`: the whole thing on one machine, with nothing installed but the package."""

import asyncio
import signal
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from schemas.alerts import AlertEvent
from schemas.dead_letters import DeadLetter
from schemas.stories import Story
from streams.cli import given
from streams.cli.failures import FailedError
from streams.cli.items import Item, Problem, files_in, read_items
from streams.cli.options import colour_options, format_option
from streams.core import wording
from streams.core.knowledge import Knowledge
from streams.core.wire import Arrival, parse

if TYPE_CHECKING:
    from streams.cli.playing import Script, Tally
    from streams.shell.settings import Settings

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample" / "wire.jsonl"
_WIDTH = 96
_INDENT = "        "


@click.command(name="demo")
@click.option(
    "--stories",
    "paths",
    multiple=True,
    metavar="PATH",
    help="Play these files or directories instead of the sample wire; may be given several times.",
)
@format_option
@click.option(
    "--pace",
    type=click.FloatRange(min=0),
    default=0.5,
    show_default=True,
    metavar="SECONDS",
    help="Pause between stories.",
)
@click.option("--exit", "ends", is_flag=True, help="End when all is read and all alerts are out.")
@colour_options
def command(*, paths: tuple[str, ...], format_name: str, pace: float, ends: bool) -> None:
    """Plays a wire to a worker, and prints alerts as they come.

    Starts an embedded broker in memory and a worker on free ports of this machine, feeds the sample
    wire (a fortnight of invented diplomacy in six languages) and serves leaders, alerts and metrics
    over HTTP at addresses that it prints. Ctrl-C stops all it started.
    """
    known = given.knowledge(given.settings().knowledge_dir)
    items = _items(paths or (str(SAMPLE),), format_name)
    from streams.cli.playing import Script  # noqa: PLC0415 - Faust takes a second to import

    stage = _Terminal(wording.country_names(known))
    script = Script(items=items, format_name=format_name, pace_s=pace, ends=ends)
    started = time.monotonic()
    sent, tally = _play(known, script, stage)
    _summary(sent, tally, time.monotonic() - started)


def _items(paths: tuple[str, ...], format_name: str) -> list[Item]:
    """All of them, read before anything starts. Raises `FailedError` with those that cannot be."""
    found = [item for file in files_in(paths) for item in read_items(file, format_name)]
    problems = [f"{item.where}: {item.reason}" for item in found if isinstance(item, Problem)]
    if problems:
        raise FailedError("\n  ".join(["some stories cannot be read:", *problems]))
    return [item for item in found if isinstance(item, Item)]


def _play(known: Knowledge, script: "Script", stage: "_Terminal") -> "tuple[int, Tally]":
    from streams.cli.playing import PlayError, play  # noqa: PLC0415
    from streams.shell import logs  # noqa: PLC0415
    from streams.shell.brokers import BrokerError  # noqa: PLC0415
    from streams.shell.brokers.tansu import EmbeddedTansu  # noqa: PLC0415
    from streams.shell.cluster import ClusterError  # noqa: PLC0415

    logs.set_up("error")

    async def main(settings: "Settings") -> "tuple[int, Tally]":
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        return await play(settings, given.reader(known), script, stage, stop)

    try:
        with TemporaryDirectory(prefix="dragoman-demo-") as scratch, EmbeddedTansu() as broker:
            return asyncio.run(main(_settings(broker.bootstrap, Path(scratch))))
    except (BrokerError, ClusterError, PlayError) as error:
        raise FailedError(str(error)) from None


def _settings(broker: str, scratch: Path) -> "Settings":
    from streams.shell.settings import Settings  # noqa: PLC0415

    return Settings(
        broker=broker,
        app_id="dragoman-demo",
        alert_log=str(scratch / "alerts.jsonl"),
        web_port=0,
        # The embedded broker lets a worker in after half the session timeout.
        session_timeout_s=6,
        heartbeat_interval_s=1,
        log_level="error",
        canary_every_s=0,
    )


class _Terminal:
    """A play as lines on the terminal."""

    def __init__(self, names: wording.CountryNames) -> None:
        self._names = names

    def opened(self, broker: str, pages: str) -> None:
        click.echo(f"broker    {broker}, embedded, in memory")
        for page in ("leaders", "alerts", "metrics"):
            click.echo(f"{page:<9} {pages}/{page}")
        click.echo("Ctrl-C stops everything.\n")

    def fed(self, item: Item) -> None:
        click.secho(_glimpse(item), dim=True)

    def alerted(self, event: AlertEvent) -> None:
        data = event.data
        colour = "yellow" if data.kind in ("trip.cancelled", "retracted") else "green"
        heading = click.style(wording.HEADINGS[data.kind], fg=colour, bold=True)
        click.echo(f"  ● {heading}  {wording.alert(data, self._names)}")
        click.echo(f"{_INDENT}{wording.sources(data.told_by)}")
        for evidence in data.evidence:
            quoted = f"“{' '.join(evidence.text.split())}”"
            click.echo(_fill(f"{quoted} ({evidence.language}, {evidence.source})"))

    def refused(self, letter: DeadLetter) -> None:
        what = click.style("REFUSED", fg="red", bold=True)
        click.echo(f"  ● {what}  {letter.reason}: {letter.detail}")


def _fill(text: str) -> str:
    return textwrap.fill(
        text, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT, break_long_words=False
    )


def _glimpse(item: Item) -> str:
    """One line of a story on its way in."""
    story = parse(item.data, Arrival(feed="demo", received_at=item.modified_at))
    if not isinstance(story, Story):
        return f"→ {item.where}"
    when = wording.moment(story.published_at) if story.published_at else "no time"
    signal_ = "" if story.signal == "none" else f"[{story.signal}] "
    headline = story.headline or textwrap.shorten(story.body, 60, placeholder=" …")
    return f"→ {when}  {story.source}: {signal_}{headline}"


def _summary(sent: int, tally: "Tally", seconds: float) -> None:
    count: Callable[[int, str], str] = lambda n, what: f"{n} {what}{'' if n == 1 else 's'}"  # noqa: E731
    click.echo(
        "\n"
        + ", ".join(
            (
                count(sent, "item"),
                count(tally.readings, "reading"),
                count(tally.alerts, "alert"),
                count(tally.dead_letters, "dead letter"),
                f"{seconds:.1f} s",
            )
        )
    )
