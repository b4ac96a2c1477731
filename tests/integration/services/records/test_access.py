"""Who sees a case, who may reach a person, and what the audit says of it."""

from __future__ import annotations

import asyncio

import pytest
from alembic import command
from rjhub.records.v1 import records_pb2 as pb
from sqlalchemy import text

from services.records.rpc.permissions import PERMISSIONS
from services.runtime.migrations import alembic_config
from services.runtime.refusal import Kind, Refused
from tests.integration.services.records.case import (
    COORDINATOR,
    FACILITATOR,
    HUB,
    LEAD,
    NORTH,
    NOTIFICATIONS,
    REFERRER,
    S5,
    UNIT_LEAD,
    WORKER,
    Records,
    email,
    moment,
    note,
    question,
)
from tests.support.running_service import Someone

ROLES = sorted(
    frozenset().union(*PERMISSIONS.values()) | {"commissioner", "administrator", "operator", "service.loader", "nobody"}
)
RPCS = {
    "RegisterReferral": pb.RegisterReferralRequest(),
    "AddNote": pb.AddNoteRequest(),
    "DiscardRequest": pb.DiscardRequestRequest(),
    "GetCaseRecord": pb.GetCaseRecordRequest(),
    "SetContactRule": pb.SetContactRuleRequest(),
    "ResolveContact": pb.ResolveContactRequest(),
    "PutCaseAccess": pb.PutCaseAccessRequest(),
}


async def test_each_role_gets_where_it_belongs_and_nowhere_else(records: Records) -> None:
    for path, allowed in PERMISSIONS.items():
        rpc = path.rpartition("/")[2]
        for role in ROLES:
            codes = await records.service.codes(getattr(records.stub, rpc), RPCS[rpc], Someone("S1", (role,)))
            assert ("role_not_allowed" in codes) is (role not in allowed), f"{role} on {rpc}: {codes}"


async def test_before_any_grant_the_hub_alone_sees(records: Records) -> None:
    await records.register()
    assert await records.sees(COORDINATOR)
    assert await records.sees(LEAD)
    assert not await records.sees(UNIT_LEAD)
    assert not await records.sees(FACILITATOR)


async def test_the_grants_say_who_sees_and_writes(records: Records) -> None:
    await records.register()
    await records.grant(1, NORTH, S5)
    for caller, sees in ((COORDINATOR, False), (LEAD, False), (UNIT_LEAD, True), (FACILITATOR, True)):
        assert await records.sees(caller) is sees
        codes = await records.service.codes(records.stub.AddNote, note(), caller)
        assert codes == (() if sees else ("unknown_case",))
    assert not await records.sees(Someone("S6", ("facilitator",), "north")), "a colleague of the unit (R-076)"
    assert not await records.sees(Someone("S7", ("unit_lead",), "south"))


async def test_a_case_hidden_and_a_case_missing_are_answered_alike(records: Records) -> None:
    await records.register()
    answers = []
    for case_id in ("C1", "C404"):
        with pytest.raises(Refused) as caught:
            await records.record(FACILITATOR, case_id)
        answers.append((caught.value.kind, caught.value.refusals))
    assert answers[0] == answers[1]
    assert answers[0][0] is Kind.NOT_FOUND


async def test_only_newer_access_replaces_what_is_kept(records: Records) -> None:
    await records.register()
    await records.grant(5, HUB, S5)
    await records.grant(5, NORTH)
    await records.grant(4)
    assert await records.sees(COORDINATOR)
    assert await records.sees(FACILITATOR)
    assert not await records.sees(UNIT_LEAD)
    await records.grant(6, NORTH, NORTH)
    assert not await records.sees(COORDINATOR)
    assert await records.sees(UNIT_LEAD)
    await records.grant(7)
    assert not await records.sees(UNIT_LEAD)


async def test_access_put_at_once_ends_with_the_newest(records: Records) -> None:
    await records.register()
    await asyncio.gather(*(records.grant(n, *([S5] if n == 20 else [HUB, NORTH])) for n in range(1, 21)))
    assert await records.sees(FACILITATOR)
    assert not await records.sees(COORDINATOR)
    assert await records.count("case_grant") == 1


@pytest.mark.parametrize(
    ("request_", "codes"),
    [
        (pb.PutCaseAccessRequest(as_of_sequence=-1), {"case_id_missing", "as_of_sequence_out_of_range"}),
        (
            pb.PutCaseAccessRequest(
                case_id="C1",
                grants=[
                    pb.Grant(subject_id="x"),
                    pb.Grant(subject=pb.GRANT_SUBJECT_STAFF),
                    pb.Grant(subject=pb.GRANT_SUBJECT_HUB, subject_id="x"),
                ],
            ),
            {"subject_unspecified", "subject_id_missing", "subject_id_given"},
        ),
        (pb.PutCaseAccessRequest(case_id="C1", grants=[S5] * 501), {"grants_too_many"}),
    ],
)
async def test_faulty_access_is_refused(records: Records, request_: pb.PutCaseAccessRequest, codes: set[str]) -> None:
    assert set(await records.service.codes(records.stub.PutCaseAccess, request_, WORKER)) == codes
    assert await records.count("case_access") == 0


async def test_asking_for_a_record_needs_a_case(records: Records) -> None:
    codes = await records.service.codes(records.stub.GetCaseRecord, pb.GetCaseRecordRequest(), COORDINATOR)
    assert codes == ("case_id_missing",)


async def test_each_read_and_only_a_read_is_audited(records: Records) -> None:
    person_id = (await records.register()).person_ids[0]
    await records.record(COORDINATOR)
    assert not await records.sees(FACILITATOR)
    await records.service.call(records.stub.ResolveContact, question(person_id), NOTIFICATIONS)
    await records.service.call(records.stub.ResolveContact, question("P404"), NOTIFICATIONS)
    async with records.service.database.unit_of_work() as connection:
        audit = await connection.execute(
            text(
                "select reader_id, case_id, what, read_at > now() - interval '1 minute' as recent"
                " from read_audit order by read_id"
            )
        )
        assert [tuple(row) for row in audit] == [
            ("S1", "C1", "case_record", True),
            ("notifications", "C1", "safe_contact", True),
        ]


async def test_a_safe_address_is_given_with_the_persons_language(records: Records) -> None:
    person_id = (await records.register()).person_ids[0]
    answer = await records.service.call(records.stub.ResolveContact, question(person_id), NOTIFICATIONS)
    assert answer.safe == pb.SafeContact(
        channel=pb.CHANNEL_EMAIL, address="canary.address@example.org", language="pa", may_name_service=True
    )


async def test_outside_the_hours_the_next_safe_moment_is_given(records: Records) -> None:
    person_id = (await records.register()).person_ids[0]
    asked = question(person_id, "2026-06-01T19:30:00+00:00")
    answer = await records.service.call(records.stub.ResolveContact, asked, NOTIFICATIONS)
    assert answer.WhichOneof("result") == "not_before"
    assert answer.not_before == moment("2026-06-02T08:00:00+00:00")


@pytest.mark.parametrize(
    ("which", "at", "case_id", "reason"),
    [
        ("0", "2026-09-01T11:00:00+00:00", "C1", "stale_safety"),
        ("1", "2026-06-01T11:00:00+00:00", "C1", "no_safe_channel"),
        ("P404", "2026-06-01T11:00:00+00:00", "C1", "unknown_person"),
        ("0", "2026-06-01T11:00:00+00:00", "C404", "unknown_case"),
        ("0", "2026-06-01T11:00:00+00:00", "C2", "unknown_person"),
    ],
)
async def test_whatever_is_not_known_to_be_safe_blocks(
    records: Records, which: str, at: str, case_id: str, reason: str
) -> None:
    person_ids = (await records.register()).person_ids
    await records.register(case_id="C2", request_key="key-2")
    person_id = person_ids[int(which)] if which.isdigit() else which
    asked = question(person_id, at, case_id)
    answer = await records.service.call(records.stub.ResolveContact, asked, NOTIFICATIONS)
    assert answer.WhichOneof("result") == "blocked_reason"
    assert answer.blocked_reason == reason


async def test_a_question_without_its_parts_is_refused(records: Records) -> None:
    codes = await records.service.codes(records.stub.ResolveContact, pb.ResolveContactRequest(), NOTIFICATIONS)
    assert set(codes) == {"case_id_missing", "person_id_missing", "at_missing"}


async def test_a_rule_set_counts_from_now_on(records: Records) -> None:
    person_id = (await records.register()).person_ids[0]
    for rule, outcome in (
        (email(safety=pb.SAFETY_NOT_SAFE), "blocked_reason"),
        (email(address="new@example.org", confirmed_on="2026-08-30"), "safe"),
        (email(safety=pb.SAFETY_UNSPECIFIED), "blocked_reason"),
    ):
        request = pb.SetContactRuleRequest(case_id="C1", person_id=person_id, rule=rule)
        await records.service.call(records.stub.SetContactRule, request, COORDINATOR)
        asked = question(person_id, "2026-09-01T11:00:00+00:00")
        answer = await records.service.call(records.stub.ResolveContact, asked, NOTIFICATIONS)
        assert answer.WhichOneof("result") == outcome
    assert len((await records.record()).people[0].contact) == 2


@pytest.mark.parametrize(
    ("changes", "caller", "codes"),
    [
        ({}, FACILITATOR, {"unknown_case"}),
        ({"case_id": "C404"}, COORDINATOR, {"unknown_case"}),
        ({"person_id": "P404"}, COORDINATOR, {"unknown_person"}),
        ({"case_id": "", "person_id": "", "rule": None}, COORDINATOR,
         {"case_id_missing", "person_id_missing", "rule_missing", "channel_unspecified"}),
        ({"rule": email(address="")}, COORDINATOR, {"address_missing"}),
        ({"rule": email(safe_from_hour=9, safe_until_hour=8, safe_weekdays=[9])}, COORDINATOR,
         {"safe_until_hour_out_of_range", "safe_weekdays_out_of_range"}),
        ({"rule": email(safety=9)}, COORDINATOR, {"safety_unknown"}),
    ],
)  # fmt: skip
async def test_a_faulty_rule_is_refused(
    records: Records, changes: dict[str, object], caller: Someone, codes: set[str]
) -> None:
    person_id = (await records.register(REFERRER)).person_ids[0]
    given: dict[str, object] = {"case_id": "C1", "person_id": person_id, "rule": email(address="b@example.org")}
    request = pb.SetContactRuleRequest(**(given | changes))  # type: ignore[arg-type]  # a test's own fields
    assert set(await records.service.codes(records.stub.SetContactRule, request, caller)) == codes
    assert (await records.record()).people[0].contact[0] == email()


async def test_the_tables_are_those_of_the_migrations(records: Records) -> None:
    config = alembic_config(records.service.service_database.owner_url, "services.records")
    await asyncio.to_thread(command.check, config)
