"""Joins a case's later work to the trace of the step that caused it, and begins a trace for what a timer causes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, SpanContext
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

CASE_ATTRIBUTE = "rjhub.case.ref"
_TRACEPARENT = "traceparent"
_PROPAGATOR = TraceContextTextMapPropagator()


@contextmanager
def following(traceparent: str) -> Iterator[None]:
    """What starts inside belongs to the trace of `traceparent` (W3C); an empty one begins traces of their own.

    Never wait inside: a case can be put away at any wait, and its context with it.
    """
    with trace.use_span(trace.NonRecordingSpan(_span_context(traceparent)), end_on_exit=False):
        yield


@contextmanager
def own_trace(name: str, *, case_id: str, opened_by: str) -> Iterator[str]:
    """A trace of its own for work no request asked for, linked to the case's first trace; gives its traceparent."""
    opened = _span_context(opened_by)
    with trace.get_tracer(__name__).start_as_current_span(
        name,
        context=Context(),
        links=[Link(opened)] if opened.is_valid else None,
        attributes={CASE_ATTRIBUTE: case_id},
    ):
        yield current_traceparent()


def current_traceparent() -> str:
    """The W3C traceparent of the current span; empty outside any."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get(_TRACEPARENT, "")


def _span_context(traceparent: str) -> SpanContext:
    carrier = {_TRACEPARENT: traceparent} if traceparent else {}
    return trace.get_current_span(_PROPAGATOR.extract(carrier, context=Context())).get_span_context()
