"""People, how they may safely be reached, and notes, as the records service keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import grpc.aio
from pydantic import Field
from rjhub.records.v1 import records_pb2 as pb
from rjhub.records.v1 import records_pb2_grpc

from services.gateway.backends.form import Form
from services.gateway.backends.wire import moment_of, number_of, word_of
from services.runtime.rpc_channel import RpcCall
from workflows.contracts.vocabulary import PartyRole

_TIMEOUT_SECONDS = 5.0


class ReachableBy(StrEnum):
    """A way to reach a person (R-030)."""

    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    VOICEMAIL = "voicemail"
    LETTER = "letter"
    VISIT = "visit"
    THIRD_PARTY = "third_party"


class Safety(StrEnum):
    """Whether that way is safe; unknown means no automatic message."""

    SAFE = "safe"
    NOT_SAFE = "not_safe"
    UNKNOWN = "unknown"


class ReachingRule(Form):
    """When and how a person may be reached by one channel; hours are local, both 0 meaning 9 to 20."""

    address: Annotated[str, Field(max_length=2000)] = ""
    safety: Safety = Safety.UNKNOWN
    confirmed_on: date | None = None
    safe_from_hour: Annotated[int, Field(ge=0, le=24)] = 0
    safe_until_hour: Annotated[int, Field(ge=0, le=24)] = 0
    safe_weekdays: Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(max_length=7)] = ()
    may_name_service: bool = False


class ContactRule(ReachingRule):
    """A reaching rule with its channel."""

    channel: ReachableBy


class CasePerson(Form):
    """One person of a case, as far as the caller may see them."""

    person_id: str
    role: str
    name: str
    date_of_birth: str
    language: str
    interpreter_needed: bool
    needs: str
    contact: tuple[ContactRule, ...]


class CaseNote(Form):
    """One note; `person_id` is whose side it belongs to, "" the hub's own; `author_id` "" the person themselves."""

    note_id: str
    person_id: str
    author_id: str
    written_at: datetime | None
    text: str


class CaseRecord(Form):
    """People and notes of a case. Each reading of it is audited."""

    people: tuple[CasePerson, ...]
    notes: tuple[CaseNote, ...]
    agency_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """One person as a referral names them."""

    role: PartyRole
    name: str
    date_of_birth: date | None = None
    language: str = ""
    interpreter_needed: bool = False
    needs: str = ""
    contact: Sequence[ContactRule] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReferral:
    """What a referral leaves with records before the case begins."""

    people: Sequence[NewPerson]
    narrative: str
    agency_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNote:
    """One text of a request; `slot` says which, `person_id` whose side it belongs to."""

    slot: str
    person_id: str
    text: str


class Records:
    """The records service; every call is made as the token's owner and raises `Refused`."""

    def __init__(self, channel: grpc.aio.Channel, rpc: RpcCall) -> None:
        """Call through `channel`."""
        self._stub = records_pb2_grpc.RecordsServiceStub(channel)
        self._rpc = rpc

    async def register(
        self, case_id: str, referral: NewReferral, request_key: str, token: str
    ) -> tuple[tuple[str, ...], str]:
        """Keep a referral's people and words; answers the person ids in their order and the narrative's note id."""
        request = pb.RegisterReferralRequest(
            request_key=request_key,
            case_id=case_id,
            people=[_person_message(person) for person in referral.people],
            narrative=referral.narrative,
            agency_reference=referral.agency_reference,
        )
        answer = await self._rpc.call(
            self._stub.RegisterReferral, request, token=token, timeout_seconds=_TIMEOUT_SECONDS
        )
        return tuple(answer.person_ids), answer.narrative_note_id

    async def add_note(
        self, case_id: str, note: NewNote, request_key: str, token: str, timeout_seconds: float = _TIMEOUT_SECONDS
    ) -> str:
        """Keep one text and answer its note id; the same request key and slot again give the same."""
        request = pb.AddNoteRequest(
            request_key=request_key, slot=note.slot, case_id=case_id, person_id=note.person_id, text=note.text
        )
        answer = await self._rpc.call(self._stub.AddNote, request, token=token, timeout_seconds=timeout_seconds)
        return answer.note_id

    async def discard(self, request_key: str, token: str) -> None:
        """Forget what a refused request had left."""
        request = pb.DiscardRequestRequest(request_key=request_key)
        await self._rpc.call(self._stub.DiscardRequest, request, token=token, timeout_seconds=_TIMEOUT_SECONDS)

    async def case_record(self, case_id: str, token: str) -> CaseRecord:
        """People and notes of a case."""
        request = pb.GetCaseRecordRequest(case_id=case_id)
        answer = await self._rpc.call(self._stub.GetCaseRecord, request, token=token, timeout_seconds=_TIMEOUT_SECONDS)
        return CaseRecord(
            people=tuple(_person(person) for person in answer.people),
            notes=tuple(_note(note) for note in answer.notes),
            agency_reference=answer.agency_reference,
        )

    async def set_contact_rule(self, case_id: str, person_id: str, rule: ContactRule, token: str) -> None:
        """Set how a person may be reached by one channel."""
        request = pb.SetContactRuleRequest(case_id=case_id, person_id=person_id, rule=_rule_message(rule))
        await self._rpc.call(self._stub.SetContactRule, request, token=token, timeout_seconds=_TIMEOUT_SECONDS)


def _person_message(person: NewPerson) -> pb.Person:
    return pb.Person(
        role=pb.PartyRole.ValueType(number_of(pb.PartyRole, person.role)),
        name=person.name,
        date_of_birth=person.date_of_birth.isoformat() if person.date_of_birth else "",
        language=person.language,
        interpreter_needed=person.interpreter_needed,
        needs=person.needs,
        contact=[_rule_message(rule) for rule in person.contact],
    )


def _rule_message(rule: ContactRule) -> pb.ContactRule:
    return pb.ContactRule(
        channel=pb.Channel.ValueType(number_of(pb.Channel, rule.channel)),
        address=rule.address,
        safety=pb.Safety.ValueType(number_of(pb.Safety, rule.safety)),
        confirmed_on=rule.confirmed_on.isoformat() if rule.confirmed_on else "",
        safe_from_hour=rule.safe_from_hour,
        safe_until_hour=rule.safe_until_hour,
        safe_weekdays=rule.safe_weekdays,
        may_name_service=rule.may_name_service,
    )


def _person(person: pb.Person) -> CasePerson:
    return CasePerson(
        person_id=person.person_id,
        role=word_of(pb.PartyRole, person.role),
        name=person.name,
        date_of_birth=person.date_of_birth,
        language=person.language,
        interpreter_needed=person.interpreter_needed,
        needs=person.needs,
        # A channel newer than this process is left out: it cannot say what may be done with it.
        contact=tuple(_rule(rule) for rule in person.contact if word_of(pb.Channel, rule.channel)),
    )


def _rule(rule: pb.ContactRule) -> ContactRule:
    # Built without checking again: what records keeps is shown as it is kept.
    return ContactRule.model_construct(
        channel=ReachableBy(word_of(pb.Channel, rule.channel)),
        address=rule.address,
        safety=Safety(word_of(pb.Safety, rule.safety) or Safety.UNKNOWN),
        confirmed_on=date.fromisoformat(rule.confirmed_on) if rule.confirmed_on else None,
        safe_from_hour=rule.safe_from_hour,
        safe_until_hour=rule.safe_until_hour,
        safe_weekdays=tuple(rule.safe_weekdays),
        may_name_service=rule.may_name_service,
    )


def _note(note: pb.Note) -> CaseNote:
    return CaseNote(
        note_id=note.note_id,
        person_id=note.person_id,
        author_id=note.author_id,
        written_at=moment_of(note, "written_at"),
        text=note.text,
    )
