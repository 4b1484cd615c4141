"""`dragoman schemas`: the shapes of all messages, for other programs."""

from pathlib import Path

import click

from schemas.jsonschema import ASYNCAPI_FILE
from schemas.topics import TOPICS
from streams.cli.failures import FailedError, UnusableError
from streams.cli.tables import print_table


def documents() -> dict[str, bytes]:
    """File name to content: all of the topics, and the OpenAPI document of the API."""
    from schemas.jsonschema import documents as of_topics  # noqa: PLC0415
    from streams.shell.api.document import OPENAPI_FILE, openapi_document  # noqa: PLC0415

    return of_topics() | {OPENAPI_FILE: openapi_document()}


@click.group(name="schemas")
def command() -> None:
    """Lists, shows and exports the shapes of all messages, and of the API."""


@command.command(name="list")
def list_() -> None:
    """Topics and their schemas.

    ADDITIONS counts how often fields were added. Two versions of Dragoman can run side by side
    where their topics are the same, and none of the additions between them is among STOPS.
    """
    known = documents()
    rows = [
        (
            topic.name,
            name if (name := f"{topic.name}.schema.json") in known else "raw bytes",
            str(topic.additions),
            ", ".join(map(str, topic.stops)),
        )
        for topic in TOPICS
    ]
    others = [("all", ASYNCAPI_FILE, "", ""), ("the API", "openapi.json", "", "")]
    print_table(("TOPIC", "SCHEMA", "ADDITIONS", "STOPS"), [*rows, *others])


@command.command()
@click.argument("name")
def show(name: str) -> None:
    """One schema: NAME is a topic, `asyncapi` for all of them, or `openapi` for the API."""
    known = documents()
    for file in (name, f"{name}.schema.json", f"{name}.json"):
        if file in known:
            click.echo(known[file].decode(), nl=False)
            return
    raise UnusableError(f"there is no schema {name!r}; there are:", sorted(known))


@command.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(folder: Path) -> None:
    """Writes all of them into FOLDER: JSON Schema 2020-12, AsyncAPI and OpenAPI."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in documents().items():
            (folder / name).write_bytes(content)
            click.echo(folder / name)
    except OSError as error:
        raise FailedError(f"{error.filename}: {error.strerror}") from None
