"""What each event makes of the case: the one way in which state changes, so that replaying events gives the same
state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from workflows.case.core import (
    agreement,
    allocation,
    closing,
    consent,
    contact,
    exchange,
    follow_up,
    follow_up_course,
    leaving,
    meeting,
    messages,
    pause,
    preparation,
    process,
    referral,
    risk,
    safety_hold,
    screening,
)
from workflows.case.core import events as e
from workflows.case.core import follow_up_events as f
from workflows.case.core import process_events as p
from workflows.case.core.state import CaseState


def after_activity_lapsed(state: CaseState, event: e.ActivityLapsed) -> CaseState:
    """R-077."""
    return replace(state, nudges=event.times)


# Each rule takes the event of its own row; Any, because a table of functions cannot say so.
APPLY: dict[type[e.Event], Callable[[CaseState, Any], CaseState]] = {
    e.ReferralReceived: referral.after_received,
    e.PersonNamed: referral.after_named,
    e.TakenUp: referral.after_taken_up,
    e.InformationRequested: referral.after_requested,
    e.InformationProvided: referral.after_provided,
    e.RiskAssessed: risk.after_assessed,
    e.ReferralAccepted: screening.after_accepted,
    e.RefusalProposed: screening.after_refusal_proposed,
    e.ReferralRefused: screening.after_refused,
    e.Allocated: allocation.after_allocated,
    e.AllocationAccepted: allocation.after_accepted,
    e.AllocationDeclined: allocation.after_declined,
    e.AllocationLapsed: allocation.after_lapsed,
    e.ReservationRefused: allocation.after_reservation_refused,
    e.PermissionRecorded: contact.after_permission,
    e.PersonIdentified: contact.after_identified,
    e.ContactLogged: contact.after_contact,
    e.PersonInformed: contact.after_informed,
    e.ResponsibilityRecorded: contact.after_responsibility,
    e.ApproachAgreed: contact.after_approach_agreed,
    e.ConsentGiven: consent.after_given,
    e.ConsentWithdrawn: consent.after_withdrawn,
    e.PersonExited: leaving.after_exited,
    e.PersonWithdrew: leaving.after_withdrew,
    e.LastPairLost: leaving.after_last_pair_lost,
    e.OfferLeftOpen: leaving.after_left_open,
    e.OfferTakenUpAgain: leaving.after_taken_up_again,
    e.PreparationRecorded: preparation.after_prepared,
    e.ItemProposed: agreement.after_proposed,
    e.ItemAgreed: agreement.after_agreed,
    e.ItemSettled: agreement.after_settled,
    e.CasePaused: pause.after_paused,
    e.CaseResumed: pause.after_resumed,
    e.HeldForSafety: safety_hold.after_held,
    e.HoldReleaseSigned: safety_hold.after_release_signed,
    e.HoldReleased: safety_hold.after_released,
    e.ActivityLapsed: after_activity_lapsed,
    e.CaseClosed: closing.after_closed,
    p.ProcessPlanned: process.after_planned,
    p.ReadinessProposed: process.after_readiness_proposed,
    p.ProcessReady: process.after_ready,
    p.ProcessUnready: meeting.after_unready,
    p.AttendeeRemoved: meeting.after_attendee_removed,
    p.AppointmentMade: meeting.after_appointment,
    p.ProcessBooked: meeting.after_booked,
    p.ProcessStarted: meeting.after_started,
    p.ProcessHeld: meeting.after_held,
    p.ProcessNotHeld: meeting.after_not_held,
    p.ProcessAdjourned: meeting.after_adjourned,
    p.ProcessStopped: meeting.after_stopped,
    p.ExchangeDrafted: exchange.after_drafted,
    p.ExchangeReviewed: exchange.after_reviewed,
    p.ExchangeAccepted: exchange.after_accepted,
    p.ExchangeReleased: exchange.after_released,
    p.ExchangeClosed: exchange.after_closed,
    p.ExchangeWithheld: exchange.after_withheld,
    f.FollowUpPlanned: follow_up.after_planned,
    f.FollowUpDue: follow_up_course.after_due,
    f.FollowUpPostponed: follow_up_course.after_postponed,
    f.FollowUpSent: follow_up_course.after_sent,
    f.ReminderSent: follow_up_course.after_reminder_sent,
    f.FollowUpHandedToPerson: follow_up_course.after_handed,
    f.FollowUpAnswered: follow_up_course.after_answered,
    f.FollowUpDeclined: follow_up_course.after_declined,
    f.FollowUpUnanswered: follow_up_course.after_unanswered,
    f.FollowUpCancelled: follow_up_course.after_cancelled,
    f.MessageSent: messages.after_sent,
    f.MessagePostponed: messages.after_postponed,
    f.MessageDue: messages.after_due,
    f.MessageHandedToPerson: messages.after_handed,
    f.MessageDropped: messages.after_dropped,
}


def apply(state: CaseState, event: e.Event) -> CaseState:
    """The next state; the event takes the next place in the case's sequence before its rule sees the state."""
    state = replace(state, sequence=state.sequence + 1, changed_at=event.at)
    if event.by:
        state = replace(state, active_at=event.at, nudges=0)
    return APPLY[type(event)](state, event)
