"""Spans of SQL statements: one for each, with its text and never its parameters.

The library's own instrumentation does more than is wanted here (pool metrics, two generations of attribute names), and
a case's journey runs dozens of statements.
"""

from __future__ import annotations

from typing import Any

from opentelemetry.trace import SpanKind, StatusCode, Tracer
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext, ExecutionContext

_SPAN = "rjhub_span"


def trace_statements(engine: Engine, tracer: Tracer) -> None:
    """Give every statement of the engine a span, named by its verb, in the trace of whoever runs it."""

    def begin(
        connection: Connection, cursor: Any, statement: str, parameters: Any, context: ExecutionContext, many: bool
    ) -> None:
        attributes = {"db.system": "postgresql", "db.statement": statement}
        span = tracer.start_span(statement.split(None, 1)[0], kind=SpanKind.CLIENT, attributes=attributes)
        connection.info[_SPAN] = span

    def end(
        connection: Connection, cursor: Any, statement: str, parameters: Any, context: ExecutionContext, many: bool
    ) -> None:
        _end(connection)

    def fail(failure: ExceptionContext) -> None:
        if failure.connection is not None:
            _end(failure.connection, failed=True)

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    event.listen(engine, "handle_error", fail)


def _end(connection: Connection, *, failed: bool = False) -> None:
    span = connection.info.pop(_SPAN, None)
    if span is not None:
        if failed:
            span.set_status(StatusCode.ERROR)
        span.end()
