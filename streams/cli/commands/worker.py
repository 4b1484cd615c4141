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
    multiple=True,
    metavar="HOP,…",
    help=f"Run only these hops: {', '.join(_HOPS)}; may be given several times. By default all, "
    "which is right for one machine; in a cluster the hops can be scaled apart.",
)
def command(only: tuple[str, ...]) -> None:
    """Reads the topics, raises alerts and delivers them, until it is told to stop.

    Takes its settings from variables DRAGOMAN_…; the most important one is DRAGOMAN_BROKER. All
    that is wrong with settings and data files is told at once, before anything starts. Missing
    topics are made. SIGTERM and Ctrl-C finish what is in hand and stop.

    \b
    Exit codes: 0 stopped, 1 failed, 2 settings or data are wrong, 3 stopped by itself so as not
    to lose a message; the log says which and why.
    """
    hops = _hops(only)
    settings = given.settings()
    given.knowledge(settings.knowledge_dir)
    from streams.shell.worker import run  # noqa: PLC0415 - Faust takes a second to import

    sys.exit(run(settings, hops))


def _hops(only: tuple[str, ...]) -> "frozenset[Hop]":
    if not only:
        return frozenset(_HOPS)
    wanted = {hop.strip() for given_once in only for hop in given_once.split(",")} - {""}
    unknown = sorted(wanted.difference(_HOPS))
    if unknown or not wanted:
        raise UnusableError(
            "--only:",
            [f"{hop!r} is none of {', '.join(_HOPS)}" for hop in unknown or [",".join(only)]],
        )
    return frozenset(hop for hop in _HOPS if hop in wanted)
