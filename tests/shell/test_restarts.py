"""Stops, starts and hand-overs on Apache Kafka: what is read again, and what is not."""

import signal
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace as SecureKafka

import pytest
from plain_wire import item
from worker_process import (
    Place,
    WorkerProcess,
    alerts_in,
    all_is_through,
    dead_letters,
    delete_topics,
    get,
    members,
    messages,
    records,
    send_raw,
    uncommitted,
    until,
)

from schemas.topics import ALERTS, READINGS, REPORTS, STORIES, STORIES_RAW
from streams.shell.brokers.kafka import ApacheKafka

CLEAN_STOP_S = 20.0
SHORT_SESSION = {
    "DRAGOMAN_SESSION_TIMEOUT_S": "1",
    "DRAGOMAN_HEARTBEAT_INTERVAL_S": "0.3",
    "DRAGOMAN_COMMIT_INTERVAL_S": "0.2",
}


@pytest.fixture
def broker(kafka: ApacheKafka) -> str:
    """The shared broker, without any topics."""
    delete_topics(kafka.bootstrap)
    return kafka.bootstrap


def trips(first: int, count: int) -> list[bytes]:
    """Stories of one trip each, all of them different."""
    return [item(n, f"TRIP leader-{n} IT 2026-03-01 planned") for n in range(first, first + count)]


def worked(worker: WorkerProcess) -> bool:
    """Whether it has handled a message."""
    status, health = get(f"{worker.said('web')}/healthz")
    return bool(status == 200 and health["last_progress_age_s"] is not None)


@pytest.mark.parametrize("store", ["memory", "rocksdb"])
def test_a_stop_in_the_middle_finishes_what_is_in_hand_and_nothing_is_read_twice(
    broker: str, tmp_path: Path, store: str
) -> None:
    place = Place(broker, f"stop-{store}", tmp_path, {"DRAGOMAN_STORE": store})
    with WorkerProcess(place) as worker:
        worker.wait_ready()
        send_raw(broker, trips(0, 300))
        until("some are read", lambda: len(messages(broker, READINGS.name)) > 20)
        began = time.monotonic()
        assert worker.stop() == 0
        assert time.monotonic() - began < CLEAN_STOP_S
    assert len(messages(broker, READINGS.name)) < 300, "too quick: it was not stopped in the middle"
    with WorkerProcess(place) as worker:
        worker.wait_ready()
        until("all is read", lambda: all_is_through(place.bootstrap, place.app_id))
        assert worker.stop() == 0
    for topic in (STORIES, READINGS, REPORTS, ALERTS):
        assert len(messages(broker, topic.name)) == 300, topic.name
    assert Counter(alerts_in(place.alert_log)).most_common(1)[0][1] == 1


def test_over_the_ceiling_the_worker_stops_and_the_message_comes_again(
    broker: str, tmp_path: Path
) -> None:
    garbage = [b"garbage %d" % number for number in range(8)]
    strict = Place(broker, "ceiling", tmp_path, {"DRAGOMAN_DEAD_LETTER_RUN": "3"})
    with WorkerProcess(strict) as worker:
        worker.wait_ready()
        send_raw(broker, garbage)
        assert worker.process.wait(90) == 3
        assert "too many dead letters (run_too_long: 4 in a row" in worker.log_tail()
    assert len(dead_letters(broker)) == 3
    assert uncommitted(broker, "ceiling", STORIES_RAW) >= len(garbage) - 3

    with WorkerProcess(Place(broker, "ceiling", tmp_path, {})) as worker:
        worker.wait_ready()
        until("all is read", lambda: all_is_through(strict.bootstrap, strict.app_id))
        assert worker.stop() == 0
    assert {letter.value for letter in dead_letters(broker)} == set(garbage)


def test_a_worker_that_has_lost_its_group_ends_by_itself_and_the_next_tells_the_rest_once(
    broker: str, tmp_path: Path
) -> None:
    place = Place(broker, "stands-still", tmp_path, SHORT_SESSION)
    for lost, first in (("search", 0), ("heartbeat", 40)):
        with WorkerProcess(place, f"--lose={lost}") as worker:
            address = worker.wait_ready()
            send_raw(broker, trips(first, 20))
            until("all is read", lambda: all_is_through(place.bootstrap, place.app_id))
            worker.process.send_signal(signal.SIGUSR1)
            until("it is given up for dead", lambda: members(broker, place.app_id) == 0)
            send_raw(broker, trips(first + 20, 20))
            until("all is told", lambda n=first + 40: len(alerts_in(place.alert_log)) == n)
            if lost == "search":  # it still tries to commit at the end, which leaves time to look
                assert "dragoman_uncommitted_age_seconds 0.0" not in get(f"{address}/metrics")[1]
                until("it notices", lambda a=address: get(f"{a}/readyz")[1]["halted"])
            assert worker.process.wait(30) == 3
            assert "do not count this worker among its group" in worker.log_tail()
    with WorkerProcess(place) as worker:
        worker.wait_ready()
        until("all is read", lambda: all_is_through(place.bootstrap, place.app_id))
        assert worker.stop() == 0
    assert len(alerts_in(place.alert_log)) == len(set(alerts_in(place.alert_log))) == 80


def test_a_reader_that_fails_on_some_stories_loses_none(broker: str, tmp_path: Path) -> None:
    place = Place(broker, "boom", tmp_path, {})
    sent = trips(0, 40) + [item(n, "BOOM") for n in range(100, 110)] + trips(40, 40)
    with WorkerProcess(place) as worker:
        worker.wait_ready()
        send_raw(broker, sent)
        until("all is read", lambda: all_is_through(place.bootstrap, place.app_id))
        assert worker.stop() == 0
    assert len({reading.story for reading in records(broker, READINGS)}) == 80
    assert {letter.reason for letter in dead_letters(broker)} == {"unexpected"}
    assert len({letter.id for letter in dead_letters(broker)}) == 10
    assert len(alerts_in(place.alert_log)) == 80


def test_workers_that_come_and_go_share_the_work_and_alert_once(
    broker: str, tmp_path: Path
) -> None:
    places = []
    for name in ("one", "two"):
        tmp_path.joinpath(name).mkdir()
        places.append(Place(broker, "shared", tmp_path / name, {}))
    with WorkerProcess(places[0]) as one:
        one.wait_ready()
        send_raw(broker, trips(0, 150))
        with WorkerProcess(places[1]) as two:
            two.wait_ready()
            send_raw(broker, trips(150, 150))
            until("the second works", lambda: worked(two))
            assert one.stop() == 0
            send_raw(broker, trips(300, 150))
            until("all is read", lambda: all_is_through(places[0].bootstrap, places[0].app_id))
            pages = two.said("web")
            until("one has all", lambda: len(get(f"{pages}/leaders")[1]) == 450)
            assert two.stop() == 0
    delivered = [alert for place in places for alert in alerts_in(place.alert_log)]
    assert len(delivered) == len(set(delivered)) == 450


def test_hops_can_be_shared_out_among_workers(broker: str, tmp_path: Path) -> None:
    places = []
    for name in ("readers", "folders"):
        tmp_path.joinpath(name).mkdir()
        places.append(Place(broker, "split", tmp_path / name, {}))
    with (
        WorkerProcess(places[0], "--only=parse,read") as readers,
        WorkerProcess(places[1], "--only=fold,deliver") as folders,
    ):
        readers.wait_ready()
        folders.wait_ready()
        send_raw(broker, trips(0, 100))
        until("all is alerted", lambda: len(alerts_in(places[1].alert_log)) == 100)
        assert not places[0].alert_log.exists()
        assert (readers.stop(), folders.stop()) == (0, 0)


def test_a_worker_works_through_tls_with_a_password(
    secure_kafka: SecureKafka, tmp_path: Path
) -> None:
    place = Place(
        secure_kafka.bootstrap,
        "secure",
        tmp_path,
        {
            "DRAGOMAN_SECURITY_PROTOCOL": "SASL_SSL",
            "DRAGOMAN_SSL_CA_FILE": str(secure_kafka.ca_file),
            "DRAGOMAN_SASL_MECHANISM": secure_kafka.mechanism,
            "DRAGOMAN_SASL_USERNAME": secure_kafka.username,
            "DRAGOMAN_SASL_PASSWORD": secure_kafka.password,
        },
    )
    with WorkerProcess(place) as worker:
        address = worker.wait_ready()
        assert get(address + "/readyz")[0] == 200
        assert worker.stop() == 0
    assert secure_kafka.password not in worker.log.read_text()


def test_an_embargoed_story_alerts_at_its_time_and_once_also_after_a_kill(
    broker: str, tmp_path: Path
) -> None:
    place = Place(broker, "embargo", tmp_path, {})
    with WorkerProcess(place) as worker:
        worker.wait_ready()
        free_at = datetime.now(UTC) + timedelta(seconds=12)
        said = free_at.isoformat().replace("+00:00", "Z")
        send_raw(
            broker,
            [
                item(1, "TRIP ada IT 2026-02-01 planned", embargoed=said),
                item(2, "TRIP bob IT 2026-02-01 planned", embargoed="2126-01-01T00:00:00Z"),
                item(3, "TRIP eve IT 2026-02-01 planned"),
            ],
        )
        until("all are read at once", lambda: len(messages(broker, READINGS.name)) == 3)
        until("the free one has alerted", lambda: len(alerts_in(place.alert_log)) == 1)
        worker.kill()
    assert datetime.now(UTC) < free_at, "too slow: the kill came after the embargo"
    assert [alert.subject for alert in records(broker, ALERTS)] == ["eve"]

    with WorkerProcess(place) as worker:
        worker.wait_ready()
        until("the embargo is over", lambda: len(alerts_in(place.alert_log)) == 2)
        until("all is read", lambda: all_is_through(place.bootstrap, place.app_id))
        assert datetime.now(UTC) >= free_at
        assert worker.stop() == 0
    # What was not committed at the kill may lie there again, under the same id.
    raised = {alert.id: alert.subject for alert in records(broker, ALERTS)}
    assert sorted(raised.values()) == ["ada", "eve"]
    assert len(alerts_in(place.alert_log)) == 2
    assert dead_letters(broker) == []
