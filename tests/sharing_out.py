"""What runs one after the other, where the suite runs in several processes at once.

A group of tests runs in one process, and each process has brokers of its own: the names of our
topics are fixed. A module is a group, which shares its fixtures; `TOGETHER` has the exceptions.
Groups that take long begin first, so that no process is left with one at the end; apart from that
the order is random. pytest-xdist's own groups (`--dist=loadgroup`) do nothing with pytest 9.2:
xdist 3.8 writes a group into an attribute of the test that is not read any more.
"""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "drills": ("tests/crash/",),
    "both ways into a secured Kafka": (
        "tests/contract/test_secure_kafka.py",
        "tests/shell/test_cluster.py",
        "tests/shell/test_restarts.py",
    ),
}
"""Folders and modules. Drills would disturb each other; a broker with two ways in starts twice."""

LONGEST_FIRST = (
    *(path for paths in TOGETHER.values() for path in paths),
    "tests/architecture/test_compiled.py",
    "tests/deploy/test_watched.py",
    "tests/shell/",
    "tests/cli/",
    "tests/golden/",
    "tests/contract/",
    "tests/fuzz/",
)
"""Folders and modules; all others begin when these have begun."""


class Groups(LoadScopeScheduling):
    """Gives a process one group after the other, in the order of the tests."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def group(nodeid: str) -> str:
    """The name of a test's group."""
    module = nodeid.split("::", 1)[0]
    named = (name for name, paths in TOGETHER.items() if module.startswith(paths))
    return next(named, module)


def rank(nodeid: str) -> int:
    """How early a test's group begins: 0 is first."""
    found = (place for place, path in enumerate(LONGEST_FIRST) if nodeid.startswith(path))
    return next(found, len(LONGEST_FIRST))
