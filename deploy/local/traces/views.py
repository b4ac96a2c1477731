"""The pages and JSON answers that show traces."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from deploy.local.pages.rendering import Pages
from deploy.local.traces.ingest import Ingest
from deploy.local.traces.span import Span
from deploy.local.traces.store import SpanStore, TraceFilter, TraceSummary
from deploy.local.traces.waterfall import Row, waterfall

_RECENT_MAX = 100
_CASE_MAX = 2000
_ROWS_MAX = 2000
_COLOURS = ("#2f6f73", "#4c2c92", "#1a5a96", "#8a5a00", "#1b6b42", "#7a2e57", "#505a5f", "#0f4c75")


class TraceViews:
    """Everything that reads the store for somebody."""

    def __init__(self, store: SpanStore, ingest: Ingest, pages: Pages) -> None:
        """Read the store once what was sent so far is written."""
        self._store = store
        self._ingest = ingest
        self._pages = pages

    async def recent_page(self, request: Request) -> Response:
        """GET /: the newest traces, filtered."""
        wanted = _filter(request)
        found = await self._recent(wanted)
        services = await asyncio.to_thread(self._store.label_values, "service")
        steps = await asyncio.to_thread(self._store.label_values, "step")
        return self._pages.page(
            "recent.html", traces=found, wanted=wanted, services=services, steps=steps, shown=_shown, limit=_RECENT_MAX
        )

    async def recent_json(self, request: Request) -> Response:
        """GET /api/traces: the same as JSON."""
        found = await self._recent(_filter(request))
        return JSONResponse({"traces": [asdict(trace) for trace in found]})

    async def trace_page(self, request: Request) -> Response:
        """GET /traces/{trace_id}: the waterfall."""
        spans = await self._spans(request.path_params["trace_id"])
        if not spans:
            return self._pages.problem(
                404, "Trace not found", "No span of this trace is kept: it is too old or unknown."
            )
        rows = waterfall(spans)
        return self._pages.page(
            "trace.html",
            trace_id=spans[0].trace_id,
            rows=rows[:_ROWS_MAX],
            hidden=max(len(rows) - _ROWS_MAX, 0),
            title=rows[0].span.name,
            facts=_facts(spans, rows),
            cases=sorted({span.case_ref for span in spans if span.case_ref}),
            colours=_colours(spans),
            value_text=_value_text,
        )

    async def trace_json(self, request: Request) -> Response:
        """GET /api/traces/{trace_id}: every span kept of a trace."""
        spans = await self._spans(request.path_params["trace_id"])
        if not spans:
            return JSONResponse({"code": "trace_unknown", "sentence": "No span of this trace is kept."}, 404)
        return JSONResponse({"trace_id": spans[0].trace_id, "spans": [asdict(span) for span in spans]})

    async def case_page(self, request: Request) -> Response:
        """GET /cases/{case_ref}: every trace of one case, from the first to the last."""
        await self._ingest.settled()
        case_ref = request.path_params["case_ref"]
        found = await asyncio.to_thread(self._store.of_case, case_ref, _CASE_MAX)
        status_code = 200 if found else 404
        return self._pages.page("case.html", status_code, traces=found, case_ref=case_ref, shown=_shown)

    async def search_json(self, request: Request) -> Response:
        """GET /api/search?text=: the spans in which a text occurs anywhere; tests look for planted names with it."""
        text = request.query_params.get("text", "")
        if len(text) < 3:
            return JSONResponse({"code": "text_too_short", "sentence": "Search for at least three characters."}, 422)
        await self._ingest.settled()
        found = await asyncio.to_thread(self._store.containing, text, _RECENT_MAX)
        return JSONResponse({"spans": [asdict(span) for span in found]})

    async def _recent(self, wanted: TraceFilter) -> Sequence[TraceSummary]:
        await self._ingest.settled()
        return await asyncio.to_thread(self._store.recent, wanted, _RECENT_MAX)

    async def _spans(self, trace_id: str) -> Sequence[Span]:
        await self._ingest.settled()
        return await asyncio.to_thread(self._store.spans, trace_id.lower())


def _filter(request: Request) -> TraceFilter:
    given = request.query_params
    return TraceFilter(
        case_ref=given.get("case", "").strip(),
        step=given.get("step", "").strip(),
        service=given.get("service", "").strip(),
        errors_only=given.get("errors", "") == "1",
    )


def _shown(time_ns: int) -> str:
    """A Unix time as text, to the millisecond, in UTC."""
    moment = datetime.fromtimestamp(time_ns / 1e9, UTC)
    return f"{moment:%d %b %Y %H:%M:%S}.{moment.microsecond // 1000:03}"


def _facts(spans: Sequence[Span], rows: Sequence[Row]) -> list[tuple[str, str]]:
    start_ns = min(span.start_ns for span in spans)
    duration_ms = (max(span.end_ns for span in spans) - start_ns) / 1e6
    errors = sum(span.is_error for span in spans)
    steps = sorted({span.step for span in spans if span.step})
    facts = [("Started", f"{_shown(start_ns)} UTC"), ("Took", f"{duration_ms:,.2f} ms")]
    facts += [("Spans", f"{len(rows)}, of them {errors} with an error")]
    return facts + ([("Steps", ", ".join(steps))] if steps else [])


def _colours(spans: Sequence[Span]) -> dict[str, str]:
    """One colour for each service; with more services than colours they repeat, and the name stands beside the bar."""
    services = sorted({span.service for span in spans})
    return {service: _COLOURS[index % len(_COLOURS)] for index, service in enumerate(services)}


def _value_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
