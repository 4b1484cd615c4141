"""Makes a wheel with the core compiled, where `HATCH_BUILD_HOOKS_ENABLE=1` asks for it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledCore(BuildHookInterface[Any]):
    """Off by default: without it the wheel is pure Python and runs everywhere."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compiles in place, and names the wheel by the machine it is for."""
        subprocess.run([sys.executable, "tools/compiled.py"], cwd=self.root, check=True)
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["artifacts"].append("streams/core/**/*.so")
        for path in Path(self.root).glob("dragoman__mypyc.*.so"):
            build_data["force_include"][str(path)] = path.name
