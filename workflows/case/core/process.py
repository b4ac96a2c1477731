"""The process: planned, made ready, booked, held or not, and what follows when something it rests on falls away
(6.4; T17 to T22).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from workflows.case.core.events import Event
from workflows.case.core.people import STRICT_HANDLING, consents, is_active
from workflows.case.core.process_events import (
    ProcessNotHeld,
    ProcessPlanned,
    ProcessReady,
    ReadinessProposed,
)
from workflows.case.core.readiness import ONE_SIDED, enough_people, readiness_refusals
from workflows.case.core.refusals import about, refusal
from workflows.case.core.state import CaseState, Process
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import CountersignReady, DeclareReady, PlanProcess
from workflows.contracts.vocabulary import ConsentKind, NotHeldReason, ProcessStatus, Stage

OPEN = (
    ProcessStatus.PLANNED,
    ProcessStatus.READY,
    ProcessStatus.CONFIRMED,
    ProcessStatus.IN_PROGRESS,
    ProcessStatus.ADJOURNED,
)


def open_processes(state: CaseState) -> list[Process]:
    """Those that have not ended; at most one at a time (R-091: in sequence)."""
    return [process for process in state.processes.values() if process.status in OPEN]


def change_process(state: CaseState, process: Process) -> CaseState:
    """The case with this process in its place."""
    return replace(state, processes={**state.processes, process.process_id: process})


def in_status(state: CaseState, process_id: str, *statuses: ProcessStatus, otherwise: str) -> Iterator[StepRefusal]:
    """The process exists and is where the step needs it."""
    process = state.processes.get(process_id)
    if process is None:
        yield refusal("unknown_process", "process_id")
    elif process.status not in statuses:
        yield refusal(otherwise if process.status in OPEN else "process_over", "process_id")


def may_plan(state: CaseState, step: PlanProcess, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-090, R-091: people who are still in, and enough of them for this kind."""
    if any(process.status == ProcessStatus.IN_PROGRESS for process in state.processes.values()):
        yield refusal("process_in_progress")
    known = []
    for person_id in step.person_ids:
        person = state.people.get(person_id)
        if person is None:
            yield refusal("unknown_person", about("person_ids", person_id))
            continue
        if not is_active(person):
            yield refusal("person_left", about("person_ids", person_id))
        if not person.identified:
            yield refusal("not_identified", about("person_ids", person_id))
        if step.process_kind in ONE_SIDED and not consents(person, ConsentKind.PARTICIPATION):
            yield refusal("consent_missing", about("person_ids", person_id))
        known.append(person)
    if len(dict.fromkeys(step.person_ids)) != len(step.person_ids):
        yield refusal("person_twice", "person_ids")
    if not enough_people(step.process_kind, known):
        yield refusal("nobody_attends" if step.process_kind in ONE_SIDED else "no_pair_attends", "person_ids")
    if state.stage == Stage.ENGAGING and step.process_kind not in ONE_SIDED:
        yield refusal("not_at_this_stage")


def plan(state: CaseState, step: PlanProcess, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """The one before, if it has not ended, is recorded as switched (R-084, T22)."""
    switched = (
        ProcessNotHeld(
            at=at,
            by=actor.actor_id,
            process_id=process.process_id,
            process_kind=process.kind,
            reason=NotHeldReason.SWITCHED,
            person_id="",
            was_booked=process.status == ProcessStatus.CONFIRMED,
        )
        for process in open_processes(state)
    )
    planned = ProcessPlanned(
        at=at,
        by=actor.actor_id,
        process_id=f"P{len(state.processes) + 1}",
        process_kind=step.process_kind,
        person_ids=step.person_ids,
    )
    return (*switched, planned)


def may_declare_ready(state: CaseState, step: DeclareReady, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T17."""
    yield from in_status(
        state,
        step.process_id,
        ProcessStatus.PLANNED,
        ProcessStatus.ADJOURNED,
        otherwise="process_already_ready",
    )
    process = state.processes.get(step.process_id)
    if process is not None:
        yield from readiness_refusals(state, process, at)


def declare_ready(state: CaseState, step: DeclareReady, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """A sensitive or specialist case waits for the lead (R-058)."""
    if state.handling in STRICT_HANDLING:
        return (ReadinessProposed(at=at, by=actor.actor_id, process_id=step.process_id),)
    return (ProcessReady(at=at, by=actor.actor_id, process_id=step.process_id, first_signature=""),)


def may_countersign(state: CaseState, step: CountersignReady, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-058: another person signs, and the gate is looked at once more."""
    process = state.processes.get(step.process_id)
    if process is None:
        yield refusal("unknown_process", "process_id")
        return
    if not process.ready_proposed_by:
        yield refusal("no_signature_waiting", "process_id")
    elif process.ready_proposed_by == actor.actor_id:
        yield refusal("second_signature_by_another")
    yield from readiness_refusals(state, process, at)


def countersign(state: CaseState, step: CountersignReady, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T17, both signatures."""
    first = state.processes[step.process_id].ready_proposed_by
    return (ProcessReady(at=at, by=actor.actor_id, process_id=step.process_id, first_signature=first),)


def after_planned(state: CaseState, event: ProcessPlanned) -> CaseState:
    """A process in view is being prepared, wherever the case stood (R-091)."""
    process = Process(
        process_id=event.process_id,
        kind=event.process_kind,
        status=ProcessStatus.PLANNED,
        person_ids=event.person_ids,
    )
    return replace(change_process(state, process), stage=Stage.PREPARING)


def after_readiness_proposed(state: CaseState, event: ReadinessProposed) -> CaseState:
    """Waits for the lead."""
    process = state.processes[event.process_id]
    return change_process(state, replace(process, ready_proposed_by=event.by))


def after_ready(state: CaseState, event: ProcessReady) -> CaseState:
    """T17."""
    process = state.processes[event.process_id]
    ready = replace(process, status=ProcessStatus.READY, ready_proposed_by="")
    return replace(change_process(state, ready), stage=Stage.READY)
