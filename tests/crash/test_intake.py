"""Files dropped into directories while worker and intake are killed: each is read, and read once.

A thousand and a half by default, ten thousand with `--long`.
"""

import json
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from plain_wire import item
from worker_process import HERE, Place, WorkerProcess, delete_topics, messages, records, until

from schemas.topics import DEAD_LETTERS, READINGS, STORIES_RAW
from streams.shell.brokers.kafka import ApacheKafka
from streams.shell.intake.ledger import FILE
from streams.shell.intake.watch import IN_HAND

pytestmark = pytest.mark.timeout(1_800)

KILLS = 2
A_SECOND = 400
"""More than the slow intake takes: there is always something in hand."""
SOURCES = """
[[source]]
name = "kept"
way = "watch"
directory = "kept"
settle_s = 0.3

[[source]]
name = "moved"
way = "watch"
directory = "moved"
settle_s = 0.3
after = "move"
"""


class IntakeProcess:
    """The intake, with a moment between the brokers' word and the ledger's note."""

    def __init__(self, place: Place) -> None:
        self._log = place.directory / "intake.log"
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "ignore", str(HERE / "slow_intake.py")],
                env=place.environment(),
                stderr=log,
            )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(90)

    def require_alive(self) -> None:
        assert self.process.poll() is None, self._log.read_text()[-3_000:]


@contextmanager
def dropping(items: list[bytes], folder: Path) -> Iterator[threading.Thread]:
    """Drops files as agencies do: written at once, in two parts, or under another name first."""
    stop = threading.Event()

    def drop() -> None:
        for number, data in enumerate(items):
            if stop.wait(1 / A_SECOND):
                return
            file = folder / ("kept", "moved")[number % 2] / f"{number % 7}" / f"{number}.json"
            file.parent.mkdir(exist_ok=True)
            match number % 3:
                case 0:
                    file.write_bytes(data)
                case 1:
                    unfinished = file.with_suffix(".json.part")
                    unfinished.write_bytes(data)
                    unfinished.rename(file)
                case _:
                    with file.open("wb") as half:
                        half.write(data[:50])
                        half.flush()
                        half.write(data[50:])

    thread = threading.Thread(target=drop)
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join()


def noted(place: Place) -> int:
    """How many items the ledger knows."""
    path = place.directory / "tables" / FILE
    if not path.exists():
        return 0
    try:
        ledger = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            return int(ledger.execute("SELECT count(*) FROM seen").fetchone()[0])
        finally:
            ledger.close()
    except sqlite3.OperationalError:  # it is being made
        return 0


def until_noted(place: Place, wanted: int, intake: IntakeProcess) -> None:
    def look() -> bool:
        intake.require_alive()
        return noted(place) >= wanted

    until(f"{wanted} items are noted", look, 300)


def until_read(kafka: ApacheKafka, wanted: int, worker: WorkerProcess) -> None:
    def look() -> bool:
        assert worker.process.poll() is None, worker.log_tail()
        return len({each.edition for each in records(kafka.bootstrap, READINGS)}) >= wanted

    until(f"{wanted} editions are read", look, 300)


def test_each_dropped_file_is_read_once_whatever_is_killed(
    kafka: ApacheKafka, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    long = request.config.getoption("--long")
    count = 10_000 if long else 1_500
    chance = random.Random(f"intake {request.config.getoption('--drill-seed')}")
    delete_topics(kafka.bootstrap)
    for name in ("kept", "moved"):
        (tmp_path / name).mkdir()
    (tmp_path / "sources.toml").write_text(SOURCES)
    place = Place(
        kafka.bootstrap,
        "intake",
        tmp_path,
        {
            "DRAGOMAN_SOURCES_FILE": str(tmp_path / "sources.toml"),
            "DRAGOMAN_INTAKE_PORT": "0",
            "DRAGOMAN_SESSION_TIMEOUT_S": "3",
            "DRAGOMAN_HEARTBEAT_INTERVAL_S": "0.5",
        },
    )
    items = [item(number) for number in range(count)]
    hops = "--only=parse,read"
    with ExitStack() as living:
        worker = living.enter_context(WorkerProcess(place, hops))
        worker.wait_ready()  # makes the topics
        dropper = living.enter_context(dropping(items, tmp_path))
        intake = IntakeProcess(place)
        started = [intake]
        living.callback(lambda: [each.kill() for each in started])
        for kill in range(KILLS):
            wanted = count * (kill + 1) // (KILLS + 2)

            until_noted(place, wanted, intake)
            time.sleep(chance.uniform(0.0, 0.05))  # the moment is what is tried
            intake.kill()
            worker.kill()
            intake = IntakeProcess(place)
            started.append(intake)
            worker = living.enter_context(WorkerProcess(place, hops))
        until("all is dropped", lambda: not dropper.is_alive(), 300)
        until_noted(place, count, intake)
        until_read(kafka, count, worker)
        assert intake.stop() == 0
        assert worker.stop() == 0

    sent = Counter(message.value for message in messages(kafka.bootstrap, STORIES_RAW.name))
    assert set(sent) == set(items), "files are missing, or half"
    repeated = sent.total() - count
    assert repeated <= KILLS * 2 * IN_HAND, "more than what was in hand was sent again"
    readings = records(kafka.bootstrap, READINGS)
    # One that was sent or read again differs by its time of arrival, if at all.
    one = readings[0].received_at
    told = {each.model_copy(update={"received_at": one}).model_dump_json() for each in readings}
    assert len(told) == len({each.edition for each in readings}) == count
    assert messages(kafka.bootstrap, DEAD_LETTERS.name) == []
    kept = sum(file.is_file() for file in (tmp_path / "kept").rglob("*"))
    done = sum(file.is_file() for file in (tmp_path / "moved" / "done").rglob("*"))
    assert (kept, done) == (count - count // 2, count // 2)
    print(json.dumps({"files": count, "sent again": repeated, "readings": len(readings)}))
