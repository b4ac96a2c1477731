"""Deciding a step: every reason against it, or the events that it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.case.core import (
    agreement,
    allocation,
    closing,
    consent,
    contact,
    exchange,
    follow_up,
    leaving,
    meeting,
    pause,
    permissions,
    preparation,
    process,
    referral,
    risk,
    safety_hold,
    screening,
    standing,
)
from workflows.case.core.events import Event
from workflows.case.core.refusals import refusal
from workflows.case.core.state import CaseState
from workflows.contracts import steps as s
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Refusals, or events; never both."""

    refusals: tuple[StepRefusal, ...] = ()
    events: tuple[Event, ...] = ()


# Guard and outcome take the step of their own row; Any, because a table of functions cannot say so.
Guard = Callable[[CaseState, Any, Actor, datetime], Iterable[StepRefusal]]
Outcome = Callable[[CaseState, Any, Actor, datetime], tuple[Event, ...]]

RULES: dict[type[s.Step], tuple[Guard, Outcome]] = {
    s.SubmitReferral: (referral.may_submit, referral.submit),
    s.TakeUp: (referral.may_take_up, referral.take_up),
    s.RequestInformation: (referral.may_request, referral.request),
    s.ProvideInformation: (referral.may_provide, referral.provide),
    s.AssessRisk: (risk.may_assess, risk.assess),
    s.AcceptReferral: (screening.may_accept, screening.accept),
    s.RefuseReferral: (screening.may_refuse, screening.refuse),
    s.CountersignRefusal: (screening.may_countersign, screening.countersign),
    s.Allocate: (allocation.may_allocate, allocation.allocate),
    s.AcceptAllocation: (allocation.may_accept, allocation.accept),
    s.DeclineAllocation: (allocation.may_decline, allocation.decline),
    s.RecordPermission: (contact.may_record_permission, contact.record_permission),
    s.IdentifyPerson: (contact.may_identify, contact.identify),
    s.LogContact: (contact.may_log_contact, contact.log_contact),
    s.InformPerson: (contact.may_inform, contact.inform),
    s.RecordResponsibility: (contact.may_record_responsibility, contact.record_responsibility),
    s.AgreeToApproach: (contact.may_agree_to_approach, contact.agree_to_approach),
    s.RecordConsent: (consent.may_record, consent.record),
    s.RecordExit: (leaving.may_record_exit, leaving.record_exit),
    s.NotNow: (leaving.may_say_not_now, leaving.say_not_now),
    s.ConsiderAgain: (leaving.may_consider_again, leaving.consider_again),
    s.Withdraw: (leaving.may_withdraw, leaving.withdraw),
    s.RecordPreparation: (preparation.may_prepare, preparation.prepare),
    s.PlanProcess: (process.may_plan, process.plan),
    s.DeclareReady: (process.may_declare_ready, process.declare_ready),
    s.CountersignReady: (process.may_countersign, process.countersign),
    s.BookProcess: (meeting.may_book, meeting.book),
    s.StartProcess: (meeting.may_start, meeting.start),
    s.RecordHeld: (meeting.may_record_held, meeting.record_held),
    s.RecordNotHeld: (meeting.may_record_not_held, meeting.record_not_held),
    s.AdjournProcess: (meeting.may_adjourn, meeting.adjourn),
    s.StopProcess: (meeting.may_stop, meeting.stop),
    s.DraftExchange: (exchange.may_draft, exchange.draft),
    s.ReviewExchange: (exchange.may_review, exchange.review),
    s.AgreeToReceive: (exchange.may_agree, exchange.agree),
    s.ReleaseExchange: (exchange.may_release, exchange.release),
    s.CloseExchange: (exchange.may_close, exchange.close),
    s.AgreeItem: (agreement.may_agree, agreement.agree),
    s.SettleItem: (agreement.may_settle, agreement.settle),
    s.Pause: (pause.may_pause, pause.pause),
    s.Resume: (pause.may_resume, pause.resume),
    s.HoldForSafety: (safety_hold.may_hold, safety_hold.hold),
    s.ReleaseHold: (safety_hold.may_release, safety_hold.release),
    s.AnswerFollowUp: (follow_up.may_answer, follow_up.answer),
    s.GiveUpFollowUp: (follow_up.may_give_up, follow_up.give_up),
    s.CloseCase: (closing.may_close, closing.close),
}


def decide(state: CaseState, step: s.Step, actor: Actor, at: datetime) -> Decision:
    """Who may not take the step learns only that; everyone else learns everything that is missing."""
    not_yours = permissions.forbidden(state, step, actor)
    if not_yours is not None:
        return Decision(refusals=(not_yours,))
    if state.referral is None and not isinstance(step, s.SubmitReferral):
        return Decision(refusals=(refusal("no_referral"),))
    guard, outcome = RULES[type(step)]
    refusals = (*standing.standing_refusals(state, step), *guard(state, step, actor, at))
    if refusals:
        return Decision(refusals=tuple(dict.fromkeys(refusals)))
    return Decision(events=outcome(state, step, actor, at))
