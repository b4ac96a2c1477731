"""Every step of a case as a route of its own, made from the contracts; a referral has its own module."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from services.gateway.access import facts_of
from services.gateway.api.body import case_id_of, read_form
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
from services.gateway.api.sign_in import SignIn, actor_of
from services.gateway.api.step_examples import STEP_EXAMPLES
from services.gateway.api.step_form import STEP_FORMS, StepForm, address_of
from services.gateway.api.step_taking import Receipt, StepTaker, Taking, receipt_of

_TAG = "Steps"
_PREFIX = "/v1/cases/{case_id}/steps/"
# Nothing that is down may hold these up (architecture, "Contracts between the parts").
_URGENT = frozenset({"hold_for_safety", "withdraw"})
NOTE_KEPT = "Note-Kept"


class StepsApi:
    """Takes steps as the signed-in person."""

    def __init__(self, sign_in: SignIn, taker: StepTaker) -> None:
        """Let people in with `sign_in`, take steps with `taker`."""
        self._sign_in = sign_in
        self._taker = taker

    def routes(self) -> list[APIRoute]:
        """One route per kind of step."""
        return [self._route(kind, step_form) for kind, step_form in STEP_FORMS.items()]

    def _route(self, kind: str, step_form: StepForm) -> APIRoute:
        has_words = bool(_text_fields(step_form))
        description = described(
            f"step_{kind}",
            (step_form.content.__doc__ or kind).strip(),
            _TAG,
            answers={200: Receipt, 202: Receipt},
            codes=(*KEY, *BODY, *STEP, *(SERVICE if has_words else ())),
            passed_on={**BY_SERVICE, **BY_RULES} if has_words else BY_RULES,
            form=step_form.form,
            examples={kind.replace("_", " "): STEP_EXAMPLES[kind]},
            key="required",
            parameters=(case_parameter(),),
        )
        return APIRoute(_PREFIX + address_of(kind), self._endpoint(kind, step_form), methods=["POST"], **description)

    def _endpoint(self, kind: str, step_form: StepForm) -> Callable[[Request], Awaitable[Response]]:
        route = _PREFIX + address_of(kind)

        async def take(request: Request) -> Response:
            facts = facts_of(request)
            facts.step = kind
            caller = await self._sign_in.caller(request)
            case_id = facts.case_id = case_id_of(request)
            key = key_of(request)
            form = await read_form(request, step_form.form)
            taking = Taking(
                case_id=case_id,
                actor=actor_of(caller),
                token=caller.token,
                update_id=update_id_of(caller.subject, case_id, key),
                digest=request_digest(route, form),
                urgent=kind in _URGENT,
            )
            receipt, note_kept = await self._taker.take(taking, step_form, form)
            check_same_request(receipt, taking.digest)
            facts.stage = receipt.stage
            headers = {} if note_kept else {NOTE_KEPT: "false"}
            return answer(receipt_of(receipt, note_kept), 200 if receipt.in_ledger else 202, headers)

        return take


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
