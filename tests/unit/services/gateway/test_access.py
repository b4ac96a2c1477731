"""The span and the line of a request: one of each, with the route and never the path."""

from __future__ import annotations

import io
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.gateway.access import Access, facts_of, traceparent
from services.runtime.log import configure_logging

SECRET = "a-link-that-was-sent-0001"


class Route:
    """As routing leaves one in the scope."""

    path = "/v1/links/{token}"


async def ask(app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> list[Any]:
    """One request to a path that holds a secret."""
    sent: list[Any] = []
    scope = {"type": "http", "method": "GET", "path": f"/v1/links/{SECRET}", "headers": [], "query_string": b""}

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await Access(app)(scope, receive, send)
    return sent


@pytest.fixture
def lines() -> Any:
    stream = io.StringIO()
    configure_logging("gateway", "json", stream)
    yield stream
    structlog.reset_defaults()


async def test_one_line_with_the_route_and_never_the_path(lines: io.StringIO) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = Route()
        facts = facts_of(Request(scope))
        facts.caller, facts.case_id, facts.codes = "S101", "c-1", "link_unknown"
        await Response("{}", 404)(scope, receive, send)

    await ask(app)
    (line,) = [json.loads(text) for text in lines.getvalue().splitlines()]
    assert SECRET not in lines.getvalue()
    assert (line["event"], line["route"], line["status"], line["method"]) == ("http", Route.path, 404, "GET")
    assert (line["caller"], line["case_ref"], line["refused"]) == ("S101", "c-1", "link_unknown")
    assert line["duration_ms"] >= 0


async def test_a_failure_is_answered_and_written_by_type_and_place(lines: io.StringIO) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise KeyError("Rowena Fictional")

    start, body = await ask(app)
    assert start["status"] == 500
    assert json.loads(body["body"])["code"] == "internal_error"
    line = json.loads(lines.getvalue())
    assert (line["error"], line["level"], line["refused"]) == ("KeyError", "error", "internal_error")
    assert "Rowena" not in lines.getvalue()


def test_no_span_has_no_traceparent() -> None:
    assert traceparent() == ""
