"""What people have to do in a case, derived from where it stands: who, by when, and what holds it up (R-026,
invariant 10).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from workflows.case.core.casework_tasks import casework_tasks
from workflows.case.core.clock import allocation_lapses_at
from workflows.case.core.follow_up import open_points
from workflows.case.core.people import active_people, counts_as_harmed, has_viable_pair, may_be_contacted
from workflows.case.core.policy import policy_of
from workflows.case.core.process import open_processes
from workflows.case.core.state import CaseState, Participation, referral_of
from workflows.case.core.task_owner import by_hub, by_lead, by_worker
from workflows.case.core.working_days import due_at, local_day, working_days_after
from workflows.contracts.ledger_entry import OpenTask
from workflows.contracts.vocabulary import (
    OnwardSupport,
    PauseKind,
    PointStatus,
    ProcessStatus,
    Role,
    Stage,
)


def open_tasks(state: CaseState) -> tuple[OpenTask, ...]:
    """Every open task; on a hold or pause what is to go forward shows what it waits for."""
    if state.referral is None or state.stage == Stage.CLOSED:
        return ()
    blocked_by = "held" if state.hold is not None else "paused" if state.rests else ""
    forward = [*_hub_tasks(state), *casework_tasks(state), *_closing_tasks(state)]
    waiting = [replace(task, blocked_by=blocked_by or task.blocked_by) for task in forward]
    return (*_safety_tasks(state), *waiting, *_pause_tasks(state), *_by_hand_tasks(state), *_nudge_tasks(state))


def _safety_tasks(state: CaseState) -> Iterator[OpenTask]:
    """T30: look at risk anew, then two signatures."""
    if state.hold is None:
        return
    at_once = state.hold.began_at
    for person in active_people(state):
        looked_at = person.risk is not None and person.risk.sequence > state.hold.sequence
        if person.identified and not looked_at:
            yield by_worker(
                state, "assess_risk", person_id=person.person_id, due=at_once, urgent=True, reason=state.hold.reason
            )
    blocked_by = "second_signature" if state.hold.first_release_by else ""
    yield by_lead(state, "release_hold", due=at_once, urgent=True, reason=state.hold.reason, blocked_by=blocked_by)


def _hub_tasks(state: CaseState) -> Iterator[OpenTask]:
    """From the referral to someone working on it; the hub's clock rests while the referrer is asked (R-012)."""
    policy = policy_of(state)
    received_at = referral_of(state).received_at
    screen_by = working_days_after(received_at, policy.screening_working_days + state.rested_working_days)
    match state.stage:
        case Stage.RECEIVED:
            yield by_hub(state, "take_up", due=screen_by)
        case Stage.SCREENING if state.refusal is not None:
            yield by_lead(state, "countersign_refusal", due=screen_by)
        case Stage.SCREENING:
            yield by_hub(state, "screen", due=screen_by)
        case Stage.INFO_REQUESTED:
            referral = referral_of(state)
            yield OpenTask(
                task_id=f"{state.case_id}:provide_information",
                kind="provide_information",
                owner_role=Role.REFERRER.value if referral.referrer_agency_id else Role.COORDINATOR.value,
                owner_id=referral.referrer_id if referral.referrer_agency_id else "",
                due_at=working_days_after(state.question_asked_at or received_at, policy.no_information_working_days),
            )
        case Stage.ACCEPTED:
            due = working_days_after(state.changed_at or received_at, policy.allocation_working_days)
            yield by_hub(state, "allocate", due=due, reason=state.handed_back)
        case Stage.ALLOCATED:
            yield by_worker(state, "accept_allocation", due=allocation_lapses_at(state))
        case _ if not state.facilitator_ids:
            yield by_hub(state, "allocate", due=state.changed_at, reason=state.handed_back, urgent=True)
        case _:
            return


def _pause_tasks(state: CaseState) -> Iterator[OpenTask]:
    """R-123: staff look at a pause again; a harmed person's wish is never chased."""
    for rest in state.rests:
        if rest.kind == PauseKind.OTHER and rest.review_on is not None:
            yield by_worker(state, "review_pause", due=due_at(rest.review_on), reason=rest.reason)
    for person in active_people(state):
        if person.waiting_since is not None:
            due = due_at(local_day(person.waiting_since) + timedelta(days=policy_of(state).offer_review_days))
            yield by_worker(state, "review_offer", person_id=person.person_id, due=due)


def _by_hand_tasks(state: CaseState) -> Iterator[OpenTask]:
    """R-111, R-112: what automation may not do, a person does; these go on through any pause, with care."""
    days = policy_of(state).handed_over_working_days
    for point in open_points(state):
        if point.status == PointStatus.HANDED_TO_PERSON and point.handed_at is not None:
            yield by_worker(
                state,
                "follow_up_by_hand",
                subject=point.point_id,
                person_id=point.person_id,
                due=working_days_after(point.handed_at, days),
                reason=point.reason,
            )
    for message in state.owed.values():
        if message.send_at is None:
            yield by_worker(
                state,
                "tell_person",
                subject=message.message_id,
                person_id=message.person_id,
                due=working_days_after(message.since, days),
                reason=f"{message.template}.{message.reason}",
            )
    for person in state.people.values():
        if person.wants_call:
            yield by_worker(state, "call_back", person_id=person.person_id, due=state.changed_at, urgent=True)
        if person.unsafe_contact and person.left is None:
            yield by_worker(state, "review_safe_contact", person_id=person.person_id, due=state.changed_at, urgent=True)
        if _support_not_offered(person):
            yield by_worker(state, "offer_onward_support", person_id=person.person_id, due=state.changed_at)


def _support_not_offered(person: Participation) -> bool:
    """R-126: a withdrawal is never held up, so the offer may still be to make."""
    left = person.left
    return (
        left is not None
        and left.onward_support == OnwardSupport.NOT_OFFERED
        and left.exit.value == "withdrew"
        and counts_as_harmed(person.role)
        and may_be_contacted(person)
    )


def _nudge_tasks(state: CaseState) -> Iterator[OpenTask]:
    """R-077: the facilitator first, then the lead as well; never while the case rests."""
    if state.nudges == 0 or state.hold is not None or state.rests:
        return
    yield by_worker(state, "nothing_happens", due=state.changed_at)
    if state.nudges > 1:
        yield by_lead(state, "nothing_happens_escalated", due=state.changed_at)


def _closing_tasks(state: CaseState) -> Iterator[OpenTask]:
    """T24, T32: when nothing is left to do, or nobody to meet."""
    if open_points(state) or open_processes(state):
        return
    held = any(process.status == ProcessStatus.HELD for process in state.processes.values())
    if held and state.stage == Stage.FOLLOW_UP:
        yield by_worker(state, "close", due=state.changed_at)
    elif not held and not has_viable_pair(state) and state.stage not in (Stage.RECEIVED, Stage.INFO_REQUESTED):
        if any(counts_as_harmed(person.role) for person in active_people(state)):
            yield by_worker(state, "offer_alternatives", due=state.changed_at)
        yield by_worker(state, "close", due=state.changed_at, reason="no_pair_left")
