"""One page per step: a short form from its description, sent once, refusals shown with everything typed kept."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.console.form.field import Field, Kind, Offered
from services.console.form.reading import FormError, Posted, first, read_posted
from services.console.form.showing import elements_of, show_form
from services.console.form_guard import KEY
from services.console.gateway import Json, Problem
from services.console.pages import KEPT_FOR_BACK
from services.console.sending import NOTE_NOT_KEPT, setback_of
from services.console.sessions import SignedIn
from services.console.staff.case_file import CaseFile, open_case_file
from services.console.staff.cases import case_values
from services.console.staff.desk import Desk, listed
from services.console.staff.steps import STEP_FORMS, StepForm
from services.console.words import OWN_LISTS


class StepPages:
    """Every step's form."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk."""
        self._desk = desk

    async def ask(self, request: Request) -> Response:
        """The empty form; an address may name the person, process or other thing it is about."""
        person = await self._desk.person(request)
        step = _step_of(request)
        file, offered = await self._case(person, request.path_params["case_id"], step)
        given = _chosen_beforehand(step, offered, request.query_params)
        return self._page(request, person, step, file, offered, given, headers=KEPT_FOR_BACK)

    async def take(self, request: Request) -> Response:
        """Send the step; back to the case when it is taken, the form again when it is not."""
        person = await self._desk.person(request)
        step = _step_of(request)
        posted = await self._desk.guard.read(request, self._desk.owner(request))
        case_id = request.path_params["case_id"]
        try:
            file, offered = await self._case(person, case_id, step)
        except Problem as problem:
            if problem.status < 500:
                raise
            # The case cannot be read just now; what was typed must not be lost with it.
            return self._kept(request, person, step, posted, problem)
        reading = read_posted(step.fields, posted, offered)
        if reading.errors:
            return self._page(request, person, step, file, offered, posted, reading.errors, 422)
        key = first(posted, KEY)
        try:
            receipt = await self._desk.gateway.send(
                "POST",
                "/v1/cases/{case_id}/steps/{step}",
                reading.body,
                person.access_token,
                key,
                case_id=case_id,
                step=step.path,
            )
        except Problem as problem:
            setback = setback_of(problem, elements_of(step.fields, offered))
            kept_key = key if setback.same_key else ""
            return self._page(
                request, person, step, file, offered, posted, setback.errors, setback.status, key=kept_key
            )
        if receipt.get("note_kept") is False:
            return self._page(request, person, step, file, offered, posted, (NOTE_NOT_KEPT,), 503, key=key)
        return RedirectResponse(f"/cases/{case_id}?done={step.kind}", 303)

    def _page(
        self,
        request: Request,
        person: SignedIn,
        step: StepForm,
        file: CaseFile,
        offered: Offered,
        posted: Posted,
        errors: tuple[FormError, ...] = (),
        status: int = 200,
        *,
        key: str = "",
        headers: dict[str, str] | None = None,
    ) -> Response:
        hidden = self._desk.guard.hidden(self._desk.owner(request), key)
        form = show_form(step.fields, offered, posted, errors, hidden, OWN_LISTS["Who"], file.names())
        values = case_values(file) | {"step": step, "form": form}
        return self._desk.page(request, person, "staff/step.html", status, headers, **values)

    def _kept(self, request: Request, person: SignedIn, step: StepForm, posted: Posted, problem: Problem) -> Response:
        """The form as it was sent, with what it was about taken from itself, since the case cannot be asked."""
        hidden = self._desk.guard.hidden(self._desk.owner(request), first(posted, KEY))
        unsent = Problem(503, problem.code if problem.code == "gateway_unreachable" else "case_unreadable")
        errors = [{"text": error.sentence} for error in setback_of(unsent, frozenset()).errors]
        typed = [(name, value) for name, values in posted.items() for value in values if name not in hidden]
        return self._desk.page(
            request, person, "staff/step_kept.html", 503, step=step, errors=errors, typed=typed, hidden=hidden,
            labels={field.name: field.label for field in step.fields},
        )  # fmt: skip

    async def _case(self, person: SignedIn, case_id: str, step: StepForm) -> tuple[CaseFile, Offered]:
        """The case and what can be chosen in this step's form."""
        token, sources = person.access_token, _sources(step.fields)
        file, facilitators = await asyncio.gather(
            open_case_file(self._desk, person, case_id),
            self._facilitators(token, case_id) if "@facilitators" in sources else _none(),
        )
        venues: list[Json] = []
        if "@venues" in sources:
            found = await self._desk.gateway.read("/v1/venues", token, {"district": file.view["district"]})
            venues = listed(found, "venues")
        return file, file.offered(facilitators, venues)

    async def _facilitators(self, token: str, case_id: str) -> list[Json]:
        """Candidates, best first; none for someone who may not ask (a facilitator accepting for themselves)."""
        try:
            found = await self._desk.gateway.read("/v1/cases/{case_id}/facilitators", token, case_id=case_id)
        except Problem as problem:
            if problem.status == 403:
                return []
            raise
        return listed(found, "candidates")


async def _none() -> list[Json]:
    return []


def _step_of(request: Request) -> StepForm:
    step = STEP_FORMS.get(request.path_params["step"].replace("-", "_"))
    if step is None:
        raise Problem(404, "unknown_step")
    return step


def _sources(fields: tuple[Field, ...]) -> frozenset[str]:
    return frozenset({field.source for field in fields}).union(*(_sources(field.fields) for field in fields))


def _chosen_beforehand(step: StepForm, offered: Offered, query: Mapping[str, str]) -> Posted:
    """What the address names, and the only choice where there is but one thing the step can be about."""
    chosen: dict[str, list[str]] = {}
    for field in step.fields:
        if field.kind is not Kind.ONE or not field.source.startswith("@") or not field.required:
            continue
        values = [option.value for option in offered.get(field.source, ())]
        wanted = query.get(field.name.removesuffix("_id"), "")
        if wanted in values:
            chosen[field.name] = [wanted]
        elif len(values) == 1:
            chosen[field.name] = values
    return chosen
