"""Answers the records service's RPCs: reads the request, runs one use case in one unit of work, writes the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rjhub.records.v1 import records_pb2, records_pb2_grpc

from services.records.domain.request import RequestKey
from services.records.domain.safe_contact import Blocked, NotBefore, Resolution
from services.records.rpc import messages, requests
from services.records.storage.store import SqlStore
from services.records.use_cases.add_note import add_note
from services.records.use_cases.get_case_record import get_case_record
from services.records.use_cases.register_referral import register_referral
from services.records.use_cases.resolve_contact import resolve_contact
from services.records.use_cases.set_contact_rule import set_contact_rule
from services.runtime.database import Database
from services.runtime.rpc_server import current_caller


class RecordsServicer(records_pb2_grpc.RecordsServiceServicer):
    """The RPCs of `rjhub.records.v1.RecordsService`."""

    def __init__(self, database: Database) -> None:
        """Keep everything in `database`."""
        self._database = database

    async def RegisterReferral(
        self, request: records_pb2.RegisterReferralRequest, context: object
    ) -> records_pb2.RegisterReferralResponse:
        """Keep a referral's people and words."""
        request_key, referral = requests.read_referral(request)
        async with self._store() as store:
            registered = await register_referral(store, current_caller(), request_key, referral)
        return records_pb2.RegisterReferralResponse(
            person_ids=registered.person_ids, narrative_note_id=registered.narrative_note_id
        )

    async def AddNote(self, request: records_pb2.AddNoteRequest, context: object) -> records_pb2.AddNoteResponse:
        """Keep one note."""
        request_key, note = requests.read_new_note(request)
        async with self._store() as store:
            note_id = await add_note(store, current_caller(), request_key, note)
        return records_pb2.AddNoteResponse(note_id=note_id)

    async def DiscardRequest(
        self, request: records_pb2.DiscardRequestRequest, context: object
    ) -> records_pb2.DiscardRequestResponse:
        """Forget what one of the caller's own requests had left."""
        request_key = requests.read_request_key(request)
        async with self._store() as store:
            await store.discard(RequestKey(current_caller().subject, request_key))
        return records_pb2.DiscardRequestResponse()

    async def GetCaseRecord(
        self, request: records_pb2.GetCaseRecordRequest, context: object
    ) -> records_pb2.GetCaseRecordResponse:
        """People and notes of a case."""
        case_id = requests.read_case_id(request)
        async with self._store() as store:
            record = await get_case_record(store, current_caller(), case_id)
        return records_pb2.GetCaseRecordResponse(
            people=map(messages.write_person, record.people),
            notes=map(messages.write_note, record.notes),
            agency_reference=record.agency_reference,
        )

    async def SetContactRule(
        self, request: records_pb2.SetContactRuleRequest, context: object
    ) -> records_pb2.SetContactRuleResponse:
        """Set how a person may be reached on one channel."""
        case_id, person_id, rule = requests.read_rule_to_set(request)
        async with self._store() as store:
            await set_contact_rule(store, current_caller(), case_id, person_id, rule)
        return records_pb2.SetContactRuleResponse()

    async def ResolveContact(
        self, request: records_pb2.ResolveContactRequest, context: object
    ) -> records_pb2.ResolveContactResponse:
        """Say whether and where a message may go now."""
        case_id, person_id, at = requests.read_contact_question(request)
        async with self._store() as store:
            resolution, language = await resolve_contact(store, current_caller(), case_id, person_id, at)
        return _resolved(resolution, language)

    async def PutCaseAccess(
        self, request: records_pb2.PutCaseAccessRequest, context: object
    ) -> records_pb2.PutCaseAccessResponse:
        """Replace who may see a case."""
        case_id, as_of_sequence, grants = requests.read_case_access(request)
        async with self._store() as store:
            await store.put_access(case_id, as_of_sequence, grants)
        return records_pb2.PutCaseAccessResponse()

    @asynccontextmanager
    async def _store(self) -> AsyncIterator[SqlStore]:
        async with self._database.unit_of_work() as connection:
            yield SqlStore(connection)


def _resolved(resolution: Resolution, language: str) -> records_pb2.ResolveContactResponse:
    match resolution:
        case Blocked(reason):
            return records_pb2.ResolveContactResponse(blocked_reason=reason.value)
        case NotBefore(moment):
            return records_pb2.ResolveContactResponse(not_before=messages.write_moment(moment))
        case contact:
            safe = records_pb2.SafeContact(
                channel=messages.write_channel(contact.channel),
                address=contact.address,
                language=language,
                may_name_service=contact.may_name_service,
            )
            return records_pb2.ResolveContactResponse(safe=safe)
