"""One root span and one log line per request, named by the route: a path itself can hold a single-use link."""

from __future__ import annotations

import time

from opentelemetry.context import Context
from opentelemetry.trace import SpanKind, Status, StatusCode
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.runtime.log import get_logger
from services.runtime.telemetry import tracer

_QUIET = frozenset({"/healthz", "/assets"})


class TraceMiddleware:
    """Begins a trace of its own for every request; what a browser claims about traces is not believed."""

    def __init__(self, app: ASGIApp, routes: list[BaseRoute]) -> None:
        """`routes` are the application's, to find each request's template."""
        self._app = app
        self._routes = routes
        self._log = get_logger(__name__)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request inside its span."""
        route = self._template(scope) if scope["type"] == "http" else "/healthz"
        if route in _QUIET:
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "OTHER"
        status_code = 500
        began_at = time.perf_counter()

        async def send_noting_status(message: Message) -> None:
            nonlocal status_code
            if message["type"] == "http.response.start":
                status_code = message["status"]
            await send(message)

        with tracer(__name__).start_as_current_span(f"{method} {route}", Context(), SpanKind.SERVER) as span:
            span.set_attribute("http.request.method", method)
            span.set_attribute("http.route", route)
            try:
                await self._app(scope, receive, send_noting_status)
            finally:
                span.set_attribute("http.response.status_code", status_code)
                if status_code >= 500:
                    span.set_status(Status(StatusCode.ERROR))
                self._log.info(
                    "request",
                    method=method,
                    route=route,
                    status=status_code,
                    duration_ms=round((time.perf_counter() - began_at) * 1000, 1),
                )

    def _template(self, scope: Scope) -> str:
        for route in self._routes:
            match, _ = route.matches(scope)
            if match is not Match.NONE:
                path: str = getattr(route, "path", "")
                return path if not isinstance(route, Mount) else path.rstrip("/")
        return "unknown"
