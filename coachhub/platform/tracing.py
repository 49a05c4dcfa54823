"""Traces by OpenTelemetry: a request, the job that it asked for and their calls outside, as one tree of spans.

Loaded only where `OTEL_EXPORTER_OTLP_ENDPOINT` is set. The SDK reads its other `OTEL_*` variables itself (headers,
sampling, batches, the service's name). The instrumentations note whatever they see, addresses with tokens in them and
the text of errors included; so a span leaves with the attributes named here, and with nothing else.
"""

import atexit
import os
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from opentelemetry import propagate, trace
from opentelemetry.context import Context, get_current
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.instrumentation.urllib import URLLibInstrumentor
from opentelemetry.propagators.textmap import (
    CarrierT,
    Getter,
    Setter,
    TextMapPropagator,
    default_getter,
    default_setter,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import Attributes, AttributeValue
from structlog.contextvars import bind_contextvars, get_contextvars

from coachhub.platform.request_log import WorkingOn

_KEPT = frozenset(
    {
        *("http.request.method", "http.route", "http.response.status_code"),
        *("db.system.name", "db.query.text", "db.operation.name"),
        *("error.type", "exception.type"),
    }
)
_PATIENCE = 1.0
"""So many seconds at most a collector that does not answer keeps a worker from its next job."""
_PORTS = {"http": 80, "https": 443}
_OURS = "coachhub."
_TELLING = ("request_id", "practice_id", "endpoint", "job_id", "job")
_CONNECTING = "connect"
"""SQLAlchemy's span each time that a connection is taken out of the pool: one a transaction, and it says nothing."""


# The attributes' names that have been settled, instead of those of the time before.
os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http,database")


class Tracing:
    """What this process traces and sends to one address."""

    def __init__(self, endpoint: str) -> None:
        exporter = _Discreet(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=_PATIENCE))
        self._provider = TracerProvider(resource=Resource.create({"service.name": "coachhub"}), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("coachhub")
        self._carrier = TraceContextTextMapPropagator()
        propagate.set_global_textmap(_Unasked())
        for each in (SQLAlchemyInstrumentor(), RequestsInstrumentor(), URLLibInstrumentor()):
            # SQLAlchemy's is held back by a bound on its version; the events that it listens to are the same in 2.1.
            each.instrument(tracer_provider=self._provider, skip_dep_check=True)
        atexit.register(self._provider.shutdown)

    def watch_requests(self, app: Flask) -> None:
        """A span for each request, named after its route."""
        FlaskInstrumentor().instrument_app(  # type: ignore[no-untyped-call]
            app, tracer_provider=self._provider, response_hook=_tell_of_request, enable_commenter=False
        )
        app.before_request(_name_trace)

    def do_job(self, job: WorkingOn, work: Callable[[], bool]) -> bool:
        """A span for a job, in the trace of the request that asked for it."""
        asked_by = self._carrier.extract(job.left)
        with self._tracer.start_as_current_span(job.name, context=asked_by, kind=SpanKind.CONSUMER) as span:
            is_done = work()
            span.set_attributes(_ids())
            if not is_done:
                span.set_status(StatusCode.ERROR)
            return is_done

    def left_with_jobs(self) -> dict[str, str]:
        """The running span, as `traceparent`."""
        left: dict[str, str] = {}
        self._carrier.inject(left)
        return left

    def send(self) -> None:
        """Send what waits, as a process that ends at once must."""
        self._provider.force_flush()


class _Unasked(TextMapPropagator):
    """A visitor's browser does not say whose trace a request is of, and vendors are not told of ours."""

    def extract(
        self, carrier: CarrierT, context: Context | None = None, getter: Getter[CarrierT] = default_getter
    ) -> Context:
        """Whatever it brings, it begins a trace of its own."""
        return get_current() if context is None else context

    def inject(
        self, carrier: CarrierT, context: Context | None = None, setter: Setter[CarrierT] = default_setter
    ) -> None:
        """Nothing goes along."""

    @property
    def fields(self) -> set[str]:
        """None."""
        return set()


def _name_trace() -> None:
    """Have the log say in which trace a request is found."""
    bind_contextvars(trace_id=trace.format_trace_id(trace.get_current_span().get_span_context().trace_id))


def _tell_of_request(span: trace.Span | None, _status: str, _headers: Any) -> None:
    if span is not None and span.is_recording():
        span.set_attributes(_ids())


def _ids() -> dict[str, str]:
    known = get_contextvars()
    return {f"{_OURS}{name}": str(known[name]) for name in _TELLING if known.get(name)}


class _Discreet(SpanExporter):
    """Hands spans on without what a person may have written: only attributes that are named above leave."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([_discreet(span) for span in spans if span.name != _CONNECTING])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _discreet(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=_name(span),
        context=span.get_span_context(),
        parent=span.parent,
        resource=span.resource,
        attributes=_allowed(span.attributes, span.kind),
        events=[Event(event.name, _allowed(event.attributes, span.kind), event.timestamp) for event in span.events],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _name(span: ReadableSpan) -> str:
    """As it was named; a request is called by its route alone, because otherwise it may be called by its address."""
    if span.kind is not SpanKind.SERVER:
        return span.name
    told = span.attributes or {}
    return " ".join(str(told[name]) for name in ("http.request.method", "http.route") if told.get(name)) or "request"


def _allowed(attributes: Attributes, kind: SpanKind) -> dict[str, AttributeValue]:
    told = attributes or {}
    kept = {name: value for name, value in told.items() if name in _KEPT or name.startswith(_OURS)}
    if kind is SpanKind.CLIENT and "url.full" in told:
        asked = urlsplit(str(told["url.full"]))
        kept |= {"server.address": asked.hostname or "", "server.port": asked.port or _PORTS.get(asked.scheme, 0)}
    return kept
