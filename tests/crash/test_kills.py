"""A worker killed with -9 at random moments loses no alert, brings none twice, and goes on.

`CRASH_KILLS` sets how many kills (10), `CRASH_SEED` which moments; a failure prints the seed.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from plain_wire import EPOCH, PlainReader, item
from worker_process import (
    Place,
    WorkerProcess,
    alerts_in,
    dead_letters,
    delete_topics,
    get,
    records,
    send_raw,
    uncommitted,
    until,
)

from schemas.dossiers import DossierView
from schemas.stories import Story
from schemas.topics import ALERTS, READINGS, REPORTS, STORIES, STORIES_RAW
from streams.core.replay import Replay
from streams.core.wire import Arrival, parse
from streams.shell.brokers.kafka import ApacheKafka

KILLS = int(os.environ.get("CRASH_KILLS", "10"))
SEED = int(os.environ.get("CRASH_SEED", "20261124"))
STORIES_A_LIFE = 120
COUNTRIES = ("FR", "DE", "IT", "ES", "PT", "JP", "BR", "ZA")
ONCE_ALERTED = frozenset(("trip.new", "invitation.new"))

STORES = {
    # In memory all tables are read back from the changelog at each start.
    "memory": {"DRAGOMAN_SESSION_TIMEOUT_S": "3", "DRAGOMAN_HEARTBEAT_INTERVAL_S": "0.5"},
    # On disk the table may be ahead of its changelog. A lasting name spares the session timeout.
    "rocksdb": {"DRAGOMAN_STORE": "rocksdb", "DRAGOMAN_GROUP_INSTANCE_ID": "worker-0"},
}


def wire(chance: random.Random) -> Iterator[bytes]:
    """Trips and invitations, reprints of them, second editions, and now and then no story."""
    number = 0
    told: list[tuple[str, ...]] = []
    while True:
        number += 1
        leader = f"leader-{chance.randrange(80)}"
        day = f"2026-{chance.randrange(2, 12):02}-{chance.choice((5, 15, 25)):02}"
        trip = f"TRIP {leader} {chance.choice(COUNTRIES)} {day} planned"
        # A host asks to one country: else which invitations are one would depend on the order.
        host = chance.randrange(len(COUNTRIES))
        invitation = f"INVITE host-{host} {leader} {COUNTRIES[host]} extended"
        match chance.randrange(10):
            case 0:
                yield b"no story %d" % number
            case 1 if told:
                yield item(number, *chance.choice(told))
            case 2 if told:
                # The leaders of second editions are others: what they alert depends on the order.
                uri = f"urn:plain:edited:{chance.randrange(20)}"
                yield item(number, f"TRIP mover-{chance.randrange(5)} FR {day} planned", uri=uri)
            case 3 | 4:
                yield _told(told, number, invitation)
            case 5:
                yield _told(told, number, trip, invitation)
            case _:
                yield _told(told, number, trip)


def _told(told: list[tuple[str, ...]], number: int, *lines: str) -> bytes:
    told.append(lines)
    return item(number, *lines)


def replayed(items: list[bytes]) -> tuple[dict[str, str], dict[str, DossierView]]:
    """Alerts that must be, whatever the order of the stories, and all dossiers; with no broker."""
    replay = Replay(PlainReader())
    alerts = {}
    for each in items:
        story = parse(each, Arrival(feed="plain", format="ninjs", received_at=EPOCH))
        if isinstance(story, Story):
            for alert in replay.feed(story):
                if alert.data.kind in ONCE_ALERTED and not alert.subject.startswith("mover"):
                    alerts[alert.id] = alert.model_dump_json()
    return alerts, {dossier.id: dossier for dossier in replay.dossiers()}


def live_and_be_killed(place: Place, chance: random.Random) -> None:
    """One life: killed some time after it reads, or while it starts and recovers."""
    with WorkerProcess(place) as worker:
        if chance.random() < 0.75:
            worker.wait_ready()
            time.sleep(chance.uniform(0.0, 1.0))  # the moment is what is tried
        else:
            time.sleep(chance.uniform(0.5, 3.0))
        worker.kill()


@pytest.mark.timeout(120 + 20 * KILLS)
@pytest.mark.parametrize("store", STORES)
def test_kills_lose_no_alert_and_repeat_none(
    kafka: ApacheKafka, tmp_path: Path, store: str
) -> None:
    print(f"CRASH_SEED={SEED} CRASH_KILLS={KILLS}")
    delete_topics(kafka.bootstrap)
    chance = random.Random(f"{SEED} {store}")
    place = Place(kafka.bootstrap, f"kills-{store}", tmp_path, STORES[store])
    stream, sent = wire(chance), []
    with WorkerProcess(place) as first:
        first.wait_ready()
    for _ in range(KILLS):
        batch = [next(stream) for _ in range(STORIES_A_LIFE)]
        send_raw(kafka.bootstrap, batch)
        sent += batch
        live_and_be_killed(place, chance)

    with WorkerProcess(place) as last:
        pages = last.wait_ready()
        until("all is read", lambda: everything_is_read(place), 90)
        dossiers = {
            leader["id"]: get(f"{pages}/leaders/{leader['id']}")[1]
            for leader in get(f"{pages}/leaders")[1]
        }
        assert last.stop() == 0

    expected_alerts, expected_dossiers = replayed(sent)
    delivered = Counter(alerts_in(place.alert_log))
    assert [alert for alert, times in delivered.items() if times > 1] == []
    assert {key: told for key, told in expected_alerts.items() if key not in delivered} == {}
    assert {alert.id for alert in records(kafka.bootstrap, ALERTS)} == set(delivered)
    read = {reading.edition for reading in records(kafka.bootstrap, READINGS)}
    refused = {letter.id for letter in dead_letters(kafka.bootstrap)}
    assert len(read) + len(refused) == len(set(sent))
    shown = {key: DossierView.model_validate(value) for key, value in dossiers.items()}
    standing = {key: value for key, value in shown.items() if value.trips or value.invitations}
    assert standing == expected_dossiers


def everything_is_read(place: Place) -> bool:
    """Every topic that a hop reads is committed to its end, one hop after the other."""
    return all(
        uncommitted(place.bootstrap, place.app_id, topic) == 0
        for topic in (STORIES_RAW, STORIES, REPORTS, ALERTS)
    )
