"""How a command ends that could not do what it was asked: what people read, and the exit code."""

from collections.abc import Iterable

import click


class FailedError(click.ClickException):
    """Something that should have worked did not: exit code 1."""

    exit_code = 1


class UnusableError(click.ClickException):
    """Settings, data files or arguments are wrong; starting again does not help: exit code 2.

    All faults are told at once.
    """

    exit_code = 2

    def __init__(self, title: str, faults: Iterable[str]) -> None:
        lines = [f"  {line}" for fault in faults for line in fault.splitlines()]
        super().__init__("\n".join([title, *lines]))
