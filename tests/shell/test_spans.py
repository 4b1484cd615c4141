"""Spans are made of what is settled, with our ids, and only where somebody takes them."""

import sys
from contextvars import copy_context

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from streams.shell import tracing
from streams.shell.spans import NoSpans, OpenTelemetrySpans, Settled, SpansError, open_spans
from streams.shell.tracing import Trace


def settled(trace: Trace, hop: str = "parse", refused: str | None = None) -> Settled:
    return Settled(trace, hop, "stories.raw.v1", 1, 7, 1_000, 3_000, refused)


def made(*works: Settled) -> tuple[ReadableSpan, ...]:
    exporter = InMemorySpanExporter()
    spans = OpenTelemetrySpans(exporter, "0.1.0")
    for work in works:
        spans.settled(work)
    spans.close()
    return exporter.get_finished_spans()


def begun(headers: dict[str, bytes], hop: str) -> Trace:
    return copy_context().run(tracing.begin, hop, f"a topic of {hop}", b"k", headers)


def test_the_hops_of_a_story_are_one_trace_each_under_the_one_before() -> None:
    parse = begun({}, "parse")
    read = begun(parse.headers(), "read")
    first, second = made(settled(parse), settled(read, "read"))
    assert first.context is not None
    assert second.context is not None
    assert first.parent is None
    assert second.parent is not None
    assert second.parent.span_id == first.context.span_id == int(parse.span_id, 16)
    assert second.context.trace_id == first.context.trace_id == int(parse.trace_id, 16)


def test_a_span_says_what_was_done_when_and_on_which_message() -> None:
    (span,) = made(settled(begun({"story": b"urn:1"}, "parse"), refused="too_large"))
    assert (span.name, span.start_time, span.end_time) == ("parse stories.raw.v1", 1_000, 3_000)
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "too_large")
    assert span.attributes is not None
    assert span.attributes["messaging.kafka.offset"] == 7
    assert span.attributes["dragoman.story"] == "urn:1"


def test_without_an_endpoint_none_are_made() -> None:
    assert isinstance(open_spans(None, "0.1.0"), NoSpans)


def test_an_endpoint_without_what_it_needs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(SpansError, match=r"Install dragoman\[tracing\]"):
        open_spans("http://127.0.0.1:4318/v1/traces", "0.1.0")
