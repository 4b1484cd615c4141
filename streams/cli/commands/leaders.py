"""`dragoman leaders`: who is known, from the data files."""

from datetime import UTC, datetime

import click

from streams.cli import given
from streams.cli.naming import resolve
from streams.cli.tables import print_table
from streams.core.knowledge import Leader, Office


@click.group(name="leaders")
def command() -> None:
    """Lists and shows the leaders and officials that the data files know."""


@command.command(name="list")
@click.option("--country", metavar="CODE", help="Only of this country, as in CL.")
@click.option("--former", is_flag=True, help="Those that hold no office now as well.")
def list_(country: str | None, former: bool) -> None:
    """Everyone with a dossier, by id."""
    today = datetime.now(UTC).date().isoformat()
    known = given.knowledge(given.settings().knowledge_dir)
    print_table(
        ("ID", "NAME", "COUNTRY", "OFFICE"),
        [
            (leader.id, leader.name, leader.country or "-", _offices(held))
            for leader in sorted(known.leaders, key=lambda each: each.id)
            if (country is None or leader.country == country.upper())
            and ((held := _held(leader, today)) or former)
        ],
    )


@command.command()
@click.argument("leader")
def show(leader: str) -> None:
    """One of them: LEADER is an id or a name in any spelling."""
    found = resolve(leader, given.knowledge(given.settings().knowledge_dir).leaders)
    click.secho(f"{found.name}  ({found.id})", bold=True)
    click.echo(f"country:   {found.country or '-'}")
    for office in found.offices:
        where = office.organisation or office.country or ""
        click.echo(f"office:    {_name(office)} {where}, {office.since or '…'} to {_until(office)}")
    for label, names in (("spellings", found.aliases), ("surnames", found.surnames)):
        if names:
            click.echo(f"{label}: {', '.join(names)}")
    if found.wikidata:
        click.echo(f"wikidata:  {found.wikidata}")


def _held(leader: Leader, day: str) -> list[Office]:
    return [
        office
        for office in leader.offices
        if (office.since is None or office.since <= day)
        and (office.until is None or day[: len(office.until)] <= office.until)
    ]


def _offices(offices: list[Office]) -> str:
    return ", ".join(_name(office) for office in offices) or "former"


def _name(office: Office) -> str:
    return office.kind.replace("_", " ")


def _until(office: Office) -> str:
    return office.until or "now"
