"""The import contracts of pyproject.toml hold, and each is seen to fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).parent / "lint-imports"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINT), "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200"},
    )


def copy_to(folder: Path) -> None:
    for package in ("schemas", "streams"):
        shutil.copytree(
            ROOT / package,
            folder / package,
            ignore=lambda _, names: [
                name for name in names if "." in name and not name.endswith(".py")
            ],
        )
    shutil.copy(ROOT / "pyproject.toml", folder)


def test_the_contracts_hold() -> None:
    linted = lint(ROOT)

    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert "3 kept, 0 broken" in linted.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("schemas/planted.py", "import streams.core", "Imports point one way"),
        ("streams/core/planted.py", "import streams.knowledge", "Imports point one way"),
        ("streams/channels/planted.py", "import streams.knowledge", "Imports point one way"),
        ("streams/knowledge/planted.py", "import streams.shell", "Imports point one way"),
        ("streams/shell/planted.py", "import streams.cli", "Imports point one way"),
        ("streams/channels/planted.py", "import faust", "Only the shell"),
        ("streams/core/planted.py", "from os import environ", "Records and core"),
        ("schemas/planted.py", "def late():\n    import random", "Records and core"),
    ],
)
def test_a_planted_import_breaks_its_contract(
    tmp_path: Path, module: str, line: str, contract: str
) -> None:
    copy_to(tmp_path)
    (tmp_path / module).write_text(f'"""Planted."""\n\n{line}\n')

    linted = lint(tmp_path)

    assert linted.returncode == 1, linted.stdout + linted.stderr
    assert any(
        text.startswith(contract) and text.endswith("BROKEN") for text in linted.stdout.splitlines()
    ), linted.stdout
