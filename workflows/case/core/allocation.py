"""Allocation: the hub gives a case to a facilitator or a satellite, which accepts it or hands it back (T13 to T15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from workflows.case.core.events import (
    Allocated,
    AllocationAccepted,
    AllocationDeclined,
    AllocationLapsed,
    Event,
    ReservationRefused,
)
from workflows.case.core.people import has_consented_pair
from workflows.case.core.refusals import refusal
from workflows.case.core.state import CaseState
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import AcceptAllocation, Allocate, DeclineAllocation
from workflows.contracts.vocabulary import Stage


def may_allocate(state: CaseState, step: Allocate, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T13, R-073. Once casework has begun it changes who works the case, or adds the second facilitator (R-072,
    R-079).
    """
    if not step.facilitator_id and (not step.unit_id or state.stage != Stage.ACCEPTED):
        yield refusal("facilitator_or_unit", "facilitator_id")
    if step.facilitator_id and step.unit_id and state.stage == Stage.ACCEPTED:
        yield refusal("facilitator_or_unit", "unit_id")
    if step.co_facilitator_id and step.co_facilitator_id == step.facilitator_id:
        yield refusal("same_facilitator", "co_facilitator_id")
    if step.co_facilitator_id and not step.facilitator_id:
        yield refusal("facilitator_missing", "facilitator_id")
    if step.facilitator_id and _named(step) == state.facilitator_ids and _unit(state, step) == state.unit_id:
        yield refusal("unchanged", "facilitator_id")


def _named(step: Allocate) -> tuple[str, ...]:
    return tuple(name for name in (step.facilitator_id, step.co_facilitator_id) if name)


def _unit(state: CaseState, step: Allocate) -> str:
    """A case in work stays with the unit that holds it unless the step names another."""
    return step.unit_id or ("" if state.stage == Stage.ACCEPTED else state.unit_id)


def allocate(state: CaseState, step: Allocate, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T13."""
    return (Allocated(at=at, by=actor.actor_id, facilitator_ids=_named(step), unit_id=_unit(state, step)),)


def may_accept(state: CaseState, step: AcceptAllocation, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T14: a satellite's lead names who will facilitate."""
    if not state.facilitator_ids and not step.facilitator_id:
        yield refusal("facilitator_missing", "facilitator_id")
    if state.facilitator_ids and step.facilitator_id and step.facilitator_id not in state.facilitator_ids:
        yield refusal("facilitator_is_set", "facilitator_id")


def accept(state: CaseState, step: AcceptAllocation, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T14."""
    facilitator_id = state.facilitator_ids[0] if state.facilitator_ids else step.facilitator_id
    return (AllocationAccepted(at=at, by=actor.actor_id, facilitator_id=facilitator_id),)


def may_decline(state: CaseState, step: DeclineAllocation, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T15: with a reason."""
    if not step.reasons_note_id:
        yield refusal("needed", "reasons_note_id")


def decline(state: CaseState, step: DeclineAllocation, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T15."""
    return (AllocationDeclined(at=at, by=actor.actor_id, reasons_note_id=step.reasons_note_id),)


def after_allocated(state: CaseState, event: Allocated) -> CaseState:
    """From ACCEPTED the case waits to be taken; a case in work stays where it is."""
    stage = Stage.ALLOCATED if state.stage == Stage.ACCEPTED else state.stage
    return replace(
        state,
        stage=stage,
        facilitator_ids=event.facilitator_ids,
        unit_id=event.unit_id,
        allocated_at=event.at,
        handed_back="",
    )


def after_accepted(state: CaseState, event: AllocationAccepted) -> CaseState:
    """T14; a case that had been in work before goes on where its people stand (T16)."""
    names = state.facilitator_ids or (event.facilitator_id,)
    stage = Stage.PREPARING if has_consented_pair(state) else Stage.ENGAGING
    return replace(state, stage=stage, facilitator_ids=names)


def after_declined(state: CaseState, event: AllocationDeclined) -> CaseState:
    """T15."""
    return _back_to_hub(state, "declined")


def after_lapsed(state: CaseState, event: AllocationLapsed) -> CaseState:
    """T15 by the clock."""
    return _back_to_hub(state, "not_accepted_in_time")


def after_reservation_refused(state: CaseState, event: ReservationRefused) -> CaseState:
    """Without a facilitator left, a case not yet in preparation falls back to ACCEPTED; a later one is the hub's
    task.
    """
    left = tuple(name for name in state.facilitator_ids if name != event.staff_id)
    if left == state.facilitator_ids:
        return state
    if not left and state.stage in (Stage.ALLOCATED, Stage.ENGAGING):
        return _back_to_hub(state, event.reason or "no_capacity")
    return replace(state, facilitator_ids=left, handed_back=event.reason or "no_capacity")


def _back_to_hub(state: CaseState, reason: str) -> CaseState:
    return replace(state, stage=Stage.ACCEPTED, facilitator_ids=(), unit_id="", allocated_at=None, handed_back=reason)
