"""Whose a task is: the facilitator's, the satellite's, or the hub's, and never nobody's (invariant 10)."""

from __future__ import annotations

from datetime import datetime

from workflows.case.core.people import owner_of
from workflows.case.core.state import CaseState
from workflows.contracts.ledger_entry import OpenTask
from workflows.contracts.vocabulary import Role


def task_id(state: CaseState, kind: str, subject: str) -> str:
    """The same task keeps its id for as long as it is open."""
    return f"{state.case_id}:{kind}:{subject}" if subject else f"{state.case_id}:{kind}"


def by_worker(
    state: CaseState,
    kind: str,
    *,
    subject: str = "",
    person_id: str = "",
    due: datetime | None = None,
    urgent: bool = False,
    reason: str = "",
    blocked_by: str = "",
) -> OpenTask:
    """The facilitator's; while none is named the satellite lead's, and without a satellite the hub's."""
    owner_id = owner_of(state)
    without = Role.UNIT_LEAD if state.unit_id else Role.COORDINATOR
    return OpenTask(
        task_id=task_id(state, kind, subject or person_id),
        kind=kind,
        owner_role=Role.FACILITATOR.value if owner_id else without.value,
        owner_id=owner_id,
        unit_id=state.unit_id,
        person_id=person_id,
        due_at=due,
        blocked_by=blocked_by,
        urgent=urgent,
        reason=str(reason),
    )


def by_hub(state: CaseState, kind: str, *, due: datetime | None, reason: str = "", urgent: bool = False) -> OpenTask:
    """Any hub coordinator's."""
    return OpenTask(
        task_id=task_id(state, kind, ""),
        kind=kind,
        owner_role=Role.COORDINATOR.value,
        due_at=due,
        urgent=urgent,
        reason=reason,
    )


def by_lead(
    state: CaseState,
    kind: str,
    *,
    due: datetime | None,
    subject: str = "",
    reason: str = "",
    urgent: bool = False,
    blocked_by: str = "",
) -> OpenTask:
    """Any hub lead's."""
    return OpenTask(
        task_id=task_id(state, kind, subject),
        kind=kind,
        owner_role=Role.LEAD.value,
        due_at=due,
        urgent=urgent,
        reason=str(reason),
        blocked_by=blocked_by,
    )
