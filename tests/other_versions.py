"""Other versions of the service, for workers of two versions side by side.

`next_version` is this tree, changed as an upgrade would change it; it needs no history.
`checked_out` is a real commit with an environment of its own; it needs the repository and a package
index.
"""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from worker_process import THIS, Version

ADDED = "told_by_next"
"""A field that all records have in the next version. Its reader fills it in in reports."""
SAID = "said by the next version"
LEADER = "invented-leader-of-the-next-version"

NO_NEW_FIELD = ("Record", "Person", "Place", "Dates", "TripClaim", "InvitationClaim", "LeaderEdit")
"""Ids of reports and edits are made from these: tests/schemas/test_growth.py holds them still."""


def next_version(folder: Path) -> Version:
    """This tree in `folder`, as it might be after an upgrade.

    Each record but those of `NO_NEW_FIELD` has a field more, and each topic counts an addition; the
    reader says something in it; a leader and words of a topic are new in the data files.
    """
    for part in ("schemas", "streams"):
        shutil.copytree(THIS.root / part, folder / part, ignore=shutil.ignore_patterns("*.so"))
    (folder / "tests").mkdir()
    for name in ("plain_worker.py", "plain_wire.py"):
        shutil.copy(THIS.root / "tests" / name, folder / "tests")
    for file in (folder / "schemas").glob("*.py"):
        file.write_text(_with_more_fields(file.read_text("utf-8")), "utf-8")
    _replace(folder / "schemas/topics.py", r"additions(: int)? ?= ?(\d+)", _one_more)
    _replace(
        folder / "streams/core/editions.py",
        r"knowledge=reading\.knowledge,",
        lambda found: f"{found[0]} {ADDED}={SAID!r},",
    )
    with (folder / "streams/data/leaders.csv").open("a", encoding="utf-8") as leaders:
        leaders.write(f"{LEADER},Ariadne Fenwick-Solveig,XK,yes,,Fenwick-Solveig,no,\n")
    _replace(
        folder / "streams/data/topics.toml",
        r"\[diplomacy\.strong\]\n(.*\n)*?en = \[",
        lambda found: f'{found[0]}"officials said", ',
    )
    return Version(folder, THIS.python)


@contextmanager
def checked_out(commit: str, folder: Path) -> Iterator[Version]:
    """The tree of a commit, with what its own lock file names installed; gone afterwards."""
    tree = folder / "tree"
    _run("git", "-C", str(THIS.root), "worktree", "add", "--detach", str(tree), commit)
    try:
        python = folder / "environment" / "bin" / "python"
        _run(sys.executable, "-m", "venv", str(python.parent.parent))
        pins = tree / "constraints.txt"
        pinned = ("-c", str(pins)) if pins.exists() else ()
        _run(str(python), "-m", "pip", "install", "--quiet", *pinned, "-e", str(tree))
        known = _run(str(python), "-c", _SETTINGS, cwd=tree).split()
        yield Version(tree, python, frozenset(known))
    finally:
        _run("git", "-C", str(THIS.root), "worktree", "remove", "--force", str(tree))


def _with_more_fields(source: str) -> str:
    """The module with the new field at the end of each record."""
    lines = source.splitlines(keepends=True)
    records = [
        each
        for each in ast.parse(source).body
        if isinstance(each, ast.ClassDef)
        and each.name not in NO_NEW_FIELD
        and any(isinstance(base, ast.Name) and base.id == "Record" for base in each.bases)
    ]
    for each in reversed(records):
        assert each.end_lineno is not None
        lines.insert(each.end_lineno, f"\n    {ADDED}: str | None = None\n")
    return "".join(lines)


def _one_more(found: re.Match[str]) -> str:
    return f"additions{found[1] or ''} = {int(found[2]) + 1}"


def _replace(file: Path, pattern: str, by: object) -> None:
    """Replaces all; fails where there is nothing: the tree has changed, and this has to follow."""
    changed, count = re.subn(pattern, by, file.read_text("utf-8"))  # type: ignore[call-overload]
    assert count, f"{pattern} is not in {file}"
    file.write_text(changed, "utf-8")


_SETTINGS = """
from streams.shell.settings import settings_table
print(*(row.variable for row in settings_table()))
"""


def _run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=1_200, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
    return done.stdout
