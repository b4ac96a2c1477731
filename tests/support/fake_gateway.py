"""A stand-in for the gateway over real HTTP: the same addresses, shapes and refusals, with a region of invented people.

Bodies are checked with the gateway's own forms, so that what the console sends is what the gateway takes.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from services.gateway.api.links import LinkAnswer
from services.gateway.api.referrals import REFERRAL_FORM, SelfReferral
from services.gateway.api.step_form import STEP_FORMS
from services.gateway.backends.form import Form
from services.gateway.backends.records import ReachingRule
from tests.support import fake_region as region
from workflows.contracts.case_view import CaseView

_VIEW = TypeAdapter(CaseView)
LINKS = {
    "good-link-token": ("welfare", ""),
    "questionnaire-token": ("questionnaire", ""),
    "outcome-link-token": ("outcome", ""),
    "used-link-token": ("welfare", "link_used"),
    "ended-link-token": ("outcome", "link_expired"),
}
ME = {"staff_id": "S111", "name": "Rowan Barleycorn", "agency_id": "westmarch-police",
      "agency_name": "Westmarch Police", "unit_id": "", "roles": ["referrer"], "ends_on": "",
      "practitioner": None}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Received:
    """One request that changes something, or one that reads (`body` is then nothing)."""

    method: str
    path: str
    headers: dict[str, str]
    query: dict[str, str]
    body: Any


@dataclass(slots=True)
class FakeGateway:
    """Serves `app()`; keeps what it received, answers a repeated key as the first time, and refuses when told to."""

    received: list[Received] = field(default_factory=list)
    answers: dict[tuple[str, str], tuple[Any, Response]] = field(default_factory=dict)
    refusals: dict[str, Response] = field(default_factory=dict)
    note_kept: bool = True
    delay_seconds: float = 0.0

    def refuse(self, ending: str, status: int, code: str, *refusals: dict[str, str]) -> None:
        """Refuse every request whose path has this ending."""
        self.refusals[ending] = problem(status, code, *refusals)

    @property
    def sent(self) -> list[Received]:
        """The requests that change something."""
        return [one for one in self.received if one.method != "GET"]

    def app(self) -> Starlette:
        """The web application."""
        one = "/v1/cases/{case_id}"
        reads = {
            "/v1/me": lambda request: ME,
            "/v1/agencies": lambda request: {"agencies": region.AGENCIES},
            "/v1/units": lambda request: {"units": region.UNITS},
            "/v1/venues": lambda request: {"venues": region.VENUES},
            "/v1/staff": _staff,
            "/v1/cases": _cases,
            f"{one}/record": lambda request: region.record(),
            f"{one}/timeline": lambda request: region.timeline(),
            f"{one}/facilitators": lambda request: {"candidates": region.CANDIDATES},
            "/v1/tasks": lambda request: region.task_list(),
            "/v1/figures": lambda request: {"figures": region.FIGURES},
        }
        routes = [Route(path, self._read(answer)) for path, answer in reads.items()]
        return Starlette(
            routes=[
                Route("/healthz", _healthz),
                *routes,
                Route(one, self._view),
                Route("/v1/links/{token}", self._link),
                Route("/v1/links/{token}/answer", self._change(lambda request: LinkAnswer, _thanks), methods=["POST"]),
                Route("/v1/referrals", self._change(lambda request: REFERRAL_FORM, _receipt), methods=["POST"]),
                Route("/v1/self-referrals", self._change(lambda request: SelfReferral, _reference), methods=["POST"]),
                Route(f"{one}/steps/{{step}}", self._change(_step_form, _receipt), methods=["POST"]),
                Route(
                    f"{one}/people/{{person_id}}/contact/{{channel}}",
                    self._change(lambda request: ReachingRule, lambda gateway, request: {}),
                    methods=["PUT"],
                ),
            ]
        )

    def _read(self, answer: Any) -> Any:
        async def read(request: Request) -> Response:
            return await self._receive(request, None) or JSONResponse(answer(request))

        return read

    async def _view(self, request: Request) -> Response:
        refused = await self._receive(request, None)
        view = region.case_views().get(request.path_params["case_id"])
        if refused or view is None:
            return refused or problem(404, "unknown_case", {"sentence": "There is no such case."})
        return Response(_VIEW.dump_json(view), media_type="application/json")

    async def _link(self, request: Request) -> Response:
        refused = await self._receive(request, None)
        if refused:
            return refused
        if request.path_params["token"] not in LINKS:
            return problem(404, "link_unknown", {"sentence": "This link does not work."})
        kind, code = LINKS[request.path_params["token"]]
        return JSONResponse({"point_kind": kind, "language": "en", "usable": not code, "code": code})

    def _change(self, form_of: Any, answer: Any) -> Any:
        async def change(request: Request) -> Response:
            body = await request.json()
            form: type[Form] | None = form_of(request)
            if form is None:
                return problem(404, "not_found", {"sentence": "There is no such address."})
            try:
                form.__pydantic_validator__.validate_json(await request.body(), strict=True)
            except ValidationError as error:
                faults = [
                    {"code": "field_malformed", "field": ".".join(map(str, fault["loc"])), "sentence": fault["type"]}
                    for fault in error.errors()
                ]
                return problem(422, "field_malformed", *faults)
            refused = await self._receive(request, body)
            if refused:
                return refused
            key = (request.url.path, request.headers.get("idempotency-key", ""))
            if key[1] and key in self.answers:
                before, answered = self.answers[key]
                return answered if before == body else problem(409, "idempotency_key_reused", {"sentence": "Used."})
            response = JSONResponse(answer(self, request))
            self.answers[key] = (body, response)
            return response

        return change

    async def _receive(self, request: Request, body: Any) -> Response | None:
        path = request.url.path
        self.received.append(Received(request.method, path, dict(request.headers), dict(request.query_params), body))
        await asyncio.sleep(self.delay_seconds)
        if path.startswith(("/v1/links", "/v1/self-referrals")) == ("authorization" in request.headers):
            return problem(401, "token_missing", {"sentence": "Sign in first."})
        return next((answer for ending, answer in self.refusals.items() if path.endswith(ending)), None)


def problem(status: int, code: str, *refusals: dict[str, str]) -> Response:
    """A refusal as the gateway writes it."""
    reasons = [{"code": code, "field": "", "sentence": "", "who": "", **one} for one in refusals]
    content = {
        "type": f"urn:rjhub:problem:{code}",
        "title": "",
        "status": status,
        "code": code,
        "detail": reasons[0]["sentence"] if reasons else "",
        "refusals": reasons,
        "trace_id": "d" * 32,
    }
    return JSONResponse(content, status, media_type="application/problem+json")  # fmt: skip


def _step_form(request: Request) -> type[Form] | None:
    found = STEP_FORMS.get(request.path_params["step"].replace("-", "_"))
    return found.form if found else None


def _receipt(gateway: FakeGateway, request: Request) -> dict[str, Any]:
    case_id = request.path_params.get("case_id", region.CASE)
    return {"case_id": case_id, "sequence": 32, "stage": "monitoring", "in_ledger": True,
            "at": region.NOW.isoformat(), "created": [], "note_kept": gateway.note_kept}  # fmt: skip


def _thanks(gateway: FakeGateway, request: Request) -> dict[str, Any]:
    return {"received": True, "note_kept": gateway.note_kept}


def _reference(gateway: FakeGateway, request: Request) -> dict[str, Any]:
    return {"reference": region.CASE}


def _staff(request: Request) -> dict[str, Any]:
    ids = request.query_params["ids"].split(",")
    return {"staff": [{"staff_id": one, "name": region.STAFF[one], "agency_id": "hub"} for one in ids
                      if one in region.STAFF]}  # fmt: skip


def _cases(request: Request) -> dict[str, Any]:
    stage = request.query_params.get("stage", "")
    rows = [row for row in region.case_rows() if not stage or row["stage"] == stage]
    counts = {"monitoring": 1, "info_requested": 1, "engaging": 1, "closed": 14}
    return {"cases": rows, "next_cursor": "" if stage else "next-one", "count_by_stage": counts}


async def _healthz(request: Request) -> Response:
    return PlainTextResponse("ok")
