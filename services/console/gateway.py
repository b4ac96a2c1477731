"""The console's one way to everything it shows: the gateway's public HTTP API, with problems as coded refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx2
from opentelemetry.propagate import inject
from opentelemetry.trace import SpanKind

from services.runtime.refusal import Refusal
from services.runtime.telemetry import tracer

Json = dict[str, Any]

# Longer than the gateway's own longest wait for a step, so that its answer and not our impatience decides.
_TIMEOUT_SECONDS = 20.0
_CONNECT_SECONDS = 3.0


@dataclass(eq=False)  # not frozen: Python itself writes the traceback into an exception
class Problem(Exception):
    """The gateway turned a request down, or could not be reached (`status` 503, `code` gateway_unreachable).

    `nothing_was_done` is true only when we know it: the request never reached the gateway, or was refused whole.
    """

    status: int
    code: str
    refusals: tuple[Refusal, ...] = ()
    trace_id: str = ""
    nothing_was_done: bool = True


class Gateway:
    """Calls the API; ids that go into a path are quoted, so that no id can reach another path."""

    def __init__(self, gateway_url: str, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        """`transport` replaces the network in tests."""
        # trust_env=False: tokens must not pass a proxy of the machine.
        self._client = httpx2.AsyncClient(
            base_url=gateway_url.rstrip("/"),
            timeout=httpx2.Timeout(_TIMEOUT_SECONDS, connect=_CONNECT_SECONDS),
            transport=transport,
            trust_env=False,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def read(
        self,
        template: str,
        token: str = "",
        query: Mapping[str, str] | None = None,
        visitor: str = "",
        **ids: str,
    ) -> Json:
        """GET; raises `Problem`. `template` is a path such as `/v1/cases/{case_id}`, filled from `ids`.

        `visitor` is the network address of someone without a token, by whom the gateway counts.
        """
        wanted = {name: value for name, value in (query or {}).items() if value}
        return await self._call("GET", _path(template, ids), template, _headers(token, visitor), query=wanted)

    async def send(
        self,
        method: str,
        template: str,
        body: Json,
        token: str = "",
        idempotency_key: str = "",
        visitor: str = "",
        **ids: str,
    ) -> Json:
        """POST or PUT; raises `Problem`. The same key with the same body is answered again, not done again."""
        headers = _headers(token, visitor)
        if idempotency_key:
            headers["idempotency-key"] = idempotency_key
        return await self._call(method, _path(template, ids), template, headers, body=body)

    async def _call(
        self,
        method: str,
        path: str,
        template: str,
        headers: dict[str, str],
        *,
        query: Mapping[str, str] | None = None,
        body: Json | None = None,
    ) -> Json:
        # The span is named by the template: a path can hold a single-use link.
        with tracer(__name__).start_as_current_span(f"{method} {template}", kind=SpanKind.CLIENT) as span:
            inject(headers)
            try:
                answer = await self._client.request(method, path, params=query, json=body, headers=headers)
            except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
                raise Problem(503, "gateway_unreachable") from error
            except httpx2.HTTPError as error:
                raise Problem(503, "gateway_silent", nothing_was_done=method == "GET") from error
            span.set_attribute("http.response.status_code", answer.status_code)
        if answer.is_success:
            return _object(answer)
        raise _problem(answer, method)


def _path(template: str, ids: Mapping[str, str]) -> str:
    return template.format_map({name: quote(value, safe="") for name, value in ids.items()})


def _headers(token: str, visitor: str) -> dict[str, str]:
    headers = {"accept": "application/json, application/problem+json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    if visitor:
        headers["x-forwarded-for"] = visitor
    return headers


def _object(answer: httpx2.Response) -> Json:
    if not answer.content:
        return {}
    try:
        content = answer.json()
    except ValueError as error:
        raise Problem(502, "gateway_answer_unreadable", nothing_was_done=False) from error
    if not isinstance(content, dict):
        raise Problem(502, "gateway_answer_unreadable", nothing_was_done=False)
    return content


def _problem(answer: httpx2.Response, method: str) -> Problem:
    try:
        content = answer.json()
    except ValueError:
        content = None
    if not isinstance(content, dict):
        content = {}
    given = content.get("refusals")
    refusals = tuple(_refusal(one) for one in given if isinstance(one, dict)) if isinstance(given, list) else ()
    if not refusals and isinstance(content.get("detail"), str):
        refusals = (Refusal(str(content.get("code", "")), content["detail"]),)
    return Problem(
        status=answer.status_code,
        code=str(content.get("code") or (refusals[0].code if refusals else "unknown_problem")),
        refusals=refusals,
        trace_id=str(content.get("trace_id", "")),
        nothing_was_done=method == "GET" or answer.status_code < 500,
    )


def _refusal(one: Mapping[str, object]) -> Refusal:
    texts = {name: str(one.get(name) or "") for name in ("code", "sentence", "field", "who")}
    return Refusal(**texts)
