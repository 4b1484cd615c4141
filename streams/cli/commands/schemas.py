"""`dragoman schemas`: the shapes of all messages, for other programs."""

from pathlib import Path

import click

from schemas.jsonschema import ASYNCAPI_FILE, documents
from schemas.topics import TOPICS
from streams.cli.failures import FailedError, UnusableError
from streams.cli.tables import print_table


@click.group(name="schemas")
def command() -> None:
    """Lists, shows and exports the shapes of all messages."""


@command.command(name="list")
def list_() -> None:
    """Topics and their schemas."""
    known = documents()
    rows = [
        (topic.name, name if (name := f"{topic.name}.schema.json") in known else "raw bytes")
        for topic in TOPICS
    ]
    print_table(("TOPIC", "SCHEMA"), [*rows, ("all", ASYNCAPI_FILE)])


@command.command()
@click.argument("name")
def show(name: str) -> None:
    """One schema: NAME is a topic, or `asyncapi` for the AsyncAPI document of all."""
    known = documents()
    for file in (name, f"{name}.schema.json", f"{name}.json"):
        if file in known:
            click.echo(known[file].decode(), nl=False)
            return
    raise UnusableError(f"there is no schema {name!r}; there are:", sorted(known))


@command.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(folder: Path) -> None:
    """Writes all of them into FOLDER: JSON Schema 2020-12, and AsyncAPI."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in documents().items():
            (folder / name).write_bytes(content)
            click.echo(folder / name)
    except OSError as error:
        raise FailedError(f"{error.filename}: {error.strerror}") from None
