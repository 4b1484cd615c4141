"""What the files in deploy/ are held against: real tools, command line and settings."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import pytest

from streams.cli.group import dragoman
from streams.shell.brokers.kafka_jars import fetch_jars, find_java
from streams.shell.settings import PREFIX, load_settings, settings_table

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = frozenset(row.variable for row in settings_table())
IMAGES_PINNED = r"^[\w./-]+:[\w.-]*\d[\w.-]*@sha256:[0-9a-f]{64}$"


def tool(name: str) -> str:
    """A program that came with the development dependencies; skips the test where it did not."""
    program = Path(sys.executable).parent / name
    if not program.exists():
        missing = f"{name} comes for Linux on x86-64 only"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return str(program)


def unknown_settings(environment: Mapping[str, object]) -> set[str]:
    """Variables that begin as ours do and are none of our settings."""
    return {name for name in environment if name.startswith(PREFIX)} - SETTINGS


def check_settings(environment: Mapping[str, str], directory: Path) -> None:
    """Fails where a process of ours would not start on these; its paths are made in `directory`."""
    ours = {name: value for name, value in environment.items() if name.startswith(PREFIX)}
    for name in [name for name in ours if name.endswith(("_FILE", "_DIR", "_LOG"))]:
        if ours[name] != "-":
            path = directory / ours[name].lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
            ours[name] = str(path)
    load_settings(ours)


def parse_command(arguments: Sequence[str]) -> str:
    """The command that these are for, once it has parsed them; raises as the command line does."""
    context = click.Context(dragoman, info_name="dragoman")
    command: click.Command = dragoman
    rest = list(arguments)
    while isinstance(command, click.Group):
        name, found, rest = command.resolve_command(context, rest)
        assert found is not None, f"there is no command {name}"
        context = click.Context(found, parent=context, info_name=name)
        command = found
    command.parse_args(context, rest)
    return context.command_path


def kafka_format(environment: Mapping[str, str], directory: Path) -> list[str]:
    """Kafka's own command that refuses settings it cannot start with, on those of an image.

    The image makes `a.b` of `KAFKA_A_B`, and takes what Java is told for itself.
    """
    own = {"KAFKA_HEAP_OPTS"}
    lines = {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in environment.items()
        if name.startswith("KAFKA_") and name not in own
    }
    lines["log.dirs"] = str(directory / "data")
    properties = directory / "server.properties"
    properties.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
    return [
        find_java(),
        "-cp",
        f"{fetch_jars()}/*",
        "kafka.tools.StorageTool",
        "format",
        "--cluster-id",
        environment["CLUSTER_ID"],
        "--config",
        str(properties),
    ]
