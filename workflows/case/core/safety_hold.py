"""The safety hold: anyone stops everything at once; two leads let it go on (T29, T30; invariant 14)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from workflows.case.core.events import Event, HeldForSafety, HoldReleased, HoldReleaseSigned
from workflows.case.core.people import active_people
from workflows.case.core.refusals import about, refusal
from workflows.case.core.state import CaseState, SafetyHold
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import HoldForSafety, ReleaseHold
from workflows.contracts.vocabulary import RiskLevel


def may_hold(state: CaseState, step: HoldForSafety, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T29 has no guard: a second concern is taken down too, and starts the hold anew."""
    yield from ()


def hold(state: CaseState, step: HoldForSafety, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T29."""
    return (
        HeldForSafety(
            at=at, by=actor.actor_id, reason=step.reason, person_id=actor.person_id, hold_note_id=step.hold_note_id
        ),
    )


def may_release(state: CaseState, step: ReleaseHold, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T30: risk looked at since the hold for everyone who is in the case and known, and two different leads."""
    if state.hold is None:
        yield refusal("not_held")
        return
    if state.hold.first_release_by == actor.actor_id:
        yield refusal("already_signed")
    for person in active_people(state):
        if not person.identified:
            continue
        if person.risk is None or person.risk.sequence < state.hold.sequence:
            yield refusal("risk_before_hold", about("person_id", person.person_id))
        elif person.risk.level == RiskLevel.UNSAFE:
            yield refusal("risk_unsafe", about("person_id", person.person_id))


def release(state: CaseState, step: ReleaseHold, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T30: the first signature waits, the second releases."""
    first = state.hold.first_release_by if state.hold is not None else ""
    if not first:
        return (HoldReleaseSigned(at=at, by=actor.actor_id),)
    return (HoldReleased(at=at, by=actor.actor_id, first_signature=first),)


def after_held(state: CaseState, event: HeldForSafety) -> CaseState:
    """A hold already there is replaced: earlier assessments and signatures no longer count."""
    held = SafetyHold(reason=event.reason, began_at=event.at, sequence=state.sequence, by=event.by)
    return replace(state, hold=held)


def after_release_signed(state: CaseState, event: HoldReleaseSigned) -> CaseState:
    """Waits for the other lead."""
    if state.hold is None:
        return state
    return replace(state, hold=replace(state.hold, first_release_by=event.by))


def after_released(state: CaseState, event: HoldReleased) -> CaseState:
    """T30: the stage is what it was; what fell due meanwhile is due now."""
    return replace(state, hold=None, restarted_at=event.at)
