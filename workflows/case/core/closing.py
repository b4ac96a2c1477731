"""Closing: one primary reason that fits what happened, and nothing left undone (T24, T31, T32; invariants 5, 7, 9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from workflows.case.core.agreement import open_items
from workflows.case.core.events import CaseClosed, Event
from workflows.case.core.follow_up import open_points
from workflows.case.core.follow_up_events import FollowUpCancelled
from workflows.case.core.leaving import OUT_OF_REACH
from workflows.case.core.people import (
    counts_as_harmed,
    counts_as_responsible,
    has_viable_pair,
    is_side,
    may_be_contacted,
)
from workflows.case.core.policy import policy_of
from workflows.case.core.process import open_processes
from workflows.case.core.process_events import ProcessNotHeld
from workflows.case.core.refusals import refusal
from workflows.case.core.state import CaseState, Closing, Departure, referral_of
from workflows.case.core.working_days import local_day, working_days_between
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import CloseCase
from workflows.contracts.vocabulary import (
    CloseReason,
    Exit,
    ExitReason,
    Initiator,
    NotHeldReason,
    OnwardSupport,
    PauseKind,
    ProcessStatus,
    Role,
    ScreeningRefusal,
    Side,
    Stage,
)

AT_SCREENING = {
    ScreeningRefusal.OUT_OF_SCOPE: CloseReason.OUT_OF_SCOPE,
    ScreeningRefusal.SIGNPOSTED: CloseReason.SIGNPOSTED,
    ScreeningRefusal.NOT_SUITABLE: CloseReason.NOT_SUITABLE,
    ScreeningRefusal.DUPLICATE: CloseReason.DUPLICATE,
}
AFTER_EXIT = {
    CloseReason.UNSAFE: Exit.UNSAFE,
    CloseReason.DECLINED: Exit.DECLINED,
    CloseReason.DENIES: Exit.DENIES,
    CloseReason.WITHDREW: Exit.WITHDREW,
    CloseReason.UNREACHABLE: Exit.UNREACHABLE,
    CloseReason.NO_SAFE_CONTACT: Exit.NO_SAFE_CONTACT,
    CloseReason.NOT_IDENTIFIED: Exit.NOT_IDENTIFIED,
    CloseReason.NOT_PERMITTED: Exit.NOT_PERMITTED,
    CloseReason.EXTERNAL: Exit.EXTERNAL,
    CloseReason.CAPACITY_OR_AGE: Exit.CAPACITY_OR_AGE,
    CloseReason.UNSUITABLE: Exit.UNSUITABLE,
}
# Decided by the service, not by a person: in a victim-led case someone else closes (invariant 9).
SERVICE_DECIDED = (Exit.UNSUITABLE, Exit.UNSAFE, Exit.CAPACITY_OR_AGE)


def may_close(state: CaseState, step: CloseCase, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T24, T31, T32: the reason fits, and nothing is left open."""
    yield from _support_refusals(state, step)
    if state.hold is not None and step.reason == CloseReason.UNSAFE:
        yield from _unsafe_refusals(state, actor)
        return
    if any(rest.kind == PauseKind.VICTIM_WISH for rest in state.rests):
        yield refusal("paused_by_victim")
    if step.reason in AT_SCREENING.values():
        yield refusal("refuse_at_screening", "reason")
    elif step.reason == CloseReason.NO_INFORMATION:
        yield from _no_information_refusals(state, actor, at)
    elif step.reason == CloseReason.COMPLETED:
        if all(process.status != ProcessStatus.HELD for process in state.processes.values()):
            yield refusal("nothing_held", "reason")
    else:
        yield from _exit_refusals(state, step, actor)
    if open_points(state):
        yield refusal("follow_up_open")
    if open_items(state):
        yield refusal("item_open")
    if open_processes(state):
        yield refusal("process_open")


def _support_refusals(state: CaseState, step: CloseCase) -> Iterator[StepRefusal]:
    """R-126: support was offered to the harmed people, as far as anyone could reach them."""
    if step.reason in (CloseReason.COMPLETED, CloseReason.DUPLICATE):
        return
    within_reach = any(
        counts_as_harmed(person.role) and may_be_contacted(person) and not _is_out_of_reach(person.left)
        for person in state.people.values()
    )
    if within_reach and step.onward_support == OnwardSupport.NOT_OFFERED:
        yield refusal("onward_support_missing", "onward_support")


def _is_out_of_reach(left: Departure | None) -> bool:
    return left is not None and (left.exit in OUT_OF_REACH or left.reason == ExitReason.DIED)


def _unsafe_refusals(state: CaseState, actor: Actor) -> Iterator[StepRefusal]:
    """T31: a lead; in a victim-led case not the one who raised the hold (invariant 9)."""
    if Role.LEAD not in actor.roles:
        yield refusal("lead_closes", "reason")
    raised_by = state.hold.by if state.hold is not None else ""
    if referral_of(state).initiator == Initiator.VICTIM_LED and raised_by == actor.actor_id:
        yield refusal("second_person_closes")


def _no_information_refusals(state: CaseState, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T7: a lead, after the referrer had time; never where a harmed person asked."""
    asked = state.question_asked_at
    if state.stage != Stage.INFO_REQUESTED or asked is None or referral_of(state).initiator == Initiator.VICTIM_LED:
        yield refusal("reason_does_not_fit", "reason")
        return
    if Role.LEAD not in actor.roles:
        yield refusal("lead_closes", "reason")
    waited = working_days_between(local_day(asked), local_day(at))
    if waited < policy_of(state).no_information_working_days:
        yield refusal("question_too_recent", "reason")


def _exit_refusals(state: CaseState, step: CloseCase, actor: Actor) -> Iterator[StepRefusal]:
    """T32: somebody of that side left in that way, and nobody is left to meet."""
    if has_viable_pair(state):
        yield refusal("viable_pair_left")
    wanted = AFTER_EXIT[step.reason]
    sides = (Side.HARMED, Side.RESPONSIBLE) if step.side == Side.BOTH else (step.side,)
    for side in sides:
        if not _left_like_that(state, wanted, side):
            yield refusal("reason_does_not_fit", "reason")
    deciders = [
        person.left.by
        for person in state.people.values()
        if person.left is not None and person.left.exit == wanted and wanted in SERVICE_DECIDED
    ]
    if referral_of(state).initiator == Initiator.VICTIM_LED and actor.actor_id in deciders:
        yield refusal("second_person_closes")


def _left_like_that(state: CaseState, wanted: Exit, side: Side) -> bool:
    """Where nobody responsible was ever named, nobody was identified (R-125)."""
    someone_responsible = any(counts_as_responsible(person.role) for person in state.people.values())
    if wanted == Exit.NOT_IDENTIFIED and side == Side.RESPONSIBLE and not someone_responsible:
        return True
    return any(
        person.left is not None and person.left.exit == wanted and is_side(person, side)
        for person in state.people.values()
    )


def close(state: CaseState, step: CloseCase, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """What is still open ends first; the closing is the episode's last word."""
    ended = (
        ProcessNotHeld(
            at=at,
            by=actor.actor_id,
            process_id=process.process_id,
            process_kind=process.kind,
            reason=NotHeldReason.SAFETY,
            person_id="",
            was_booked=process.status == ProcessStatus.CONFIRMED,
        )
        for process in open_processes(state)
    )
    cancelled = (
        FollowUpCancelled(at=at, by=actor.actor_id, point_id=point.point_id, reason="case_closed")
        for point in open_points(state)
    )
    closed = CaseClosed(
        at=at,
        by=actor.actor_id,
        reason=step.reason,
        side=step.side,
        from_stage=state.stage.value,
        onward_support=step.onward_support,
        summary_note_id=step.summary_note_id,
    )
    return (*ended, *cancelled, closed)


def after_closed(state: CaseState, event: CaseClosed) -> CaseState:
    """Invariant 7: one reason, with its side and stage. Pauses, holds and what was owed end with the episode."""
    closing = Closing(
        reason=event.reason,
        side=event.side,
        stage=Stage(event.from_stage),
        at=event.at,
        by=event.by,
        onward_support=event.onward_support,
    )
    return replace(state, stage=Stage.CLOSED, closing=closing, refusal=None, rests=(), hold=None, owed={})
