"""What only Faust knows: rebalances and recovery, commits, sends that failed, messages in hand.

Feeds the metrics, the worker's standing and its lag, and decides nothing.
"""
# ruff: noqa: ARG002 - Faust gives the arguments of a sensor's methods

from collections.abc import Mapping
from time import monotonic
from typing import Any

from faust.sensors.base import Sensor
from faust.types import TP, AppT, Message
from faust.types.transports import ConsumerT, ProducerT

from streams.shell.lag import Lag, Partition
from streams.shell.metrics import Metrics
from streams.shell.recovery import Standing


class WorkerSensor(Sensor):
    """Faust's own prometheus sensor breaks the naming rules, so this one is ours."""

    def __init__(self, metrics: Metrics, standing: Standing, lag: Lag) -> None:
        super().__init__()
        self._metrics = metrics
        self._standing = standing
        self._lag = lag

    def on_message_in(self, tp: TP, offset: int, message: Message) -> None:
        self._lag.came(Partition(*tp), offset, message.timestamp or 0.0)

    def on_message_out(self, tp: TP, offset: int, message: Message) -> None:
        self._lag.handled(Partition(*tp), offset)

    def on_commit_completed(self, consumer: ConsumerT, state: Any) -> None:
        self._metrics.commits.inc()

    def on_send_error(self, producer: ProducerT, exc: BaseException, state: Any) -> None:
        self._metrics.send_errors.inc()

    def on_rebalance_start(self, app: AppT) -> dict[str, float]:
        self._metrics.rebalances.inc()
        self._standing.rebalance_started()
        return {"time_start": monotonic()}

    def on_rebalance_end(self, app: AppT, state: Mapping[str, float]) -> None:
        self._metrics.recovery_seconds.observe(monotonic() - state["time_start"])
        self._standing.recovered(_by_topic(app))
        assigned = self._standing.assigned
        self._lag.assigned(assigned)
        for topic in self._lag.topics:
            self._metrics.assigned.labels(topic).set(len(assigned.get(topic, ())))


def _by_topic(app: AppT) -> dict[str, frozenset[int]]:
    tables = app.tables.changelog_topics
    assigned: dict[str, set[int]] = {}
    for tp in app.consumer.assignment():
        if tp.topic not in tables:
            assigned.setdefault(tp.topic, set()).add(tp.partition)
    return {topic: frozenset(partitions) for topic, partitions in assigned.items()}
