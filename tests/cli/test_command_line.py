"""The command line as a whole: help, exit codes, and what it costs to start."""

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from streams.cli.group import SECTIONS, dragoman

DRAGOMAN = Path(sys.executable).parent / "dragoman"
NAMES = [entry.name for entries in SECTIONS.values() for entry in entries]


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("DRAGOMAN_")}
    return subprocess.run(
        [str(DRAGOMAN), *arguments],
        env=own | variables,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_the_list_of_commands_is_the_commands_there_are() -> None:
    folder = Path(__file__).resolve().parents[2] / "streams" / "cli" / "commands"
    modules = {file.stem.replace("_", "-") for file in folder.glob("[a-z]*.py")}

    assert set(NAMES) == modules
    assert len(NAMES) == len(modules)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_explains_itself(name: str) -> None:
    command = import_module(f"streams.cli.commands.{name.replace('-', '_')}").command
    assert command.name == name

    for each in (command, *getattr(command, "commands", {}).values()):
        assert len(each.help or "") > 20, each.name
        options = [part for part in each.params if isinstance(part, click.Option)]
        assert [part.name for part in options if not part.help and not part.hidden] == []


@pytest.mark.parametrize("name", NAMES)
def test_help_is_an_answer(name: str) -> None:
    result = CliRunner().invoke(dragoman, [name, "--help"])

    assert (result.exit_code, result.stdout.startswith("Usage: ")) == (0, True)


def test_the_overview_shows_every_command_in_its_section() -> None:
    result = CliRunner().invoke(dragoman, ["--help"])

    assert result.exit_code == 0
    for title, entries in SECTIONS.items():
        assert f"{title}:" in result.stdout
        assert all(f"  {entry.name} " in result.stdout for entry in entries)
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_the_overview_imports_nothing_heavy() -> None:
    """It is what makes `--help` quick; a clock would measure the machine."""
    program = (
        "import sys; sys.argv = ['dragoman', '--help']\n"
        "from streams.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'faust', 'mode', 'aiokafka', 'pydantic', 'aiohttp', 'asyncio', 'orjson'}\n"
        "sys.exit(', '.join(sorted(heavy & sys.modules.keys())) or 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_the_version_is_told() -> None:
    done = run("--version")

    assert done.returncode == 0
    assert re.fullmatch(r"dragoman \d\S*, (compiled|interpreted)\n", done.stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nix",),
        ("analyze",),
        ("analyze", "--format", "morse", "x"),
        ("replay",),
        ("replay", "x", "--topic"),
        ("replay", "x", "--fail-on-change"),
        ("dead-letters", "requeue"),
        ("dead-letters", "requeue", "--all", "an-id"),
        ("worker", "--only", "parse,sing"),
        ("worker", "--only", "sing", "--only", "parse"),
        ("schemas", "show", "nix"),
        ("dossier", "x", "--at", "teatime"),
        ("leaders", "show", "Nobody Ever Known"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert "Error" in done.stderr
    assert "Traceback" not in done.stderr


def test_whom_only_the_wire_knows_is_edited_by_id_and_the_error_says_where_it_is() -> None:
    done = run("leaders", "alias", "Zzyzx Qwrtplk", "Zed")

    assert done.returncode == 2
    assert "`dragoman leaders proposed --topic`" in done.stderr


def test_all_wrong_settings_are_told_at_once() -> None:
    done = run(
        "topics", "check", DRAGOMAN_BROKER="nowhere", DRAGOMAN_PARTITIONS="0", DRAGOMAN_BROKR="x"
    )

    assert done.returncode == 2
    for name in ("DRAGOMAN_BROKER", "DRAGOMAN_PARTITIONS", "DRAGOMAN_BROKR"):
        assert name in done.stderr


def test_wrong_data_files_are_told_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "leaders.csv").write_text("nonsense\n")

    done = run("knowledge", "check", DRAGOMAN_KNOWLEDGE_DIR=str(tmp_path))

    assert done.returncode == 2
    assert "leaders.csv" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broker_that_is_not_there_is_exit_code_1_and_says_so() -> None:
    done = run("dead-letters", "list", DRAGOMAN_BROKER="127.0.0.1:1")

    assert done.returncode == 1
    assert "127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_enough_is_no_error() -> None:
    done = subprocess.run(
        f"{DRAGOMAN} schemas show asyncapi | head -c 10",
        shell=True,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert (len(done.stdout), done.stderr) == (10, "")
