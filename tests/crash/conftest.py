"""What the drills share, and their figures as a table at the end, for docs/reliability.md."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from fire_drill import QUICK, Drill
from packaged import packaged_reader

from streams.core.reader import RuleReader

_ROW = "row of the table of drills"
_HEAD = (
    "| drill | what was done | sent = read + refused | alerts told | raised again | dossiers "
    "| largest | restarts by itself | seconds |"
)


@pytest.fixture(scope="module")
def reader() -> RuleReader:
    """For the replays."""
    return packaged_reader()


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
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Takes a row for the table; it travels with the test's report, from whichever process."""
    return partial(record_property, _ROW)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Prints the table."""
    reports = terminalreporter.getreports("passed")
    rows = [row for report in reports for name, row in report.user_properties if name == _ROW]
    if rows:
        terminalreporter.section(f"fire drills, --drill-seed={config.getoption('--drill-seed')}")
        for row in (_HEAD, "|" + "---|" * (_HEAD.count("|") - 1), *rows):
            terminalreporter.write_line(row)
