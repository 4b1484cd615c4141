"""`dragoman topics`: what is declared, and what is on the brokers."""

import sys

import click

from schemas.topics import TOPICS
from streams.cli import given
from streams.cli.tables import print_table

_DAY_MS = 86_400_000


@click.group(name="topics")
def command() -> None:
    """Lists, creates and checks the topics."""


@command.command(name="list")
def list_() -> None:
    """The topics as they are declared; asks no broker."""
    print_table(
        ("TOPIC", "KEY", "KEPT", "LARGEST", "ABOUT"),
        [
            (
                topic.name,
                topic.key,
                _kept(topic.cleanup, topic.retention_ms),
                f"{topic.max_message_bytes / 1024 / 1024:g} MiB",
                topic.about,
            )
            for topic in TOPICS
        ],
    )


@command.command()
def create() -> None:
    """Makes those that are missing, with their partitions, retention and compaction.

    What exists is left as it is. The changelogs of the worker's tables are made too. Exit code 1
    where a topic has other partitions than DRAGOMAN_PARTITIONS says.
    """
    settings = given.settings()
    from streams.shell.cluster import create_topics  # noqa: PLC0415

    made = given.run(create_topics(settings))
    for name in made:
        click.echo(f"made {name}")
    if not made:
        click.echo("all topics are there")


@command.command()
def check() -> None:
    """Compares the brokers' topics with what is wanted; exit code 1 where they differ."""
    settings = given.settings()
    from streams.shell.cluster import describe_topics  # noqa: PLC0415

    states = given.run(describe_topics(settings))
    print_table(
        ("TOPIC", "PARTITIONS", "WANTED", "COPIES", ""),
        [
            (
                state.name,
                str(state.partitions or "-"),
                str(state.wanted_partitions),
                str(state.replication_factor or "-"),
                "" if state.is_as_planned else "missing" if not state.partitions else "differs",
            )
            for state in states
        ],
    )
    if not all(state.is_as_planned for state in states):
        sys.exit(1)


def _kept(cleanup: str, retention_ms: int) -> str:
    if cleanup == "compact":
        return "newest of each key"
    return "for ever" if retention_ms < 0 else f"{retention_ms // _DAY_MS} days"
