"""What stands around every request: its span, its one log line, and an answer even when something fails."""

from __future__ import annotations

import time

from opentelemetry import context as trace_context
from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import FilteringBoundLogger

from services.gateway.errors import INTERNAL_ERROR, problem_answer
from services.runtime.log import get_logger
from services.runtime.telemetry import CASE, STAGE, STEP, tracer

_PROPAGATOR = TraceContextTextMapPropagator()
_PROBES = frozenset({"/healthz", "/readyz"})
_FACTS = "rjhub"


class RequestFacts:
    """What handlers let the log and the span know of a request: ids and codes only."""

    __slots__ = ("caller", "case_id", "codes", "stage", "status", "step")

    def __init__(self) -> None:
        """Begin with nothing known."""
        self.caller = self.case_id = self.step = self.stage = self.codes = ""
        self.status = 0


def facts_of(connection: HTTPConnection) -> RequestFacts:
    """The facts of the request being handled."""
    facts: RequestFacts = connection.scope[_FACTS]
    return facts


def traceparent() -> str:
    """The current span as a W3C traceparent, "" outside any."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return ""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


class Access:
    """ASGI middleware of our own: one server span per request, where the library's makes three and costs more.

    The path is never written, since it may hold a single-use link; the route's template is.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand around `app`."""
        self._app = app
        self._tracer = tracer(__name__)
        self._logger = get_logger(__name__)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; anything that is not HTTP passes through."""
        if scope["type"] != "http" or scope["path"] in _PROBES:
            scope[_FACTS] = RequestFacts()
            await self._app(scope, receive, send)
            return
        facts = scope[_FACTS] = RequestFacts()
        parent = _PROPAGATOR.extract(_carrier(scope))
        span = self._tracer.start_span("http", context=parent, kind=SpanKind.SERVER)
        attached = trace_context.attach(trace.set_span_in_context(span, parent))
        started = time.perf_counter()
        failure: Exception | None = None

        async def watching_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                facts.status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watching_send)
        except Exception as error:
            failure = error
            facts.codes = "internal_error"
            if not facts.status:
                await problem_answer(INTERNAL_ERROR)(scope, receive, watching_send)
        finally:
            duration_ms = round((time.perf_counter() - started) * 1000, 2)
            _end_span(span, scope, facts, failure)
            _write_line(self._logger, scope, facts, duration_ms, failure)
            trace_context.detach(attached)


def _carrier(scope: Scope) -> dict[str, str]:
    for name, value in scope["headers"]:
        if name == b"traceparent":
            return {"traceparent": value.decode("latin-1")}
    return {}


def _route(scope: Scope) -> str:
    route = scope.get("route")
    return str(getattr(route, "path", "")) or "(none)"


def _end_span(span: Span, scope: Scope, facts: RequestFacts, failure: Exception | None) -> None:
    route = _route(scope)
    if span.is_recording():
        span.update_name(f"{scope['method']} {route}")
        attributes: dict[str, str | int] = {
            "http.request.method": scope["method"],
            "http.route": route,
            "http.response.status_code": facts.status,
        }
        known = {CASE: facts.case_id, STEP: facts.step, STAGE: facts.stage, "rjhub.refused": facts.codes}
        attributes |= {name: value for name, value in known.items() if value}
        span.set_attributes(attributes)
        if failure is not None or facts.status >= 500:
            span.set_status(StatusCode.ERROR)
    span.end()


def _write_line(
    logger: FilteringBoundLogger, scope: Scope, facts: RequestFacts, duration_ms: float, failure: Exception | None
) -> None:
    line: dict[str, object] = {
        "method": scope["method"],
        "route": _route(scope),
        "status": facts.status,
        "duration_ms": duration_ms,
    }
    known = {"caller": facts.caller, "case_ref": facts.case_id, "step": facts.step, "refused": facts.codes}
    line |= {name: value for name, value in known.items() if value}
    if failure is None:
        logger.info("http", **line)
    else:
        logger.error("http", **line, exc_info=failure)
