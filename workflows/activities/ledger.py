"""Writes a case's entries to the ledger."""

from __future__ import annotations

import json

from rjhub.reporting.v1 import reporting_pb2, reporting_pb2_grpc
from temporalio import activity

from services.runtime.identity import ServiceTokens
from services.runtime.refusal import Refused
from services.runtime.rpc_channel import RpcCall
from workflows.activities.failures import as_passing_failure
from workflows.activities.instant import to_timestamp
from workflows.contracts.ledger_entry import CaseSummary, LedgerBatch, LedgerEntry, OpenTask

_TIMEOUT_SECONDS = 10.0


class LedgerActivities:
    """The worker's hand on the ledger."""

    def __init__(
        self, stub: reporting_pb2_grpc.ReportingServiceAsyncStub, call: RpcCall, tokens: ServiceTokens
    ) -> None:
        """Use the reporting service's stub with the worker's own token."""
        self._stub = stub
        self._call = call
        self._tokens = tokens

    @activity.defn
    async def append(self, batch: LedgerBatch) -> None:
        """Append the entries; again is the same as once. Every refusal is tried again: a promise is not dropped."""
        request = reporting_pb2.AppendEntriesRequest(
            case_id=batch.case_id,
            entries=[_entry(entry) for entry in batch.entries],
            summary=_summary(batch.summary),
        )
        try:
            await self._call.call(
                self._stub.AppendEntries, request, token=await self._tokens.token(), timeout_seconds=_TIMEOUT_SECONDS
            )
        except Refused as refused:
            raise as_passing_failure(refused) from None


def _entry(entry: LedgerEntry) -> reporting_pb2.Entry:
    trace_id, span_id = _trace_ids(entry.traceparent)
    return reporting_pb2.Entry(
        sequence=entry.sequence,
        episode=entry.episode,
        kind=entry.kind,
        happened_at=to_timestamp(entry.happened_at),
        actor_id=entry.actor_id,
        actor_role=entry.actor_role,
        step=entry.step,
        stage=entry.stage,
        data_json=json.dumps(entry.data, separators=(",", ":"), sort_keys=True),
        trace_id=trace_id,
        span_id=span_id,
    )


def _trace_ids(traceparent: str) -> tuple[str, str]:
    """Trace and span id of a W3C traceparent `00-<trace>-<span>-<flags>`; empty when there is none."""
    parts = traceparent.split("-")
    return (parts[1], parts[2]) if len(parts) == 4 else ("", "")


def _summary(summary: CaseSummary) -> reporting_pb2.CaseSummary:
    return reporting_pb2.CaseSummary(
        sequence=summary.sequence,
        episode=summary.episode,
        stage=summary.stage,
        handling=summary.handling,
        stream=summary.stream,
        harm_type=summary.harm_type,
        district_id=summary.district,
        referrer_agency_id=summary.referrer_agency_id,
        referrer_id=summary.referrer_id,
        unit_id=summary.unit_id,
        facilitator_ids=summary.facilitator_ids,
        paused=summary.paused,
        held=summary.held,
        opened_at=to_timestamp(summary.opened_at),
        changed_at=to_timestamp(summary.changed_at),
        next_due_at=to_timestamp(summary.next_due_at),
        closed_reason=summary.closed_reason,
        tasks=[_task(task) for task in summary.tasks],
    )


def _task(task: OpenTask) -> reporting_pb2.Task:
    return reporting_pb2.Task(
        task_id=task.task_id,
        kind=task.kind,
        owner_role=task.owner_role,
        owner_id=task.owner_id,
        unit_id=task.unit_id,
        person_id=task.person_id,
        due_at=to_timestamp(task.due_at),
        blocked_by=task.blocked_by,
        urgent=task.urgent,
        reason=task.reason,
    )
