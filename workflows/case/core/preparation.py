"""Preparation: each person apart from the others, until they are ready (R-080, R-081)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from workflows.case.core.contact import may_be_approached, present
from workflows.case.core.events import Event, PreparationRecorded
from workflows.case.core.people import change, was_engaged
from workflows.case.core.refusals import refusal
from workflows.case.core.state import CaseState
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import RecordPreparation
from workflows.contracts.vocabulary import ParticipationStatus


def may_prepare(state: CaseState, step: RecordPreparation, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-080: with someone who has been informed and may be approached."""
    yield from present(state, step.person_id)
    person = state.people.get(step.person_id)
    if person is None:
        return
    yield from may_be_approached(state, person)
    if not was_engaged(person):
        yield refusal("not_informed", "person_id")
    if person.status == ParticipationStatus.NOT_NOW:
        yield refusal("waits_for_person", "person_id")


def prepare(state: CaseState, step: RecordPreparation, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-081; readiness means nothing when the person was not there."""
    return (
        PreparationRecorded(
            at=at,
            by=actor.actor_id,
            person_id=step.person_id,
            attended=step.attended,
            ready=step.attended and step.ready,
            meeting_note_id=step.meeting_note_id,
        ),
    )


def after_prepared(state: CaseState, event: PreparationRecorded) -> CaseState:
    """The last meeting that took place says whether the person is ready."""
    if not event.attended:
        return state
    person = state.people[event.person_id]
    return change(state, event.person_id, prepared=event.ready, first_met=person.first_met or state.sequence)
