"""The trace store as a web application: OTLP in, pages and JSON out."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.local.pages.protection import protection
from deploy.local.pages.rendering import Pages, style_route
from deploy.local.traces.ingest import Ingest
from deploy.local.traces.intake import Intake
from deploy.local.traces.store import SpanStore
from deploy.local.traces.views import TraceViews


def build_app(store: SpanStore) -> Starlette:
    """The application over an open store, which it closes when it stops."""
    ingest = Ingest(store)
    intake = Intake(ingest)
    views = TraceViews(store, ingest, Pages(Path(__file__).parent / "templates", "RJ Hub traces"))

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        writing = asyncio.create_task(ingest.run())
        yield
        await ingest.settled()
        writing.cancel()
        store.close()

    routes = [
        Route("/v1/traces", intake.export, methods=["POST"]),
        Route("/", views.recent_page),
        Route("/traces/{trace_id}", views.trace_page),
        Route("/cases/{case_ref}", views.case_page),
        Route("/api/traces", views.recent_json),
        Route("/api/traces/{trace_id}", views.trace_json),
        Route("/api/search", views.search_json),
        Route("/healthz", healthz),
        style_route(),
    ]
    return Starlette(routes=routes, middleware=protection(), lifespan=lifespan)
