"""How one person may safely be reached by one channel (R-030 to R-033)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.console.form.field import Field, Kind, day, long_text, many, one, yes_no
from services.console.form.reading import FormError, Posted, read_posted
from services.console.form.showing import elements_of, show_form
from services.console.gateway import Json, Problem
from services.console.pages import KEPT_FOR_BACK
from services.console.sending import setback_of
from services.console.sessions import SignedIn
from services.console.staff.case_file import CaseFile, open_case_file
from services.console.staff.cases import case_values
from services.console.staff.desk import Desk, listed
from services.console.words import OWN_LISTS

FIELDS = (
    long_text("address", "Number or address", required=False, hint="Empty if there is none on this channel."),
    one("safety", "Is it safe to reach them this way?", "Safety",
        hint="Not known means that no message is sent by itself."),
    day("confirmed_on", "When did they last say so?", required=False),
    Field(name="safe_from_hour", label="Messages may arrive from hour", kind=Kind.NUMBER, required=False, high=24,
          hint="0 to 24. With both left empty, from 9 to 20."),
    Field(name="safe_until_hour", label="Until hour", kind=Kind.NUMBER, required=False, high=24),
    many("safe_weekdays", "On which days?", "Weekday", required=False, hint="None ticked means any day."),
    yes_no("may_name_service", "May a message say what this service is?", default="no", required=False,
           hint="No means that wording says nothing of restorative justice or the police."),
)  # fmt: skip


class ContactPages:
    """The form for one person and channel."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk."""
        self._desk = desk

    async def ask(self, request: Request) -> Response:
        """The form with what is kept now."""
        person = await self._desk.person(request)
        file = await open_case_file(self._desk, person, request.path_params["case_id"])
        given = _as_typed(_rule(file, request.path_params["person_id"], _channel(request)))
        return self._page(request, person, file, given, headers=KEPT_FOR_BACK)

    async def save(self, request: Request) -> Response:
        """Keep the rule."""
        person = await self._desk.person(request)
        posted = await self._desk.guard.read(request, self._desk.owner(request))
        case_id, person_id = request.path_params["case_id"], request.path_params["person_id"]
        file = await open_case_file(self._desk, person, case_id)
        reading = read_posted(FIELDS, posted, {})
        if reading.errors:
            return self._page(request, person, file, posted, reading.errors, 422)
        body = {**reading.body, "safe_weekdays": [int(one) for one in reading.body.get("safe_weekdays", [])]}
        try:
            await self._desk.gateway.send(
                "PUT",
                "/v1/cases/{case_id}/people/{person_id}/contact/{channel}",
                body,
                person.access_token,
                case_id=case_id,
                person_id=person_id,
                channel=_channel(request),
            )
        except Problem as problem:
            setback = setback_of(problem, elements_of(FIELDS, {}))
            return self._page(request, person, file, posted, setback.errors, setback.status)
        return RedirectResponse(f"/cases/{case_id}/people?done=contact", 303)

    def _page(
        self,
        request: Request,
        person: SignedIn,
        file: CaseFile,
        posted: Posted,
        errors: tuple[FormError, ...] = (),
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> Response:
        hidden = self._desk.guard.hidden(self._desk.owner(request))
        form = show_form(FIELDS, {}, posted, errors, hidden, OWN_LISTS["Who"])
        values = case_values(file) | {
            "form": form,
            "whose": file.name_of(request.path_params["person_id"]),
            "channel": _channel(request),
        }
        return self._desk.page(request, person, "staff/contact.html", status, headers, **values)


def _channel(request: Request) -> str:
    channel: str = request.path_params["channel"].replace("-", "_")
    if channel not in OWN_LISTS["ContactRoute"]:
        raise Problem(404, "unknown_channel")
    return channel


def _rule(file: CaseFile, person_id: str, channel: str) -> Json:
    """The rule kept now, empty for a channel without one; raises `Problem` for a person who may not be seen."""
    for one_person in file.record_people:
        if one_person["person_id"] == person_id:
            return next((rule for rule in listed(one_person, "contact") if rule["channel"] == channel), {})
    raise Problem(404, "unknown_person")


def _as_typed(rule: Json) -> Posted:
    """A kept rule as if it had been typed into the form."""
    if not rule:
        return {}
    year, month, number = (rule["confirmed_on"] or "--").split("-")
    hours = {name: [str(rule[name])] for name in ("safe_from_hour", "safe_until_hour") if rule[name]}
    return hours | {
        "address": [rule["address"]],
        "safety": [rule["safety"]],
        "confirmed_on-year": [year],
        "confirmed_on-month": [month.lstrip("0")],
        "confirmed_on-day": [number.lstrip("0")],
        "safe_weekdays": [str(one) for one in rule["safe_weekdays"]],
        "may_name_service": ["yes" if rule["may_name_service"] else "no"],
    }
