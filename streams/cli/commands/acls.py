"""`dragoman acls`: what an administrator of the brokers is to allow, as commands of theirs."""

from typing import TYPE_CHECKING, cast

import click

from streams.cli import given
from streams.cli.failures import UnusableError

if TYPE_CHECKING:
    from streams.shell.rights import Component


@click.command(name="acls")
@click.argument("components", nargs=-1, required=True, metavar="COMPONENT…")
@click.option("--user", required=True, metavar="NAME", help="Whom the brokers know it as.")
@click.option(
    "--command-config", "config", metavar="FILE", help="By which the administrator gets in."
)
@click.option("--remove", is_flag=True, help="Print what takes these rights back instead.")
def command(components: tuple[str, ...], user: str, config: str | None, remove: bool) -> None:
    """Prints the kafka-acls.sh commands that allow a user just what a component needs.

    COMPONENT is a hop of the worker (parse, read, fold, deliver; or worker, for all of them),
    intake, ingest, ask, edit, dead-letters, topics or doctor; several for a user that is more than
    one. docs/security.md tells what each of them is. Names are those of the settings
    (DRAGOMAN_APP_ID, DRAGOMAN_BROKER). Asks no broker.
    """
    settings = given.settings()
    from streams.shell.rights import commands, rights_of  # noqa: PLC0415

    rights = rights_of(known_components(components), settings)
    for line in commands(rights, user, bootstrap=settings.broker, config=config, remove=remove):
        click.echo(line)


def known_components(said: tuple[str, ...]) -> "tuple[Component, ...]":
    """Components by name; `worker` is all its hops. Raises `UnusableError`."""
    from streams.shell.agents import HOPS  # noqa: PLC0415
    from streams.shell.rights import COMPONENTS  # noqa: PLC0415

    names = [name for each in said for name in (HOPS if each == "worker" else (each,))]
    unknown = [name for name in names if name not in COMPONENTS]
    if unknown:
        known = ", ".join(("worker", *COMPONENTS))
        raise UnusableError("COMPONENT:", [f"{name!r} is none of {known}" for name in unknown])
    return tuple(cast("Component", name) for name in dict.fromkeys(names))
