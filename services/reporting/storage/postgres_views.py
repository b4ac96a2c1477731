"""Reads timelines, cases, caseloads and task lists, each within its viewer's scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain.case_summary import CaseSummary, Task
from services.reporting.domain.coarse_view import COARSE_KINDS
from services.reporting.domain.entry import Entry
from services.reporting.domain.viewer import Scope, Viewer
from services.reporting.storage import scoping
from services.reporting.storage.tables import CaseSummaryRow, EntryRow, TaskRow
from services.reporting.use_cases.get_case import SummaryRead
from services.reporting.use_cases.get_timeline import TimelineRead
from services.reporting.use_cases.list_cases import CaseQuery, CaseRead, CasesRead
from services.reporting.use_cases.list_tasks import TaskPage
from services.runtime.database import Database

_TASK_COLUMNS = TaskRow.__table__.columns
_SUMMARY_COLUMNS = CaseSummaryRow.__table__.columns
_NOT_SHOWN = {"case_id", "sequence", "recorded_at", "summary"}
_ENTRY_COLUMNS = tuple(column for column in EntryRow.__table__.columns if column.name not in _NOT_SHOWN)


class PostgresViews:
    """The ledger's reading side."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def timeline(self, scope: Scope, case_id: str, after_sequence: int, limit: int) -> TimelineRead | None:
        """Up to `limit` + 1 entries of a case within the scope, else None."""
        visible = select(scoping.whole_label(scope)).where(
            CaseSummaryRow.case_id == case_id, scoping.seen_at_all(scope)
        )
        async with self._database.unit_of_work() as connection:
            whole = (await connection.execute(visible)).scalar_one_or_none()
            if whole is None:
                return None
            query = _whole_timeline(case_id) if whole else _coarse_timeline(case_id)
            page = query.subquery()
            rows = await connection.execute(
                select(page).where(page.c.sequence > after_sequence).order_by(page.c.sequence).limit(limit + 1)
            )
            return TimelineRead(whole, tuple(Entry(**row) for row in rows.mappings()))

    async def case(self, scope: Scope, case_id: str) -> SummaryRead | None:
        """The summary of a case within the scope, with its tasks where it is seen whole, else None."""
        one: Select[tuple[object, ...]] = select(*_SUMMARY_COLUMNS, scoping.whole_label(scope)).where(
            CaseSummaryRow.case_id == case_id, scoping.seen_at_all(scope)
        )
        async with self._database.unit_of_work() as connection:
            row = (await connection.execute(one)).one_or_none()
            if row is None:
                return None
            tasks = await _tasks_of(connection, [case_id] if row.whole else [])
        return SummaryRead(row.whole, _summary(row, tasks[case_id]))

    async def cases(self, viewer: Viewer, query: CaseQuery) -> CasesRead:
        """Up to `query.limit` + 1 summaries, and the number of cases at each stage over the whole scope."""
        scope = viewer.scope()
        stage = scoping.stage_shown(scope)
        counted = select(stage, func.count()).where(scoping.seen_at_all(scope)).group_by(stage)
        async with self._database.unit_of_work() as connection:
            rows = (await connection.execute(_case_page(viewer, scope, query))).all()
            tasks = await _tasks_of(connection, [row.case_id for row in rows if row.whole])
            counts = (await connection.execute(counted)).all()
        cases = tuple(
            CaseRead(row.case_id, _summary(row, tasks[row.case_id]), row.whole, row.ordered_at) for row in rows
        )
        return CasesRead(cases, {str(name): int(count) for name, count in counts})

    async def tasks(self, viewer: Viewer, mine_only: bool, limit: int) -> TaskPage:
        """The first `limit` tasks by due time, and the number of all."""
        condition = scoping.owned(viewer)
        if not mine_only:
            condition = or_(condition, scoping.overseen(viewer.scope()))
        joined = TaskRow.__table__.join(CaseSummaryRow.__table__, TaskRow.case_id == CaseSummaryRow.case_id)
        first = (
            select(*_TASK_COLUMNS)
            .select_from(joined)
            .where(condition)
            .order_by(TaskRow.due_at.asc().nulls_last(), TaskRow.urgent.desc(), TaskRow.case_id, TaskRow.task_id)
            .limit(limit)
        )
        async with self._database.unit_of_work() as connection:
            rows = (await connection.execute(first)).mappings().all()
            total = (await connection.execute(select(func.count()).select_from(joined).where(condition))).scalar_one()
        return TaskPage(tuple(Task(**row) for row in rows), total)


def _whole_timeline(case_id: str) -> Select[tuple[object, ...]]:
    return select(EntryRow.__table__.c.sequence, *_ENTRY_COLUMNS).where(EntryRow.case_id == case_id)


def _coarse_timeline(case_id: str) -> Select[tuple[object, ...]]:
    # Numbered anew: gaps in the kept numbers would tell how much else happened.
    numbered = func.row_number().over(order_by=EntryRow.sequence).label("sequence")
    return select(numbered, *_ENTRY_COLUMNS).where(EntryRow.case_id == case_id, EntryRow.kind.in_(COARSE_KINDS))


def _case_page(viewer: Viewer, scope: Scope, query: CaseQuery) -> Select[tuple[object, ...]]:
    columns = CaseSummaryRow.__table__.c
    ordered_at = scoping.order_time(scope, columns.changed_at, columns.opened_at)
    conditions: list[ColumnElement[bool]] = [scoping.seen_at_all(scope)]
    if query.stage:
        conditions.append(scoping.stage_shown(scope) == query.stage)
    if query.open_only:
        conditions.append(CaseSummaryRow.closed_reason == "")
    if query.district_id:
        conditions.append(CaseSummaryRow.district_id == query.district_id)
    if query.mine_only:
        conditions.append(_mine(viewer))
    if query.after is not None:
        conditions.append(tuple_(ordered_at, columns.case_id) < (query.after.at, query.after.case_id))
    return (
        select(*_SUMMARY_COLUMNS, scoping.whole_label(scope), ordered_at.label("ordered_at"))
        .where(*conditions)
        .order_by(ordered_at.desc(), columns.case_id.desc())
        .limit(query.limit + 1)
    )


def _mine(viewer: Viewer) -> ColumnElement[bool]:
    """Cases the viewer referred or facilitates, or in which they have a task of their own."""
    tasks = select(TaskRow.case_id).where(TaskRow.owner_id == viewer.subject)
    return or_(
        CaseSummaryRow.referrer_id == viewer.subject,
        CaseSummaryRow.facilitator_ids.contains([viewer.subject]),
        CaseSummaryRow.case_id.in_(tasks),
    )


async def _tasks_of(connection: AsyncConnection, case_ids: Sequence[str]) -> dict[str, list[Task]]:
    tasks: dict[str, list[Task]] = defaultdict(list)
    if case_ids:
        query = select(*_TASK_COLUMNS).where(TaskRow.case_id.in_(case_ids))
        ordered = query.order_by(TaskRow.due_at.asc().nulls_last(), TaskRow.task_id)
        for row in (await connection.execute(ordered)).mappings():
            tasks[row["case_id"]].append(Task(**row))
    return tasks


def _summary(row: Row[tuple[object, ...]], tasks: list[Task]) -> CaseSummary:
    values = {column.name: row._mapping[column.name] for column in _SUMMARY_COLUMNS if column.name != "case_id"}
    return CaseSummary(**values | {"facilitator_ids": tuple(values["facilitator_ids"]), "tasks": tuple(tasks)})
