"""The ledger keeps each entry exactly once, in order, for ever."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from rjhub.reporting.v1 import reporting_pb2
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.reporting.storage.rebuild import Rebuilt, rebuild
from services.runtime.database import Database
from services.runtime.refusal import Kind, Refused
from services.runtime.rpc_channel import RpcCall
from tests.support.reporting import START, ReportingSystem, batch, entry, stamp, summary
from tests.support.round_trips import counting_proxy


async def timeline(reporting: ReportingSystem, case_id: str) -> list[reporting_pb2.Entry]:
    request = reporting_pb2.GetTimelineRequest(case_id=case_id)
    token = reporting.token("lead-1", "lead")
    answer = await RpcCall().call(reporting.stub.GetTimeline, request, token=token, timeout_seconds=10)
    return list(answer.entries)


async def rows(reporting: ReportingSystem, query: str) -> list[tuple[object, ...]]:
    async with reporting.database.unit_of_work() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


def owned(task_id: str, owner_id: str = "staff-1") -> reporting_pb2.Task:
    return reporting_pb2.Task(
        task_id=task_id, kind="first_contact", owner_role="facilitator", owner_id=owner_id, due_at=stamp(START)
    )


async def refusal(reporting: ReportingSystem, request: reporting_pb2.AppendEntriesRequest) -> Refused:
    with pytest.raises(Refused) as caught:
        await reporting.append(request)
    return caught.value


async def test_what_is_appended_is_read_back(reporting: ReportingSystem) -> None:
    sent = [entry(1, "referral_received", data={"parties": ["p1", "p2"], "level": 2, "reported_on": None}), entry(2)]
    assert await reporting.append(batch("read-back", entries=sent)) == 2
    read = await timeline(reporting, "read-back")
    assert [json.loads(one.data_json) for one in read] == [json.loads(one.data_json) for one in sent]
    for one, other in zip(read, sent, strict=True):
        one.data_json = other.data_json = ""
    assert read == sent


async def test_recorded_at_is_the_database_clock(reporting: ReportingSystem) -> None:
    await reporting.append(batch("bitemporal", 1))
    found = await rows(
        reporting,
        "SELECT happened_at < recorded_at, now() - recorded_at < '1 minute' FROM entry WHERE case_id='bitemporal'",
    )
    assert found == [(True, True)]


async def test_the_same_batch_again_is_answered_and_not_repeated(reporting: ReportingSystem) -> None:
    request = batch("again", 1, 3)
    assert [await reporting.append(request) for _ in range(3)] == [3, 3, 3]
    assert len(await timeline(reporting, "again")) == 3


async def test_a_retry_under_another_span_is_the_same_entry(reporting: ReportingSystem) -> None:
    await reporting.append(batch("span", 1))
    assert await reporting.append(batch("span", entries=[entry(1, trace_id="c" * 32, span_id="d" * 16)])) == 1


async def test_an_overlapping_batch_adds_only_what_is_new(reporting: ReportingSystem) -> None:
    await reporting.append(batch("overlap", 1, 3))
    assert await reporting.append(batch("overlap", 2, 5)) == 5
    assert [one.sequence for one in await timeline(reporting, "overlap")] == [1, 2, 3, 4, 5]


async def test_a_gap_is_refused_with_the_sequence_expected(reporting: ReportingSystem) -> None:
    await reporting.append(batch("gap", 1, 2))
    refused = await refusal(reporting, batch("gap", 4))
    assert (refused.kind, refused.codes) == (Kind.NOT_ALLOWED_NOW, ("ledger_gap",))
    assert " 3." in refused.refusals[0].sentence
    assert (await refusal(reporting, batch("gap-new", 2))).codes == ("ledger_gap",)
    assert len(await timeline(reporting, "gap")) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "person_informed"},
        {"data": {"channel": "visit"}},
        {"actor_id": "staff-2"},
        {"actor_role": "lead"},
        {"stage": "accepted"},
        {"step": "inform_person"},
        {"episode": 2},
        {"happened_at": stamp(START + timedelta(days=1))},
    ],
)
async def test_another_entry_at_a_kept_sequence_is_a_conflict(
    reporting: ReportingSystem, change: dict[str, Any]
) -> None:
    await reporting.append(batch("mismatch", 1, 2))
    other = entry(2, str(change.pop("kind", "contact_logged")), **change)
    refused = await refusal(reporting, batch("mismatch", entries=[other, entry(3)]))
    assert (refused.kind, refused.codes) == (Kind.CONFLICT, ("ledger_mismatch",))
    assert len(await timeline(reporting, "mismatch")) == 2


async def test_concurrent_appends_of_the_same_batch_keep_it_once(reporting: ReportingSystem) -> None:
    request = batch("concurrent", 1, 5)
    assert await asyncio.gather(*(reporting.append(request) for _ in range(20))) == [5] * 20
    assert [one.sequence for one in await timeline(reporting, "concurrent")] == [1, 2, 3, 4, 5]


async def test_of_concurrent_different_entries_one_is_kept(reporting: ReportingSystem) -> None:
    requests = [batch("race", entries=[entry(1, data={"attempt": number})]) for number in range(10)]
    answers = await asyncio.gather(*(reporting.append(one) for one in requests), return_exceptions=True)
    assert answers.count(1) == 1
    assert all(isinstance(one, Refused) and one.codes == ("ledger_mismatch",) for one in answers if one != 1)


async def test_many_cases_at_once(reporting: ReportingSystem) -> None:
    async def live(case_id: str) -> int:
        for sequence in range(1, 11):
            await reporting.append(batch(case_id, sequence))
        return len(await timeline(reporting, case_id))

    assert await asyncio.gather(*(live(f"many-{number}") for number in range(10))) == [10] * 10


async def test_the_summary_and_tasks_follow_the_newest_entry_only(reporting: ReportingSystem) -> None:
    await reporting.append(batch("newest", 1, 2, stage="screening", tasks=[owned("a"), owned("b")]))
    await reporting.append(batch("newest", 3, stage="accepted", tasks=[owned("b"), owned("c")]))
    await reporting.append(batch("newest", 1, 2, stage="screening", tasks=[owned("a")]))
    assert await rows(reporting, "SELECT sequence, stage FROM case_summary WHERE case_id='newest'") == [(3, "accepted")]
    tasks = await rows(reporting, "SELECT task_id FROM task WHERE case_id='newest' ORDER BY 1")
    assert tasks == [("b",), ("c",)]


@pytest.mark.parametrize("statement", ["UPDATE entry SET kind='x'", "DELETE FROM entry", "TRUNCATE entry"])
async def test_nobody_changes_the_ledger(reporting: ReportingSystem, statement: str) -> None:
    await reporting.append(batch("kept", 1))
    with pytest.raises(DBAPIError) as service:
        async with reporting.database.unit_of_work() as connection:
            await connection.execute(text(statement))
    assert "permission denied" in str(service.value.orig)
    owner = await asyncpg.connect(reporting.service_database.owner_url.replace("+asyncpg", ""))
    try:
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute(statement)
    finally:
        await owner.close()


async def test_rebuilding_changes_nothing_that_is_right_and_mends_what_is_wrong(reporting: ReportingSystem) -> None:
    for number in range(5):
        await reporting.append(batch(f"rebuild-{number}", 1, 4, tasks=[owned("a"), owned("b")]))
    everything = "SELECT to_jsonb(s) FROM case_summary s UNION ALL SELECT to_jsonb(t) FROM task t ORDER BY 1"
    right = await rows(reporting, everything)
    assert await rebuild(reporting.database) == Rebuilt(compared=len(right), changed=0)
    for damage in (
        "UPDATE case_summary SET stage='lost' WHERE case_id='rebuild-1'",
        "DELETE FROM task WHERE case_id='rebuild-2' AND task_id='a'",
        "INSERT INTO task SELECT case_id, 'extra', kind, owner_role, owner_id, unit_id, person_id, due_at, blocked_by,"
        " urgent, reason FROM task WHERE case_id='rebuild-3' AND task_id='a'",
    ):
        async with reporting.database.unit_of_work() as connection:
            await connection.execute(text(damage))
    assert await rebuild(reporting.database) == Rebuilt(compared=len(right) + 1, changed=3)
    assert await rows(reporting, everything) == right


async def test_appends_during_a_rebuild_are_not_lost(reporting: ReportingSystem) -> None:
    async def live() -> None:
        for sequence in range(1, 31):
            await reporting.append(batch("during", sequence, stage=f"stage-{sequence}"))

    await asyncio.gather(live(), *(rebuild(reporting.database) for _ in range(3)))
    assert await rows(reporting, "SELECT sequence, stage FROM case_summary WHERE case_id='during'") == [
        (30, "stage-30")
    ]


async def test_an_append_is_one_round_trip(reporting: ReportingSystem) -> None:
    from services.reporting.rpc.batch_reading import read_batch
    from services.reporting.storage.postgres_ledger import PostgresLedger

    async with counting_proxy(reporting.service_database.url) as (url, trips):
        database = Database(url, pool_size=1, max_overflow=0)
        ledger = PostgresLedger(database)
        try:
            await ledger.append(read_batch(batch("trips", 1)))  # connects and prepares
            before = trips.count
            for sequence in range(2, 12):
                await ledger.append(read_batch(batch("trips", sequence, tasks=[owned("a")])))
            assert trips.count - before == 10
        finally:
            await database.close()


def changed(**fields: Any) -> reporting_pb2.AppendEntriesRequest:
    return batch("malformed", entries=[entry(1, **fields)])


def summarised(**fields: Any) -> reporting_pb2.AppendEntriesRequest:
    return batch("malformed", 1, **fields)


LONG = "x" * 65
OUT_OF_CALENDAR = Timestamp(seconds=10**15)


@pytest.mark.parametrize(
    ("request_", "code", "field"),
    [
        (reporting_pb2.AppendEntriesRequest(), "case_id_missing", "case_id"),
        (batch("not an id", 1), "case_id_malformed", "case_id"),
        (batch(LONG, 1), "case_id_malformed", "case_id"),
        (reporting_pb2.AppendEntriesRequest(case_id="c", summary=summary(1)), "entries_missing", "entries"),
        (reporting_pb2.AppendEntriesRequest(case_id="c", entries=[entry(1)]), "summary_missing", "summary"),
        (batch("c", 1, 5001), "entries_too_many", "entries"),
        (batch("malformed", entries=[entry(0)]), "sequence_out_of_range", "entries[0].sequence"),
        (changed(episode=0), "episode_out_of_range", "entries[0].episode"),
        (batch("malformed", entries=[entry(1, "Not a code")]), "kind_malformed", "entries[0].kind"),
        (changed(stage=""), "stage_missing", "entries[0].stage"),
        (changed(actor_id="a name"), "actor_id_malformed", "entries[0].actor_id"),
        (changed(step="a b"), "step_malformed", "entries[0].step"),
        (changed(happened_at=None), "happened_at_missing", "entries[0].happened_at"),
        (changed(happened_at=OUT_OF_CALENDAR), "happened_at_malformed", "entries[0].happened_at"),
        (changed(trace_id="abc"), "trace_id_malformed", "entries[0].trace_id"),
        (changed(span_id="abc"), "span_id_malformed", "entries[0].span_id"),
        (changed(data={"said": "x" * 81}), "entry_data_too_free", "entries[0].data_json"),
        (batch("c", entries=[entry(1), entry(3)]), "entries_out_of_order", "entries[1]"),
        (summarised(stage=""), "stage_missing", "summary.stage"),
        (summarised(opened_at=None), "opened_at_missing", "summary.opened_at"),
        (summarised(facilitator_ids=["a b"]), "facilitator_ids_malformed", "summary.facilitator_ids[0]"),
        (summarised(tasks=[owned("a"), owned("a")]), "task_id_repeated", "summary.tasks"),
        (summarised(tasks=[owned("")]), "task_id_missing", "summary.tasks[0].task_id"),
        (
            reporting_pb2.AppendEntriesRequest(case_id="c", entries=[entry(1)], summary=summary(2)),
            "summary_out_of_step",
            "summary.sequence",
        ),
    ],
)
async def test_a_malformed_batch_is_refused_by_field(
    reporting: ReportingSystem, request_: reporting_pb2.AppendEntriesRequest, code: str, field: str
) -> None:
    refused = await refusal(reporting, request_)
    assert refused.kind is Kind.INVALID
    assert (code, field) in {(one.code, one.field) for one in refused.refusals}
    assert await rows(reporting, "SELECT 1 FROM entry WHERE case_id IN ('c', 'malformed')") == []
