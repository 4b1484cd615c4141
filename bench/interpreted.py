"""`python -m bench.interpreted …` is `python -m bench.speed …` with the core as written.

Of the same tree, compiled or not: extension modules in it are not looked at.
"""

import runpy
import sys
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SOURCES_ONLY = FileFinder.path_hook((SourceFileLoader, SOURCE_SUFFIXES))


def _finder(path: str) -> FileFinder:
    folder = Path(path or ".").resolve()
    if folder != ROOT and ROOT / "streams" not in (folder, *folder.parents):
        raise ImportError("not ours")
    return _SOURCES_ONLY(path)


if __name__ == "__main__":
    sys.path_hooks.insert(0, _finder)
    sys.path_importer_cache.clear()
    for name in [name for name in sys.modules if name.partition(".")[0] in ("streams", "schemas")]:
        del sys.modules[name]
    runpy.run_module("bench.speed", run_name="__main__", alter_sys=True)
