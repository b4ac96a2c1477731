"""Traces: how a process makes and exports spans, the names of their attributes, and what may never leave with them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, cast
from urllib.parse import urlsplit

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status, Tracer
from opentelemetry.util.types import AttributeValue

CASE = "rjhub.case.ref"
STEP = "rjhub.step"
STAGE = "rjhub.stage"

_EXPORT_TIMEOUT_SECONDS = 5
_SHUTDOWN_SECONDS_MAX = 3.0
# Encoding spans keeps the interpreter from everything else, so it is done often and for few at a time.
_EXPORT_DELAY_MILLISECONDS = 1000
_EXPORT_SPANS_AT_ONCE = 64
# A path or a query may hold a single-use link; the route's template says enough.
_ADDRESSES = frozenset({"http.target", "url.path", "url.query"})
_FULL_ADDRESSES = frozenset({"http.url", "url.full"})
_MESSAGES = frozenset({"exception.message", "exception.stacktrace"})


class WithholdingExporter(SpanExporter):
    """Passes spans on without what libraries put there that may be personal: error texts, stack traces and addresses.

    Libraries record an exception with its message, and a database's message quotes the row it is about.
    """

    def __init__(self, exporter: SpanExporter) -> None:
        """Stand in front of `exporter`."""
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export the spans with the withheld parts left out."""
        return self._exporter.export([_without_texts(span) for span in spans])

    def shutdown(self) -> None:
        """Close the exporter behind."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Flush the exporter behind."""
        return self._exporter.force_flush(timeout_millis)


class SdkTracerProvider(Protocol):
    """What a provider must offer besides tracers; the durable engine brings one that is safe in replays."""

    def add_span_processor(self, span_processor: SpanProcessor) -> None:
        """Take one more processor of ended spans."""

    def shutdown(self) -> None:
        """Send what is held back, and end."""


def configure_telemetry(
    process: str,
    otlp_endpoint: str | None,
    make_provider: Callable[[Resource], SdkTracerProvider] = lambda resource: TracerProvider(
        resource=resource, shutdown_on_exit=False
    ),
) -> None:
    """Make this process's spans carry its name, and send them to the endpoint (OTLP over HTTP) if there is one.

    Without an endpoint spans still get ids, since the ledger keeps each entry's trace id. Call once per process.
    """
    provider = make_provider(Resource({"service.name": process, "service.namespace": "rjhub"}))
    if otlp_endpoint:
        exporter = OTLPSpanExporter(endpoint=otlp_endpoint, timeout=_EXPORT_TIMEOUT_SECONDS)
        provider.add_span_processor(
            BatchSpanProcessor(
                WithholdingExporter(exporter),
                schedule_delay_millis=_EXPORT_DELAY_MILLISECONDS,
                max_export_batch_size=_EXPORT_SPANS_AT_ONCE,
            )
        )
    trace.set_tracer_provider(cast(TracerProvider, provider))


def tracer(name: str) -> Tracer:
    """Answer the tracer of one of our modules; safe to call before `configure_telemetry`."""
    return trace.get_tracer(name)


def trace_ids() -> tuple[str, str]:
    """Answer the current span's trace id (32 hex digits) and span id (16), or two empty strings outside any span."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return "", ""
    return f"{context.trace_id:032x}", f"{context.span_id:016x}"


def shutdown_telemetry() -> None:
    """Send what is still held back, for a few seconds at most: a trace page that is away must not hold up an exit."""
    provider = trace.get_tracer_provider()
    shutdown = getattr(provider, "shutdown", None)  # the stand-in before `configure_telemetry` has none
    if shutdown is not None:
        closing = threading.Thread(target=shutdown, name="telemetry-shutdown", daemon=True)
        closing.start()
        closing.join(_SHUTDOWN_SECONDS_MAX)


def _without_texts(span: ReadableSpan) -> ReadableSpan:
    attributes = span.attributes or {}
    if not (
        span.status.description or span.events or not _ADDRESSES.isdisjoint(attributes)
    ) and _FULL_ADDRESSES.isdisjoint(attributes):
        return span
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_allowed(attributes),
        events=[Event(event.name, _allowed(event.attributes or {}), event.timestamp) for event in span.events],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _allowed(attributes: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    allowed: dict[str, AttributeValue] = {}
    for name, value in attributes.items():
        if name in _FULL_ADDRESSES:
            address = urlsplit(str(value))
            allowed[name] = f"{address.scheme}://{address.hostname or ''}:{address.port or ''}".rstrip(":")
        elif name not in _ADDRESSES and name not in _MESSAGES:
            allowed[name] = value
    return allowed
