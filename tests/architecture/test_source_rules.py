"""Rules on the source itself that no linter has, each with a violation planted beside it."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("schemas", "streams")
GUARD = "streams/shell/guard.py"
CHANNELS = "streams/shell/postman.py"
"""A fault of ours in one channel holds up no other subscription."""
SETTINGS = "streams/shell/settings.py"
BANNED = frozenset(("util", "helper", "common", "manager", "service", "processor", "misc"))
CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"},
}

Rule = Callable[[ast.Module], Iterator[int]]


def sources(*folders: str) -> list[Path]:
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def broken(rule: Rule, *folders: str) -> list[str]:
    """Where the rule is broken, as `path:line`."""
    return [
        f"{file.relative_to(ROOT)}:{line}"
        for file in sources(*folders)
        for line in rule(ast.parse(file.read_text(encoding="utf-8")))
    ]


def clock_readings(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if node.func.attr in CLOCKS.get(name, ()):
                yield node.lineno


def broad_handlers(tree: ast.Module) -> Iterator[int]:
    """Handlers of everything that do not simply raise it again."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and catches_all(node.type):
            last = node.body[-1]
            if not (isinstance(last, ast.Raise) and last.exc is None):
                yield node.lineno


def catches_all(kind: ast.expr | None) -> bool:
    if kind is None:
        return True
    names = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(
        isinstance(name, ast.Name) and name.id in ("Exception", "BaseException") for name in names
    )


def environment_readings(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv"):
            yield node.lineno
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            yield from (
                node.lineno for name in node.names if name.name in ("environ", "environb", "getenv")
            )


def relative_imports(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield node.lineno


def missing_docstring(tree: ast.Module) -> Iterator[int]:
    if not (ast.get_docstring(tree) or "").strip():
        yield 1


def badly_named(files: list[Path]) -> list[str]:
    return [
        str(file)
        for file in files
        if any(
            word.rstrip("s") in BANNED
            for part in (*file.parts[:-1], file.stem)
            for word in part.lower().split("_")
        )
    ]


def test_records_and_core_read_no_clock() -> None:
    assert broken(clock_readings, "schemas", "streams/core") == []


def test_one_place_for_messages_and_one_for_channels_catch_everything() -> None:
    found = broken(broad_handlers, *PACKAGES)

    assert sorted(place.rpartition(":")[0] for place in found) == [GUARD, CHANNELS], found


def test_the_environment_is_read_by_the_settings_alone() -> None:
    found = broken(environment_readings, *PACKAGES)

    assert {place.rpartition(":")[0] for place in found} <= {SETTINGS}, found


def test_imports_are_absolute() -> None:
    assert broken(relative_imports, *PACKAGES) == []


def test_every_module_says_which_idea_lives_in_it() -> None:
    assert broken(missing_docstring, *PACKAGES) == []


def test_no_module_is_named_for_having_no_idea() -> None:
    assert badly_named([file.relative_to(ROOT) for file in sources(*PACKAGES)]) == []


@pytest.mark.parametrize(
    ("rule", "source", "lines"),
    [
        (clock_readings, "datetime.now(UTC)\nx.time()\ndatetime.datetime.now()", [1, 3]),
        (clock_readings, "time.time()\ntime.sleep(1)\ndate.today()", [1, 3]),
        (broad_handlers, "try:\n    x\nexcept Exception:\n    y", [3]),
        (broad_handlers, "try:\n    x\nexcept (ValueError, BaseException):\n    y", [3]),
        (broad_handlers, "try:\n    x\nexcept:\n    y", [3]),
        (broad_handlers, "try:\n    x\nexcept BaseException:\n    y\n    raise", []),
        (broad_handlers, "try:\n    x\nexcept ValueError:\n    y", []),
        (environment_readings, "import os\nos.environ['A']\nos.getenv('A')", [2, 3]),
        (environment_readings, "from os import environ", [1]),
        (relative_imports, "from . import x\nfrom streams import y", [1]),
        (missing_docstring, "x = 1", [1]),
        (missing_docstring, '"""Says so."""', []),
    ],
)
def test_each_rule_notices_its_violation(rule: Rule, source: str, lines: list[int]) -> None:
    assert list(rule(ast.parse(source))) == lines


def test_a_bad_name_is_noticed() -> None:
    names = [
        Path("streams/core/utils.py"),
        Path("streams/date_helpers.py"),
        Path("a/services/b.py"),
    ]

    assert badly_named([*names, Path("streams/core/dates.py")]) == [str(name) for name in names]


WATCHED_IMPORT = """
import importlib, pkgutil, sys

def watch(event, args):
    if event in ("socket.connect", "socket.bind", "subprocess.Popen", "os.system", "os.mkdir"):
        raise RuntimeError(f"{event} {args} while importing")
    writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if writes and "__pycache__" not in str(args[0]):
        raise RuntimeError(f"open {args} while importing")

sys.dont_write_bytecode = True
for name in sys.argv[2:]:
    importlib.import_module(name)  # their own imports may do as they like
sys.addaudithook(watch)
package = importlib.import_module(sys.argv[1])
for found in pkgutil.walk_packages(package.__path__, sys.argv[1] + "."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
"""


def import_all(package: str, folder: Path) -> subprocess.CompletedProcess[str]:
    third_parties = ("faust", "aiokafka", "aiohttp", "prometheus_client", "click", "orjson")
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WATCHED_IMPORT, package, *third_parties],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_opens_nothing_and_starts_nothing(package: str) -> None:
    imported = import_all(package, ROOT)

    assert imported.returncode == 0, imported.stderr


@pytest.mark.parametrize(
    "line", ["import socket; socket.socket().bind(('127.0.0.1', 0))", "open('made', 'w')"]
)
def test_an_import_that_does_something_is_noticed(tmp_path: Path, line: str) -> None:
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted" / "__init__.py").write_text("")
    (tmp_path / "planted" / "busy.py").write_text(line)

    imported = import_all("planted", tmp_path)

    assert imported.returncode == 1
    assert "while importing" in imported.stderr
