"""`dragoman leaders confirm|merge|rename|refuse|alias|edits`: what an editor decides at run time.

An edit goes on `leaders.v1`, from where running workers take it for what they read from then on,
and on the record, to the dossier it is about. Both are sent again if the command is.
"""

import getpass
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from schemas.base import LeaderId
from schemas.leaders import LeaderEdit
from schemas.record import Edited, edited
from schemas.topics import LEADERS, REPORTS
from streams.cli import given
from streams.cli.failures import UnusableError
from streams.cli.items import Problem
from streams.cli.naming import resolve
from streams.cli.tables import print_table
from streams.core import wording
from streams.core.knowledge import Knowledge, Leader
from streams.core.provisional import country_in, is_provisional, provisional_id

if TYPE_CHECKING:
    from streams.core.leader_edits import LeaderEdits

_OF_THE_WIRE = (
    "whom only the wire knows is named by id, provisional:…; `dragoman leaders proposed --topic` "
    "has them",
)


def add_to(group: click.Group) -> None:
    """The commands of this module, as `dragoman leaders …`."""
    for command in (confirm, merge, rename, refuse, alias, edits):
        group.add_command(command)


def _editor(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--editor", default=getpass.getuser, show_default="who you are", help="Who decides."
    )(command)


@click.command()
@click.argument("leader")
@_editor
def confirm(leader: str, editor: str) -> None:
    """LEADER is somebody of ours: takes back a merge or a refusal.

    What a merge has handed over stays where it is.
    """
    known = _known()
    _put(_edit(_one(leader, known).id, "confirm", editor))


@click.command()
@click.argument("leader")
@click.argument("into")
@_editor
def merge(leader: str, into: str, editor: str) -> None:
    """LEADER is INTO: reports, and what people were told, go to the dossier of INTO."""
    known = _known()
    was, now = _one(leader, known), _one(into, known)
    _refuse_circle(was.id, now.id)
    _put(_edit(was.id, "merge", editor, into=now.id, name=_name_of(now)))


@click.command()
@click.argument("leader")
@click.argument("name")
@_editor
def rename(leader: str, name: str, editor: str) -> None:
    """LEADER is called NAME from now on."""
    _put(_edit(_one(leader, _known()).id, "rename", editor, name=name))


@click.command()
@click.argument("leader")
@_editor
def refuse(leader: str, editor: str) -> None:
    """LEADER is nobody of ours: their alerts are taken back, and none come."""
    _put(_edit(_one(leader, _known()).id, "refuse", editor))


@click.command()
@click.argument("leader")
@click.argument("name")
@click.option("--country", metavar="CODE", help="Of the office; by default, LEADER's.")
@_editor
def alias(leader: str, name: str, country: str | None, editor: str) -> None:
    """LEADER is also written NAME, in any spelling of it that sounds the same."""
    known = _known()
    meant = _one(leader, known)
    country = country.upper() if country else meant.country
    stranger = provisional_id(name, country)
    _refuse_circle(stranger, meant.id)
    edit = _edit(meant.id, "add_alias", editor, name=name, country=country)
    merged = edit.model_copy(
        update={
            "leader": stranger,
            "action": "merge",
            "into": meant.id,
            "name": _name_of(meant),
            "country": None,
        }
    )
    _put(edit, edited(merged))


@click.command()
def edits() -> None:
    """What holds now, of all that was decided."""
    print_table(
        ("LEADER", "EDIT", "TO", "WHEN", "BY"),
        [
            (
                each.leader,
                each.action,
                each.into or each.name or "-",
                wording.moment(each.edited_at),
                each.editor,
            )
            for each in in_force().in_force
        ],
    )


def _known() -> Knowledge:
    return given.knowledge(given.settings().knowledge_dir)


def _one(said: str, known: Knowledge) -> Leader:
    """Somebody of the data files, or a provisional id as it is."""
    if is_provisional(said):
        return Leader(id=said, name="", country=country_in(said), offices=())
    return resolve(said, known.leaders, _OF_THE_WIRE)


def _name_of(leader: Leader) -> str | None:
    return leader.name or None


def _edit(leader: str, action: Any, editor: str, **said: Any) -> LeaderEdit:
    return LeaderEdit(
        leader=LeaderId(leader),
        action=action,
        edited_at=datetime.now(UTC),
        editor=editor,
        **said,
    )


def _refuse_circle(was: str, into: str) -> None:
    if in_force().target(LeaderId(into)) == was:
        raise UnusableError(
            f"{into} is {was} already, by an earlier edit:", ["`dragoman leaders edits` lists them"]
        )


def in_force() -> "LeaderEdits":
    """The edits that hold, from the brokers. What is none is told on standard error."""
    from streams.cli.recorded import records_of  # noqa: PLC0415
    from streams.core.leader_edits import LeaderEdits  # noqa: PLC0415

    problems: list[Problem] = []
    found = LeaderEdits(records_of(LEADERS.name, problems))
    for problem in problems:
        click.echo(f"{problem.where}: {problem.reason}", err=True)
    return found


def _put(edit: LeaderEdit, event: Edited | None = None) -> None:
    """On both topics, in this order: a dossier that heard of it first might be told of more."""
    from streams.shell.record import sender  # noqa: PLC0415

    settings = given.settings()
    event = event or edited(edit)

    async def send() -> None:
        async with sender(settings) as sending:
            await sending.put(LEADERS, edit.key(), edit)
            await sending.confirm()
            await sending.put(REPORTS, event.leader, event)

    given.run(send())
    into = f" into {event.edit.into}" if event.edit.into else ""
    click.echo(f"{edit.action}: {event.leader}{into}")
