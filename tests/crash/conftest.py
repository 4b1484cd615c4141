"""What the drills share, and their figures as a table at the end, for docs/reliability.md."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fire_drill import QUICK, Drill

from streams.core.reader import RuleReader
from streams.knowledge import load

_ROWS = pytest.StashKey[list[str]]()
_HEAD = (
    "| drill | what was done | sent = read + refused | alerts told | raised again | dossiers "
    "| largest | restarts by itself | seconds |"
)


@pytest.fixture(scope="module")
def reader() -> RuleReader:
    """For the replays."""
    return RuleReader(load())


@pytest.fixture
def begin(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Drill]]:
    """Begins a drill of this name on a broker."""
    begun: list[Drill] = []
    seed, long = request.config.getoption("--drill-seed"), request.config.getoption("--long")
    print(f"--drill-seed={seed}")

    def make(name: str, bootstrap: str, extra: dict[str, str] = QUICK) -> Drill:
        begun.append(Drill(name, bootstrap, tmp_path, seed, long, extra))
        return begun[-1]

    yield make
    for drill in begun:
        drill.clear_away()


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Takes a row for the table."""
    return request.config.stash.setdefault(_ROWS, []).append


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Prints the table."""
    rows = config.stash.get(_ROWS, [])
    if rows:
        terminalreporter.section(f"fire drills, --drill-seed={config.getoption('--drill-seed')}")
        for row in (_HEAD, "|" + "---|" * (_HEAD.count("|") - 1), *rows):
            terminalreporter.write_line(row)
