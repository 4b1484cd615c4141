"""One worker from end to end, as a process, on the embedded broker: within one run only."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from plain_wire import EPOCH, item
from worker_process import (
    Place,
    WorkerProcess,
    alerts_in,
    dead_letters,
    get,
    records,
    send_many,
    send_raw,
    uncommitted,
    until,
)

from schemas.codec import VERSION_HEADER
from schemas.topics import ALERTS, DELIVERIES, DESK, READINGS, STORIES, STORIES_RAW
from streams.shell.brokers.tansu import EmbeddedTansu


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A broker of its own: the topics' names are the same for all workers."""
    with EmbeddedTansu() as broker:
        yield Place(broker.bootstrap, "worker", tmp_path, {"DRAGOMAN_PARTITIONS": "2"})


@pytest.fixture
def worker(place: Place) -> Iterator[WorkerProcess]:
    with WorkerProcess(place) as worker:
        worker.wait_ready()
        yield worker


def pages(worker: WorkerProcess) -> str:
    address = worker.said("web")
    assert address is not None
    return address


def test_stories_become_dossiers_and_alerts_each_once(place: Place, worker: WorkerProcess) -> None:
    told = [
        item(1, "TRIP ada IT 2026-02-01 planned"),
        item(2, "TRIP ada IT 2026-02-01 planned"),
        item(3, "INVITE ada bob FR extended"),
    ]
    send_raw(place.bootstrap, [*told, *told])
    until("two alerts", lambda: len(alerts_in(place.alert_log)) == 2)
    until("all is read", lambda: uncommitted(place.bootstrap, "worker", ALERTS) == 0)

    assert len(alerts_in(place.alert_log)) == 2
    assert get(pages(worker) + "/leaders") == (
        200,
        [
            {"id": "ada", "name": "Ada", "trips": 1, "invitations": 1},
            {"id": "bob", "name": "Bob", "trips": 0, "invitations": 1},
        ],
    )
    status, ada = get(pages(worker) + "/leaders/ada")
    assert (status, ada["trips"][0]["destination"]["country"]) == (200, "IT")
    assert {sighting["story"] for sighting in ada["trips"][0]["sightings"]} == {
        "urn:plain:1",
        "urn:plain:2",
    }
    until("the account is kept", lambda: uncommitted(place.bootstrap, "worker", DESK) == 0)
    steps: dict[str, list[str]] = {}
    for each in records(place.bootstrap, DELIVERIES):
        assert (each.subscription, each.channel) == ("alert-log", "log")
        steps.setdefault(each.alert, []).append(each.step)
    assert steps == {key: ["planned", "brought"] for key in alerts_in(place.alert_log)}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A worker that all tests of bad input share: it must outlive each of them."""
    with EmbeddedTansu() as broker:
        place = Place(
            broker.bootstrap, "busy", tmp_path_factory.mktemp("busy"), {"DRAGOMAN_PARTITIONS": "2"}
        )
        with WorkerProcess(place) as worker:
            worker.wait_ready()
            yield place
            assert worker.stop() == 0


def next_story_gets_through(place: Place, number: int) -> None:
    before = len(alerts_in(place.alert_log))
    send_raw(place.bootstrap, [item(number, f"TRIP bob-{number} DE 2026-03-01 planned")])
    until("the next story's alert", lambda: len(alerts_in(place.alert_log)) == before + 1)


BAD_ITEMS = {
    "garbage": (b"garbage", "not_a_story", "parse"),
    "empty": (b"", "not_a_story", "parse"),
    "invalid_utf8": (b'{"uri": "urn:x", "headline": "\xff\xfe"}', "not_utf8", "parse"),
    "a_body_of_5_mb": (item(90, "long " * 1_000_000), "too_large", "parse"),
    "the_reader_fails": (item(92, "BOOM"), "unexpected", "read"),
}


@pytest.mark.parametrize(("number", "case"), [*enumerate(BAD_ITEMS, 100)])
def test_a_bad_item_is_a_dead_letter_and_the_next_story_gets_through(
    busy: Place, number: int, case: str
) -> None:
    value, reason, hop = BAD_ITEMS[case]
    known = {letter.id for letter in dead_letters(busy.bootstrap)}
    send_raw(busy.bootstrap, [value])
    next_story_gets_through(busy, number)

    def new() -> list[Any]:
        return [letter for letter in dead_letters(busy.bootstrap) if letter.id not in known]

    letters = until("the dead letter", new)
    assert [(each.reason, each.hop, each.state) for each in letters] == [(reason, hop, "open")]
    if hop == "parse":
        assert (letters[0].topic, letters[0].value) == (STORIES_RAW.name, value)
        assert [(each.key, each.value) for each in letters[0].headers] == [
            ("feed", b"plain"),
            ("format", b"ninjs"),
            ("received_at", EPOCH.isoformat().encode()),
        ]


BROKEN = {
    "another_version": (b"{}", [(VERSION_HEADER, b"7")], "unknown_version"),
    "fields_are_missing": (b"{}", [(VERSION_HEADER, b"1")], "undecodable"),
    "no_json": (b"\x00\xff", [], "undecodable"),
    "no_bytes": (b"", [], "undecodable"),
}


@pytest.mark.parametrize(("number", "case"), [*enumerate(BROKEN, 200)])
def test_a_broken_message_between_our_agents_is_a_dead_letter(
    busy: Place, number: int, case: str
) -> None:
    value, headers, reason = BROKEN[case]
    send_many(busy.bootstrap, STORIES, [(f"urn:{case}", value)], headers)
    next_story_gets_through(busy, number)

    def mine() -> list[Any]:
        return [each for each in dead_letters(busy.bootstrap) if each.key == f"urn:{case}".encode()]

    (letter,) = until("the dead letter", mine)
    assert (letter.reason, letter.hop, letter.topic) == (reason, "read", STORIES.name)
    assert letter.value == value
    assert {each.key: each.value for each in letter.headers} == dict(headers)


def test_the_pages_say_how_the_worker_stands(place: Place, worker: WorkerProcess) -> None:
    send_raw(place.bootstrap, [item(n, f"TRIP ada IT 2026-0{n}-01 planned") for n in range(1, 6)])
    until("five alerts", lambda: len(alerts_in(place.alert_log)) == 5)
    until("all is read", lambda: uncommitted(place.bootstrap, "worker", ALERTS) == 0)
    address = pages(worker)

    status, health = get(address + "/healthz")
    assert status == 200
    assert health["last_progress_age_s"] < 60
    assert get(address + "/readyz") == (
        200,
        {
            "ready": True,
            "started": True,
            "assigned": True,
            "recovered": True,
            "rebalancing": False,
            "halted": None,
        },
    )
    status, newest = get(address + "/alerts?limit=2")
    assert status == 200
    assert [alert["data"]["dates"]["start"] for alert in newest] == ["2026-05-01", "2026-04-01"]
    assert get(address + "/alerts?limit=none")[0] == 400
    status, missing = get(address + "/leaders/nobody")
    assert (status, missing["error"]) == (404, "no dossier of 'nobody'; /leaders lists all")
    ada = get(address + "/leaders/ada")
    assert get(address + "/leaders/ada?at=2026-01-05") == ada
    assert get(address + "/leaders/ada?at=2026-01-05T08:00:00Z&history=yes") == ada
    status, missing = get(address + "/leaders/ada?at=2026-01-05T07:59Z")
    assert (status, missing["error"]) == (404, "nothing was known of 'ada' then")
    status, refused = get(address + "/leaders/ada?at=soon")
    assert (status, refused["error"][:22]) == (400, "at: 'soon' is no time ")
    status, metrics = get(address + "/metrics")
    assert status == 200
    assert 'dragoman_alerts_total{kind="trip.new"} 5.0' in metrics
    assert "dragoman_ready 1.0" in metrics
    assert 'dragoman_assigned_partitions{topic="stories.raw.v1"} 2.0' in metrics
    assert 'dragoman_table_keys{table="trays"} 1.0' in metrics
    status, index = get(address + "/")
    assert status == 200
    assert all(f'href="{path}"' in index for path in ("/readyz", "/leaders", "/metrics"))


def test_a_worker_with_some_hops_leaves_the_others_alone(place: Place) -> None:
    with WorkerProcess(place, "--only=parse,read") as worker:
        address = worker.wait_ready()
        send_raw(place.bootstrap, [item(1, "TRIP ada IT 2026-02-01 planned")])
        until("the reading", lambda: records(place.bootstrap, READINGS))
        assert get(address + "/leaders") == (200, [])
        assert get(address + "/leaders/ada")[0] == 404
        assert worker.stop() == 0
    assert records(place.bootstrap, ALERTS) == []


def test_topics_with_other_partitions_are_told_and_nothing_is_read(place: Place) -> None:
    with WorkerProcess(place) as worker:
        worker.wait_ready()
        assert worker.stop() == 0
    other = Place(place.bootstrap, "worker", place.directory, {"DRAGOMAN_PARTITIONS": "3"})
    with WorkerProcess(other) as worker:
        assert worker.process.wait(90) == 1
        line = json.loads(worker.log_tail().splitlines()[-1])
    assert "stories.v1 has 2 partitions, 3 are wanted" in line["message"]
    assert "DRAGOMAN_PARTITIONS" in line["message"]


def test_a_broker_that_is_not_there_is_told(tmp_path: Path) -> None:
    place = Place("127.0.0.1:9", "worker", tmp_path, {})
    with WorkerProcess(place) as worker:
        assert worker.process.wait(90) == 1
        assert "DRAGOMAN_BROKER" in worker.log_tail()


def test_an_alert_log_that_cannot_be_opened_is_told_before_the_broker_is_asked(
    tmp_path: Path,
) -> None:
    tmp_path.joinpath("alerts.jsonl").write_text("a shopping list\n")
    with WorkerProcess(Place("127.0.0.1:9", "worker", tmp_path, {})) as worker:
        assert worker.process.wait(90) == 2
        assert "no alert log of ours" in worker.log_tail()
