"""Turns what the use cases answer into messages."""

from __future__ import annotations

import json
from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp
from rjhub.reporting.v1 import reporting_pb2

from services.reporting.domain.case_summary import CaseSummary, Task
from services.reporting.domain.entry import Entry
from services.reporting.domain.figures import Count


def entry_message(entry: Entry) -> reporting_pb2.Entry:
    """One entry; data without anything in it is an empty object."""
    return reporting_pb2.Entry(
        sequence=entry.sequence,
        episode=entry.episode,
        kind=entry.kind,
        happened_at=_timestamp(entry.happened_at),
        actor_id=entry.actor_id,
        actor_role=entry.actor_role,
        step=entry.step,
        stage=entry.stage,
        data_json=json.dumps(entry.data, separators=(",", ":"), sort_keys=True),
        trace_id=entry.trace_id,
        span_id=entry.span_id,
    )


def summary_message(case_id: str, summary: CaseSummary) -> reporting_pb2.CaseSummary:
    """One summary with its tasks."""
    return reporting_pb2.CaseSummary(
        sequence=summary.sequence,
        episode=summary.episode,
        stage=summary.stage,
        handling=summary.handling,
        stream=summary.stream,
        harm_type=summary.harm_type,
        district_id=summary.district_id,
        referrer_agency_id=summary.referrer_agency_id,
        referrer_id=summary.referrer_id,
        unit_id=summary.unit_id,
        facilitator_ids=summary.facilitator_ids,
        paused=summary.paused,
        held=summary.held,
        opened_at=_timestamp(summary.opened_at),
        changed_at=_timestamp(summary.changed_at),
        next_due_at=_timestamp(summary.next_due_at),
        closed_reason=summary.closed_reason,
        tasks=[task_message(case_id, task) for task in summary.tasks],
    )


def task_message(case_id: str, task: Task) -> reporting_pb2.Task:
    """One task as it is listed, with its case."""
    return reporting_pb2.Task(
        task_id=task.task_id,
        kind=task.kind,
        owner_role=task.owner_role,
        owner_id=task.owner_id,
        unit_id=task.unit_id,
        person_id=task.person_id,
        due_at=_timestamp(task.due_at),
        blocked_by=task.blocked_by,
        urgent=task.urgent,
        reason=task.reason,
        case_id=case_id,
    )


def figure_message(count: Count) -> reporting_pb2.Figure:
    """One figure with its rule in words; a suppressed one carries no number."""
    return reporting_pb2.Figure(
        code=count.figure.code,
        label=count.figure.label,
        counting_rule=count.figure.counting_rule,
        value=count.value,
        suppressed=count.suppressed,
    )


def _timestamp(at: datetime | None) -> Timestamp | None:
    if at is None:
        return None
    timestamp = Timestamp()
    timestamp.FromDatetime(at)
    return timestamp
