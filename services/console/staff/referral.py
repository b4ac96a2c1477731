"""The referral form of agencies and of the hub: what happened, who is concerned, and how they may safely be reached."""

from __future__ import annotations

import copy

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.console.form.field import Field, Kind, day, long_text, one, text, yes_no
from services.console.form.reachable import contact_of, reachable_fields
from services.console.form.reading import FormError, Posted, first, read_posted
from services.console.form.showing import elements_of, show_form
from services.console.form_guard import KEY
from services.console.gateway import Json, Problem
from services.console.pages import KEPT_FOR_BACK
from services.console.sending import setback_of
from services.console.sessions import SignedIn
from services.console.staff.desk import Desk, listed
from services.console.words import HARMED, OWN_LISTS, table

_PEOPLE_ROWS = 4

_PERSON = (
    one("role", "What is their part?", "PartyRole"),
    yes_no("identified", "Is it known who this is?", default="yes", required=False),
    text("name", "Full name", required=False, autocomplete="off"),
    one("age_band", "Age", "AgeBand", default="unknown", required=False),
    day("date_of_birth", "Date of birth", required=False),
    one("language", "Language", "Language", default="en", required=False),
    yes_no("interpreter_needed", "Do they need an interpreter?", default="no", required=False),
    text("needs", "Access and communication needs", required=False, autocomplete="off"),
    one("knows_of_referral", "Do they know of this referral?", "Answer", default="unknown", required=False),
    one("may_be_contacted", "May the hub contact them?", "Answer", default="unknown", required=False,
        hint="Not known means: not yet."),
    *reachable_fields(own=False),
    day("contact_confirmed_on", "When did they say what is safe?", required=False,
        hint="Leave this empty if they have not been asked. Nothing is sent by itself until they have."),
)  # fmt: skip

SECTIONS: tuple[tuple[str, str, tuple[Field, ...]], ...] = (
    (
        "About the referral", "",
        (
            one("channel", "How did it reach you?", "Channel", only=("online", "phone"), default="online"),
            one("referrer_kind", "Who refers?", "ReferrerKind"),
            one("initiator", "Whose wish is it?", "Initiator"),
            text("agency_reference", "Crime or case reference", required=False, autocomplete="off",
                 hint="Your own reference, if there is one. None is needed."),
        ),
    ),
    (
        "What happened", "",
        (
            one("stream", "What is it?", "Stream"),
            one("harm_type", "Kind of harm", "HarmType"),
            one("justice_stage", "How far has the justice process come?", "JusticeStage"),
            one("rj_level", "Level", "RjLevel"),
            one("district", "District", "District"),
            one("funding_stream", "Who pays?", "FundingStream", hint="The victims' grant pays for crime only."),
            one("responsibility", "Is responsibility accepted?", "Responsibility", default="unknown", required=False),
            day("reported_on", "When was it reported?", required=False),
            long_text("narrative", "Describe what happened", required=False,
                      hint="In plain words. Leave out addresses and how to find anyone: they go below."),
        ),
    ),
    (
        "Who is concerned",
        f"Give at least the {HARMED} or whoever asked for this. Each person's details are kept apart from the others'.",
        (
            Field(name="people", label="People", kind=Kind.GROUP, rows=_PEOPLE_ROWS, row_label="Person",
                  fields=_PERSON),
        ),
    ),
)  # fmt: skip
FIELDS = tuple(field for _, _, fields in SECTIONS for field in fields)


class ReferralPages:
    """The referral form."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk."""
        self._desk = desk

    async def ask(self, request: Request) -> Response:
        """The form, with the person's own agency chosen as the referrer."""
        person = await self._desk.person(request)
        me, agencies = (
            await self._desk.gateway.read("/v1/me", person.access_token),
            await self._desk.gateway.read("/v1/agencies", person.access_token),
        )
        kinds = {one["agency_id"]: one["kind"] for one in listed(agencies, "agencies")}
        kind = kinds.get(me["agency_id"], "")
        given = {"referrer_kind": [kind]} if kind in table("ReferrerKind") else {}
        return self._page(request, person, given, headers=KEPT_FOR_BACK)

    async def send(self, request: Request) -> Response:
        """Send the referral; on to the new case when it is taken."""
        person = await self._desk.person(request)
        posted = await self._desk.guard.read(request, self._desk.owner(request))
        reading = read_posted(FIELDS, posted, {})
        if reading.errors:
            return self._page(request, person, posted, reading.errors, 422)
        key = first(posted, KEY)
        try:
            receipt = await self._desk.gateway.send(
                "POST", "/v1/referrals", referral_body(reading.body), person.access_token, key
            )
        except Problem as problem:
            setback = setback_of(problem, elements_of(FIELDS, {}))
            return self._page(
                request, person, posted, setback.errors, setback.status, key=key if setback.same_key else ""
            )
        return RedirectResponse(f"/cases/{receipt['case_id']}?done=submit_referral", 303)

    def _page(
        self,
        request: Request,
        person: SignedIn,
        posted: Posted,
        errors: tuple[FormError, ...] = (),
        status: int = 200,
        *,
        key: str = "",
        headers: dict[str, str] | None = None,
    ) -> Response:
        hidden = self._desk.guard.hidden(self._desk.owner(request), key)
        form = show_form(FIELDS, {}, posted, errors, hidden, OWN_LISTS["Who"])
        return self._desk.page(request, person, "staff/referral.html", status, headers, form=form, sections=SECTIONS)


def referral_body(answers: Json) -> Json:
    """The API's referral from the form's answers: each person with their contact rules."""
    body = copy.deepcopy(answers)
    for named in body["people"]:
        named["contact"] = contact_of(named, named.pop("contact_confirmed_on", ""))
    return body
