"""Keeps batches of entries: one statement, one round trip, one transaction."""

from __future__ import annotations

import json
from datetime import datetime

from opentelemetry.trace import SpanKind

from services.reporting.domain.batch import Batch
from services.reporting.domain.case_summary import CaseSummary, Task
from services.reporting.domain.entry import Entry
from services.reporting.use_cases.append_entries import AppendResult
from services.runtime.database import Database
from services.runtime.telemetry import tracer

# A function of the database does all of it; written as one statement with three values it commits by itself.
_APPEND = "SELECT outcome, at_sequence FROM append_entries($1, CAST($2 AS jsonb), CAST($3 AS jsonb))"
_SPAN = {"db.system": "postgresql", "db.statement": _APPEND}


class PostgresLedger:
    """The ledger's writing side."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tracer = tracer(__name__)

    async def append(self, batch: Batch) -> AppendResult:
        """Keep the whole batch or nothing of it; see `append_entries` in the first migration."""
        entries = json.dumps([_entry_json(entry) for entry in batch.entries])
        summary = json.dumps(_summary_json(batch.summary))
        with self._tracer.start_as_current_span("SELECT append_entries", kind=SpanKind.CLIENT, attributes=_SPAN):
            async with self._database.driver() as connection:
                outcome, sequence = await connection.fetchrow(_APPEND, batch.case_id, entries, summary)
        return AppendResult(outcome, sequence)


def _entry_json(entry: Entry) -> dict[str, object]:
    return {
        "sequence": entry.sequence,
        "episode": entry.episode,
        "kind": entry.kind,
        "happened_at": entry.happened_at.isoformat(),
        "actor_id": entry.actor_id,
        "actor_role": entry.actor_role,
        "step": entry.step,
        "stage": entry.stage,
        "data": entry.data,
        "trace_id": entry.trace_id,
        "span_id": entry.span_id,
    }


def _summary_json(summary: CaseSummary) -> dict[str, object]:
    return {
        "sequence": summary.sequence,
        "episode": summary.episode,
        "stage": summary.stage,
        "handling": summary.handling,
        "stream": summary.stream,
        "harm_type": summary.harm_type,
        "district_id": summary.district_id,
        "referrer_agency_id": summary.referrer_agency_id,
        "referrer_id": summary.referrer_id,
        "unit_id": summary.unit_id,
        "facilitator_ids": summary.facilitator_ids,
        "paused": summary.paused,
        "held": summary.held,
        "opened_at": _moment(summary.opened_at),
        "changed_at": _moment(summary.changed_at),
        "next_due_at": _moment(summary.next_due_at),
        "closed_reason": summary.closed_reason,
        "tasks": [_task_json(task) for task in summary.tasks],
    }


def _task_json(task: Task) -> dict[str, object]:
    return {
        "task_id": task.task_id,
        "kind": task.kind,
        "owner_role": task.owner_role,
        "owner_id": task.owner_id,
        "unit_id": task.unit_id,
        "person_id": task.person_id,
        "due_at": _moment(task.due_at),
        "blocked_by": task.blocked_by,
        "urgent": task.urgent,
        "reason": task.reason,
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
