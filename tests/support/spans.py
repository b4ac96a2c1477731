"""The spans a test caused, whichever test of the session was the first to need any."""

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter


def keep_spans(exporter: SpanExporter) -> None:
    """Sends every span of this process to `exporter` too; OpenTelemetry takes only one provider per process."""
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider()
        trace.set_tracer_provider(provider)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
