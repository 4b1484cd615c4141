"""What is read after a restart, with tables to recover: everything, or nothing behind a gap."""

import time
from pathlib import Path

import pytest
from plain_wire import EPOCH
from worker_process import (
    Place,
    WorkerProcess,
    delete_topics,
    messages,
    send_many,
    uncommitted,
    until,
)

from schemas.base import EditionId, StoryId
from schemas.codec import encode, version_headers
from schemas.stories import Story
from schemas.topics import READINGS, STORIES
from streams.shell.brokers.kafka import ApacheKafka

BEFORE, WHILE_DOWN = 200, 4000
SLOW_OFFSETS = "--slow-offsets=5"
"""Much longer than the second that Faust waits for records at a time (see `fire_drill`): a busy
machine must not hide what happens without the hook."""
BUSY_S = 90.0  # that no more come is told from a busy machine only where it must not happen


def stories(first: int, count: int) -> list[tuple[str, bytes]]:
    return [
        (
            f"urn:plain:{number}",
            encode(
                Story(
                    id=StoryId(f"urn:plain:{number}"),
                    edition=EditionId(f"edition:{number}"),
                    published_at=EPOCH,
                    received_at=EPOCH,
                    source="PLAIN",
                    feed="plain",
                    format="ninjs",
                )
            ),
        )
        for number in range(first, first + count)
    ]


def read_until_all_or_stalled(
    kafka: ApacheKafka, wanted: int, worker: WorkerProcess, patience_s: float = BUSY_S
) -> int:
    """How many stories have been read when it is all of them, or no more come."""
    seen, since = 0, time.monotonic()
    while seen < wanted and time.monotonic() - since < patience_s:
        if worker.process.poll() is not None:
            break
        now_seen = len({message.key for message in messages(kafka.bootstrap, READINGS.name)})
        if now_seen > seen:
            seen, since = now_seen, time.monotonic()
    return seen


@pytest.mark.parametrize("arguments", [(), ("--without-hook",)], ids=["both", "gaps_alone"])
def test_a_restart_with_tables_to_recover_skips_no_message(
    kafka: ApacheKafka, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """Faust skips some of them on a busy machine (faust-streaming#596, open in 0.15.3). The hook in
    streams.shell.recovery mends that; without it, what looks for gaps stops the worker."""
    place = waiting_behind_tables(kafka, tmp_path, f"recovery-{len(arguments)}")
    with WorkerProcess(place, "--only=read", SLOW_OFFSETS, *arguments) as worker:
        until("it reads, or has stopped", lambda: worker.said("ready") or worker.process.poll())
        read = read_until_all_or_stalled(kafka, BEFORE + WHILE_DOWN, worker)
        stopped = worker.process.poll()
        if stopped is None:
            assert worker.stop() == 0
    if arguments and stopped == 3:
        assert "were skipped" in worker.log_tail()
        with WorkerProcess(place, "--only=read") as worker:
            worker.wait_ready()
            read = read_until_all_or_stalled(kafka, BEFORE + WHILE_DOWN, worker)
            assert worker.stop() == 0
    assert (read, uncommitted(kafka.bootstrap, place.app_id, STORIES)) == (BEFORE + WHILE_DOWN, 0)


@pytest.mark.parametrize("arguments", [(), ("--without-hook",)], ids=["both", "gaps_alone"])
def test_what_is_fetched_and_dropped_is_read_though_nothing_is_committed(
    kafka: ApacheKafka, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """A fetch of before a rebalance can take what comes after it, and Faust drops that. aiokafka
    0.14 seeks back only where there is a commit."""
    delete_topics(kafka.bootstrap)
    place = Place(kafka.bootstrap, f"dropped-{len(arguments)}", tmp_path, {})
    with WorkerProcess(place, "--only=read") as worker:
        worker.wait_ready()
        assert worker.stop() == 0
    headers = list(version_headers(STORIES).items())
    send_many(kafka.bootstrap, STORIES, stories(0, BEFORE), headers)
    with WorkerProcess(place, "--only=read", "--drop-fetched", *arguments) as worker:
        worker.wait_ready()
        send_many(kafka.bootstrap, STORIES, stories(BEFORE, BEFORE), headers)
        if arguments:
            assert worker.process.wait(60) == 3
            assert "were skipped" in worker.log_tail()
        else:
            assert read_until_all_or_stalled(kafka, 2 * BEFORE, worker) == 2 * BEFORE
            assert worker.stop() == 0
            assert uncommitted(kafka.bootstrap, place.app_id, STORIES) == 0


def waiting_behind_tables(kafka: ApacheKafka, directory: Path, app_id: str) -> Place:
    """A worker that was stopped, with a table to read back and many stories behind it."""
    delete_topics(kafka.bootstrap)
    place = Place(kafka.bootstrap, app_id, directory, {})
    headers = list(version_headers(STORIES).items())
    with WorkerProcess(place, "--only=read") as worker:
        worker.wait_ready()
        send_many(kafka.bootstrap, STORIES, stories(0, BEFORE), headers)
        assert read_until_all_or_stalled(kafka, BEFORE, worker) == BEFORE
        assert worker.stop() == 0
    send_many(kafka.bootstrap, STORIES, stories(BEFORE, WHILE_DOWN), headers)
    return place
