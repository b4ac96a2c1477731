"""Tracing in tests: one provider for the whole process, whichever test is the first to need it."""

from __future__ import annotations

from typing import cast

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter
from temporalio.contrib.opentelemetry import ReplaySafeTracerProvider

from services.runtime.temporal import durable_tracer_provider


def use_tracing() -> ReplaySafeTracerProvider:
    """The provider that is fit for workflows too; OpenTelemetry takes only one per process, so every test has this."""
    provider = trace.get_tracer_provider()
    if not isinstance(provider, ReplaySafeTracerProvider):
        provider = durable_tracer_provider(Resource({}))
        trace.set_tracer_provider(cast(trace.TracerProvider, provider))
    return provider


def keep_spans(exporter: SpanExporter) -> None:
    """Sends every span of this process to `exporter` too."""
    use_tracing().add_span_processor(SimpleSpanProcessor(exporter))
