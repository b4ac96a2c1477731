"""Risk: each person's assessment, the bars that forbid contact, and who cleared them (R-053 to R-057)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from workflows.case.core.events import Event, RiskAssessed
from workflows.case.core.people import change
from workflows.case.core.refusals import about, refusal
from workflows.case.core.state import CaseState, Risk
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import AssessRisk

CLEARING_AUTHORITIES = ("court", "police", "probation", "prison")


def may_assess(state: CaseState, step: AssessRisk, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """A bar is a hard stop until a named authority clears it (R-056)."""
    person = state.people.get(step.person_id)
    if person is None:
        yield refusal("unknown_person", "person_id")
        return
    if step.cleared_by and step.cleared_by not in CLEARING_AUTHORITIES:
        yield refusal("unknown_authority", "cleared_by")
    if person.risk is not None and not step.cleared_by:
        for bar in person.risk.bars:
            if bar not in step.bars:
                yield refusal("bar_not_cleared", about("bars", bar.value))


def assess(state: CaseState, step: AssessRisk, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-054: looked at anew, never overwritten."""
    return (
        RiskAssessed(
            at=at,
            by=actor.actor_id,
            person_id=step.person_id,
            moment=step.moment,
            level=step.level,
            bars=step.bars,
            cleared_by=step.cleared_by,
            assessment_note_id=step.assessment_note_id,
        ),
    )


def after_assessed(state: CaseState, event: RiskAssessed) -> CaseState:
    """The latest assessment counts."""
    risk = Risk(level=event.level, moment=event.moment, at=event.at, bars=event.bars, sequence=state.sequence)
    return change(state, event.person_id, risk=risk)
