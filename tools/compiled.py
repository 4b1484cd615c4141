"""Compiles the core with mypyc: the same reader in machine code, with the same answers.

`python tools/compiled.py` (`make compiled`) puts extension modules beside their sources, from where
Python takes them first, so it is to be run again after a change; `--remove` (`make interpreted`)
takes them away. Needs a C compiler, mypy and setuptools. `dragoman --version` says which runs.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

CORE = Path("streams/core")
BUILD = Path("build/compiled")
GROUP = "dragoman"
"""Begins the name of the library that holds all modules, a module of its own beside the packages;
what lies beside each source only leads there."""


def sources() -> list[Path]:
    """What is compiled. Packages stay as they are: what is in them is found by their paths."""
    return sorted(path for path in CORE.rglob("*.py") if path.name != "__init__.py")


def library() -> list[Path]:
    """The file that holds all modules, if it is there."""
    return sorted(Path().glob(f"{GROUP}__mypyc.*.so"))


def remove() -> None:
    """Back to interpreted modules."""
    for path in (*CORE.rglob("*.so"), *library()):
        path.unlink()
    shutil.rmtree(BUILD, ignore_errors=True)


def compile_core(optimised: bool) -> None:
    """Takes minutes, most of them in the C compiler."""
    from mypyc.build import mypycify  # noqa: PLC0415 - needs setuptools, which not all have
    from setuptools import Distribution  # noqa: PLC0415
    from setuptools.command.build_ext import build_ext  # noqa: PLC0415

    remove()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    extensions = mypycify(
        [f"--python-version={version}", *map(str, sources())],
        opt_level="3" if optimised else "0",
        debug_level="0",
        multi_file=True,
        group_name=GROUP,
        target_dir=str(BUILD),
    )
    command = build_ext(Distribution({"name": GROUP, "ext_modules": extensions}))
    command.inplace = True
    command.build_lib = str(BUILD / "modules")
    command.build_temp = str(BUILD / "objects")
    command.parallel = os.cpu_count()
    command.ensure_finalized()
    command.run()


def main(arguments: Sequence[str] | None = None) -> int:
    """Builds for the sources below the current directory, or removes what was built."""
    parser = argparse.ArgumentParser(prog="tools/compiled.py", description=__doc__)
    parser.add_argument("--remove", action="store_true", help="back to interpreted modules")
    parser.add_argument("--quickly", action="store_true", help="without optimisation, for tests")
    chosen = parser.parse_args(arguments)
    if chosen.remove:
        remove()
    else:
        compile_core(not chosen.quickly)
    return 0


if __name__ == "__main__":
    sys.exit(main())
