"""Someone asks for restorative justice themselves: no crime number, few questions, and safety first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.console.form.field import Field, long_text, one, text, yes_no
from services.console.form.reachable import contact_of, reachable_fields
from services.console.form.reading import FormError, Posted, first, read_posted
from services.console.form.showing import elements_of, show_form
from services.console.form_guard import KEY
from services.console.gateway import Json, Problem
from services.console.public.site import Site, visitor_of
from services.console.sending import setback_of

_NOT_CRIME = frozenset({"anti_social_behaviour", "neighbour_dispute", "noise", "school_incident"})
_REACHABLE = ("phone", "email", "post")

SECTIONS: tuple[tuple[str, str, tuple[Field, ...]], ...] = (
    (
        "What happened", "You do not need a crime number. Tell us as much or as little as you like.",
        (
            one("harm_type", "What kind of thing was it?", "HarmType"),
            one("district", "Where did it happen?", "District"),
            long_text("narrative", "What happened, in your own words", required=False),
        ),
    ),
    (
        "About you", "",
        (
            text("name", "Your name", autocomplete="name", hint="The name you would like us to use."),
            one("age_band", "How old are you?", "AgeBand", only=("adult", "under_18")),
            one("language", "Which language do you like to speak?", "Language", default="en", required=False),
            yes_no("interpreter_needed", "Would you like an interpreter?", default="no", required=False),
            text("needs", "Is there anything that makes things easier for you?", required=False, autocomplete="off",
                 hint="For example large print, step-free rooms, or someone with you."),
        ),
    ),
    (
        "How we may reach you",
        "Give one way or more. We use a way only if you say that it is safe, and we say nothing to anyone else.",
        reachable_fields(own=True),
    ),
    (
        "The other person", "Only if you know. We do not speak to them before we have spoken to you.",
        (
            text("other_person_name", "The name of the person responsible", required=False, autocomplete="off"),
        ),
    ),
)  # fmt: skip
FIELDS = tuple(field for _, _, fields in SECTIONS for field in fields)


class SelfReferral:
    """The form for anyone."""

    def __init__(self, site: Site, today: Callable[[], date] = date.today) -> None:
        """`today` is the day on which the person says what is safe; replaced in tests."""
        self._site = site
        self._today = today

    async def ask(self, request: Request) -> Response:
        """The empty form."""
        return self._page(request, {})

    async def send(self, request: Request) -> Response:
        """Send the request; on to a page without anything of it in its address."""
        posted = await self._site.read(request)
        reading = read_posted(FIELDS, posted, {})
        errors = reading.errors
        if not any(reading.body.get(name) for name in _REACHABLE):
            sentence = "Give us at least one way to reach you: a phone number, an email address or a postal address."
            errors = (*errors, FormError("phone", sentence))
        if errors:
            return self._page(request, posted, errors, 422)
        key = first(posted, KEY)
        body = self_referral_body(reading.body, self._today())
        try:
            await self._site.gateway.send(
                "POST", "/v1/self-referrals", body, idempotency_key=key, visitor=visitor_of(request)
            )
        except Problem as problem:
            setback = setback_of(problem, elements_of(FIELDS, {}))
            return self._page(request, posted, setback.errors, setback.status, key if setback.same_key else "")
        return RedirectResponse("/request-received", 303)

    def _page(
        self, request: Request, posted: Posted, errors: tuple[FormError, ...] = (), status: int = 200, key: str = ""
    ) -> Response:
        form = show_form(FIELDS, {}, posted, errors, self._site.hidden(request, key))
        return self._site.page(request, "public/self_referral.html", status, form=form, sections=SECTIONS)


def self_referral_body(answers: Json, today: date) -> Json:
    """The API's self-referral; what the person says is safe, they say today."""
    body = dict(answers)
    body["stream"] = "non_crime" if body["harm_type"] in _NOT_CRIME else "crime"
    body["contact"] = contact_of(body, today.isoformat())
    return body
