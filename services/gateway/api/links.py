"""A person's own page behind a single-use link: what it asks, and their answer. The link is the whole sign-in."""

from __future__ import annotations

from typing import Annotated

from fastapi.routing import APIRoute
from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.access import facts_of
from services.gateway.api.body import read_form
from services.gateway.api.describing import BODY, BY_RULES, KEY, SERVICE, answer, described
from services.gateway.api.idempotency import (
    HEADER,
    check_same_request,
    checked_key,
    digest_of,
    request_digest,
    update_id_of,
)
from services.gateway.api.step_form import OPTIONAL_TEXT, STEP_FORMS
from services.gateway.api.step_taking import StepTaker, Taking, WrittenStep
from services.gateway.backends.cases import CaseEngine, StepTurnedDown
from services.gateway.backends.form import Form
from services.gateway.backends.links import Link, Links, link_unknown
from services.gateway.rate_limit import RateLimit
from services.runtime.identity import ServiceTokens
from services.runtime.refusal import Kind, Refusal, Refused
from workflows.contracts.actor import Actor
from workflows.contracts.case_view import PointView
from workflows.contracts.vocabulary import PointStatus, Role

_TAG = "Links"
_STEP = "answer_follow_up"
_ANSWER_ROUTE = "/v1/links/{token}/answer"
_USED = frozenset({PointStatus.ANSWERED, PointStatus.DECLINED})
_ENDED = frozenset({PointStatus.CANCELLED, PointStatus.NO_REPLY})
_SENTENCES = {
    "link_used": "This link has been used; your answer is with us.",
    "link_expired": "This link has run out. Call the number in the message if you still want to answer.",
}
_EXAMPLE = {"answers": {"feels_safer": 4}, "wants_call": True, "comment": "Thank you for asking."}

Measure = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class LinkStanding(Form):
    """What the link asks, and whether it can still be answered; `code` says why not."""

    point_kind: str
    language: str
    usable: bool
    code: str


class LinkAnswer(Form):
    """A person's answer; `declined` means they would rather not."""

    declined: bool = False
    answers: Annotated[dict[Measure, Annotated[int, Field(ge=1, le=5)]], Field(max_length=50, default_factory=dict)]
    wants_call: bool = False
    distressed: bool = False
    comment: OPTIONAL_TEXT = ""


class LinkThanks(Form):
    """The answer is with us; when `note_kept` is false the comment was not, and can be sent again."""

    received: bool
    note_kept: bool


class LinksApi:
    """The two things a link is good for."""

    def __init__(
        self, links: Links, engine: CaseEngine, taker: StepTaker, tokens: ServiceTokens, wrong_links: RateLimit
    ) -> None:
        """`tokens` are the gateway's own; `wrong_links` bounds guessing by address."""
        self._links = links
        self._engine = engine
        self._taker = taker
        self._tokens = tokens
        self._wrong_links = wrong_links

    def routes(self) -> list[APIRoute]:
        """Look, and answer."""
        codes = ("link_unknown", "too_many_requests", "engine_unavailable", "issuer_unavailable", *SERVICE)
        look = described(
            "look_at_link",
            "What a link asks; a used or ended one says so, a wrong one says nothing",
            _TAG,
            answers={200: LinkStanding},
            codes=codes,
            open_to_all=True,
        )
        reply = described(
            "answer_link",
            "Answer what a link asks",
            _TAG,
            answers={200: LinkThanks, 202: LinkThanks},
            codes=(*codes, *BODY, *KEY[1:], "link_used", "link_expired"),
            passed_on=BY_RULES,
            form=LinkAnswer,
            examples={"answer": _EXAMPLE},
            key="optional",
            open_to_all=True,
        )
        return [
            APIRoute("/v1/links/{token}", self.look, **look),
            APIRoute(_ANSWER_ROUTE, self.reply, methods=["POST"], **reply),
        ]

    async def look(self, request: Request, token: str) -> Response:
        """Answer what the link stands for, without anything of the person or the case."""
        link = await self._resolve(request, token)
        point = await self._point(link)
        code = _code_of(point)
        return answer(LinkStanding(point_kind=point.kind, language=link.language, usable=not code, code=code))

    async def reply(self, request: Request, token: str) -> Response:
        """Take the answer as a step of the person themselves."""
        given_key = request.headers.get(HEADER)
        key = checked_key(given_key) if given_key else digest_of("link", token).hex()
        link = await self._resolve(request, token)
        form = await read_form(request, LinkAnswer)
        facts_of(request).step = _STEP
        taking = Taking(
            case_id=link.case_id,
            actor=_actor(link),
            token=await self._tokens.token(),
            update_id=update_id_of(link.person_id, link.case_id, key),
            digest=request_digest(_ANSWER_ROUTE, form),
            # Someone in distress is heard even if their words cannot be kept just now.
            urgent=form.distressed or form.wants_call,
        )
        written = WrittenStep(STEP_FORMS[_STEP], _step_fields(link, form))
        try:
            receipt, note_kept = await self._taker.take(taking, [written], link.person_id)
            check_same_request(receipt, taking.digest)
        except StepTurnedDown as refused:
            code = _code_of(await self._point(link))
            raise (_link_over(code) if code else refused) from None
        except Refused as refused:
            if refused.kind is Kind.CONFLICT and not given_key:
                # The key comes from the link: another answer under it means that the link had its answer.
                raise _link_over("link_used") from None
            raise
        return answer(LinkThanks(received=True, note_kept=note_kept), 200 if receipt.in_ledger else 202)

    async def _resolve(self, request: Request, token: str) -> Link:
        """The link; a wrong one is counted against the address, and too many close the door to it."""
        address = request.client.host if request.client else ""
        self._wrong_links.check(address)
        try:
            link = await self._links.resolve(token)
        except Refused as refused:
            if refused.kind is Kind.NOT_FOUND:
                self._wrong_links.spend(address)
            raise
        facts_of(request).case_id = link.case_id
        return link

    async def _point(self, link: Link) -> PointView:
        """The follow-up point as it stands in the case."""
        try:
            view = await self._engine.view(link.case_id, _actor(link))
        except Refused as refused:
            if refused.kind is Kind.NOT_FOUND:
                raise link_unknown() from None
            raise
        point = next((point for point in view.points if point.point_id == link.point_id), None)
        if point is None:
            raise link_unknown()
        return point


def _actor(link: Link) -> Actor:
    return Actor(actor_id=link.person_id, person_id=link.person_id, roles=(Role.PARTICIPANT,))


def _step_fields(link: Link, form: LinkAnswer) -> Form:
    """The answer as the step's own form, so that links and staff go one way."""
    fields = {
        "point_id": link.point_id,
        "declined": form.declined,
        "answers": [{"measure": measure, "value": value} for measure, value in form.answers.items()],
        "wants_call": form.wants_call,
        "distressed": form.distressed,
        "comment_note": form.comment,
    }
    return STEP_FORMS[_STEP].form.model_validate(fields)


def _code_of(point: PointView) -> str:
    if point.status in _USED:
        return "link_used"
    return "link_expired" if point.status in _ENDED else ""


def _link_over(code: str) -> Refused:
    return Refused(Kind.NOT_ALLOWED_NOW, Refusal(code, _SENTENCES[code], who="caller"))
