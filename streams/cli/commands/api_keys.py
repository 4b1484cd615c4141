"""`dragoman api-keys`: who may ask the API."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from schemas.subscriptions import SLUG
from streams.cli import given
from streams.cli.failures import UnusableError
from streams.cli.tables import print_table

if TYPE_CHECKING:
    from streams.shell.api.keys import Scope

_SCOPES: tuple["Scope", ...] = ("read", "calendar", "subscriptions", "admin")


@click.group(name="api-keys")
def command() -> None:
    """Makes keys for the API, and checks the file that lets them in."""


@command.command()
@click.argument("id_", metavar="ID")
@click.option("--owner", required=True, help="Whose it is, in words.")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(_SCOPES),
    multiple=True,
    required=True,
    help="What it may do; may be given several times.",
)
def new(id_: str, owner: str, scopes: "tuple[Scope, ...]") -> None:
    """Makes a key, and shows it once.

    The key goes to standard error, the entry for the file to standard output:
    `dragoman api-keys new desk --owner "night desk" --scope read >> keys.toml`.
    """
    from streams.shell.api.keys import entry, new_key  # noqa: PLC0415

    if not re.match(SLUG, id_):
        raise UnusableError("the id:", [f"{id_!r}: lower-case letters, digits and hyphens"])
    key = new_key()
    click.echo(f"the key, shown this once: {key}", err=True)
    click.echo(entry(id_, owner, dict.fromkeys(scopes), key), nl=False)


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Tells all that is wrong with a file of keys, and what each may do; exit code 2 on faults."""
    print_table(
        ("ID", "FOR", "MAY"),
        [
            (key.id, key.owner, ", ".join(sorted(key.scopes)))
            for key in given.api_keys_of(file).listed()
        ],
    )
