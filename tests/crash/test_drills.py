"""Fire drills on Apache Kafka: what breaks in production is broken here, in mid-flow.

After each: no alert lost, none brought twice, dossiers as a replay without a broker has them, every
message read or dead-lettered. Short by default; `--long` is for many kills and long outages.
`--drill-seed` sets the stories and the moments.
"""

import shutil
import time
from collections.abc import Callable

import pytest
from fire_drill import QUICK, SLOW_OFFSETS, SLOW_SENDS, Drill

from bench.feeding import Message
from schemas.codec import VERSION_HEADER
from schemas.topics import ALERTS, REPORTS, STORIES, STORIES_RAW, TopicDeclaration
from streams.core.reader import RuleReader
from streams.shell.brokers.kafka import ApacheKafka

pytestmark = pytest.mark.timeout(7200)  # for the long ones; each wait has a limit of its own

Begin = Callable[..., Drill]
Tell = Callable[[str], None]

ON_DISK = {**QUICK, "DRAGOMAN_STORE": "rocksdb"}
STORES = {
    # In memory all tables are read back from the changelog at each start.
    "memory": QUICK,
    # On disk the table may be ahead of its changelog. A lasting name spares the session timeout.
    "rocksdb": {"DRAGOMAN_STORE": "rocksdb", "DRAGOMAN_GROUP_INSTANCE_ID": "worker-0"},
}


@pytest.mark.parametrize("store", STORES)
def test_kills_at_random_moments(
    kafka: ApacheKafka, begin: Begin, reader: RuleReader, tell: Tell, store: str
) -> None:
    drill = begin(f"kills-{store}", kafka.bootstrap, STORES[store])
    kills, stories, most_alerts = (50, 10_000, 240) if drill.long else (3, 500, 90)
    flow = drill.flow(stories)
    drill.start().wait_ready()  # makes the topics
    drill.watch().kill()
    with drill.feed(flow, a_second=30) as feeder:
        for _ in range(kills):
            # Slow, so that there is much between a send and its confirmation.
            drill.start("one", SLOW_SENDS)
            if drill.chance.random() < 0.75:
                drill.wait_for_alerts(drill.chance.randrange(most_alerts))
                time.sleep(drill.chance.uniform(0.0, 0.05))  # the moment is what is tried
            else:
                time.sleep(drill.chance.uniform(0.5, 3.0))  # while it starts and recovers
            drill.watch().kill()
        feeder.finish()
    drill.start()
    tell(drill.close(flow, reader, f"kill -9, {kills} times"))


def test_workers_scaled_out_and_in(
    kafka: ApacheKafka, begin: Begin, reader: RuleReader, tell: Tell
) -> None:
    drill = begin("scaling", kafka.bootstrap)
    rounds = 3 if drill.long else 1
    flow = drill.flow(3_000 if drill.long else 500)
    one = drill.start("0")
    one.wait_ready()
    with drill.feed(flow, a_second=50) as feeder:
        for each in range(rounds):
            drill.wait_for_alerts(50)
            two, three = drill.start(f"{each}-two"), drill.start(f"{each}-three")
            for new in (f"{each}-two", f"{each}-three"):
                drill.wait(f"{new} works", lambda name=new: drill.works_or_is_late(name))
            assert (one.stop(), two.stop()) == (0, 0)
            one = three
        feeder.finish()
    tell(drill.close(flow, reader, f"1, 3, 1 workers, {rounds} times"))


def test_one_of_three_brokers_lost_and_restored(
    kafka_cluster: ApacheKafka, begin: Begin, reader: RuleReader, tell: Tell
) -> None:
    drill = begin(
        "broker-lost", kafka_cluster.bootstrap, {**QUICK, "DRAGOMAN_REPLICATION_FACTOR": "3"}
    )
    nodes = [0, 1, 2] if drill.long else [drill.chance.randrange(3)]
    flow = drill.flow(3_000 if drill.long else 500)
    drill.start().wait_ready()
    with drill.feed(flow, a_second=30) as feeder:
        for node in nodes:
            drill.wait_for_alerts(50)
            kafka_cluster.kill_node(node)
            drill.wait_for_alerts(100)
            kafka_cluster.start_node(node)
            drill.wait_for_alerts(50)
        feeder.finish()
    tell(drill.close(flow, reader, f"one of three brokers killed, restored, {len(nodes)} times"))


def test_the_broker_away(kafka: ApacheKafka, begin: Begin, reader: RuleReader, tell: Tell) -> None:
    drill = begin("broker-away", kafka.bootstrap)
    away_s = 60 if drill.long else 15
    times = 2 if drill.long else 1
    flow = drill.flow(3_000 if drill.long else 600)
    drill.start().wait_ready()
    with drill.feed(flow, a_second=50) as feeder:
        for _ in range(times):
            drill.wait_for_alerts(50)
            kafka.kill_node(0)
            comes_back = time.monotonic() + away_s
            drill.wait("the time is over", lambda t=comes_back: time.monotonic() > t)
            kafka.start_node(0)
            drill.wait_for_alerts(50)
        feeder.finish()
    tell(drill.close(flow, reader, f"the only broker away for {away_s} s, {times} times"))


def test_the_tables_on_disk_removed_between_restarts(
    kafka: ApacheKafka, begin: Begin, reader: RuleReader, tell: Tell
) -> None:
    drill = begin("disk-lost", kafka.bootstrap, ON_DISK)
    times = 10 if drill.long else 2
    flow = drill.flow(3_000 if drill.long else 400)
    tables = drill.place().directory / "tables"
    drill.start().wait_ready()
    with drill.feed(flow, a_second=50) as feeder:
        for number in range(times):
            drill.wait_for_alerts(50)
            drill.watch().kill() if number % 2 else drill.watch().stop()
            shutil.rmtree(tables)
            drill.start("one", SLOW_OFFSETS).wait_ready()
        feeder.finish()
    tell(drill.close(flow, reader, f"tables removed from disk between restarts, {times} times"))


GARBAGE: tuple[tuple[TopicDeclaration, bytes, tuple[tuple[str, bytes], ...]], ...] = (
    (STORIES_RAW, b"\x00\xff garbage", (("format", b"ninjs"),)),
    (STORIES_RAW, b"", ()),
    (STORIES_RAW, b'{"headline": "no uri"}', (("format", b"ninjs"),)),
    (STORIES, b'{"id": ', ()),
    (STORIES, b"{}", ((VERSION_HEADER, b"7"),)),
    (REPORTS, b"\x80", ()),
    (REPORTS, b'{"type": "report"}', ((VERSION_HEADER, b"1"),)),
    (ALERTS, b"null", ()),
)
"""For each topic that a hop reads: what is no JSON, no record, or of another version."""


def test_a_poisoned_partition(
    kafka: ApacheKafka, begin: Begin, reader: RuleReader, tell: Tell
) -> None:
    drill = begin("poison", kafka.bootstrap)
    flow = []
    for number, story in enumerate(drill.flow(3_000 if drill.long else 500), 1):
        flow.append(story)
        if not number % 100:
            topic, value, headers = drill.chance.choice(GARBAGE)
            flow.append(Message(topic.name, value, None, headers, partition=1))
    drill.start().wait_ready()
    with drill.feed(flow, a_second=100) as feeder:
        feeder.finish()
    tell(drill.close(flow, reader, "one message in a hundred garbage, all on partition 1"))
