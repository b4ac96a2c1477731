"""The records service as a process: it migrates, serves, stops when told, and its output names nobody."""

from __future__ import annotations

from rjhub.records.v1 import records_pb2 as pb
from rjhub.records.v1 import records_pb2_grpc

from deploy.local.postgres import PostgresServer
from tests.integration.services.records.case import (
    COORDINATOR,
    NOTIFICATIONS,
    REFERRER,
    Records,
    email,
    note,
    people,
    question,
    referral,
)
from tests.support.running_service import service_process


async def test_it_runs_and_says_nothing_personal(postgres_server: PostgresServer) -> None:
    async with service_process(postgres_server, "records") as (service, finished):
        records = Records(service, records_pb2_grpc.RecordsServiceStub(service.channel))
        person_id = (await records.register()).person_ids[0]
        await records.add_note(COORDINATOR, person_id=person_id)
        assert "Canary" in str(await records.record())
        await service.call(records.stub.ResolveContact, question(person_id), NOTIFICATIONS)
        await _provoke_refusals(records, person_id)
    assert finished.exit_code == 0
    assert "/rjhub.records.v1.RecordsService/GetCaseRecord" in finished.output
    assert "canary" not in finished.output.lower()


async def _provoke_refusals(records: Records, person_id: str) -> None:
    """Everything wrong with a canary in it; none of it may fail inside."""
    codes, stub = records.service.codes, records.stub
    bad_rule = email(address="Canary address")
    refused = [
        *await codes(stub.RegisterReferral, referral(case_id="Canary Street"), REFERRER),
        *await codes(stub.RegisterReferral, referral(request_key="key-2"), REFERRER),
        *await codes(stub.RegisterReferral, referral(narrative="Canary again"), REFERRER),
        *await codes(stub.RegisterReferral, referral(people=[*people(), pb.Person(name="Canary\x00")]), REFERRER),
        *await codes(stub.AddNote, note(text="Canary" * 4000), COORDINATOR),
        *await codes(stub.AddNote, note(text="Canary again", person_id=person_id), COORDINATOR),
        *await codes(
            stub.SetContactRule, pb.SetContactRuleRequest(case_id="C1", person_id=person_id, rule=bad_rule), COORDINATOR
        ),
    ]
    assert len(refused) >= 7
    assert not {"internal_error", "service_unavailable"} & set(refused)
