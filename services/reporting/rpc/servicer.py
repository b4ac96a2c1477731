"""The gRPC face of reporting: reads each request, asks the use case, writes the answer."""

from __future__ import annotations

from typing import Any

import grpc.aio
from rjhub.reporting.v1 import reporting_pb2, reporting_pb2_grpc

from services.reporting.domain.case_summary import CaseSummary
from services.reporting.domain.cursor import Cursor
from services.reporting.domain.viewer import Viewer
from services.reporting.rpc.batch_reading import read_batch
from services.reporting.rpc.messages import entry_message, figure_message, summary_message, task_message
from services.reporting.use_cases.append_entries import AppendEntries
from services.reporting.use_cases.get_case import GetCase
from services.reporting.use_cases.get_figures import GetFigures
from services.reporting.use_cases.get_timeline import GetTimeline
from services.reporting.use_cases.list_cases import CaseQuery, ListCases
from services.reporting.use_cases.list_tasks import ListTasks
from services.runtime.fields import FieldReader, reading_fields
from services.runtime.rpc_server import current_caller

Context = grpc.aio.ServicerContext[Any, Any]

_SEQUENCE_MAX = 2**53
_TIMELINE_LIMIT, _TIMELINE_LIMIT_MAX = 200, 500
_CASES_LIMIT, _CASES_LIMIT_MAX = 25, 100
_TASKS_LIMIT, _TASKS_LIMIT_MAX = 50, 200


class ReportingServicer(reporting_pb2_grpc.ReportingServiceServicer):
    """The six calls of reporting."""

    def __init__(
        self,
        append_entries: AppendEntries,
        get_timeline: GetTimeline,
        get_case: GetCase,
        list_cases: ListCases,
        list_tasks: ListTasks,
        get_figures: GetFigures,
    ) -> None:
        self._append_entries = append_entries
        self._get_timeline = get_timeline
        self._get_case = get_case
        self._list_cases = list_cases
        self._list_tasks = list_tasks
        self._get_figures = get_figures

    async def AppendEntries(
        self, request: reporting_pb2.AppendEntriesRequest, context: Context
    ) -> reporting_pb2.AppendEntriesResponse:
        """Keep a batch of entries exactly once."""
        return reporting_pb2.AppendEntriesResponse(last_sequence=await self._append_entries(read_batch(request)))

    async def GetTimeline(
        self, request: reporting_pb2.GetTimelineRequest, context: Context
    ) -> reporting_pb2.GetTimelineResponse:
        """Read one case's entries."""
        with reading_fields() as fields:
            case_id = fields.identifier(request.case_id, "case_id")
            after = fields.number(request.after_sequence, "after_sequence", low=0, high=_SEQUENCE_MAX)
            limit = _limit(fields, request.limit, _TIMELINE_LIMIT, _TIMELINE_LIMIT_MAX)
        page = await self._get_timeline(_viewer(), case_id, after, limit)
        return reporting_pb2.GetTimelineResponse(
            entries=[entry_message(entry) for entry in page.entries], more=page.more
        )

    async def GetCase(self, request: reporting_pb2.GetCaseRequest, context: Context) -> reporting_pb2.GetCaseResponse:
        """Read where one case stands."""
        with reading_fields() as fields:
            case_id = fields.identifier(request.case_id, "case_id")
        summary = await self._get_case(_viewer(), case_id)
        return reporting_pb2.GetCaseResponse(case=_row(case_id, summary))

    async def ListCases(
        self, request: reporting_pb2.ListCasesRequest, context: Context
    ) -> reporting_pb2.ListCasesResponse:
        """List the caller's cases."""
        with reading_fields() as fields:
            query = CaseQuery(
                stage=fields.identifier(request.stage, "stage", optional=True),
                open_only=request.open_only,
                mine_only=request.mine_only,
                district_id=fields.identifier(request.district_id, "district_id", optional=True),
                limit=_limit(fields, request.limit, _CASES_LIMIT, _CASES_LIMIT_MAX),
                after=_cursor(fields, request.cursor),
            )
        page = await self._list_cases(_viewer(), query)
        return reporting_pb2.ListCasesResponse(
            cases=[_row(case_id, summary) for case_id, summary in page.cases],
            next_cursor=page.next_cursor,
            count_by_stage=page.count_by_stage,
        )

    async def ListTasks(
        self, request: reporting_pb2.ListTasksRequest, context: Context
    ) -> reporting_pb2.ListTasksResponse:
        """List the caller's tasks."""
        with reading_fields() as fields:
            limit = _limit(fields, request.limit, _TASKS_LIMIT, _TASKS_LIMIT_MAX)
        page = await self._list_tasks(_viewer(), request.mine_only, limit)
        return reporting_pb2.ListTasksResponse(
            tasks=[task_message(task.case_id, task) for task in page.tasks], total=page.total
        )

    async def GetFigures(
        self, request: reporting_pb2.GetFiguresRequest, context: Context
    ) -> reporting_pb2.GetFiguresResponse:
        """Count a period."""
        with reading_fields() as fields:
            from_date = fields.day(request.from_date, "from_date")
            until_date = fields.day(request.until_date, "until_date")
        assert from_date is not None  # else refused above
        assert until_date is not None
        counts = await self._get_figures(_viewer(), from_date, until_date)
        return reporting_pb2.GetFiguresResponse(figures=[figure_message(count) for count in counts])


def _viewer() -> Viewer:
    caller = current_caller()
    return Viewer(caller.subject, caller.roles, caller.agency_id, caller.unit_id)


def _row(case_id: str, summary: CaseSummary) -> reporting_pb2.CaseRow:
    return reporting_pb2.CaseRow(case_id=case_id, summary=summary_message(case_id, summary))


def _limit(fields: FieldReader, asked: int, usual: int, most: int) -> int:
    return fields.number(asked or usual, "limit", low=1, high=most)


def _cursor(fields: FieldReader, text: str) -> Cursor | None:
    if not text:
        return None
    try:
        return Cursor.decode(text)
    except ValueError:
        fields.refuse("cursor_malformed", "This is not where a list goes on; start from its first page.", "cursor")
        return None
