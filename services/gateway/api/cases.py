"""What is read of cases, and how a person of one may be reached."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.access import facts_of
from services.gateway.api.body import case_id_of, read_form
from services.gateway.api.case_viewing import CaseViewer
from services.gateway.api.describing import BODY, BY_SERVICE, QUERY, SERVICE, answer, described
from services.gateway.api.sign_in import SignIn
from services.gateway.backends.agencies import Agencies, Candidate, Wanted
from services.gateway.backends.form import Form
from services.gateway.backends.records import CaseRecord, ContactRule, ReachableBy, ReachingRule, Records
from services.gateway.backends.reporting import CaseFilter, CaseList, Reporting, Timeline
from services.runtime.identity import Caller
from workflows.contracts.case_view import CaseView
from workflows.contracts.vocabulary import District, Stage

_TAG = "Cases"
_VIEW = TypeAdapter(CaseView)
_IDS_MAX = 20
_LEVELS = "^(foundation|intermediate|advanced)$"
# An id that cannot be one is a person or case that is not there; whether it is there records says.
_ID = Annotated[str, Query(max_length=64)]
_WORDS = Annotated[list[Annotated[str, Query(max_length=64)]], Query(max_length=_IDS_MAX)]
_CONTACT_EXAMPLE = {
    "address": "rowena.fictional@example.org",
    "safety": "safe",
    "confirmed_on": "2026-03-02",
    "safe_from_hour": 10,
    "safe_until_hour": 16,
    "safe_weekdays": [1, 2, 3],
    "may_name_service": False,
}


class CandidateList(Form):
    """Facilitators for a case, best first."""

    candidates: tuple[Candidate, ...]


class CasesApi:
    """Reads of one case and of many; each asks who may see what of the one who knows."""

    def __init__(
        self, sign_in: SignIn, viewer: CaseViewer, records: Records, reporting: Reporting, agencies: Agencies
    ) -> None:
        """Let people in with `sign_in`, ask the others."""
        self._sign_in = sign_in
        self._viewer = viewer
        self._records = records
        self._reporting = reporting
        self._agencies = agencies

    def routes(self) -> list[APIRoute]:
        """Every route about cases but the steps."""
        one = "/v1/cases/{case_id}"
        contact = described(
            "set_contact",
            "Set how a person may be reached by one channel",
            _TAG,
            answers={204: None},
            codes=("unknown_case", *BODY, *SERVICE),
            passed_on=BY_SERVICE,
            form=ReachingRule,
            examples={"only on weekday mornings": _CONTACT_EXAMPLE},
        )
        view = described(
            "view_case",
            "Where a case stands, as far as you may see it; nothing personal. Of a case closed long ago, a summary",
            _TAG,
            answers={200: CaseView},
            codes=("unknown_case", "engine_unavailable", *SERVICE),
        )
        timeline = _read("case_timeline", "What happened in a case, in its order", Timeline, QUERY)
        record = _read("case_record", "People and notes of a case; each reading is audited", CaseRecord)
        match_codes = (*QUERY, "engine_unavailable")
        match = _read("match_facilitators", "Facilitators for a case, best first", CandidateList, match_codes)
        listing = _read("list_cases", "Cases you may see, newest change first", CaseList, QUERY)
        return [
            APIRoute("/v1/cases", self.list_cases, **listing),
            APIRoute(one, self.view, **view),
            APIRoute(f"{one}/record", self.record, **record),
            APIRoute(f"{one}/timeline", self.timeline, **timeline),
            APIRoute(f"{one}/facilitators", self.facilitators, **match),
            APIRoute(f"{one}/people/{{person_id}}/contact/{{channel}}", self.set_contact, methods=["PUT"], **contact),
        ]

    async def list_cases(
        self,
        request: Request,
        stage: Stage | None = None,
        open_only: Annotated[bool, Query(alias="open")] = False,
        mine: bool = False,
        district: District | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 25,
        cursor: Annotated[str, Query(max_length=500)] = "",
    ) -> Response:
        """Answer cases by filter."""
        caller = await self._sign_in.caller(request)
        wanted = CaseFilter(
            stage=stage or "",
            open_only=open_only,
            mine_only=mine,
            district_id=district or "",
            limit=limit,
            cursor=cursor,
        )
        return answer(await self._reporting.cases(wanted, caller.token))

    async def view(self, request: Request, case_id: str) -> Response:
        """Answer where a case stands."""
        caller, case_id = await self._admit(request)
        view = await self._viewer.view(case_id, caller)
        facts_of(request).stage = view.stage
        return Response(_VIEW.dump_json(view), media_type="application/json")

    async def record(self, request: Request, case_id: str) -> Response:
        """Answer people and notes."""
        caller, case_id = await self._admit(request)
        return answer(await self._records.case_record(case_id, caller.token))

    async def timeline(
        self,
        request: Request,
        case_id: str,
        after_sequence: Annotated[int, Query(ge=0, le=2**62)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 200,
    ) -> Response:
        """Answer a part of the timeline."""
        caller, case_id = await self._admit(request)
        return answer(await self._reporting.timeline(case_id, after_sequence, limit, caller.token))

    async def facilitators(
        self,
        request: Request,
        case_id: str,
        level: Annotated[str, Query(pattern=_LEVELS, description="At least this level.")] = "foundation",
        specialism: _WORDS = [],  # noqa: B006  # read by FastAPI, never changed
        language: _WORDS = [],  # noqa: B006  # read by FastAPI, never changed
        unit_id: _ID = "",
        limit: Annotated[int, Query(ge=1, le=50)] = 10,
    ) -> Response:
        """Answer who could facilitate the case in its district, now."""
        caller, case_id = await self._admit(request)
        view = await self._viewer.view(case_id, caller)
        wanted = Wanted(
            level_at_least=level,
            specialisms=tuple(specialism),
            languages=tuple(language),
            unit_id=unit_id,
            limit=limit,
        )
        at = self._viewer.judged_at(view)
        candidates = await self._agencies.match(case_id, view.district, wanted, at, caller.token)
        return answer(CandidateList(candidates=candidates))

    async def set_contact(self, request: Request, case_id: str, person_id: str, channel: ReachableBy) -> Response:
        """Set a person's rule for one channel."""
        caller, case_id = await self._admit(request)
        rule = await read_form(request, ReachingRule)
        whole = ContactRule(channel=channel, **dict(rule))
        await self._records.set_contact_rule(case_id, person_id, whole, caller.token)
        return Response(status_code=204)

    async def _admit(self, request: Request) -> tuple[Caller, str]:
        """The caller, and the case id if it can be one."""
        caller = await self._sign_in.caller(request)
        case_id = facts_of(request).case_id = case_id_of(request)
        return caller, case_id


def _read(name: str, summary: str, model: type[Form], codes: tuple[str, ...] = ()) -> dict[str, Any]:
    every = ("unknown_case", *codes, *SERVICE)
    return described(name, summary, _TAG, answers={200: model}, codes=every, passed_on=BY_SERVICE)
