"""Who sees which cases, entries, tasks and figures."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from rjhub.reporting.v1 import reporting_pb2

from deploy.local.postgres import PostgresServer
from services.reporting.rpc.permissions import PERMISSIONS
from services.runtime.refusal import Kind, Refused
from services.runtime.rpc_channel import RpcCall
from tests.support.reporting import START, ReportingSystem, batch, entry, running_reporting, stamp

CASES = {"hub", "north", "facilitated", "other-agency"}
# role -> subject, agency, unit
PEOPLE = {
    "coordinator": ("coordinator-1", "hub", ""),
    "lead": ("lead-1", "hub", ""),
    "operator": ("operator-1", "hub", ""),
    "unit_lead": ("north-lead", "north", "unit-north"),
    "facilitator": ("facilitator-1", "hub", ""),
    "specialist": ("facilitator-1", "hub", ""),
    "referrer": ("officer-1", "police", ""),
    "commissioner": ("commissioner-1", "", ""),
    "administrator": ("administrator-1", "hub", ""),
    "service.worker": ("worker", "", ""),
    "service.gateway": ("gateway", "", ""),
    "service.notifications": ("notifications", "", ""),
    "service.loader": ("loader", "", ""),
}
SEES = {
    "coordinator": CASES,
    "lead": CASES,
    "operator": CASES,
    "unit_lead": {"north"},
    "facilitator": {"facilitated"},
    "specialist": {"facilitated"},
    "referrer": CASES - {"other-agency"},
}
REQUESTS = {
    "AppendEntries": reporting_pb2.AppendEntriesRequest(),
    "GetTimeline": reporting_pb2.GetTimelineRequest(case_id="hub"),
    "GetCase": reporting_pb2.GetCaseRequest(case_id="hub"),
    "ListCases": reporting_pb2.ListCasesRequest(),
    "ListTasks": reporting_pb2.ListTasksRequest(),
    "GetFigures": reporting_pb2.GetFiguresRequest(from_date="2026-04-01", until_date="2026-04-30"),
}


def task(task_id: str, role: str, hours: int | None = 0, **fields: Any) -> reporting_pb2.Task:
    due_at = None if hours is None else stamp(START + timedelta(hours=hours))
    return reporting_pb2.Task(task_id=task_id, kind="do_it", owner_role=role, due_at=due_at, **fields)


@pytest_asyncio.fixture(scope="module")
async def region(postgres_server: PostgresServer) -> AsyncIterator[ReportingSystem]:
    """Four cases: the hub's, a satellite's, a facilitator's, and one of another agency."""
    async with running_reporting(postgres_server) as system:
        story = [
            entry(1, "referral_received", stage="received"),
            entry(2, "person_named", data={"person_id": "p-1"}, stage="received"),
            entry(3, "taken_up", stage="screening"),
            entry(4, "risk_assessed", data={"level": "high"}),
            entry(5, "allocated", data={"facilitator_id": "facilitator-1"}, stage="allocated"),
            entry(6, "contact_logged", stage="engaging"),
        ]
        await system.append(
            batch(
                "hub",
                entries=story,
                stage="engaging",
                paused=True,
                held=True,
                tasks=[
                    task("pool", "coordinator", 5),
                    task("answer", "referrer", 3),
                    task("someday", "coordinator", None),
                    task("specialist", "specialist", 8, owner_id="facilitator-1"),
                ],
            )
        )
        await system.append(
            batch(
                "north",
                1,
                2,
                unit_id="unit-north",
                tasks=[
                    task("unit-pool", "unit_lead", 1, unit_id="unit-north"),
                    task("foreign-pool", "unit_lead", 4, unit_id="unit-south"),
                ],
            )
        )
        await system.append(
            batch(
                "facilitated",
                entries=[*(entry(place) for place in range(1, 5)), entry(5, "case_closed", stage="closed")],
                stage="closed",
                closed_reason="withdrew",
                facilitator_ids=["facilitator-1", "facilitator-2"],
                tasks=[task("own", "facilitator", 2, owner_id="facilitator-1"), task("late", "lead", -9)],
            )
        )
        await system.append(
            batch(
                "other-agency",
                1,
                3,
                referrer_agency_id="housing",
                referrer_id="officer-2",
                tasks=[task("answer", "referrer", 6)],
            )
        )
        yield system


async def call(region: ReportingSystem, method: str, request: object, role: str) -> object:
    subject, agency, unit = PEOPLE[role]
    token = region.token(subject, role, agency, unit)
    return await RpcCall().call(getattr(region.stub, method), request, token=token, timeout_seconds=10)


async def cases(region: ReportingSystem, role: str, **fields: Any) -> reporting_pb2.ListCasesResponse:
    answer = await call(region, "ListCases", reporting_pb2.ListCasesRequest(**fields), role)
    assert isinstance(answer, reporting_pb2.ListCasesResponse)
    return answer


async def tasks(region: ReportingSystem, role: str, **fields: Any) -> reporting_pb2.ListTasksResponse:
    answer = await call(region, "ListTasks", reporting_pb2.ListTasksRequest(**fields), role)
    assert isinstance(answer, reporting_pb2.ListTasksResponse)
    return answer


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("method", REQUESTS)
async def test_the_permission_matrix(region: ReportingSystem, method: str, role: str) -> None:
    allowed = role in PERMISSIONS[f"/rjhub.reporting.v1.ReportingService/{method}"]
    try:
        await call(region, method, REQUESTS[method], role)
        kind = None
    except Refused as refused:
        kind = refused.kind
    assert (kind is not Kind.FORBIDDEN) == allowed
    assert kind in ({None, Kind.INVALID, Kind.NOT_FOUND} if allowed else {Kind.FORBIDDEN})


def test_the_matrix_is_what_the_service_promises() -> None:
    readers = set(SEES)
    expected = {
        "AppendEntries": {"service.worker"},
        "GetTimeline": readers,
        "GetCase": readers,
        "ListCases": readers,
        "ListTasks": readers,
        "GetFigures": {"commissioner", "coordinator", "lead", "operator"},
    }
    assert {name.rpartition("/")[2]: set(roles) for name, roles in PERMISSIONS.items()} == expected


@pytest.mark.parametrize("role", SEES)
async def test_lists_show_the_cases_one_may_see(region: ReportingSystem, role: str) -> None:
    listed = await cases(region, role)
    assert {row.case_id for row in listed.cases} == SEES[role]
    assert sum(listed.count_by_stage.values()) == len(SEES[role])


@pytest.mark.parametrize("role", SEES)
async def test_a_case_alone_is_shown_as_in_the_list(region: ReportingSystem, role: str) -> None:
    for row in (await cases(region, role)).cases:
        answer = await call(region, "GetCase", reporting_pb2.GetCaseRequest(case_id=row.case_id), role)
        assert answer == reporting_pb2.GetCaseResponse(case=row)


@pytest.mark.parametrize("role", SEES)
@pytest.mark.parametrize("method", ["GetTimeline", "GetCase"])
async def test_a_case_one_may_not_see_is_unknown(region: ReportingSystem, method: str, role: str) -> None:
    for case_id in CASES | {"no-such-case"}:
        request = type(REQUESTS[method])(case_id=case_id)
        if case_id in SEES[role]:
            await call(region, method, request, role)
            continue
        with pytest.raises(Refused) as caught:
            await call(region, method, request, role)
        # Word for word the same, whether the case exists or not.
        refusal = caught.value.refusals[0]
        assert (caught.value.kind, refusal.code, refusal.sentence) == (
            Kind.NOT_FOUND,
            "unknown_case",
            "There is no such case.",
        )


@pytest.mark.parametrize(("role", "agency", "unit"), [("unit_lead", "north", ""), ("referrer", "", "")])
async def test_without_a_unit_or_agency_nothing_is_seen(
    region: ReportingSystem, role: str, agency: str, unit: str
) -> None:
    token = region.token("someone", role, agency, unit)
    answer = await RpcCall().call(
        region.stub.ListCases, reporting_pb2.ListCasesRequest(), token=token, timeout_seconds=10
    )
    assert list(answer.cases) == []


async def test_a_referrer_sees_the_coarse_side_only(region: ReportingSystem) -> None:
    listed = await cases(region, "referrer")
    assert dict(listed.count_by_stage) == {"allocated": 1, "being_looked_at": 1, "closed": 1}
    for row in listed.cases:
        summary = row.summary
        assert summary.stage in {"allocated", "being_looked_at", "closed"}
        assert not summary.tasks
        assert not summary.facilitator_ids
        assert not summary.handling + summary.unit_id
        assert (summary.paused, summary.held, summary.sequence) == (False, False, 0)
        assert (summary.HasField("changed_at"), summary.HasField("next_due_at")) == (False, False)
        assert summary.closed_reason in {"", "closed"}
    answer = await call(region, "GetTimeline", reporting_pb2.GetTimelineRequest(case_id="hub"), "referrer")
    assert isinstance(answer, reporting_pb2.GetTimelineResponse)
    assert [(one.sequence, one.kind, one.stage) for one in answer.entries] == [
        (1, "referral_received", "received"),
        (2, "taken_up", "being_looked_at"),
        (3, "allocated", "allocated"),
    ]
    for one in answer.entries:
        assert one.data_json == "{}"
        assert not one.actor_id + one.actor_role + one.step + one.trace_id + one.span_id


async def test_a_referrer_learns_that_a_case_closed_and_not_why(region: ReportingSystem) -> None:
    answer = await call(region, "GetTimeline", reporting_pb2.GetTimelineRequest(case_id="facilitated"), "referrer")
    assert isinstance(answer, reporting_pb2.GetTimelineResponse)
    assert [(one.sequence, one.kind, one.stage, one.data_json) for one in answer.entries] == [
        (1, "case_closed", "closed", "{}")
    ]


async def test_a_closed_case_alone(region: ReportingSystem) -> None:
    request = reporting_pb2.GetCaseRequest(case_id="facilitated")
    whole = await call(region, "GetCase", request, "facilitator")
    assert isinstance(whole, reporting_pb2.GetCaseResponse)
    summary = whole.case.summary
    assert (whole.case.case_id, summary.stage, summary.closed_reason) == ("facilitated", "closed", "withdrew")
    assert [task.task_id for task in summary.tasks] == ["late", "own"]
    coarse = await call(region, "GetCase", request, "referrer")
    assert isinstance(coarse, reporting_pb2.GetCaseResponse)
    summary = coarse.case.summary
    assert (summary.stage, summary.closed_reason, list(summary.facilitator_ids)) == ("closed", "closed", [])
    assert not summary.tasks


async def test_a_referrer_cannot_ask_for_the_true_stage(region: ReportingSystem) -> None:
    assert [row.case_id for row in (await cases(region, "referrer", stage="engaging")).cases] == []
    assert [row.case_id for row in (await cases(region, "referrer", stage="allocated")).cases] == ["hub"]
    assert [row.case_id for row in (await cases(region, "lead", stage="engaging")).cases] == ["hub"]


async def test_roles_add_up(region: ReportingSystem) -> None:
    token = region.token("facilitator-1", ["facilitator", "referrer"], "police")
    answer = await RpcCall().call(
        region.stub.ListCases, reporting_pb2.ListCasesRequest(), token=token, timeout_seconds=10
    )
    stages = {row.case_id: (row.summary.stage, bool(row.summary.facilitator_ids)) for row in answer.cases}
    assert stages == {
        "hub": ("allocated", False),
        "north": ("being_looked_at", False),
        "facilitated": ("closed", True),
    }


async def test_filters(region: ReportingSystem) -> None:
    async def found(role: str, **fields: Any) -> set[str]:
        return {row.case_id for row in (await cases(region, role, **fields)).cases}

    assert await found("lead", open_only=True) == CASES - {"facilitated"}
    assert await found("referrer", open_only=True) == {"hub", "north"}
    assert await found("lead", district_id="dudley") == set()
    assert await found("facilitator", mine_only=True) == {"facilitated"}
    assert await found("referrer", mine_only=True) == {"hub", "north", "facilitated"}
    assert await found("coordinator", mine_only=True) == set()


@pytest.mark.parametrize("role", ["lead", "referrer"])
async def test_pages_follow_one_another_without_gap_or_repeat(region: ReportingSystem, role: str) -> None:
    seen: list[str] = []
    cursor = ""
    for _ in range(len(CASES) + 1):
        page = await cases(region, role, limit=1, cursor=cursor)
        seen += [row.case_id for row in page.cases]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == [row.case_id for row in (await cases(region, role)).cases]
    assert set(seen) == SEES[role]


async def test_the_newest_change_comes_first(region: ReportingSystem) -> None:
    listed = [row.case_id for row in (await cases(region, "lead")).cases]
    assert listed == ["hub", "facilitated", "other-agency", "north"]


@pytest.mark.parametrize(
    ("role", "mine", "overseen"),
    [
        ("coordinator", ["pool", "someday"], "all"),
        ("lead", ["late"], "all"),
        ("operator", [], "all"),
        ("unit_lead", ["unit-pool"], ["unit-pool", "foreign-pool"]),
        ("facilitator", ["own", "specialist"], ["own", "specialist"]),
        ("referrer", ["answer"], ["answer"]),
    ],
)
async def test_tasks_one_owns_and_tasks_one_oversees(
    region: ReportingSystem, role: str, mine: list[str], overseen: list[str] | str
) -> None:
    everything = ["late", "unit-pool", "own", "answer", "foreign-pool", "pool", "answer", "specialist", "someday"]
    own = await tasks(region, role, mine_only=True)
    assert ([one.task_id for one in own.tasks], own.total) == (mine, len(mine))
    seen = await tasks(region, role)
    expected = everything if overseen == "all" else overseen
    assert ([one.task_id for one in seen.tasks], seen.total) == (expected, len(expected))
    first = await tasks(region, role, limit=1)
    assert ([one.task_id for one in first.tasks], first.total) == (expected[:1], len(expected))


async def test_a_referrers_task_is_of_the_own_agency(region: ReportingSystem) -> None:
    assert [one.case_id for one in (await tasks(region, "referrer")).tasks] == ["hub"]


async def test_timeline_pages(region: ReportingSystem) -> None:
    request = reporting_pb2.GetTimelineRequest(case_id="hub", after_sequence=2, limit=2)
    answer = await call(region, "GetTimeline", request, "lead")
    assert isinstance(answer, reporting_pb2.GetTimelineResponse)
    assert ([one.sequence for one in answer.entries], answer.more) == ([3, 4], True)
    rest = await call(region, "GetTimeline", reporting_pb2.GetTimelineRequest(case_id="hub", after_sequence=4), "lead")
    assert isinstance(rest, reporting_pb2.GetTimelineResponse)
    assert ([one.sequence for one in rest.entries], rest.more) == ([5, 6], False)


@pytest.mark.parametrize(
    ("method", "request_", "code"),
    [
        ("GetTimeline", reporting_pb2.GetTimelineRequest(), "case_id_missing"),
        ("GetTimeline", reporting_pb2.GetTimelineRequest(case_id="'; --"), "case_id_malformed"),
        ("GetTimeline", reporting_pb2.GetTimelineRequest(case_id="c", limit=501), "limit_out_of_range"),
        (
            "GetTimeline",
            reporting_pb2.GetTimelineRequest(case_id="c", after_sequence=-1),
            "after_sequence_out_of_range",
        ),
        ("GetCase", reporting_pb2.GetCaseRequest(), "case_id_missing"),
        ("GetCase", reporting_pb2.GetCaseRequest(case_id="'; --"), "case_id_malformed"),
        ("ListCases", reporting_pb2.ListCasesRequest(cursor="nonsense"), "cursor_malformed"),
        ("ListCases", reporting_pb2.ListCasesRequest(limit=101), "limit_out_of_range"),
        ("ListCases", reporting_pb2.ListCasesRequest(limit=-1), "limit_out_of_range"),
        ("ListCases", reporting_pb2.ListCasesRequest(stage="two words"), "stage_malformed"),
        ("ListTasks", reporting_pb2.ListTasksRequest(limit=201), "limit_out_of_range"),
        ("GetFigures", reporting_pb2.GetFiguresRequest(until_date="2026-01-01"), "from_date_missing"),
        (
            "GetFigures",
            reporting_pb2.GetFiguresRequest(from_date="2026-13-01", until_date="2026-01-01"),
            "from_date_malformed",
        ),
        (
            "GetFigures",
            reporting_pb2.GetFiguresRequest(from_date="2026-02-01", until_date="2026-01-31"),
            "period_reversed",
        ),
        (
            "GetFigures",
            reporting_pb2.GetFiguresRequest(from_date="2026-02-01", until_date="9999-12-31"),
            "period_too_late",
        ),
    ],
)
async def test_malformed_questions_are_refused(
    region: ReportingSystem, method: str, request_: object, code: str
) -> None:
    with pytest.raises(Refused) as caught:
        await call(region, method, request_, "lead")
    assert (caught.value.kind, caught.value.codes) == (Kind.INVALID, (code,))


async def test_entries_survive_as_sent_for_whoever_may_see_them(region: ReportingSystem) -> None:
    answer = await call(region, "GetTimeline", reporting_pb2.GetTimelineRequest(case_id="hub"), "operator")
    assert isinstance(answer, reporting_pb2.GetTimelineResponse)
    assert json.loads(answer.entries[3].data_json) == {"level": "high"}
    assert answer.entries[3].trace_id == entry(1).trace_id
