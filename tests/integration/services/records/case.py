"""An invented referral, and who calls in the records service's tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from rjhub.records.v1 import records_pb2 as pb
from rjhub.records.v1 import records_pb2_grpc
from sqlalchemy import text

from tests.support.running_service import RunningService, Someone

COORDINATOR = Someone("S1", ("coordinator",))
LEAD = Someone("S2", ("lead",))
REFERRER = Someone("S3", ("referrer",))
OTHER_REFERRER = Someone("S30", ("referrer",))
UNIT_LEAD = Someone("S4", ("unit_lead",), "north")
FACILITATOR = Someone("S5", ("facilitator",), "north")
GATEWAY = Someone("gateway", ("service.gateway",))
NOTIFICATIONS = Someone("notifications", ("service.notifications",))
WORKER = Someone("worker", ("service.worker",))


@dataclass(frozen=True, slots=True)
class Records:
    """The running service and its stub."""

    service: RunningService
    stub: records_pb2_grpc.RecordsServiceAsyncStub

    async def register(self, caller: Someone = REFERRER, **changes: Any) -> pb.RegisterReferralResponse:
        """Register the invented referral, but for the changes."""
        return await self.service.call(self.stub.RegisterReferral, referral(**changes), caller)

    async def add_note(self, caller: Someone, **changes: Any) -> str:
        """Add a note and answer its id."""
        return (await self.service.call(self.stub.AddNote, note(**changes), caller)).note_id

    async def record(self, caller: Someone = COORDINATOR, case_id: str = "C1") -> pb.GetCaseRecordResponse:
        """What is kept of the case."""
        return await self.service.call(self.stub.GetCaseRecord, pb.GetCaseRecordRequest(case_id=case_id), caller)

    async def sees(self, caller: Someone, case_id: str = "C1") -> bool:
        """Whether someone sees the case; if not, the answer must be that there is none."""
        asked = pb.GetCaseRecordRequest(case_id=case_id)
        codes = await self.service.codes(self.stub.GetCaseRecord, asked, caller)
        assert codes in ((), ("unknown_case",))
        return not codes

    async def grant(self, sequence: int, *grants: pb.Grant, case_id: str = "C1") -> None:
        """Put the case's access as the worker."""
        request = pb.PutCaseAccessRequest(case_id=case_id, as_of_sequence=sequence, grants=grants)
        await self.service.call(self.stub.PutCaseAccess, request, WORKER)

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        async with self.service.database.unit_of_work() as connection:
            return int(await connection.scalar(text(f"select count(*) from {table}")) or 0)


def moment(written: str) -> Timestamp:
    """A time of a case, from ISO with an offset."""
    made = Timestamp()
    made.FromDatetime(datetime.fromisoformat(written))
    return made


def email(**changes: Any) -> pb.ContactRule:
    """A safe e-mail rule, but for the changes."""
    given: dict[str, Any] = {
        "channel": pb.CHANNEL_EMAIL,
        "address": "canary.address@example.org",
        "safety": pb.SAFETY_SAFE,
        "confirmed_on": "2026-05-20",
        "may_name_service": True,
    }
    return pb.ContactRule(**(given | changes))


def people() -> list[pb.Person]:
    """A harmed person with a safe e-mail address, and a responsible person not identified yet."""
    letter = pb.ContactRule(channel=pb.CHANNEL_LETTER, address="1 Canary Lane\nWalsall", safe_weekdays=[5, 1])
    return [
        pb.Person(
            role=pb.PARTY_ROLE_HARMED,
            name="Canary Name",
            date_of_birth="1990-01-31",
            language="pa",
            interpreter_needed=True,
            needs="Canary needs",
            contact=[email(), letter],
        ),
        pb.Person(role=pb.PARTY_ROLE_RESPONSIBLE),
    ]


def referral(**changes: Any) -> pb.RegisterReferralRequest:
    """The invented referral, but for the changes."""
    given: dict[str, Any] = {
        "request_key": "key-1",
        "case_id": "C1",
        "people": people(),
        "narrative": "Canary narrative",
        "agency_reference": "Canary/2026",
    }
    return pb.RegisterReferralRequest(**(given | changes))


def note(**changes: Any) -> pb.AddNoteRequest:
    """A note on the case, but for the changes."""
    given: dict[str, Any] = {"request_key": "note-1", "slot": "question", "case_id": "C1", "text": "Canary note"}
    return pb.AddNoteRequest(**(given | changes))


def question(person_id: str, at: str = "2026-06-01T11:00:00+00:00", case_id: str = "C1") -> pb.ResolveContactRequest:
    """May a message go to a person at that time?"""
    return pb.ResolveContactRequest(case_id=case_id, person_id=person_id, at=moment(at))


HUB = pb.Grant(subject=pb.GRANT_SUBJECT_HUB)
NORTH = pb.Grant(subject=pb.GRANT_SUBJECT_UNIT, subject_id="north")
S5 = pb.Grant(subject=pb.GRANT_SUBJECT_STAFF, subject_id="S5")
