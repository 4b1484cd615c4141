"""`dragoman subscriptions silence|silences|unsilence|resume|retry`: decisions at run time.

Each is a record on `subscriptions.v1`, from where running workers take it.
"""

import getpass
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, get_args

import click

from schemas.alerts import AlertKind
from schemas.base import LeaderId
from schemas.subscriptions import Retry, Silence, Subscription, Wish
from schemas.topics import SUBSCRIPTIONS
from streams.cli import given
from streams.cli.failures import UnusableError
from streams.cli.items import Problem
from streams.cli.naming import resolve
from streams.cli.tables import print_table
from streams.core import wording
from streams.core.provisional import is_provisional

if TYPE_CHECKING:
    from streams.core.knowledge import Knowledge

_SPAN = re.compile(r"^(\d+)(m|h|d)$")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def add_to(group: click.Group) -> None:
    """The commands of this module, as `dragoman subscriptions …`."""
    for command in (silence, silences, unsilence, resume, retry):
        group.add_command(command)


def _span(_: click.Context, __: click.Parameter, value: str) -> timedelta:
    match = _SPAN.match(value)
    if match is None:
        raise click.BadParameter("a span is a number and m, h or d, such as 90m, 8h or 2d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


@click.command()
@click.option("--for", "span", required=True, callback=_span, metavar="SPAN", help="90m, 8h, 2d.")
@click.option("--subscription", metavar="ID", help="Of this one alone; otherwise of all.")
@click.option("--leader", "leaders", multiple=True, metavar="LEADER", help="Travels or is invited.")
@click.option("--country", "countries", multiple=True, metavar="CODE", help="Goes to, or is of.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(get_args(AlertKind)),
    help="Of alerts; may be given several times, as the two before.",
)
@click.option("--author", default=getpass.getuser, show_default="who you are", help="Who decides.")
@click.option("--comment", default="", help="Why.")
def silence(
    *,
    span: timedelta,
    subscription: str | None,
    leaders: tuple[str, ...],
    countries: tuple[str, ...],
    kinds: tuple[AlertKind, ...],
    author: str,
    comment: str,
) -> None:
    """Passes over what is named, from now on for a while.

    What changes or takes back something that was told still comes.
    """
    if not (subscription or leaders or countries or kinds):
        raise UnusableError("this would silence everything:", ["name what is not wanted"])
    if subscription is not None:
        _one_of(subscription, subscriptions_in_force())
    known = given.knowledge(given.settings().knowledge_dir)
    now = datetime.now(UTC)
    made = Silence(
        id=f"s-{now:%Y%m%d-%H%M%S}",
        subscription=subscription,
        leaders=tuple(_leader(each, known) for each in leaders),
        countries=tuple(_country(each, known) for each in countries),
        kinds=kinds,
        begins_at=now,
        ends_at=now + span,
        author=author,
        comment=comment,
    )
    _put(made)
    click.echo(f"{made.id}, until {wording.moment(made.ends_at)}")


@click.command(name="silences")
def silences() -> None:
    """Silences that hold now, with who decided them and until when."""
    now = datetime.now(UTC)
    print_table(
        ("ID", "OF", "WHAT", "UNTIL", "BY", "WHY"),
        [
            (
                each.id,
                each.subscription or "all",
                ", ".join((*each.leaders, *each.countries, *each.kinds)) or "everything",
                wording.moment(each.ends_at),
                each.author,
                each.comment or "-",
            )
            for each in _silences().values()
            if each.holds(now)
        ],
    )


@click.command()
@click.argument("silence_id", metavar="SILENCE")
def unsilence(silence_id: str) -> None:
    """Ends a silence before its time."""
    held = _silences().get(silence_id)
    now = datetime.now(UTC)
    if held is None or held.is_over(now):
        raise UnusableError(
            f"{silence_id!r} is no silence that holds:", ["`dragoman subscriptions silences`"]
        )
    _put(held.ended(now))
    click.echo(f"{silence_id} has ended")


@click.command()
@click.argument("subscription", metavar="ID")
def resume(subscription: str) -> None:
    """Puts a subscription in again that was paused because its end said that it is gone.

    What was given up meanwhile is among the dead letters, and can be requeued.
    """
    held = _one_of(subscription, subscriptions_in_force())
    if held.state != "paused":
        raise UnusableError(f"{subscription} is not paused:", [f"it is {held.state}"])
    _put(held.model_copy(update={"state": "active"}))
    click.echo(f"{subscription} is active")


@click.command()
@click.argument("subscription", metavar="ID")
@click.option("--author", default=getpass.getuser, show_default="who you are", help="Who decides.")
def retry(subscription: str, author: str) -> None:
    """Tries at once what has failed for a subscription, when its end was mended.

    What fails again waits for its next try as before.
    """
    held = _one_of(subscription, subscriptions_in_force())
    if held.state != "active":
        raise UnusableError(
            f"{subscription} is {held.state}:", [f"`dragoman subscriptions resume {subscription}`"]
        )
    _put(Retry(subscription=subscription, at=datetime.now(UTC), author=author))
    click.echo(f"what has failed for {subscription} is tried now")


def subscriptions_in_force() -> dict[str, Subscription]:
    """All that were ever put on the topic, as they are now, by id. Raises `FailedError`."""
    return {each.id: each for each in _records() if isinstance(each, Subscription)}


def _silences() -> dict[str, Silence]:
    return {each.id: each for each in _records() if isinstance(each, Silence)}


def _records() -> list[Wish]:
    from streams.cli.recorded import records_of  # noqa: PLC0415

    problems: list[Problem] = []
    found = list(records_of(SUBSCRIPTIONS.name, problems))
    for problem in problems:
        click.echo(f"{problem.where}: {problem.reason}", err=True)
    return found


def _one_of(subscription: str, held: dict[str, Subscription]) -> Subscription:
    found = held.get(subscription)
    if found is None or found.state == "removed":
        names = ", ".join(sorted(key for key, each in held.items() if each.state != "removed"))
        raise UnusableError(f"there is no subscription {subscription!r}:", [names or "none at all"])
    return found


def _leader(said: str, known: "Knowledge") -> LeaderId:
    return LeaderId(said if is_provisional(said) else resolve(said, known.leaders).id)


def _country(said: str, known: "Knowledge") -> str:
    code = said.upper()
    if code not in {each.code for each in known.countries}:
        raise UnusableError(f"{said!r} is no country:", ["write it as in ISO 3166-1, such as EC"])
    return code


def _put(record: Wish) -> None:
    from streams.shell.in_force import put  # noqa: PLC0415

    given.run(put(given.settings(), [record]))
