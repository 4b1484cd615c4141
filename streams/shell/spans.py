"""Spans for OpenTelemetry, one for each message a hop has settled, sent where the settings say.

Only this module knows OpenTelemetry, and imports it only where an endpoint is set: it comes with
the extra `tracing`. Ids are those of `streams.shell.tracing`. Spans are sent from a thread of its
own and are lost where nobody takes them; nothing waits for that. The exporter's own variables
(`OTEL_EXPORTER_OTLP_HEADERS` and the like) hold.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from streams.shell.tracing import Trace

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

_CLOSE_MS = 5_000


class SpansError(Exception):
    """Spans are asked for and cannot be made; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a hop has done with a message. Times are in nanoseconds since 1970."""

    trace: Trace
    hop: str
    topic: str
    partition: int
    offset: int
    began_ns: int
    ended_ns: int
    refused: str | None
    """The reason, where it was."""


class Spans(Protocol):
    """Takes what is settled, and is closed when nothing more will be."""

    def settled(self, work: Settled) -> None: ...

    def close(self) -> None: ...


class NoSpans:
    """Makes none."""

    def settled(self, work: Settled) -> None:
        """Leaves it."""

    def close(self) -> None:
        """Has nothing to close."""


def open_spans(endpoint: str | None, version: str) -> Spans:
    """Spans to this endpoint (OTLP over HTTP), or none. Raises `SpansError`."""
    if endpoint is None:
        return NoSpans()
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
    except ModuleNotFoundError as missing:
        raise SpansError(
            f"DRAGOMAN_OTLP_ENDPOINT is set, and {missing.name} is not installed. "
            "Install dragoman[tracing], or unset it."
        ) from missing
    return OpenTelemetrySpans(OTLPSpanExporter(endpoint=endpoint), version)


class OpenTelemetrySpans:
    """Makes them with OpenTelemetry's SDK, for this exporter. For one thread."""

    def __init__(self, exporter: "SpanExporter", version: str) -> None:
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        from opentelemetry.sdk.trace.sampling import ALWAYS_ON  # noqa: PLC0415

        self._work: ContextVar[Settled | None] = ContextVar("work", default=None)
        self._provider = TracerProvider(
            sampler=ALWAYS_ON,
            resource=Resource.create({"service.name": "dragoman", "service.version": version}),
            id_generator=_id_generator(self._work.get),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("dragoman", version)

    def settled(self, work: Settled) -> None:
        """Makes a span of it."""
        from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415

        self._work.set(work)
        span = self._tracer.start_span(
            f"{work.hop} {work.topic}",
            context=_parent(work.trace),
            kind=SpanKind.CONSUMER,
            attributes=_attributes(work),
            start_time=work.began_ns,
        )
        if work.refused is not None:
            span.set_status(StatusCode.ERROR, work.refused)
        span.end(work.ended_ns)

    def close(self) -> None:
        """Sends what is left, for some seconds at most."""
        self._provider.force_flush(_CLOSE_MS)
        self._provider.shutdown()


def _attributes(work: Settled) -> dict[str, str | int]:
    """https://opentelemetry.io/docs/specs/semconv/messaging/kafka/"""
    said: dict[str, str | int] = {
        "messaging.system": "kafka",
        "messaging.operation.type": "process",
        "messaging.destination.name": work.topic,
        "messaging.destination.partition.id": str(work.partition),
        "messaging.kafka.offset": work.offset,
        "dragoman.hop": work.hop,
    }
    if work.trace.story is not None:
        said["dragoman.story"] = work.trace.story
    return said


def _parent(trace: Trace) -> Any:
    from opentelemetry.context import Context  # noqa: PLC0415
    from opentelemetry.trace import (  # noqa: PLC0415
        NonRecordingSpan,
        SpanContext,
        TraceFlags,
        set_span_in_context,
    )

    if trace.parent_id is None:
        return Context()
    parent = SpanContext(
        trace_id=int(trace.trace_id, 16),
        span_id=int(trace.parent_id, 16),
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )
    return set_span_in_context(NonRecordingSpan(parent), Context())


def _id_generator(work: Callable[[], Settled | None]) -> Any:
    """Gives the ids of the work that a span is made of; the SDK would make random ones."""
    from opentelemetry.sdk.trace.id_generator import IdGenerator  # noqa: PLC0415

    class OurIds(IdGenerator):
        def generate_trace_id(self) -> int:
            at = work()
            assert at is not None
            return int(at.trace.trace_id, 16)

        def generate_span_id(self) -> int:
            at = work()
            assert at is not None
            return int(at.trace.span_id, 16)

    return OurIds()
