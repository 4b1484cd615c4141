"""What editors decide while workers run, on Apache Kafka: from the command to the next alert."""

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from plain_wire import item
from worker_process import (
    Place,
    WorkerProcess,
    alerts_in,
    all_is_through,
    dead_letters,
    delete_topics,
    dragoman,
    get,
    records,
    send_raw,
    until,
)

from schemas.topics import ALERTS, LEADERS, READINGS
from streams.shell.brokers.kafka import ApacheKafka

STRANGER, KNOWN = "provisional:cl:jose-kast", "jose-antonio-kast"


@pytest.fixture
def place(kafka: ApacheKafka, tmp_path: Path) -> Place:
    """The shared broker, without any topics."""
    delete_topics(kafka.bootstrap)
    return Place(kafka.bootstrap, "edits", tmp_path, {"DRAGOMAN_PARTITIONS": "4"})


def alerts(place: Place) -> list[tuple[str, str, str]]:
    """Of each alert its kind, whom it is about and where they go, as on the topic.

    Not again where it is there once more because a second source says so.
    """
    return [
        (alert.data.kind, alert.subject, alert.data.country)
        for alert in sorted(records(place.bootstrap, ALERTS), key=lambda each: each.time)
        if alert.data.sources_before is None
    ]


def trips(worker: WorkerProcess, leader: str) -> Any:
    status, dossier = get(f"{worker.said('web')}/leaders/{leader}")
    return status == 200 and [each["destination"]["country"] for each in dossier["trips"]]


def test_a_merge_reaches_running_workers_and_neither_loses_nor_repeats_an_alert(
    place: Place,
) -> None:
    first, second = f"TRIP {STRANGER} FR 2026-02-01 planned", f"TRIP {KNOWN} DE 2026-02-09 planned"
    with WorkerProcess(place) as worker:
        worker.wait_ready()
        send_raw(place.bootstrap, [item(1, first), item(2, second)])
        until("both are told", lambda: len(alerts_in(place.alert_log)) == 2)

        said = dragoman(place, "leaders", "merge", STRANGER, "kast", "--editor", "night desk")
        assert said == f"merge: {STRANGER} into {KNOWN}\n"
        until("the dossiers are one", lambda: trips(worker, KNOWN) == ["FR", "DE"])
        assert get(f"{worker.said('web')}/leaders/{STRANGER}")[1]["merged_into"] == KNOWN

        send_raw(place.bootstrap, [item(3, first), item(4, first.replace("planned", "cancelled"))])
        until("it is told that it is off", lambda: len(alerts_in(place.alert_log)) == 3)
        until("all is read", lambda: all_is_through(place.bootstrap, place.app_id))
        worker.kill()

    late = f"TRIP {STRANGER} IT 2026-02-20 planned"
    with WorkerProcess(place) as worker:
        worker.wait_ready()
        send_raw(place.bootstrap, [item(5, late), item(6, late)])
        until("the late one is told", lambda: len(alerts_in(place.alert_log)) == 4)
        until("all is read", lambda: all_is_through(place.bootstrap, place.app_id))
        until("all are there", lambda: trips(worker, KNOWN) == ["FR", "DE", "IT"])
        shown = get(f"{worker.said('web')}/leaders/{KNOWN}")[1]
        assert worker.stop() == 0

    assert alerts(place) == [
        ("trip.new", STRANGER, "FR"),
        ("trip.new", KNOWN, "DE"),
        ("trip.cancelled", KNOWN, "FR"),
        ("trip.new", KNOWN, "IT"),
    ]
    newest = max(records(place.bootstrap, READINGS), key=lambda each: each.published_at)
    assert [each.claim.leader.id for each in newest.findings] == [KNOWN]
    assert dead_letters(place.bootstrap) == []
    _the_record_says_the_same(place, shown)


def _the_record_says_the_same(place: Place, shown: Any) -> None:
    log = str(place.alert_log)
    assert dragoman(place, "replay", "--topic", "--compare", log, "--fail-on-change") == ""
    (dossier,) = dragoman(place, "replay", "--topic", "--dossiers").splitlines()
    assert json.loads(dossier) == shown
    then = json.loads(dragoman(place, "dossier", "--json", STRANGER, "--at", "2026-01-05"))
    now = json.loads(dragoman(place, "dossier", "--json", STRANGER))
    assert [each["destination"]["country"] for each in then["trips"]] == ["FR"]
    assert (now["trips"], now["merged_into"]) == ([], KNOWN)


def test_a_refusal_takes_back_and_a_rename_and_an_alias_are_read_from_then_on(
    place: Place,
) -> None:
    with WorkerProcess(place) as worker:
        worker.wait_ready()
        send_raw(place.bootstrap, [item(1, f"TRIP {STRANGER} FR 2026-02-01 planned")])
        until("it is told", lambda: len(alerts_in(place.alert_log)) == 1)
        dragoman(place, "leaders", "refuse", STRANGER)
        until("it is taken back", lambda: len(alerts_in(place.alert_log)) == 2)

        dragoman(place, "leaders", "rename", KNOWN, "J. A. Kast")
        dragoman(place, "leaders", "alias", KNOWN, "Hosé Cast", "--country", "cl")
        until("the worker knows", lambda: len(records(place.bootstrap, LEADERS)) == 3)
        send_raw(
            place.bootstrap,
            [
                item(2, f"TRIP {STRANGER} DE 2026-02-01 planned"),
                item(3, "TRIP provisional:cl:hose-kast IT 2026-02-01 planned"),
            ],
        )
        until("the alias is told", lambda: len(alerts_in(place.alert_log)) == 3)
        again = count(4)

        def is_read_so() -> bool:
            send_raw(place.bootstrap, [item(next(again), f"TRIP {KNOWN} IT 2026-02-01 planned")])
            found = [each for read in records(place.bootstrap, READINGS) for each in read.findings]
            return any(each.claim.leader.name == "J. A. Kast" for each in found)

        until("the worker reads the new name", is_read_so)
        until("all is read", lambda: all_is_through(place.bootstrap, place.app_id))
        assert worker.stop() == 0

    assert sorted(alerts(place)) == [
        ("retracted", STRANGER, "FR"),
        ("trip.new", KNOWN, "IT"),
        ("trip.new", STRANGER, "FR"),
    ]
    table = dragoman(place, "leaders", "edits")
    assert [line.split()[:2] for line in table.splitlines()[1:]] == [
        [KNOWN, "add_alias"],
        [KNOWN, "rename"],
        [STRANGER, "refuse"],
    ]
