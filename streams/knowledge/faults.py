"""What can be wrong with a data file, and how the editor is told.

Nothing is read here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong, where it is, and what to do about it."""

    file: str
    """Relative to the data folder, with `/`."""
    line: int
    """Counted from 1; 0 where the fault is the whole file's."""
    problem: str
    remedy: str

    def __str__(self) -> str:
        """As a compiler would say it."""
        return f"{self.file}:{self.line}: {self.problem}; {self.remedy}"


class KnowledgeError(Exception):
    """The data files are not fit to be used. Nothing was loaded."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(faults))
        """Every fault found, by file and line."""
        lines = "\n".join(map(str, self.faults))
        super().__init__(f"The data files have faults ({len(self.faults)}):\n{lines}")


@dataclass(slots=True)
class Faults:
    """Collects what is wrong while the files are read. One for each loading; not thread-safe."""

    found: list[Fault] = field(default_factory=list)

    def add(self, file: str, line: int, problem: str, remedy: str) -> None:
        """Notes a fault; reading goes on."""
        self.found.append(Fault(file, line, problem, remedy))
