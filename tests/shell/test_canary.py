"""Canaries are sent for the partitions a worker reads, and counted where they end."""

from datetime import UTC, datetime, timedelta

import pytest
from plain_wire import PlainReader

from schemas.alerts import AlertEvent
from schemas.reports import Report
from schemas.stories import Story
from streams.core import canary
from streams.core.addressing import take
from streams.core.editions import report
from streams.core.wire import Arrival, parse
from streams.shell.canary import arrived, numbers_for
from streams.shell.cluster import partition_of
from streams.shell.metrics import Metrics, Vocabulary

SENT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def event(*, marked: bool) -> AlertEvent:
    story = parse(
        canary.item(1, 1, SENT), Arrival(canary.FEED, format=canary.FORMAT, received_at=SENT)
    )
    assert isinstance(story, Story)
    _, (message, *_) = report(None, canary.CanaryReader(PlainReader()).read(story))
    assert isinstance(message, Report)
    (alert,) = take(None, message).alerts
    return canary.marked(alert) if marked else alert


@pytest.mark.parametrize("partitions", [1, 2, 4, 7, 64])
def test_a_canary_takes_one_partition_on_every_topic(partitions: int) -> None:
    for partition in range(partitions):
        story, leader = numbers_for(partition, partitions)
        assert partition_of(canary.story_id(story), partitions) == partition
        assert partition_of(canary.leader_id(leader), partitions) == partition


def test_one_that_comes_to_its_end_is_timed_and_brought_to_nobody() -> None:
    metrics = Metrics(["deliver"], Vocabulary())
    now = SENT + timedelta(seconds=0.2)
    assert arrived(event(marked=True), metrics, lambda: now, at=3)
    text = metrics.exposition().decode()
    assert 'dragoman_canary_seconds_bucket{le="0.25"} 1.0' in text
    assert 'dragoman_canary_seconds_bucket{le="0.1"} 0.0' in text
    at = metrics.registry.get_sample_value(
        "dragoman_canary_last_arrival_timestamp_seconds", {"partition": "3"}
    )
    assert at == now.timestamp()


def test_an_alert_about_a_leader_is_not_taken_for_one() -> None:
    metrics = Metrics(["deliver"], Vocabulary())
    assert not arrived(event(marked=False), metrics, lambda: SENT, at=0)
    assert "dragoman_canary_seconds_count 0.0" in metrics.exposition().decode()
