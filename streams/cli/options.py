"""Options that several commands share, and the types of their values."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import click

from schemas.base import moment

F = TypeVar("F", bound=Callable[..., Any])


class Moment(click.ParamType):
    """An ISO 8601 time; without an offset it is UTC. A day alone is its begin, or its end."""

    name = "time"

    def __init__(self, *, end_of_day: bool = False) -> None:
        self._end_of_day = end_of_day

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return moment(str(value), end_of_day=self._end_of_day)
        except ValueError as error:
            self.fail(str(error), param, ctx)


MOMENT = Moment()
UNTIL = Moment(end_of_day=True)


def format_option(command: F) -> F:
    """`--format`: a wire format by name, or told from the bytes."""
    from streams.core.wire import AUTO, FORMATS  # noqa: PLC0415

    return click.option(
        "--format",
        "format_name",
        type=click.Choice([AUTO, *FORMATS]),
        default=AUTO,
        show_default=True,
        help="Wire format; auto tells it from each file's bytes.",
    )(command)


def source_option(command: F) -> F:
    """`--source`: the outlet of items that name none."""
    return click.option(
        "--source", metavar="NAME", help="Outlet or agency of items that name none themselves."
    )(command)


def colour_options(command: F) -> F:
    """`--color/--no-color`; by default colours on a terminal, unless NO_COLOR is set."""
    plain = click.option(
        "--plain",
        envvar="NO_COLOR",
        default="",
        hidden=True,
        expose_value=False,
        is_eager=True,
        callback=_plain,
    )
    choice = click.option(
        "--color/--no-color",
        default=None,
        expose_value=False,
        callback=_colour,
        help="Colours, or none. By default on a terminal only, and not with NO_COLOR.",
    )
    return plain(choice(command))


def _plain(ctx: click.Context, _: click.Parameter, value: str) -> None:
    if value:
        ctx.color = False


def _colour(ctx: click.Context, _: click.Parameter, value: bool | None) -> None:
    if value is not None:
        ctx.color = value
