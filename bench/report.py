"""Where figures come from, and where they go: docs/performance.md, between marks of their own."""

import os
import platform
import subprocess
from pathlib import Path

REPORT = Path(__file__).resolve().parent.parent / "docs/performance.md"


def commit() -> str:
    """The commit that is measured, with `-dirty` where the tree is not that."""
    git = ("git", "describe", "--always", "--dirty")
    done = subprocess.run(git, capture_output=True, text=True, check=False, cwd=REPORT.parent)
    return done.stdout.strip() or "unknown"


def machine() -> str:
    """Commit, Python and processor of this run."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    cores = len(os.sched_getaffinity(0))
    return (
        f"Commit `{commit()}`, Python {platform.python_version()}, {cores} cores "
        f"({names[0] if names else platform.machine()})"
    )


def put(name: str, figures: str, report: Path = REPORT) -> None:
    """Puts figures in place of those between the marks of this name; the rest stays as it is."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    head, found, rest = report.read_text("utf-8").partition(begin)
    _, closed, tail = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{report} has no marks {begin} and {end}")
    report.write_text(f"{head}{begin}\n{figures}\n{end}{tail}", "utf-8")
