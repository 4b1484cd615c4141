"""All metrics, in one place.

What is not here is the intake's (`streams.shell.intake.pages`). Names begin with `dragoman_`, are
in base units and end in `_total` where they only grow. Labels have closed sets of values: never a
leader, a story, a subscriber or a text. No decision is taken on a metric in this process. What only
Faust knows is fed in by `streams.shell.sensor`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from itertools import product

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
)
from prometheus_client.exposition import generate_latest

from schemas.alerts import ALERT_KINDS, Alert
from schemas.dead_letters import REASONS
from schemas.subscriptions import CHANNEL_KINDS
from streams.shell.lag import Behind

_STAGE_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_ALERT_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0, 86400.0)
_RECOVERY_BUCKETS = (0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)

_CANARY_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1800.0)

OTHER = "other"
DELIVERY_OUTCOMES = ("delivered", "already_delivered", "failed", "given_up")
NONE = "none"

ITEM_OUTCOMES = ("story", "refused")
REPORT_KINDS = ("trip", "invitation", "withdrawal")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a label may say that the data files decide; all else is `other`."""

    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


class Metrics:
    """The metrics of one app, in a registry of its own, so that two apps do not mix.

    Those whose labels are known beforehand are there from the start, at 0: a rate over a counter
    that appears with its first event misses that event.
    """

    def __init__(self, hops: Iterable[str], words: Vocabulary) -> None:
        # Of the whole process: else each counter and histogram is exported twice.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self._languages = frozenset(words.languages)
        self._topics = frozenset(words.topics)
        self._countries = frozenset(words.countries)
        self._make_counters()
        self._make_histograms()
        self._make_gauges()
        self._begin_at_zero(tuple(hops), words)

    def _begin_at_zero(self, hops: tuple[str, ...], words: Vocabulary) -> None:
        for hop in hops:
            self.stage_seconds.labels(hop)
            for reason in REASONS:
                self.dead_letters.labels(hop, reason)
        known: dict[str, tuple[tuple[Counter, Iterable[tuple[str, ...]]], ...]] = {
            "parse": ((self.items, product(ITEM_OUTCOMES)),),
            "read": (
                (self.reports, product(REPORT_KINDS)),
                (self.readings, product((*words.languages, OTHER))),
            ),
            "fold": (
                (self.alerts, product(ALERT_KINDS)),
                (self.destinations, product((*words.countries, OTHER, NONE))),
                (self.topics, product(ALERT_KINDS, (*words.topics, OTHER, NONE))),
            ),
            "deliver": ((self.deliveries, product(CHANNEL_KINDS, DELIVERY_OUTCOMES)),),
        }
        if "deliver" in hops:
            for channel in CHANNEL_KINDS:
                self.delivery_seconds.labels(channel)
        for hop in hops:
            for counter, all_labels in known.get(hop, ()):
                for labels in all_labels:
                    counter.labels(*labels)

    def _make_counters(self) -> None:
        self.items = self._counter(
            "items_total", "Wire items parsed, by what became of them.", "outcome"
        )
        self.readings = self._counter("readings_total", "Editions read, by language.", "language")
        self.reports = self._counter("reports_total", "Messages to dossiers, by kind.", "kind")
        self.alerts = self._counter("alerts_total", "Alerts raised, by kind.", "kind")
        self.destinations = self._counter(
            "alert_destinations_total", "Alerts raised, by country of destination.", "country"
        )
        self.topics = self._counter(
            "alert_topics_total",
            "Alerts raised, by kind and by topic of their stories; one of several topics counts "
            "once for each.",
            "kind",
            "topic",
        )
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
        self.canaries_sent = self._counter(
            "canary_sent_total", "Canary stories put on the raw topic and confirmed."
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
        self.canary_seconds = self._histogram(
            "canary_seconds",
            "From the sending of a canary story to its end in the last hop.",
            _CANARY_BUCKETS,
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
            "last_progress_age_seconds",
            "Since a message was last handled, or since the worker began to read; 0 before.",
        )
        self.uncommitted_age = self._gauge(
            "uncommitted_age_seconds",
            "Since the oldest message was acknowledged that the brokers have not been seen to "
            "have committed; 0 where all are.",
        )
        self.lag_messages = self._gauge(
            "consumer_lag_messages", "Messages that this worker has not handled yet.", "topic"
        )
        self.lag_seconds = self._gauge(
            "consumer_lag_seconds",
            "Age of the oldest message that this worker has not handled yet.",
            "topic",
        )
        self.recovering_seconds = self._gauge(
            "recovering_seconds",
            "Since the rebalance or recovery that is under way began; 0 where none is.",
        )
        self.canary_interval = self._gauge(
            "canary_interval_seconds", "Between two canary stories; 0 where none are sent."
        )
        self.canary_arrival = self._gauge(
            "canary_last_arrival_timestamp_seconds",
            "When a canary story last came to its end in this worker, by partition.",
            "partition",
        )
        self.build_info = self._gauge("build_info", "1, of this version.", "version")
        self.knowledge_info = self._gauge(
            "knowledge_info",
            "1, of this reader and this digest of its data files.",
            "reader",
            "knowledge",
        )
        self.build_info.labels(version("dragoman")).set(1)

    def language(self, code: str) -> str:
        """The label for a language: its code where we read it, else `other`."""
        return code if code in self._languages else OTHER

    def raised(self, alert: Alert) -> None:
        """Counts an alert by kind, by destination and by topic."""
        self.alerts.labels(alert.kind).inc()
        self.destinations.labels(_known(alert.country, self._countries)).inc()
        for topic in alert.topics or (None,):
            self.topics.labels(alert.kind, _known(topic, self._topics)).inc()

    def behind(self, lags: Mapping[str, Behind]) -> None:
        """How far the worker is behind, by topic."""
        for topic, lag in lags.items():
            self.lag_messages.labels(topic).set(lag.messages)
            self.lag_seconds.labels(topic).set(lag.seconds)

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


def _known(said: str | None, known: frozenset[str]) -> str:
    if said is None:
        return NONE
    return said if said in known else OTHER
