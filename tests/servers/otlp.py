"""A collector to test against: OTLP over HTTP, read by OpenTelemetry's own description of it (protobuf).

with Collector() as collector:
    ...                     # OTEL_EXPORTER_OTLP_ENDPOINT=collector.url
    collector.spans()       # what has arrived
    collector.tree()        # the same as paths from the root: ("GET /today", "SELECT coachhub")
"""

from dataclasses import dataclass
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.servers.receiver import Receiver


@dataclass(frozen=True)
class Arrived:
    """A span: its ids as text, its name and kind, its attributes, and the process that sent it."""

    trace: str
    id: str
    parent: str
    name: str
    kind: str
    is_error: bool
    attributes: dict[str, Any]
    service: str


class Collector(Receiver):
    """Takes spans at `/v1/traces`."""

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def spans(self) -> list[Arrived]:
        """Every span that has arrived."""
        found = []
        for posted in self.posted:
            assert (posted.path, posted.content_type) == ("/v1/traces", "application/x-protobuf")
            for sent in ExportTraceServiceRequest.FromString(posted.body).resource_spans:
                service = _values(sent.resource.attributes)["service.name"]
                found += [_arrived(span, service) for scope in sent.scope_spans for span in scope.spans]
        return found

    def paths(self) -> set[tuple[str, ...]]:
        """From its root to each span, by name."""
        spans = {span.id: span for span in self.spans()}
        return {_path(span, spans) for span in spans.values()}

    def everything(self) -> bytes:
        """What has arrived, as it was sent."""
        return b"".join(posted.body for posted in self.posted)


def _arrived(span: Span, service: str) -> Arrived:
    return Arrived(
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        span.name,
        Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        span.status.code == 2,
        _values(span.attributes),
        service,
    )


def _values(attributes: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}


def _path(span: Arrived, spans: dict[str, Arrived]) -> tuple[str, ...]:
    parent = spans.get(span.parent)
    return (*(_path(parent, spans) if parent else ()), span.name)
