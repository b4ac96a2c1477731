"""Lists, timelines and figures, as the reporting service reads them from the ledger. No names, ever."""

from __future__ import annotations

import json
from datetime import date, datetime

import grpc.aio
from rjhub.reporting.v1 import reporting_pb2 as pb
from rjhub.reporting.v1 import reporting_pb2_grpc

from services.gateway.backends.form import Form
from services.gateway.backends.wire import moment_of
from services.runtime.rpc_channel import RpcCall

_TIMEOUT_SECONDS = 5.0
Value = str | int | float | bool | None


class TimelineEntry(Form):
    """One thing that happened; `trace_id` finds its trace, an empty `actor_id` is the clock."""

    sequence: int
    episode: int
    kind: str
    happened_at: datetime | None
    actor_id: str
    actor_role: str
    step: str
    stage: str
    data: dict[str, Value | list[Value]]
    trace_id: str
    span_id: str


class Timeline(Form):
    """A part of a case's timeline; `more` says that entries follow the last one."""

    entries: tuple[TimelineEntry, ...]
    more: bool


class Task(Form):
    """Something a person has to do; an empty `owner_id` is anyone in the role."""

    task_id: str
    case_id: str
    kind: str
    owner_role: str
    owner_id: str
    unit_id: str
    person_id: str
    due_at: datetime | None
    blocked_by: str
    urgent: bool
    reason: str


class TaskList(Form):
    """Open tasks, most urgent first; `total` counts those beyond the limit too."""

    tasks: tuple[Task, ...]
    total: int


class CaseRow(Form):
    """Where one case stands, for lists."""

    case_id: str
    sequence: int
    episode: int
    stage: str
    handling: str
    stream: str
    harm_type: str
    district: str
    referrer_agency_id: str
    referrer_id: str
    unit_id: str
    facilitator_ids: tuple[str, ...]
    paused: bool
    held: bool
    opened_at: datetime | None
    changed_at: datetime | None
    next_due_at: datetime | None
    closed_reason: str
    tasks: tuple[Task, ...]


class CaseList(Form):
    """Cases the caller may see, newest change first; give `next_cursor` back for more ("" at the end)."""

    cases: tuple[CaseRow, ...]
    next_cursor: str
    count_by_stage: dict[str, int]


class Figure(Form):
    """One figure with its counting rule; a suppressed one stands for a number under 5."""

    code: str
    label: str
    counting_rule: str
    value: int
    suppressed: bool


class FigureList(Form):
    """The figures of a period."""

    figures: tuple[Figure, ...]


class CaseFilter(Form):
    """Which cases are wanted; empty means all."""

    stage: str = ""
    open_only: bool = False
    mine_only: bool = False
    district_id: str = ""
    limit: int = 0
    cursor: str = ""


class Reporting:
    """The reporting service; every call is made as the token's owner and raises `Refused`."""

    def __init__(self, channel: grpc.aio.Channel, rpc: RpcCall) -> None:
        """Call through `channel`."""
        self._stub = reporting_pb2_grpc.ReportingServiceStub(channel)
        self._rpc = rpc

    async def timeline(self, case_id: str, after_sequence: int, limit: int, token: str) -> Timeline:
        """Entries of one case in their order."""
        request = pb.GetTimelineRequest(case_id=case_id, after_sequence=after_sequence, limit=limit)
        answer = await self._rpc.call(self._stub.GetTimeline, request, token=token, timeout_seconds=_TIMEOUT_SECONDS)
        return Timeline(entries=tuple(_entry(entry) for entry in answer.entries), more=answer.more)

    async def case(self, case_id: str, token: str) -> CaseRow:
        """One case the token's owner may see, however long ago it closed."""
        request = pb.GetCaseRequest(case_id=case_id)
        answer = await self._rpc.call(self._stub.GetCase, request, token=token, timeout_seconds=_TIMEOUT_SECONDS)
        return _row(answer.case.case_id, answer.case.summary)

    async def cases(self, wanted: CaseFilter, token: str) -> CaseList:
        """Cases the token's owner may see."""
        request = pb.ListCasesRequest(
            stage=wanted.stage,
            open_only=wanted.open_only,
            mine_only=wanted.mine_only,
            district_id=wanted.district_id,
            limit=wanted.limit,
            cursor=wanted.cursor,
        )
        answer = await self._rpc.call(self._stub.ListCases, request, token=token, timeout_seconds=_TIMEOUT_SECONDS)
        return CaseList(
            cases=tuple(_row(row.case_id, row.summary) for row in answer.cases),
            next_cursor=answer.next_cursor,
            count_by_stage=dict(answer.count_by_stage),
        )

    async def tasks(self, mine_only: bool, limit: int, token: str) -> TaskList:
        """Open tasks the token's owner has or oversees."""
        request = pb.ListTasksRequest(mine_only=mine_only, limit=limit)
        answer = await self._rpc.call(self._stub.ListTasks, request, token=token, timeout_seconds=_TIMEOUT_SECONDS)
        return TaskList(tasks=tuple(_task(task) for task in answer.tasks), total=answer.total)

    async def figures(self, from_date: date, until_date: date, token: str) -> FigureList:
        """Figures over a period, both days included."""
        request = pb.GetFiguresRequest(from_date=from_date.isoformat(), until_date=until_date.isoformat())
        answer = await self._rpc.call(self._stub.GetFigures, request, token=token, timeout_seconds=_TIMEOUT_SECONDS)
        return FigureList(
            figures=tuple(
                Figure(
                    code=figure.code,
                    label=figure.label,
                    counting_rule=figure.counting_rule,
                    value=figure.value,
                    suppressed=figure.suppressed,
                )
                for figure in answer.figures
            )
        )


def _entry(entry: pb.Entry) -> TimelineEntry:
    return TimelineEntry(
        sequence=entry.sequence,
        episode=entry.episode,
        kind=entry.kind,
        happened_at=moment_of(entry, "happened_at"),
        actor_id=entry.actor_id,
        actor_role=entry.actor_role,
        step=entry.step,
        stage=entry.stage,
        data=json.loads(entry.data_json or "{}"),
        trace_id=entry.trace_id,
        span_id=entry.span_id,
    )


def _task(task: pb.Task, case_id: str = "") -> Task:
    return Task(
        task_id=task.task_id,
        case_id=task.case_id or case_id,
        kind=task.kind,
        owner_role=task.owner_role,
        owner_id=task.owner_id,
        unit_id=task.unit_id,
        person_id=task.person_id,
        due_at=moment_of(task, "due_at"),
        blocked_by=task.blocked_by,
        urgent=task.urgent,
        reason=task.reason,
    )


def _row(case_id: str, summary: pb.CaseSummary) -> CaseRow:
    return CaseRow(
        case_id=case_id,
        sequence=summary.sequence,
        episode=summary.episode,
        stage=summary.stage,
        handling=summary.handling,
        stream=summary.stream,
        harm_type=summary.harm_type,
        district=summary.district_id,
        referrer_agency_id=summary.referrer_agency_id,
        referrer_id=summary.referrer_id,
        unit_id=summary.unit_id,
        facilitator_ids=tuple(summary.facilitator_ids),
        paused=summary.paused,
        held=summary.held,
        opened_at=moment_of(summary, "opened_at"),
        changed_at=moment_of(summary, "changed_at"),
        next_due_at=moment_of(summary, "next_due_at"),
        closed_reason=summary.closed_reason,
        tasks=tuple(_task(task, case_id) for task in summary.tasks),
    )
