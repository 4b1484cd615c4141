"""All metrics, in one place.

Names begin with `dragoman_`, are in base units and end in `_total` where they only grow. Labels
have closed sets of values: never a leader, a story, a subscriber or a text. No decision is taken
on a metric in this process. What only Faust knows is fed in by `streams.shell.sensor`.
"""

from collections.abc import Iterable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
)
from prometheus_client.exposition import generate_latest

from schemas.alerts import ALERT_KINDS
from schemas.dead_letters import REASONS
from schemas.subscriptions import CHANNEL_KINDS

_STAGE_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_ALERT_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0, 86400.0)
_RECOVERY_BUCKETS = (0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)

OTHER = "other"
DELIVERY_OUTCOMES = ("delivered", "already_delivered", "failed", "given_up")


class Metrics:
    """The metrics of one app, in a registry of its own, so that two apps do not mix."""

    def __init__(self, hops: Iterable[str], languages: Iterable[str]) -> None:
        # Of the whole process: else each counter and histogram is exported twice.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self._languages = frozenset(languages)
        self._make_counters()
        self._make_histograms()
        self._make_gauges()
        for hop in hops:
            self.stage_seconds.labels(hop)
            for reason in REASONS:
                self.dead_letters.labels(hop, reason)
        for kind in ALERT_KINDS:
            self.alerts.labels(kind)
        for channel in CHANNEL_KINDS:
            self.delivery_seconds.labels(channel)
            for outcome in DELIVERY_OUTCOMES:
                self.deliveries.labels(channel, outcome)

    def _make_counters(self) -> None:
        self.items = self._counter(
            "items_total", "Wire items parsed, by what became of them.", "outcome"
        )
        self.readings = self._counter("readings_total", "Editions read, by language.", "language")
        self.reports = self._counter("reports_total", "Messages to dossiers, by kind.", "kind")
        self.alerts = self._counter("alerts_total", "Alerts raised, by kind.", "kind")
        self.deliveries = self._counter(
            "deliveries_total",
            "Tries to bring an alert to a subscription, by outcome.",
            "channel",
            "outcome",
        )
        self.dead_letters = self._counter(
            "dead_letters_total", "Messages refused.", "hop", "reason"
        )
        self.rebalances = self._counter(
            "rebalances_total", "Times partitions were shared out anew."
        )
        self.commits = self._counter("commits_total", "Commits of what has been handled.")
        self.send_errors = self._counter(
            "send_errors_total", "Messages that the brokers did not confirm."
        )

    def _make_histograms(self) -> None:
        self.stage_seconds = self._histogram(
            "stage_duration_seconds",
            "Time an agent takes for one message, with the confirmation of what it sends.",
            _STAGE_BUCKETS,
            "hop",
        )
        self.publication_to_alert = self._histogram(
            "publication_to_alert_seconds",
            "From a story's publication to the alert it raised.",
            _ALERT_BUCKETS,
        )
        self.arrival_to_alert = self._histogram(
            "arrival_to_alert_seconds",
            "From a story's arrival to the alert it raised.",
            _ALERT_BUCKETS,
        )
        self.delivery_seconds = self._histogram(
            "delivery_duration_seconds",
            "From when an alert was due at a subscription to when it was brought.",
            _ALERT_BUCKETS,
            "channel",
        )
        self.recovery_seconds = self._histogram(
            "recovery_duration_seconds",
            "From the start of a rebalance to reading again, with the tables read back.",
            _RECOVERY_BUCKETS,
        )

    def _make_gauges(self) -> None:
        self.table_keys = self._gauge("table_keys", "Keys in this worker's tables.", "table")
        self.assigned = self._gauge(
            "assigned_partitions", "Partitions this worker reads, by topic.", "topic"
        )
        self.deliveries_waiting = self._gauge(
            "deliveries_waiting", "Alerts that are due at a subscription and not brought yet."
        )
        self.oldest_due_age = self._gauge(
            "deliveries_oldest_due_age_seconds", "For how long the first of them has been due."
        )
        self.ready = self._gauge("ready", "1 where /readyz says so, else 0.")
        self.progress_age = self._gauge(
            "last_progress_age_seconds", "Since a message was last handled; 0 before the first."
        )
        self.uncommitted_age = self._gauge(
            "uncommitted_age_seconds",
            "Since the oldest message was acknowledged that the brokers have not been seen to "
            "have committed; 0 where all are.",
        )

    def language(self, code: str) -> str:
        """The label for a language: its code where we read it, else `other`."""
        return code if code in self._languages else OTHER

    def exposition(self) -> bytes:
        """All of it in Prometheus's text format."""
        return generate_latest(self.registry)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"dragoman_{name}", about, labels, registry=self.registry)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(f"dragoman_{name}", about, labels, registry=self.registry)

    def _histogram(
        self, name: str, about: str, buckets: tuple[float, ...], *labels: str
    ) -> Histogram:
        return Histogram(f"dragoman_{name}", about, labels, buckets=buckets, registry=self.registry)
