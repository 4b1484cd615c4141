"""`dragoman dead-letters`: look at what was refused, and put it back."""

import sys
from typing import TYPE_CHECKING

import click

from schemas.dead_letters import REASONS, DeadLetter
from streams.cli import given
from streams.cli.failures import FailedError
from streams.cli.tables import print_table

if TYPE_CHECKING:
    from streams.shell.settings import Settings

_ROW = 16
_PRINTABLE_SHARE = 0.95


@click.group(name="dead-letters")
def command() -> None:
    """Lists, shows and requeues what was refused.

    A dead letter has the whole message, where it was, and why it was refused. When the cause is
    gone, requeue it: it is sent again to the topic it came from.
    """


@command.command(name="list")
@click.option("--reason", type=click.Choice(REASONS), help="Only those with this reason.")
@click.option("--all", "everything", is_flag=True, help="Those that were requeued as well.")
def list_(reason: str | None, everything: bool) -> None:
    """Those that are open, oldest first."""
    letters = _chosen(_all(given.settings()), reason, everything=everything)
    print_table(
        ("ID", "FAILED AT", "STATE", "REASON", "TOPIC", "DETAIL"),
        [
            (
                letter.id,
                f"{letter.failed_at:%Y-%m-%d %H:%M:%S}",
                letter.state,
                letter.reason,
                f"{letter.topic}[{letter.partition}]@{letter.offset}",
                " ".join(letter.detail.split())[:100],
            )
            for letter in letters
        ],
    )


@command.command()
@click.argument("letter_id", metavar="ID")
@click.option("--raw", is_flag=True, help="Only the bytes of the message, to standard output.")
def show(letter_id: str, raw: bool) -> None:
    """One of them: what is known of it, and the message.

    The beginning of an id is enough where it is the only one that begins so.
    """
    letter = _one(_all(given.settings()), letter_id)
    if raw:
        sys.stdout.buffer.write(letter.value)
        sys.stdout.buffer.flush()
        return
    for name, value in _facts(letter):
        click.echo(f"{name:<10} {value}")
    click.echo()
    click.echo(printable(letter.value))


@command.command()
@click.argument("ids", nargs=-1, metavar="ID…")
@click.option("--all", "everything", is_flag=True, help="All that are open.")
@click.option("--reason", type=click.Choice(REASONS), help="With --all: only with this reason.")
def requeue(ids: tuple[str, ...], everything: bool, reason: str | None) -> None:
    """Sends messages again to where they came from, with their keys and headers.

    Each is confirmed by the brokers and its letter then marked as requeued. Should the message be
    refused again, that makes a new letter.
    """
    if bool(ids) == everything or (reason and not everything):
        raise click.UsageError("give ids, or --all, with or without --reason")
    settings = given.settings()
    letters = _all(settings)
    chosen = (
        _chosen(letters, reason, everything=False)
        if everything
        else [_one(letters, letter_id) for letter_id in ids]
    )
    from streams.shell.record import requeue as put_back  # noqa: PLC0415

    given.run(put_back(settings, chosen, _tell))
    if not chosen:
        click.echo("nothing to requeue", err=True)


def printable(data: bytes) -> str:
    """Bytes as people can read them: as text if it is one, else in hexadecimal, 16 a line."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _hexadecimal(data)
    shown = sum(sign.isprintable() or sign in "\n\r\t" for sign in text)
    if shown < len(text) * _PRINTABLE_SHARE:
        return _hexadecimal(data)
    # What could move the cursor is shown as its code.
    return "".join(
        sign if sign.isprintable() or sign in "\n\t" else f"\\x{ord(sign):02x}"
        for sign in text.replace("\r\n", "\n")
    )


def _hexadecimal(data: bytes) -> str:
    return "\n".join(
        f"{at:08x}  {data[at : at + _ROW].hex(' '):<47}  "
        + "".join(chr(byte) if 32 <= byte < 127 else "." for byte in data[at : at + _ROW])
        for at in range(0, len(data), _ROW)
    )


def _facts(letter: DeadLetter) -> list[tuple[str, str]]:
    headers = [(f"  {h.key}", h.value.decode("utf-8", "replace")) for h in letter.headers]
    return [
        ("id", letter.id),
        ("state", letter.state),
        ("reason", letter.reason),
        ("detail", letter.detail),
        ("topic", f"{letter.topic}, partition {letter.partition}, offset {letter.offset}"),
        ("key", "none" if letter.key is None else printable(letter.key)),
        ("refused", f"by {letter.hop} of version {letter.software} at {letter.failed_at}"),
        ("size", f"{len(letter.value):,} bytes"),
        *headers,
    ]


def _all(settings: "Settings") -> list[DeadLetter]:
    from streams.shell.record import dead_letters  # noqa: PLC0415

    return list(given.run(dead_letters(settings)).values())


def _chosen(letters: list[DeadLetter], reason: str | None, *, everything: bool) -> list[DeadLetter]:
    return [
        letter
        for letter in letters
        if (everything or letter.state == "open") and reason in (None, letter.reason)
    ]


def _one(letters: list[DeadLetter], beginning: str) -> DeadLetter:
    found = [
        letter
        for letter in letters
        if letter.id.startswith(beginning) or letter.id.startswith(f"dead:{beginning}")
    ]
    exact = [letter for letter in found if letter.id == beginning] or found
    if len(exact) != 1:
        many = f"{len(exact)} dead letters begin" if exact else "no dead letter begins"
        raise FailedError(f"{many} with {beginning!r}; `dragoman dead-letters list --all`")
    return exact[0]


def _tell(letter: DeadLetter) -> None:
    click.echo(f"requeued {letter.id} to {letter.topic}")
