"""Every step of a case as a route of its own, and one for several at once; a referral has its own module."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from services.gateway.access import facts_of
from services.gateway.api.body import case_id_of, read_form
from services.gateway.api.case_viewing import CaseViewer
from services.gateway.api.describing import (
    BODY,
    BY_RULES,
    BY_SERVICE,
    KEY,
    SERVICE,
    STEP,
    answer,
    case_parameter,
    described,
)
from services.gateway.api.idempotency import check_same_request, key_of, request_digest, update_id_of
from services.gateway.api.several_steps import KIND_AT, SEVERAL_STEPS, kinds_of, written_steps
from services.gateway.api.sign_in import SignIn, actor_of
from services.gateway.api.step_examples import SEVERAL_STEPS_EXAMPLE, STEP_EXAMPLES
from services.gateway.api.step_form import STEP_FORMS, StepForm, address_of
from services.gateway.api.step_taking import Receipt, StepTaker, Taking, WrittenStep, receipt_of
from services.gateway.backends.cases import CaseNotKept, StepTurnedDown
from services.runtime.identity import Caller
from services.runtime.refusal import Refusal

_TAG = "Steps"
_SEVERAL_ROUTE = "/v1/cases/{case_id}/steps"
_PREFIX = _SEVERAL_ROUTE + "/"
# Nothing that is down may hold these up (architecture, "Contracts between the parts").
_URGENT = frozenset({"hold_for_safety", "withdraw"})
NOTE_KEPT = "Note-Kept"


class StepsApi:
    """Takes steps as the signed-in person."""

    def __init__(self, sign_in: SignIn, taker: StepTaker, viewer: CaseViewer) -> None:
        """Let people in with `sign_in`, take steps with `taker`; `viewer` knows of cases closed long ago."""
        self._sign_in = sign_in
        self._taker = taker
        self._viewer = viewer

    def routes(self) -> list[APIRoute]:
        """One route per kind of step."""
        return [self._route(kind, step_form) for kind, step_form in STEP_FORMS.items()]

    def several(self) -> APIRoute:
        """The route of several steps at once."""
        description = described(
            "steps_at_once",
            "Take up to 20 steps in their order, all or none: what one conversation or one day gave",
            _TAG,
            answers={200: Receipt, 202: Receipt},
            codes=(*KEY, *BODY, *STEP, *SERVICE),
            passed_on={**BY_SERVICE, **BY_RULES},
            form=SEVERAL_STEPS,
            examples={"after a first meeting": SEVERAL_STEPS_EXAMPLE},
            key="required",
            parameters=(case_parameter(),),
        )
        return APIRoute(_SEVERAL_ROUTE, self.take_several, methods=["POST"], **description)

    def _route(self, kind: str, step_form: StepForm) -> APIRoute:
        description = described(
            f"step_{kind}",
            (step_form.content.__doc__ or kind).strip(),
            _TAG,
            answers={200: Receipt, 202: Receipt},
            codes=(*KEY, *BODY, *STEP, *SERVICE),
            passed_on={**BY_SERVICE, **BY_RULES} if _text_fields(step_form) else BY_RULES,
            form=step_form.form,
            examples={kind.replace("_", " "): STEP_EXAMPLES[kind]},
            key="required",
            parameters=(case_parameter(),),
        )
        return APIRoute(_PREFIX + address_of(kind), self._endpoint(kind, step_form), methods=["POST"], **description)

    def _endpoint(self, kind: str, step_form: StepForm) -> Callable[[Request], Awaitable[Response]]:
        route = _PREFIX + address_of(kind)

        async def take(request: Request) -> Response:
            facts_of(request).step = kind
            urgent = kind in _URGENT
            caller, case_id, key = await self._admit(request, urgent)
            form = await read_form(request, step_form.form)
            taking = _taking(caller, case_id, key, request_digest(route, form), urgent)
            return await self._take(request, caller, taking, [WrittenStep(step_form, form)])

        return take

    async def take_several(self, request: Request) -> Response:
        """Take several steps at once, all or none."""
        # Whether they are urgent only the body says; until then they may be.
        caller, case_id, key = await self._admit(request, urgent=True)
        form = await read_form(request, SEVERAL_STEPS, tag_at=KIND_AT)
        kinds = kinds_of(form)
        urgent = _URGENT.issuperset(kinds)
        if not urgent:
            await self._sign_in.check_admitted(caller)
        facts_of(request).step = ",".join(kinds)
        digest = request_digest(_SEVERAL_ROUTE, form)
        taking = _taking(caller, case_id, key, digest, urgent)
        try:
            return await self._take(request, caller, taking, written_steps(form))
        except StepTurnedDown as refused:
            if len(kinds) > 1:
                raise
            # A step that is alone is refused without its number.
            raise StepTurnedDown(refused.kind, *map(_about_the_first, refused.refusals)) from None

    async def _admit(self, request: Request, urgent: bool) -> tuple[Caller, str, str]:
        """The caller, the case id if it can be one, and the request's key."""
        caller = await self._sign_in.caller(request, urgent)
        case_id = facts_of(request).case_id = case_id_of(request)
        return caller, case_id, key_of(request)

    async def _take(self, request: Request, caller: Caller, taking: Taking, written: Sequence[WrittenStep]) -> Response:
        try:
            receipt, note_kept = await self._taker.take(taking, written)
        except CaseNotKept:
            raise await self._viewer.why_not_kept(taking.case_id, caller) from None
        check_same_request(receipt, taking.digest)
        facts_of(request).stage = receipt.stage
        headers = {} if note_kept else {NOTE_KEPT: "false"}
        return answer(receipt_of(receipt, note_kept), 200 if receipt.in_ledger else 202, headers)


class StepRouter(BaseRoute):
    """Finds a step's route by its kind: trying dozens of patterns in turn would cost a tenth of a millisecond."""

    def __init__(self, routes: Sequence[APIRoute]) -> None:
        """Choose among the routes of steps."""
        self._routes = {route.path.removeprefix(_PREFIX): route for route in routes}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match as the one route would whose kind the path ends with."""
        if scope["type"] == "http" and scope["path"].startswith("/v1/cases/"):
            route = self._routes.get(scope["path"].rpartition("/")[2])
            if route is not None:
                return route.matches(scope)
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand over to the route that matched."""
        route: APIRoute = scope["route"]
        await route.handle(scope, receive, send)


def _text_fields(step_form: StepForm) -> Sequence[str]:
    return [*step_form.texts, *(name for nested in step_form.nested.values() for name in nested.texts)]


def _taking(caller: Caller, case_id: str, key: str, digest: str, urgent: bool) -> Taking:
    return Taking(
        case_id=case_id,
        actor=actor_of(caller),
        token=caller.token,
        update_id=update_id_of(caller.subject, case_id, key),
        digest=digest,
        urgent=urgent,
    )


def _about_the_first(refusal: Refusal) -> Refusal:
    """The refusal with its step's number, unless it is about the case itself."""
    if refusal.field == "case_id":
        return refusal
    return replace(refusal, field=f"steps[0].{refusal.field}".removesuffix("."))
