"""The core compiled: the same answers, and never older than its sources."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import IN_CI

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = (ROOT / "tests/golden/digest.txt").read_text("utf-8").strip()


def run(tree: Path, *command: str) -> str:
    """What it prints, run by this Python on the sources of the tree."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-4_000:]
    return done.stdout.strip()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what reading needs, as written."""
    if shutil.which(os.environ.get("CC", "cc")) is None:
        if IN_CI:
            pytest.fail("there is no C compiler", pytrace=False)
        pytest.skip("there is no C compiler")
    passed_over = shutil.ignore_patterns("*.so", "__pycache__")
    for name in ("schemas", "streams", "bench", "tools", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=passed_over)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.timeout(1_200)
def test_the_core_reads_the_same_compiled_and_as_written(tree: Path) -> None:
    which = ("-c", "from streams.core.build import build; print(build())")
    assert run(tree, *which) == "interpreted"

    run(tree, "tools/compiled.py", "--quickly")

    assert run(tree, *which) == "compiled"
    assert run(tree, "-m", "bench.speed", "--digest") == GOLDEN
    assert run(tree, "-m", "bench.interpreted", "--digest") == GOLDEN


def test_no_compiled_module_is_older_than_its_source() -> None:
    older = [
        str(source.relative_to(ROOT))
        for source in (ROOT / "streams/core").rglob("*.py")
        for library in source.parent.glob(f"{source.stem}.*.so")
        if library.stat().st_mtime < source.stat().st_mtime
    ]

    assert older == [], "compiled before they were changed: make compiled, or make interpreted"
