"""`dragoman worker`: the always-on service."""

import sys
from typing import TYPE_CHECKING

import click

from streams.cli import given
from streams.cli.failures import UnusableError

if TYPE_CHECKING:
    from streams.shell.agents import Hop

_HOPS: tuple["Hop", ...] = ("parse", "read", "fold", "deliver")


@click.command(name="worker")
@click.option(
    "--only",
    metavar="HOP,…",
    help=f"Run only these hops: {', '.join(_HOPS)}. By default all, which is right for one "
    "machine; in a cluster the hops can be scaled apart.",
)
def command(only: str | None) -> None:
    """Reads the topics, raises alerts and delivers them, until it is told to stop.

    Takes its settings from variables DRAGOMAN_…; the most important one is DRAGOMAN_BROKER. All
    that is wrong with settings and data files is told at once, before anything starts. Missing
    topics are made. SIGTERM and Ctrl-C finish what is in hand and stop.

    \b
    Exit codes: 0 stopped, 1 failed, 2 settings or data are wrong, 3 stopped by itself because too
    much was refused (see `dragoman dead-letters list`).
    """
    hops = _hops(only)
    settings = given.settings()
    given.knowledge(settings.knowledge_dir)
    from streams.shell.worker import run  # noqa: PLC0415 - Faust takes a second to import

    sys.exit(run(settings, hops))


def _hops(only: str | None) -> "frozenset[Hop]":
    if only is None:
        return frozenset(_HOPS)
    wanted = [hop.strip() for hop in only.split(",") if hop.strip()]
    unknown = [hop for hop in wanted if hop not in _HOPS]
    if unknown or not wanted:
        raise UnusableError(
            "--only:", [f"{hop!r} is none of {', '.join(_HOPS)}" for hop in unknown or [only]]
        )
    return frozenset(hop for hop in _HOPS if hop in wanted)
