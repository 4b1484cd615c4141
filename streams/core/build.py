"""Which of its two builds the core runs in: as written, or compiled with mypyc.

Both read the same from the same story; the compiled one is faster. A compiled module is told by
where it came from.
"""

from typing import Literal

Build = Literal["compiled", "interpreted"]


def build() -> Build:
    """The one that runs here. All modules are compiled, or none."""
    return "interpreted" if __file__.endswith(".py") else "compiled"
