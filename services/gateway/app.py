"""The web application: every route, what stands around them, and how each refusal is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.access import Access, facts_of
from services.gateway.api.admission import Admission
from services.gateway.api.body import refusals_of
from services.gateway.api.case_viewing import CaseViewer
from services.gateway.api.cases import CasesApi
from services.gateway.api.directory import DirectoryApi
from services.gateway.api.docs_page import docs_page
from services.gateway.api.document import openapi_document
from services.gateway.api.health import HealthApi
from services.gateway.api.links import LinksApi
from services.gateway.api.referrals import ReferralsApi
from services.gateway.api.sign_in import SignIn
from services.gateway.api.step_taking import StepTaker
from services.gateway.api.steps import StepRouter, StepsApi
from services.gateway.api.worklists import WorklistsApi
from services.gateway.backends.agencies import Agencies
from services.gateway.backends.cases import CaseEngine
from services.gateway.backends.health import Reliances
from services.gateway.backends.links import Links
from services.gateway.backends.records import Records
from services.gateway.backends.reporting import Reporting
from services.gateway.errors import problem_answer
from services.gateway.rate_limit import RateLimit
from services.runtime.identity import ServiceTokens, TokenVerifier
from services.runtime.refusal import Kind, Refusal, Refused

_VERSION = "1.0.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backends:
    """Everything the gateway calls; `now` is the real time."""

    engine: CaseEngine
    agencies: Agencies
    records: Records
    reporting: Reporting
    links: Links
    reliances: Reliances
    verifier: TokenVerifier
    tokens: ServiceTokens
    now: Callable[[], datetime]


def build_app(
    backends: Backends, *, admission: Admission, self_referrals: RateLimit, wrong_links: RateLimit
) -> FastAPI:
    """The application over its backends."""
    sign_in = SignIn(backends.verifier, admission)
    taker = StepTaker(backends.engine, backends.records)
    viewer = CaseViewer(backends.engine, backends.reporting, backends.now)
    steps_api = StepsApi(sign_in, taker, viewer)
    steps = steps_api.routes()
    others = [
        steps_api.several(),
        *ReferralsApi(sign_in, backends.engine, backends.records, backends.tokens, self_referrals).routes(),
        *CasesApi(sign_in, viewer, backends.records, backends.reporting, backends.agencies).routes(),
        *WorklistsApi(sign_in, backends.reporting).routes(),
        *DirectoryApi(sign_in, backends.agencies).routes(),
        *LinksApi(backends.links, backends.engine, taker, backends.tokens, wrong_links).routes(),
        *HealthApi(backends.reliances).routes(),
    ]
    app = FastAPI(
        openapi_url=None,
        redirect_slashes=False,
        # FastAPI's own spans hold whole paths and its logs hold error texts; ours are made by Access.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        routes=[StepRouter(steps), *others, *_described_routes([*others, *steps])],
        exception_handlers={
            Refused: _refused,
            RequestValidationError: _parameters_invalid,
            HTTPException: _no_route,
        },
    )
    app.add_middleware(Access)
    return app


def _described_routes(routes: Sequence[APIRoute]) -> list[Route]:
    """The document and the page made from it, both written when first asked for."""

    @cache
    def document() -> dict[str, Any]:
        return openapi_document(routes, _VERSION)

    @cache
    def content() -> bytes:
        return to_json(document())

    async def openapi_json(_request: Request) -> Response:
        return Response(content(), media_type="application/json")

    async def docs(_request: Request) -> Response:
        return docs_page(document())

    return [Route("/openapi.json", openapi_json), Route("/docs", docs)]


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    facts_of(request).codes = str(error)
    return problem_answer(error)


async def _parameters_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # The first part of each location says only that it is a query or a path.
    return await _refused(request, Refused(Kind.INVALID, *refusals_of(error.errors(), skip=1)))


async def _no_route(request: Request, error: Exception) -> Response:
    """What routing itself turns down: an address that is none, or a method it does not take."""
    assert isinstance(error, HTTPException)
    refusal = Refusal("unknown_route", "There is nothing at this address.", who="caller")
    if error.status_code == 405:
        refusal = Refusal("method_not_allowed", "This address does not take that method.", who="caller")
    answer = await _refused(request, Refused(Kind.NOT_FOUND, refusal))
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer
