"""The table of commands, and the group that imports one only when it is called."""

from dataclasses import dataclass
from importlib import import_module

import click


@dataclass(frozen=True, slots=True)
class Entry:
    """A command in the table. `about` is its line in the list of commands."""

    name: str
    about: str


SECTIONS: dict[str, tuple[Entry, ...]] = {
    "See what it does": (
        Entry("demo", "play a fortnight of sample stories: broker, worker, alerts, pages"),
        Entry("analyze", "what is read in these stories, one JSON object a line"),
    ),
    "Run it": (
        Entry("worker", "the service: reads the topics, raises and delivers alerts"),
        Entry("intake", "the ways in: directories, feeds and pushes that the sources file names"),
        Entry("api", "what is known, over HTTP, for other programs"),
        Entry("ingest", "put stories from files or standard input on the raw topic"),
        Entry("sources", "check the sources file; what came of each source, and who is silent"),
        Entry("topics", "list, create and check the topics on the brokers"),
        Entry("dead-letters", "list, show and requeue what was refused"),
        Entry("doctor", "what is wrong with this installation, and what to do about it"),
        Entry("acls", "what the brokers are to allow each component, as kafka-acls commands"),
    ),
    "Ask it": (
        Entry("dossier", "what is believed of a leader, or was at a time, and why"),
        Entry("why", "why a subscription was told of an alert, was not, or has not been yet"),
        Entry("replay", "the alerts of stories or of the record, with no broker needed"),
        Entry("leaders", "who is known, whom the wire adds, and who is who: merge, refuse, rename"),
    ),
    "Look after it": (
        Entry("subscriptions", "check who wants to hear of what, and try it on stories"),
        Entry("api-keys", "make keys for the API, and check the file of them"),
        Entry("knowledge", "check the data files: leaders, places, words"),
        Entry("schemas", "list, show and export the shapes of all messages"),
    ),
}


class LazyGroup(click.Group):
    """Commands by section; each lives in `streams.cli.commands` in a module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        return [entry.name for entries in SECTIONS.values() for entry in entries]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(f"streams.cli.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's
        formatter: click.HelpFormatter,
    ) -> None:
        for title, entries in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(entry.name, entry.about) for entry in entries])


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version  # noqa: PLC0415 - slow, and seldom asked for

        from streams.core.build import build  # noqa: PLC0415

        click.echo(f"dragoman {version('dragoman')}, {build()}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Print the version and leave.",
)
def dragoman() -> None:
    """Reads wire stories and tells a newsroom of political leaders' trips and invitations.

    Begin with `dragoman demo`. Every command explains itself with --help. Settings are variables
    DRAGOMAN_…, such as DRAGOMAN_BROKER=host:9092.
    """
