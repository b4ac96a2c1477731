"""Spans leave the process without error texts, stack traces, paths and queries."""

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from services.runtime.telemetry import CASE, WithholdingExporter, trace_ids

CANARY = "ottoline-fennimore"


def test_an_error_in_a_span_keeps_its_type_and_loses_its_text() -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(WithholdingExporter(kept)))
    addresses = {"url.full": f"http://127.0.0.1:8000/v1/{CANARY}?q={CANARY}", "http.target": f"/v1/{CANARY}"}
    try:
        with provider.get_tracer("t").start_as_current_span("step", attributes={CASE: "RJ-1", **addresses}):
            raise ValueError(CANARY)
    except ValueError:
        pass
    (span,) = kept.get_finished_spans()
    assert CANARY not in span.to_json()
    assert span.status.status_code is StatusCode.ERROR
    assert span.events[0].attributes is not None
    assert span.events[0].attributes["exception.type"] == "ValueError"
    assert span.attributes == {CASE: "RJ-1", "url.full": "http://127.0.0.1:8000"}


def test_ids_outside_a_span_are_empty() -> None:
    assert trace_ids() == ("", "")


def test_ids_within_a_span() -> None:
    with TracerProvider().get_tracer("t").start_as_current_span("s") as span:
        assert trace_ids() == (f"{span.get_span_context().trace_id:032x}", f"{span.get_span_context().span_id:016x}")
