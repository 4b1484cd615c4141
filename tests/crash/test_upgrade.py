"""A rolling upgrade, and the way back, in mid-flow: for a time two versions share one group.

The other version is by default this tree as an upgrade would change it, and with
`--upgrade-from=COMMIT` that commit, from which it is come to this tree, gone back and come again.
"""

import json
from collections.abc import Callable, Iterator

import pytest
from fire_drill import QUICK, Drill
from other_versions import ADDED, SAID, checked_out, next_version
from worker_process import THIS, Version, messages, records

from bench.feeding import Message
from schemas.topics import READINGS, REPORTS
from streams.shell.brokers.kafka import ApacheKafka
from streams.shell.tables import DOSSIERS_TABLE, changelog_name, unpack

pytestmark = pytest.mark.timeout(7200)  # for the long ones; each wait has a limit of its own

Begin = Callable[..., Drill]
Tell = Callable[[str], None]

WORKERS = ("one", "two")
STORES = {
    # What a worker has on disk is read, and gone on with, by the version that takes its place.
    "rocksdb": {**QUICK, "DRAGOMAN_STORE": "rocksdb"},
    # All tables are read back from changelogs to which both versions have written.
    "memory": QUICK,
    # Partitions wait for the one that comes in the place of the one that went.
    "lasting": {
        "DRAGOMAN_STORE": "rocksdb",
        "DRAGOMAN_GROUP_INSTANCE_ID": "{name}",
        "DRAGOMAN_SESSION_TIMEOUT_S": "20",
    },
}


@pytest.fixture(scope="module")
def ways(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Version, ...]]:
    """The versions in the order in which they are rolled to; this one is the last."""
    folder = tmp_path_factory.mktemp("version")
    commit = request.config.getoption("--upgrade-from")
    if commit is None:
        yield THIS, next_version(folder), THIS
        return
    with checked_out(commit, folder) as other:
        yield other, THIS, other, THIS


def test_two_versions_side_by_side_there_and_back(
    kafka: ApacheKafka,
    begin: Begin,
    tell: Tell,
    ways: tuple[Version, ...],
    request: pytest.FixtureRequest,
) -> None:
    long = request.config.getoption("--long")
    for store in STORES if long else ("rocksdb",):
        drill = begin(f"upgrade-{store}", kafka.bootstrap, STORES[store])
        turns = [(version, name) for version in ways[1:] for name in WORKERS]
        if not long:  # the last worker would only be stopped when all is read
            turns.pop()
        a_turn = 500 if long else 100
        flow = drill.flow(a_turn * (len(turns) + 1))
        begin_with(drill, ways[0])
        if request.config.getoption("--with-stop"):
            stop_and_go(drill, flow, a_turn, ways[1:])
        else:
            roll(drill, flow, a_turn, turns)
        # All that is left is read by one, so that it has all dossiers to show.
        assert [drill.stop(name) for name in WORKERS if name != drill.watched] == [0]
        with drill.feed(flow[-a_turn:], a_second=50) as feeder:
            feeder.finish()
        tell(drill.close(flow, None, f"two workers, {len(turns)} times one to another version"))
        if ways[0] is THIS:
            read = {each.knowledge for each in records(kafka.bootstrap, READINGS)}
            assert len(read) == 2, "one version has read nothing"
            assert_what_is_new_is_kept(drill)


def begin_with(drill: Drill, version: Version) -> None:
    """Two workers of this version, and both read."""
    for name in WORKERS:
        drill.versions[name] = version
        drill.start(name)
    drill.wait("both read", lambda: all(map(drill.reads, WORKERS)))


def roll(drill: Drill, flow: list[Message], a_turn: int, turns: list[tuple[Version, str]]) -> None:
    """One worker after the other becomes one of another version, in mid-flow."""
    for number, (version, name) in enumerate(turns):
        # While both read: a worker takes longer to start than a short flow to be read.
        part = flow[number * a_turn : (number + 1) * a_turn]
        with drill.feed(part, a_second=50) as feeder:
            drill.wait_for_alerts(20)
            drill.upgrade(name, version)
            feeder.finish()


def stop_and_go(
    drill: Drill, flow: list[Message], a_turn: int, versions: tuple[Version, ...]
) -> None:
    """All is read, all workers stop, and all start as another version, as the runbook has it."""
    parts = iter(range(0, len(flow) - a_turn, a_turn))
    for version in versions:
        start = next(parts)
        with drill.feed(flow[start : start + a_turn], a_second=50) as feeder:
            feeder.finish()
            drill.wait("all is read", drill.comes_to_an_end)
        assert [drill.stop(name) for name in WORKERS] == [0, 0]
        begin_with(drill, version)
    for start in parts:
        with drill.feed(flow[start : start + a_turn], a_second=50) as feeder:
            feeder.finish()


def assert_what_is_new_is_kept(drill: Drill) -> None:
    """What only the next version knows is in the dossiers, whichever version wrote them last."""
    recorded = [json.loads(each.value or b"") for each in messages(drill.bootstrap, REPORTS.name)]
    said = {each["id"]: each.get(ADDED) for each in recorded if each["type"] == "report"}
    changelog = messages(drill.bootstrap, changelog_name(drill.name, DOSSIERS_TABLE.name))
    latest = {each.key: json.loads(unpack(each.value or b"")) for each in changelog}
    kept = {each["id"]: each.get(ADDED) for one in latest.values() for each in one["reports"]}
    assert set(said.values()) == {None, SAID}, "one version has reported nothing"
    assert {key: kept[key] for key in kept if kept[key] != said[key]} == {}
