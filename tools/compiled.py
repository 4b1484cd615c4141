"""Compiles the core with mypyc: the same reader in machine code, with the same answers.

`python -m tools.compiled` (`make compiled`) puts the extension modules beside their sources, from
where Python takes them first; `python -m tools.compiled --remove` takes them away again. Needs a C
compiler, mypy and setuptools. `dragoman --version` says which of the two runs.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORE = Path("streams/core")
BUILD = Path("build/compiled")
GROUP = "dragoman"
"""All modules are one library; the others only name it."""
LEFT_ALONE = frozenset((CORE / "reports/trips.py",))
"""mypyc 2.4 knows no `in (*names, "other")`."""


def sources(root: Path) -> list[Path]:
    """What is compiled, relative to `root`. Packages stay as they are, so that data is found."""
    found = (path.relative_to(root) for path in (root / CORE).rglob("*.py"))
    return sorted(path for path in found if path.name != "__init__.py" and path not in LEFT_ALONE)


def built(root: Path) -> list[Path]:
    """The extension modules that are there."""
    return sorted((*(root / CORE).rglob("*.so"), *root.glob(f"{GROUP}__mypyc.*.so")))


def remove(root: Path) -> None:
    """Back to interpreted modules."""
    for path in built(root):
        path.unlink()


def compile_core(root: Path, optimised: bool = True) -> None:
    """Builds all in place. Takes minutes, most of them in the C compiler.

    The work is done in a process of its own, as mypy reads its settings from where it is started.
    """
    remove(root)
    command = [sys.executable, str(Path(__file__).resolve()), "--here"]
    command += [] if optimised else ["--quickly"]
    subprocess.run(command, cwd=root, check=True)


def _compile_here(optimised: bool) -> None:
    from mypyc.build import mypycify  # noqa: PLC0415 - needs setuptools, which not all have
    from setuptools import Distribution  # noqa: PLC0415
    from setuptools.command.build_ext import build_ext  # noqa: PLC0415

    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    extensions = mypycify(
        [f"--python-version={version}", *map(str, sources(Path.cwd()))],
        opt_level="3" if optimised else "0",
        debug_level="0",
        multi_file=True,
        group_name=GROUP,
        target_dir=str(BUILD),
    )
    command = build_ext(Distribution({"name": GROUP, "ext_modules": extensions}))
    command.inplace = True
    command.build_temp = str(BUILD / "objects")
    command.parallel = os.cpu_count()
    command.ensure_finalized()
    command.run()


def main(arguments: Sequence[str] | None = None) -> int:
    """Builds, or removes what was built."""
    parser = argparse.ArgumentParser(prog="python -m tools.compiled", description=__doc__)
    parser.add_argument("--remove", action="store_true", help="back to interpreted modules")
    parser.add_argument("--quickly", action="store_true", help="without optimisation, for tests")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.here:
        _compile_here(not chosen.quickly)
    elif chosen.remove:
        remove(ROOT)
    else:
        compile_core(ROOT, not chosen.quickly)
        print(f"compiled {len(sources(ROOT))} modules; make interpreted takes them away again")
    return 0


if __name__ == "__main__":
    sys.exit(main())
