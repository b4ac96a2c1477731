"""The case in one line, for lists and task pages."""

from __future__ import annotations

from datetime import datetime

from workflows.case.core.state import CaseState
from workflows.case.core.tasks import open_tasks
from workflows.contracts.ledger_entry import CaseSummary, OpenTask


def next_due_at(tasks: tuple[OpenTask, ...]) -> datetime | None:
    """When the first task that nothing holds up is due."""
    return min((task.due_at for task in tasks if task.due_at is not None and not task.blocked_by), default=None)


def summary_of(state: CaseState, at: datetime) -> CaseSummary:
    """Codes, ids and dates only; empty words for a case that has not begun."""
    tasks = open_tasks(state)
    referral = state.referral
    return CaseSummary(
        sequence=state.sequence,
        episode=state.episode,
        stage=state.stage.value,
        handling=state.handling.value if state.handling is not None else "",
        stream=referral.stream.value if referral is not None else "",
        harm_type=referral.harm_type.value if referral is not None else "",
        district=referral.district.value if referral is not None else "",
        referrer_agency_id=referral.referrer_agency_id if referral is not None else "",
        referrer_id=referral.referrer_id if referral is not None else "",
        unit_id=state.unit_id,
        facilitator_ids=state.facilitator_ids,
        paused=bool(state.rests),
        held=state.hold is not None,
        opened_at=referral.received_at if referral is not None else at,
        changed_at=state.changed_at if state.changed_at is not None else at,
        next_due_at=next_due_at(tasks),
        closed_reason=state.closing.reason.value if state.closing is not None else "",
        tasks=tasks,
    )
