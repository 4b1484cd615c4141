"""The metrics of the API, in a registry of its own. Labels are operations, never what was asked."""

from collections.abc import Iterable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
)
from prometheus_client.exposition import generate_latest

OUTCOMES = ("2xx", "3xx", "4xx", "5xx")

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class ApiMetrics:
    """What is counted of requests, and how far the view has come."""

    def __init__(self) -> None:
        # Of the whole process: else each counter and histogram is exported twice.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "dragoman_api_requests_total",
            "Requests answered, by operation and by what came of them.",
            ("operation", "outcome"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "dragoman_api_request_duration_seconds",
            "Time to an answer; streams are left out.",
            ("operation",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.streams = Gauge(
            "dragoman_api_open_streams", "Clients that follow alerts.", registry=self.registry
        )
        self.ready = Gauge(
            "dragoman_api_ready", "1 where /readyz says so, else 0.", registry=self.registry
        )
        self.troubled = Gauge(
            "dragoman_api_troubled_topics",
            "Topics that cannot be followed at present; what is shown of them grows old.",
            registry=self.registry,
        )

    def begin_at_zero(self, operations: Iterable[str]) -> None:
        """A rate over a counter that appears with its first event misses that event."""
        for operation in operations:
            self.seconds.labels(operation)
            for outcome in OUTCOMES:
                self.requests.labels(operation, outcome)

    def exposition(self) -> bytes:
        """All of it in Prometheus's text format."""
        return generate_latest(self.registry)
