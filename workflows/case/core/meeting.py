"""The day itself: booked with separate arrivals, started with its checklist, and how it ended (R-084, R-085,
R-094; T19 to T22).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from workflows.case.core.events import Event, ItemProposed
from workflows.case.core.exchange import closed_exchange_refusals
from workflows.case.core.people import change, counts_as_harmed, counts_as_responsible
from workflows.case.core.process import OPEN, change_process, in_status
from workflows.case.core.process_events import (
    AppointmentMade,
    AttendeeRemoved,
    ProcessAdjourned,
    ProcessBooked,
    ProcessHeld,
    ProcessNotHeld,
    ProcessStarted,
    ProcessStopped,
    ProcessUnready,
)
from workflows.case.core.readiness import ONE_SIDED, attendees, enough_people, readiness_refusals
from workflows.case.core.refusals import about, refusal
from workflows.case.core.state import Appointment, CaseState, Process
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import (
    AdjournProcess,
    BookProcess,
    NewItem,
    RecordHeld,
    RecordNotHeld,
    StartProcess,
    StopProcess,
)
from workflows.contracts.vocabulary import ItemStatus, ParticipationStatus, ProcessKind, ProcessStatus, Stage

IN_A_ROOM = frozenset({ProcessKind.FACE_TO_FACE, ProcessKind.COMMUNITY_CONFERENCE, ProcessKind.SURROGATE})


def may_book(state: CaseState, step: BookProcess, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T19: still ready, and fresh on the day itself (R-042); venue and arrivals where people come together (R-085)."""
    yield from in_status(state, step.process_id, ProcessStatus.READY, otherwise="process_not_ready")
    process = state.processes.get(step.process_id)
    if process is None:
        return
    if step.starts_at <= at:
        yield refusal("starts_in_past", "starts_at")
    yield from readiness_refusals(state, process, max(at, step.starts_at))
    arrivals = {arrival.person_id: arrival for arrival in step.arrivals}
    for arrival in step.arrivals:
        if arrival.person_id not in process.person_ids:
            yield refusal("not_an_attendee", about("arrivals", arrival.person_id))
    if len(arrivals) != len(step.arrivals):
        yield refusal("person_twice", "arrivals")
    if process.kind in IN_A_ROOM:
        if not step.venue_id:
            yield refusal("venue_missing", "venue_id")
        for person_id in process.person_ids:
            if person_id not in arrivals:
                yield refusal("arrival_missing", about("arrivals", person_id))
        yield from _separate_arrivals(state, process, step)


def _separate_arrivals(state: CaseState, process: Process, step: BookProcess) -> Iterator[StepRefusal]:
    """R-085: two sides do not meet at the door."""
    known = [arrival for arrival in step.arrivals if arrival.person_id in process.person_ids]
    for harmed in known:
        for responsible in known:
            sides = counts_as_harmed(state.people[harmed.person_id].role) and counts_as_responsible(
                state.people[responsible.person_id].role
            )
            together = (harmed.arrive_at, harmed.entrance) == (responsible.arrive_at, responsible.entrance)
            if sides and together and harmed.person_id != responsible.person_id:
                yield refusal("arrivals_together", about("arrivals", harmed.person_id))


def book(state: CaseState, step: BookProcess, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T19: each person's own arrival, then the booking."""
    made = (
        AppointmentMade(
            at=at,
            by=actor.actor_id,
            process_id=step.process_id,
            person_id=arrival.person_id,
            arrive_at=arrival.arrive_at,
            entrance=arrival.entrance,
        )
        for arrival in step.arrivals
    )
    booked = ProcessBooked(
        at=at, by=actor.actor_id, process_id=step.process_id, starts_at=step.starts_at, venue_id=step.venue_id
    )
    return (*made, booked)


def may_start(state: CaseState, step: StartProcess, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-094: the checklist, for every attendee."""
    yield from in_status(state, step.process_id, ProcessStatus.CONFIRMED, otherwise="process_not_booked")
    process = state.processes.get(step.process_id)
    if process is None:
        return
    if not step.identity_checked:
        yield refusal("identity_not_checked", "identity_checked")
    if not step.risk_rechecked:
        yield refusal("risk_not_rechecked", "risk_rechecked")
    for person_id in process.person_ids:
        if person_id not in step.consent_reconfirmed_person_ids:
            yield refusal("consent_not_reconfirmed", about("consent_reconfirmed_person_ids", person_id))


def start(state: CaseState, step: StartProcess, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-094."""
    return (ProcessStarted(at=at, by=actor.actor_id, process_id=step.process_id),)


def may_record_held(state: CaseState, step: RecordHeld, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T20, T21: who took part, every letter at its end, and items that belong to those people."""
    yield from in_status(state, step.process_id, ProcessStatus.IN_PROGRESS, otherwise="process_not_started")
    process = state.processes.get(step.process_id)
    if process is None:
        return
    for person_id in step.attended_person_ids:
        if person_id not in process.person_ids:
            yield refusal("not_an_attendee", about("attended_person_ids", person_id))
    took_part = [person for person in attendees(state, process) if person.person_id in step.attended_person_ids]
    if not enough_people(process.kind, took_part):
        yield refusal("nobody_attends" if process.kind in ONE_SIDED else "no_pair_attends", "attended_person_ids")
    yield from closed_exchange_refusals(state, process)
    for item in step.items:
        yield from _item_refusals(state, step, item)


def _item_refusals(state: CaseState, step: RecordHeld, item: NewItem) -> Iterator[StepRefusal]:
    """R-100: undertaken by someone who took part, for people of the case."""
    if item.owner_person_id not in step.attended_person_ids:
        yield refusal("owner_did_not_attend", "items.owner_person_id")
    if not item.for_person_ids:
        yield refusal("nobody_benefits", "items.for_person_ids")
    for person_id in item.for_person_ids:
        if person_id not in state.people:
            yield refusal("unknown_person", about("items.for_person_ids", person_id))


def record_held(state: CaseState, step: RecordHeld, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T20 with items, T21 without (R-101)."""
    held = ProcessHeld(
        at=at,
        by=actor.actor_id,
        process_id=step.process_id,
        process_kind=state.processes[step.process_id].kind,
        attended_person_ids=tuple(dict.fromkeys(step.attended_person_ids)),
        item_count=len(step.items),
    )
    items = (
        ItemProposed(
            at=at,
            by=actor.actor_id,
            item_id=f"A{len(state.items) + number}",
            process_id=step.process_id,
            item_kind=item.item_kind,
            owner_person_id=item.owner_person_id,
            for_person_ids=tuple(dict.fromkeys(item.for_person_ids)),
            due_on=item.due_on,
            wording_note_id=item.wording_note_id,
        )
        for number, item in enumerate(step.items, start=1)
    )
    return (*items, held)


def may_record_not_held(state: CaseState, step: RecordNotHeld, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-084: a booked process, and whose doing it was, if anybody's."""
    yield from in_status(
        state, step.process_id, ProcessStatus.CONFIRMED, ProcessStatus.IN_PROGRESS, otherwise="process_not_booked"
    )
    process = state.processes.get(step.process_id)
    if process is not None and step.person_id and step.person_id not in process.person_ids:
        yield refusal("not_an_attendee", "person_id")


def record_not_held(state: CaseState, step: RecordNotHeld, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-084; people who still expect it are told."""
    process = state.processes[step.process_id]
    expected = process.status == ProcessStatus.CONFIRMED and process.starts_at is not None and process.starts_at > at
    return (
        ProcessNotHeld(
            at=at,
            by=actor.actor_id,
            process_id=step.process_id,
            process_kind=process.kind,
            reason=step.reason,
            person_id=step.person_id,
            was_booked=expected,
        ),
    )


def may_adjourn(state: CaseState, step: AdjournProcess, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T22: what has begun can be broken off."""
    yield from in_status(state, step.process_id, ProcessStatus.IN_PROGRESS, otherwise="process_not_started")


def adjourn(state: CaseState, step: AdjournProcess, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T22."""
    kind = state.processes[step.process_id].kind
    return (ProcessAdjourned(at=at, by=actor.actor_id, process_id=step.process_id, process_kind=kind),)


def may_stop(state: CaseState, step: StopProcess, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-094: what has begun can be stopped."""
    yield from in_status(state, step.process_id, ProcessStatus.IN_PROGRESS, otherwise="process_not_started")


def stop(state: CaseState, step: StopProcess, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-094; the hold follows from it."""
    kind = state.processes[step.process_id].kind
    return (
        ProcessStopped(at=at, by=actor.actor_id, process_id=step.process_id, process_kind=kind, reason=step.reason),
    )


def after_appointment(state: CaseState, event: AppointmentMade) -> CaseState:
    """R-085."""
    process = state.processes[event.process_id]
    own = Appointment(person_id=event.person_id, arrive_at=event.arrive_at, entrance=event.entrance)
    return change_process(state, replace(process, appointments={**process.appointments, event.person_id: own}))


def after_booked(state: CaseState, event: ProcessBooked) -> CaseState:
    """T19."""
    process = state.processes[event.process_id]
    booked = replace(process, status=ProcessStatus.CONFIRMED, starts_at=event.starts_at, venue_id=event.venue_id)
    for person in attendees(state, process):
        if person.status == ParticipationStatus.PREPARED:
            state = change(state, person.person_id, status=ParticipationStatus.CONFIRMED)
    return replace(change_process(state, booked), stage=Stage.DELIVERING)


def after_started(state: CaseState, event: ProcessStarted) -> CaseState:
    """R-094."""
    return change_process(state, replace(state.processes[event.process_id], status=ProcessStatus.IN_PROGRESS))


def after_held(state: CaseState, event: ProcessHeld) -> CaseState:
    """T20 when an item is still open, from this process or one before; else T21."""
    process = state.processes[event.process_id]
    state = _off_the_calendar(state, process)
    for person_id in event.attended_person_ids:
        state = change(state, person_id, status=ParticipationStatus.TOOK_PART)
    open_item = any(item.status in (ItemStatus.PROPOSED, ItemStatus.AGREED) for item in state.items.values())
    held = replace(process, status=ProcessStatus.HELD, attended=event.attended_person_ids)
    return replace(change_process(state, held), stage=Stage.MONITORING if open_item else Stage.FOLLOW_UP)


def after_not_held(state: CaseState, event: ProcessNotHeld) -> CaseState:
    """T22."""
    process = state.processes[event.process_id]
    over = replace(
        process,
        status=ProcessStatus.NOT_HELD,
        ready_proposed_by="",
        not_held_reason=event.reason,
        not_held_person_id=event.person_id,
    )
    return _to_preparing(change_process(_off_the_calendar(state, process), over))


def after_adjourned(state: CaseState, event: ProcessAdjourned) -> CaseState:
    """T22: it can be made ready again."""
    return _unbooked(state, event.process_id, ProcessStatus.ADJOURNED)


def after_stopped(state: CaseState, event: ProcessStopped) -> CaseState:
    """R-094."""
    return _unbooked(state, event.process_id, ProcessStatus.STOPPED)


def after_unready(state: CaseState, event: ProcessUnready) -> CaseState:
    """T18: only the booking falls away, or readiness with it."""
    if not event.still_ready:
        return _unbooked(state, event.process_id, ProcessStatus.PLANNED)
    return replace(_unbooked(state, event.process_id, ProcessStatus.READY), stage=Stage.READY)


def after_attendee_removed(state: CaseState, event: AttendeeRemoved) -> CaseState:
    """The others' process stays in view."""
    process = state.processes[event.process_id]
    left = tuple(person_id for person_id in process.person_ids if person_id != event.person_id)
    return change_process(state, replace(process, person_ids=left))


def _unbooked(state: CaseState, process_id: str, status: ProcessStatus) -> CaseState:
    process = state.processes[process_id]
    free = replace(process, status=status, starts_at=None, venue_id="", appointments={}, ready_proposed_by="")
    return _to_preparing(change_process(_off_the_calendar(state, process), free))


def _to_preparing(state: CaseState) -> CaseState:
    if state.stage in (Stage.READY, Stage.DELIVERING):
        return replace(state, stage=Stage.PREPARING)
    return state


def _off_the_calendar(state: CaseState, process: Process) -> CaseState:
    """Nobody is confirmed for it any more."""
    for person in attendees(state, process):
        if person.status == ParticipationStatus.CONFIRMED and process.status in OPEN:
            state = change(state, person.person_id, status=ParticipationStatus.PREPARED)
    return state
