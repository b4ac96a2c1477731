"""Spans of a case's own work: steps belong to the request's trace, what a timer causes has a trace of its own.

A request's trace context travels in the step itself and stays with every entry and intention it causes, so that it
survives queue, retry and roll-over; nothing is kept in the engine's headers. The provider (`durable_tracer_provider`)
draws ids that a replay draws again, and ends no span in a replay.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

CASE_ATTRIBUTE = "rjhub.case.ref"
STEP_ATTRIBUTE = "rjhub.step"
_TRACEPARENT = "traceparent"
_PROPAGATOR = TraceContextTextMapPropagator()


@contextmanager
def step_span(steps: tuple[str, ...], *, case_id: str, traceparent: str) -> Iterator[None]:
    """The handling of one request's steps, in the request's trace.

    The span is not made current: a case may be put away while it waits inside, and a context could not be given back.
    """
    span = trace.get_tracer(__name__).start_span(
        f"case {steps[0]}" if len(steps) == 1 else "case steps",
        context=context_of(traceparent),
        kind=SpanKind.SERVER,
        attributes={CASE_ATTRIBUTE: case_id, STEP_ATTRIBUTE: ",".join(steps)},
    )
    try:
        yield
    finally:
        span.end()


@contextmanager
def own_trace(name: str, *, case_id: str, opened_by: str) -> Iterator[str]:
    """A trace of its own for work no request asked for, linked to the case's first trace; gives its traceparent."""
    opened = trace.get_current_span(context_of(opened_by)).get_span_context()
    span = trace.get_tracer(__name__).start_span(
        name,
        context=Context(),
        links=[Link(opened)] if opened.is_valid else None,
        attributes={CASE_ATTRIBUTE: case_id},
    )
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, trace.set_span_in_context(span, Context()))
    try:
        yield carrier.get(_TRACEPARENT, "")
    finally:
        span.end()


def context_of(traceparent: str) -> Context:
    """The trace context a W3C traceparent names; an empty one begins a new trace."""
    return _PROPAGATOR.extract({_TRACEPARENT: traceparent} if traceparent else {}, context=Context())
