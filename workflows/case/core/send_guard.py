"""The look before any message leaves: permission, consent, pause, hold, withdrawal (R-111; invariants 1 and 4).
Unknown means no.
"""

from __future__ import annotations

from datetime import datetime

from workflows.case.core.people import consents, may_be_contacted
from workflows.case.core.state import CaseState, Participation
from workflows.case.core.working_days import local_day, local_time
from workflows.contracts.intention import SendMessage
from workflows.contracts.vocabulary import (
    ConsentKind,
    Exit,
    ExitReason,
    PauseKind,
    PointKind,
    PointStatus,
    ProcessStatus,
    Stage,
)

REFERRAL_RECEIVED = "referral_received"
APPOINTMENT_CONFIRMED = "appointment_confirmed"
APPOINTMENT_CANCELLED = "appointment_cancelled"
EXIT_NOTICE = "exit_notice"
AGREEMENT_ITEM_OUTCOME = "agreement_item_outcome"
FOLLOW_UP_REMINDER = "follow_up_reminder"

# Reasons for which nobody needs to bring the message instead: what it said is no longer so.
NO_LONGER_SO = frozenset({"no_longer_booked", "already_answered", "point_cancelled", "closed"})
# A message kept back for this reason goes when the case does.
PAUSED = "paused"
_NO_MESSAGE_AFTER = (Exit.WITHDREW, Exit.NO_SAFE_CONTACT, Exit.UNSAFE, Exit.NOT_PERMITTED)


def why_not(state: CaseState, intention: SendMessage, at: datetime) -> str:
    """Empty when the message may leave now, else the code why not."""
    person = state.people.get(intention.person_id)
    if person is None:
        return "unknown_person"
    if intention.point_id:
        return _why_not_follow_up(state, intention, person)
    if intention.template == APPOINTMENT_CONFIRMED and not _still_booked(state, intention):
        return "no_longer_booked"
    return _why_not_person(state, person)


def _why_not_follow_up(state: CaseState, intention: SendMessage, person: Participation) -> str:
    point = state.points.get(intention.point_id)
    if point is None:
        return "unknown_point"
    if state.stage == Stage.CLOSED:
        return "closed"
    if point.status == PointStatus.CANCELLED:
        return "point_cancelled"
    if point.status in (PointStatus.ANSWERED, PointStatus.DECLINED, PointStatus.NO_REPLY):
        return "already_answered"
    return follow_up_reason(state, person, point.kind)


def follow_up_reason(state: CaseState, person: Participation, kind: PointKind) -> str:
    """R-111: a welfare call needs permission; questions need consent to be asked (R-040)."""
    if state.rests:
        return PAUSED
    reason = _why_not_person(state, person)
    if reason:
        return reason
    if kind != PointKind.WELFARE and not consents(person, ConsentKind.FEEDBACK):
        return "no_feedback_consent"
    return ""


def _why_not_person(state: CaseState, person: Participation) -> str:
    if state.hold is not None:
        return "held"
    if person.left is not None:
        if person.left.reason == ExitReason.DIED:
            return "died"
        if person.left.exit in _NO_MESSAGE_AFTER:
            return person.left.exit.value
    own_pause = any(rest.kind == PauseKind.VICTIM_WISH and rest.person_id == person.person_id for rest in state.rests)
    if own_pause:
        return PAUSED
    if not may_be_contacted(person):
        return "no_permission"
    if person.unsafe_contact:
        return "unsafe_contact"
    return ""


def _still_booked(state: CaseState, intention: SendMessage) -> bool:
    """A confirmation is only good while its own time stands."""
    for process in state.processes.values():
        if process.status != ProcessStatus.CONFIRMED or intention.person_id not in process.person_ids:
            continue
        own = process.appointments.get(intention.person_id)
        moment = own.arrive_at if own is not None else process.starts_at
        if moment is None:
            continue
        told = (intention.parameters.get("date"), intention.parameters.get("time"))
        if told == (local_day(moment).isoformat(), local_time(moment)):
            return True
    return False
