"""Reads a batch of entries from its message, field by field."""

from __future__ import annotations

import re
from datetime import datetime

from google.protobuf.message import Message
from rjhub.reporting.v1 import reporting_pb2

from services.reporting.domain.batch import ENTRIES_MAX, Batch
from services.reporting.domain.case_summary import CaseSummary, Task
from services.reporting.domain.entry import Data, DataTooFreeError, Entry, read_data
from services.runtime.fields import FieldReader, reading_fields

_TASKS_MAX = 500
_FACILITATORS_MAX = 50
_SEQUENCE_MAX = 2**53
_EPISODE_MAX = 10_000
_TRACE = re.compile(r"([0-9a-f]{32})?")
_SPAN = re.compile(r"([0-9a-f]{16})?")


def read_batch(request: reporting_pb2.AppendEntriesRequest) -> Batch:
    """Answer the batch; raises `Refused(INVALID)` naming every field that is missing, malformed or too free."""
    with reading_fields("worker") as fields:
        case_id = fields.identifier(request.case_id, "case_id")
        fields.at_most(len(request.entries), "entries", low=1, high=ENTRIES_MAX)
        entries = tuple(
            _entry(fields, entry, f"entries[{place}]") for place, entry in enumerate(request.entries[:ENTRIES_MAX])
        )
        if not request.HasField("summary"):
            fields.refuse("summary_missing", "Where the case stands after the last entry must be given.", "summary")
        summary = _summary(fields, request.summary)
    return Batch(case_id=case_id, entries=entries, summary=summary)


def _entry(fields: FieldReader, entry: reporting_pb2.Entry, name: str) -> Entry:
    if not _TRACE.fullmatch(entry.trace_id):
        fields.refuse("trace_id_malformed", "A trace id is 32 hex digits.", f"{name}.trace_id")
    if not _SPAN.fullmatch(entry.span_id):
        fields.refuse("span_id_malformed", "A span id is 16 hex digits.", f"{name}.span_id")
    return Entry(
        sequence=fields.number(entry.sequence, f"{name}.sequence", low=1, high=_SEQUENCE_MAX),
        episode=fields.number(entry.episode, f"{name}.episode", low=1, high=_EPISODE_MAX),
        kind=fields.identifier(entry.kind, f"{name}.kind"),
        happened_at=fields.moment(entry, f"{name}.happened_at"),
        stage=fields.identifier(entry.stage, f"{name}.stage"),
        actor_id=fields.identifier(entry.actor_id, f"{name}.actor_id", optional=True),
        actor_role=fields.identifier(entry.actor_role, f"{name}.actor_role", optional=True),
        step=fields.identifier(entry.step, f"{name}.step", optional=True),
        data=_data(fields, entry.data_json, f"{name}.data_json"),
        trace_id=entry.trace_id,
        span_id=entry.span_id,
    )


def _data(fields: FieldReader, text: str, name: str) -> Data:
    try:
        return read_data(text)
    except DataTooFreeError:
        sentence = "Data is an object of codes, ids, numbers and dates, or lists of them, each at most 80 characters."
        fields.refuse("entry_data_too_free", sentence, name)
        return {}


def _summary(fields: FieldReader, summary: reporting_pb2.CaseSummary) -> CaseSummary:
    def code(name: str, *, optional: bool = True) -> str:
        return fields.identifier(getattr(summary, name), f"summary.{name}", optional=optional)

    fields.at_most(len(summary.facilitator_ids), "summary.facilitator_ids", high=_FACILITATORS_MAX)
    fields.at_most(len(summary.tasks), "summary.tasks", high=_TASKS_MAX)
    return CaseSummary(
        sequence=fields.number(summary.sequence, "summary.sequence", low=1, high=_SEQUENCE_MAX),
        episode=fields.number(summary.episode, "summary.episode", low=1, high=_EPISODE_MAX),
        stage=code("stage", optional=False),
        handling=code("handling"),
        stream=code("stream"),
        harm_type=code("harm_type"),
        district_id=code("district_id"),
        referrer_agency_id=code("referrer_agency_id"),
        referrer_id=code("referrer_id"),
        unit_id=code("unit_id"),
        facilitator_ids=tuple(
            fields.identifier(facilitator_id, f"summary.facilitator_ids[{place}]")
            for place, facilitator_id in enumerate(summary.facilitator_ids[:_FACILITATORS_MAX])
        ),
        paused=summary.paused,
        held=summary.held,
        opened_at=fields.moment(summary, "summary.opened_at"),
        changed_at=fields.moment(summary, "summary.changed_at"),
        next_due_at=_optional_moment(fields, summary, "summary.next_due_at"),
        closed_reason=code("closed_reason"),
        tasks=tuple(
            _task(fields, task, f"summary.tasks[{place}]") for place, task in enumerate(summary.tasks[:_TASKS_MAX])
        ),
    )


def _task(fields: FieldReader, task: reporting_pb2.Task, name: str) -> Task:
    return Task(
        task_id=fields.request_key(task.task_id, f"{name}.task_id"),
        kind=fields.identifier(task.kind, f"{name}.kind"),
        owner_role=fields.identifier(task.owner_role, f"{name}.owner_role"),
        owner_id=fields.identifier(task.owner_id, f"{name}.owner_id", optional=True),
        unit_id=fields.identifier(task.unit_id, f"{name}.unit_id", optional=True),
        person_id=fields.identifier(task.person_id, f"{name}.person_id", optional=True),
        due_at=_optional_moment(fields, task, f"{name}.due_at"),
        blocked_by=fields.identifier(task.blocked_by, f"{name}.blocked_by", optional=True),
        urgent=task.urgent,
        reason=fields.identifier(task.reason, f"{name}.reason", optional=True),
    )


def _optional_moment(fields: FieldReader, message: Message, name: str) -> datetime | None:
    return fields.moment(message, name) if message.HasField(name.rpartition(".")[2]) else None
