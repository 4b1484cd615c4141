"""What is read after a restart, with tables to recover: everything, or nothing behind a gap."""

import time
from pathlib import Path

from plain_wire import EPOCH
from worker_process import Place, WorkerProcess, delete_topics, messages, send_many, uncommitted

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


def read_until_all_or_stalled(kafka: ApacheKafka, wanted: int, patience_s: float = BUSY_S) -> int:
    """How many stories have been read when it is all of them or no more come."""
    seen, since = 0, time.monotonic()
    while seen < wanted and time.monotonic() - since < patience_s:
        now_seen = len({message.key for message in messages(kafka.bootstrap, READINGS.name)})
        if now_seen > seen:
            seen, since = now_seen, time.monotonic()
    return seen


def test_a_restart_with_tables_to_recover_skips_no_message(
    kafka: ApacheKafka, tmp_path: Path
) -> None:
    place = waiting_behind_tables(kafka, tmp_path, "recovery")
    with WorkerProcess(place, "--only=read", SLOW_OFFSETS) as worker:
        worker.wait_ready()
        assert read_until_all_or_stalled(kafka, BEFORE + WHILE_DOWN) == BEFORE + WHILE_DOWN
        assert worker.stop() == 0
    assert uncommitted(kafka.bootstrap, place.app_id, STORIES) == 0


def test_a_worker_that_skips_messages_stops_before_it_handles_one_behind_them(
    kafka: ApacheKafka, tmp_path: Path
) -> None:
    """Without the hook Faust skips (faust-streaming#596, open in 0.15.3). When this worker no
    longer stops, Faust has mended it, and the hook in streams.shell.recovery can go."""
    place = waiting_behind_tables(kafka, tmp_path, "gaps")
    with WorkerProcess(place, "--only=read", SLOW_OFFSETS, "--without-hook") as worker:
        assert worker.process.wait(BUSY_S) == 3
        assert "were skipped" in worker.log_tail()
    with WorkerProcess(place, "--only=read") as worker:
        worker.wait_ready()
        assert read_until_all_or_stalled(kafka, BEFORE + WHILE_DOWN) == BEFORE + WHILE_DOWN
        assert worker.stop() == 0


def waiting_behind_tables(kafka: ApacheKafka, directory: Path, app_id: str) -> Place:
    """A worker that was stopped, with a table to read back and many stories behind it."""
    delete_topics(kafka.bootstrap)
    place = Place(kafka.bootstrap, app_id, directory, {})
    headers = list(version_headers(STORIES).items())
    with WorkerProcess(place, "--only=read") as worker:
        worker.wait_ready()
        send_many(kafka.bootstrap, STORIES, stories(0, BEFORE), headers)
        assert read_until_all_or_stalled(kafka, BEFORE) == BEFORE
        assert worker.stop() == 0
    send_many(kafka.bootstrap, STORIES, stories(BEFORE, WHILE_DOWN), headers)
    return place
