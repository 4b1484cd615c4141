"""Plain tables for people: columns as wide as they need to be, the last one open."""

from collections.abc import Sequence

import click


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints it to standard output; with no rows, only the head."""
    widths = [
        max((len(row[column]) for row in [head, *rows]), default=0) for column in range(len(head))
    ]
    for number, row in enumerate([head, *rows]):
        cells = [
            cell if column == len(head) - 1 else cell.ljust(widths[column])
            for column, cell in enumerate(row)
        ]
        click.secho("  ".join(cells).rstrip(), bold=number == 0)
