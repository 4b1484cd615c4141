"""Takes spans as an OpenTelemetry collector does: OTLP over HTTP, in protobuf."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Receiver:
    """What has come so far."""

    def __init__(self) -> None:
        self.address = ""
        self._spans: list[Any] = []

    def take(self, body: bytes) -> None:
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                self._spans.extend(scope.spans)

    def trails(self) -> set[tuple[str, ...]]:
        """The hops of each trace, each under the one before; of unbroken ones from the first."""
        spans = list(self._spans)
        below: dict[bytes, list[Any]] = {}
        for span in spans:
            below.setdefault(span.parent_span_id, []).append(span)
        return {trail for root in below.get(b"", []) for trail in _trails(root, below)}


def _trails(span: Any, below: dict[bytes, list[Any]]) -> Iterator[tuple[str, ...]]:
    hop = span.name.split(" ", 1)[0]
    under = [each for each in below.get(span.span_id, []) if each.trace_id == span.trace_id]
    if not under:
        yield (hop,)
    for each in under:
        for trail in _trails(each, below):
            yield (hop, *trail)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a port of its own; its `address` is what the settings take."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.take(
                gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body
            )
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.address = f"http://127.0.0.1:{server.server_port}/v1/traces"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
