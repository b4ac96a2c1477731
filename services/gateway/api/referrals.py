"""How a case begins: a referral by an agency, or by a member of the public for themselves."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, cast

from fastapi.routing import APIRoute
from pydantic import Field, create_model
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.access import facts_of
from services.gateway.api.body import WRITING, case_id_from, read_form
from services.gateway.api.describing import BODY, BY_RULES, BY_SERVICE, KEY, SERVICE, answer, described
from services.gateway.api.idempotency import check_same_request, digest_of, key_of, request_digest, update_id_of
from services.gateway.api.referral_examples import REFERRAL_EXAMPLE, SELF_REFERRAL_EXAMPLE
from services.gateway.api.sign_in import SignIn, actor_of
from services.gateway.api.step_form import OPTIONAL_TEXT, step_form
from services.gateway.api.step_taking import Receipt, Taking, discard, receipt_of, step_request
from services.gateway.backends.cases import CaseEngine, StepTurnedDown
from services.gateway.backends.form import Form
from services.gateway.backends.records import ContactRule, NewPerson, NewReferral, Records
from services.gateway.rate_limit import RateLimit
from services.runtime.identity import ServiceTokens
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepReceipt
from workflows.contracts.steps import NamedParty, SubmitReferral
from workflows.contracts.vocabulary import (
    AgeBand,
    Answer,
    Channel,
    District,
    FundingStream,
    HarmType,
    Initiator,
    JusticeStage,
    PartyRole,
    ReferrerKind,
    RjLevel,
    Role,
    Stream,
)

_TAG = "Referrals"
_ROUTE, _SELF_ROUTE = "/v1/referrals", "/v1/self-referrals"
_PUBLIC = Actor(actor_id="public", roles=(Role.PUBLIC,))

Line = Annotated[str, Field(max_length=500, pattern=WRITING)]
Language = Annotated[str, Field(max_length=35, pattern=r"^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?$")]
Contact = Annotated[tuple[ContactRule, ...], Field(max_length=20)]


class PersonNamed(Form):
    """One person of a referral; an empty name means not known yet, and unknown never means yes."""

    role: PartyRole
    name: Line = ""
    date_of_birth: date | None = None
    language: Language = ""
    interpreter_needed: bool = False
    needs: OPTIONAL_TEXT = ""
    age_band: AgeBand = AgeBand.UNKNOWN
    identified: bool = True
    knows_of_referral: Answer = Answer.UNKNOWN
    may_be_contacted: Answer = Answer.UNKNOWN
    contact: Contact = ()

    def kept(self) -> NewPerson:
        """What records keeps of the person."""
        return NewPerson(
            role=self.role,
            name=self.name,
            date_of_birth=self.date_of_birth,
            language=self.language,
            interpreter_needed=self.interpreter_needed,
            needs=self.needs,
            contact=self.contact,
        )

    def party(self, person_id: str) -> NamedParty:
        """What the case knows of the person."""
        return NamedParty(
            person_id=person_id,
            role=self.role,
            identified=self.identified,
            knows_of_referral=self.knows_of_referral,
            may_be_contacted=self.may_be_contacted,
            age_band=self.age_band,
            interpreter_needed=self.interpreter_needed,
        )


class Words(Form):
    """What a referral says in words, and of whom."""

    people: Annotated[tuple[PersonNamed, ...], Field(max_length=20)] = ()
    narrative: OPTIONAL_TEXT = ""
    agency_reference: Line = ""


_CODES = step_form(SubmitReferral, frozenset({"kind", "parties", "narrative_note_id"}))
_CODE_FIELDS: dict[str, Any] = {
    name: (field.rebuild_annotation(), field) for name, field in _CODES.form.model_fields.items()
}
REFERRAL_FORM = cast(type[Words], create_model("Referral", __base__=Words, __doc__="A referral.", **_CODE_FIELDS))


class SelfReferral(Form):
    """What a member of the public tells of themselves and of what happened; everything else is asked later."""

    district: District
    harm_type: HarmType = HarmType.OTHER
    stream: Stream = Stream.CRIME
    name: Annotated[str, Field(min_length=1, max_length=500, pattern=WRITING)]
    age_band: AgeBand = AgeBand.UNKNOWN
    language: Language = ""
    interpreter_needed: bool = False
    needs: OPTIONAL_TEXT = ""
    contact: Annotated[tuple[ContactRule, ...], Field(min_length=1, max_length=20)]
    other_person_name: Line = ""
    narrative: OPTIONAL_TEXT = ""

    def words(self) -> Words:
        """The same as a referral's words: they ask to be reached, of the other person nothing is known yet."""
        themselves = PersonNamed(
            role=PartyRole.HARMED,
            name=self.name,
            language=self.language,
            interpreter_needed=self.interpreter_needed,
            needs=self.needs,
            age_band=self.age_band,
            knows_of_referral=Answer.YES,
            may_be_contacted=Answer.YES,
            contact=self.contact,
        )
        other = PersonNamed(
            role=PartyRole.RESPONSIBLE, name=self.other_person_name, identified=bool(self.other_person_name.strip())
        )
        return Words(people=(themselves, other), narrative=self.narrative)


class ReferralReceipt(Receipt):
    """A referral that was taken; `person_ids` stand in the order in which the people were named."""

    person_ids: tuple[str, ...]


class SelfReferralReceived(Form):
    """All a stranger is told: what to quote when they call."""

    reference: str


class ReferralsApi:
    """Begins cases."""

    def __init__(
        self, sign_in: SignIn, engine: CaseEngine, records: Records, tokens: ServiceTokens, self_referrals: RateLimit
    ) -> None:
        """`tokens` are the gateway's own: a member of the public has none. `self_referrals` bounds them by address."""
        self._sign_in = sign_in
        self._engine = engine
        self._records = records
        self._tokens = tokens
        self._self_referrals = self_referrals

    def routes(self) -> list[APIRoute]:
        """The two ways in."""
        both = {**BY_SERVICE, **BY_RULES}
        codes = (*KEY, *BODY, "case_closed", "engine_unavailable", *SERVICE)
        referral = described(
            "refer",
            "Refer a case; the people and the words go to records, codes and ids to the case",
            _TAG,
            answers={201: ReferralReceipt, 202: ReferralReceipt},
            codes=codes,
            passed_on=both,
            form=REFERRAL_FORM,
            examples={"burglary": REFERRAL_EXAMPLE},
            key="required",
        )
        self_referral = described(
            "refer_yourself",
            "Ask for restorative justice for yourself; no sign-in is needed",
            _TAG,
            answers={201: SelfReferralReceived, 202: SelfReferralReceived},
            codes=(*codes, "too_many_requests", "issuer_unavailable"),
            passed_on=both,
            form=SelfReferral,
            examples={"neighbour": SELF_REFERRAL_EXAMPLE},
            key="required",
            open_to_all=True,
        )
        return [
            APIRoute(_ROUTE, self.refer, methods=["POST"], **referral),
            APIRoute(_SELF_ROUTE, self.refer_yourself, methods=["POST"], **self_referral),
        ]

    async def refer(self, request: Request) -> Response:
        """Begin a case for a signed-in referrer."""
        caller = await self._sign_in.caller(request)
        key = key_of(request)
        form = await read_form(request, REFERRAL_FORM)
        taking = _taking(actor_of(caller), caller.token, key, request_digest(_ROUTE, form))
        codes = {name: getattr(form, name) for name in _CODES.plain}
        receipt, person_ids = await self._begin(request, taking, form, codes)
        headers = {"Location": f"/v1/cases/{taking.case_id}"}
        begun = ReferralReceipt(**dict(receipt_of(receipt, note_kept=True)), person_ids=person_ids)
        return answer(begun, 201 if receipt.in_ledger else 202, headers)

    async def refer_yourself(self, request: Request) -> Response:
        """Begin a case for a member of the public."""
        address = request.client.host if request.client else ""
        self._self_referrals.check(address)
        key = key_of(request)
        form = await read_form(request, SelfReferral)
        self._self_referrals.spend(address)
        token = await self._tokens.token()
        taking = _taking(_PUBLIC, token, key, request_digest(_SELF_ROUTE, form))
        receipt, _ = await self._begin(request, taking, form.words(), _self_referral_codes(form))
        return answer(SelfReferralReceived(reference=taking.case_id), 201 if receipt.in_ledger else 202)

    async def _begin(
        self, request: Request, taking: Taking, words: Words, codes: dict[str, Any]
    ) -> tuple[StepReceipt, tuple[str, ...]]:
        """Words first, then the case; a refusal by the case leaves nothing in records. Answers the person ids too."""
        facts = facts_of(request)
        facts.case_id, facts.step = taking.case_id, "submit_referral"
        referral = NewReferral(
            people=[person.kept() for person in words.people],
            narrative=words.narrative,
            agency_reference=words.agency_reference,
        )
        person_ids, note_id = await self._records.register(taking.case_id, referral, taking.update_id, taking.token)
        parties = tuple(person.party(person_id) for person, person_id in zip(words.people, person_ids, strict=True))
        step = SubmitReferral(**codes, parties=parties, narrative_note_id=note_id)
        try:
            receipt = await self._engine.open_case(taking.case_id, step_request([step], taking), taking.update_id)
        except StepTurnedDown:
            await discard(self._records, taking)
            raise
        check_same_request(receipt, taking.digest)
        facts.stage = receipt.stage
        return receipt, person_ids


def _taking(actor: Actor, token: str, key: str, digest: str) -> Taking:
    """A referral's case has its id from who refers and their key, so that a repeated request reaches the same case."""
    case_id = case_id_from(digest_of("case", actor.actor_id, key))
    update_id = update_id_of(actor.actor_id, case_id, key)
    return Taking(case_id=case_id, actor=actor, token=token, update_id=update_id, digest=digest)


def _self_referral_codes(form: SelfReferral) -> dict[str, Any]:
    """The codes of a self-referral: what the person cannot know is set to unknown, the hub asks later."""
    return {
        "channel": Channel.SELF_REFERRAL,
        "referrer_kind": ReferrerKind.VICTIM,
        "initiator": Initiator.VICTIM_LED,
        "stream": form.stream,
        "harm_type": form.harm_type,
        "justice_stage": JusticeStage.UNKNOWN,
        "rj_level": RjLevel.LEVEL_2,
        "district": form.district,
        "funding_stream": FundingStream.OTHER,
    }
