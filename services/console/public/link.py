"""The page behind a single-use link: a few questions, none of which has to be answered."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.console.form.field import Field, Kind, Option, long_text, many
from services.console.form.reading import FormError, Posted, first, read_posted
from services.console.form.showing import elements_of, show_form
from services.console.form_guard import KEY
from services.console.gateway import Json, Problem
from services.console.public.site import Site, visitor_of
from services.console.sending import NOTE_NOT_KEPT, setback_of

_QUESTIONS = {
    "satisfaction": "How satisfied are you with the service so far?",
    "felt_listened_to": "Did you feel listened to?",
    "well_informed": "Did you get the information you needed?",
    "felt_safe": "Did you feel safe?",
    "would_recommend": "Would you recommend this to someone else?",
    "wellbeing": "How have you been feeling lately?",
    "confidence_in_justice": "How much confidence do you have in justice?",
}
_ENDS = {"satisfaction": ("Not at all", "Very"), "wellbeing": ("Very bad", "Very good")}
_OF_POINT = {
    "welfare": ("wellbeing", "felt_safe", "felt_listened_to"),
    "questionnaire": ("satisfaction", "felt_listened_to", "well_informed", "felt_safe", "would_recommend"),
    "outcome": ("wellbeing", "satisfaction", "would_recommend", "confidence_in_justice"),
}
_WISHES = (
    Option("declined", "I would rather not answer"),
    Option("wants_call", "Please call me"),
    Option("distressed", "This has upset me"),
)
_AFTER = (
    many("wishes", "Is there anything you would like us to know?", "@wishes", required=False),
    long_text("comment", "Anything else you want to say", required=False),
)
_OFFERED = {"@wishes": _WISHES}
_KIND = "point_kind"


class LinkPages:
    """What the holder of a link sees; the token stays in the address of this one page."""

    def __init__(self, site: Site) -> None:
        """Stand on the site."""
        self._site = site

    async def ask(self, request: Request) -> Response:
        """The questions, or why the link cannot be used."""
        try:
            link = await self._link(request)
        except Problem as problem:
            return self._unusable(request, problem)
        return self._page(request, str(link["point_kind"]), {})

    async def answer(self, request: Request) -> Response:
        """Send what was answered."""
        posted = await self._site.read(request)
        key = first(posted, KEY)
        kind = first(posted, _KIND)
        fields = questions_of(kind)
        reading = read_posted(fields, posted, _OFFERED)
        body = answer_body(reading.body)
        errors = reading.errors
        if not errors and not any(body.values()):
            errors = (FormError(fields[0].name, "Answer a question, or tell us that you would rather not."),)
        if errors:
            return self._page(request, kind, posted, errors, 422)
        try:
            thanks = await self._site.gateway.send(
                "POST",
                "/v1/links/{token_in_link}/answer",
                body,
                idempotency_key=key,
                visitor=visitor_of(request),
                token_in_link=request.path_params["token"],
            )
        except Problem as problem:
            if _reason(problem):
                return self._unusable(request, problem)
            setback = setback_of(problem, elements_of(fields, _OFFERED))
            return self._page(request, kind, posted, setback.errors, setback.status, key if setback.same_key else "")
        if thanks.get("note_kept") is False:
            return self._page(request, kind, posted, (NOTE_NOT_KEPT,), 503, key)
        asked = "upset" if body["distressed"] else "call" if body["wants_call"] else ""
        return RedirectResponse(f"/thank-you?for={asked}" if asked else "/thank-you", 303)

    async def _link(self, request: Request) -> Json:
        """What the link asks; raises `Problem` for one that is not, or no longer, of use."""
        link = await self._site.gateway.read(
            "/v1/links/{token_in_link}", visitor=visitor_of(request), token_in_link=request.path_params["token"]
        )
        if not link["usable"]:
            raise Problem(410, str(link["code"]))
        return link

    def _page(
        self,
        request: Request,
        kind: str,
        posted: Posted,
        errors: tuple[FormError, ...] = (),
        status: int = 200,
        key: str = "",
    ) -> Response:
        # The kind of moment goes along, so that a page whose link cannot be asked about just now keeps its answers.
        hidden = {**self._site.hidden(request, key), _KIND: kind}
        form = show_form(questions_of(kind), _OFFERED, posted, errors, hidden)
        return self._site.page(request, "public/link.html", status, form=form, kind=kind)

    def _unusable(self, request: Request, problem: Problem) -> Response:
        reason = _reason(problem)
        if not reason:
            raise problem
        return self._site.page(request, "public/link_unusable.html", problem.status, reason=reason)


def questions_of(point_kind: str) -> tuple[Field, ...]:
    """The questions for a kind of moment; every question for a kind newer than this console."""
    scores = []
    for measure in _OF_POINT.get(point_kind, tuple(_QUESTIONS)):
        low, high = _ENDS.get(measure, ("Not at all", "Very much"))
        scores.append(
            Field(
                name=measure,
                label=_QUESTIONS[measure],
                kind=Kind.SCORE,
                required=False,
                low=1,
                high=5,
                no=low,
                yes=high,
            )
        )
    return (*scores, *_AFTER)


def answer_body(answers: Json) -> Json:
    """The API's answer; someone who would rather not answer sends none of the scores."""
    wishes = answers.get("wishes", [])
    declined = "declined" in wishes
    return {
        "declined": declined,
        "answers": {} if declined else {name: answers[name] for name in _QUESTIONS if name in answers},
        "wants_call": "wants_call" in wishes,
        "distressed": "distressed" in wishes,
        "comment": answers.get("comment", ""),
    }


def _reason(problem: Problem) -> str:
    """Why the link itself is of no use: used, expired or unknown; nothing when something else is the matter."""
    return {"link_used": "used", "link_expired": "expired", "link_unknown": "unknown"}.get(problem.code, "")
