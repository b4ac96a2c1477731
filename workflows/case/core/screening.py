"""Screening: the hub accepts a referral, or refuses it with the signatures that takes (R-050 to R-061; T9, T10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from workflows.case.core.events import Event, ReferralAccepted, ReferralRefused, RefusalProposed
from workflows.case.core.people import (
    STRICT_HANDLING,
    active_people,
    counts_as_harmed,
    counts_as_responsible,
    may_be_contacted,
)
from workflows.case.core.policy import policy_of
from workflows.case.core.refusals import about, refusal
from workflows.case.core.state import CaseState, ProposedRefusal, referral_of
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import AcceptReferral, CountersignRefusal, RefuseReferral
from workflows.contracts.vocabulary import (
    Handling,
    Initiator,
    PartyRole,
    RiskLevel,
    Role,
    Route,
    ScreeningRefusal,
    Stage,
)


def may_accept(state: CaseState, step: AcceptReferral, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T9: risk done for everyone known, a scope decision, and permission to contact the first person."""
    yield from _first_person_refusals(state, step)
    for person in active_people(state):
        if person.role == PartyRole.SUPPORTER or not person.identified:
            continue
        if person.risk is None:
            yield refusal("risk_missing", about("person_id", person.person_id))
        elif person.risk.level == RiskLevel.UNSAFE:
            yield refusal("risk_unsafe", about("person_id", person.person_id))
    referral = referral_of(state)
    policy = policy_of(state)
    if referral.harm_type in policy.sensitive_harms and step.handling not in STRICT_HANDLING:
        yield refusal("handling_too_low", "handling")
    if step.route == Route.SPECIALIST and step.handling != Handling.SPECIALIST:
        yield refusal("specialist_handling_needed", "handling")
    if (referral.initiator, referral.harm_type) in policy.forbidden_initiations:
        yield refusal("initiator_not_allowed")


def _first_person_refusals(state: CaseState, step: AcceptReferral) -> Iterator[StepRefusal]:
    """The initiating side is spoken to first (T16, invariant 2), and only someone who may be contacted."""
    field = "approach_first_person_id"
    first = state.people.get(step.approach_first_person_id)
    if first is None:
        yield refusal("unknown_person", field)
        return
    if first.role == PartyRole.SUPPORTER:
        yield refusal("not_a_party", field)
    if not may_be_contacted(first):
        yield refusal("no_permission", field)
    initiator = referral_of(state).initiator
    if (initiator == Initiator.VICTIM_LED and not counts_as_harmed(first.role)) or (
        initiator == Initiator.RESPONSIBLE_LED and not counts_as_responsible(first.role)
    ):
        yield refusal("initiator_first", field)


def accept(state: CaseState, step: AcceptReferral, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T9."""
    return (
        ReferralAccepted(
            at=at,
            by=actor.actor_id,
            handling=step.handling,
            route=step.route,
            approach_first_person_id=step.approach_first_person_id,
            reasons_note_id=step.reasons_note_id,
        ),
    )


def may_refuse(state: CaseState, step: RefuseReferral, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T10: a reason, and alternatives for a harmed person who asked."""
    if not step.reasons_note_id:
        yield refusal("needed", "reasons_note_id")
    victim_led = referral_of(state).initiator == Initiator.VICTIM_LED
    if victim_led and step.reason != ScreeningRefusal.DUPLICATE and not step.alternatives_offered:
        yield refusal("alternatives_not_offered", "alternatives_offered")


def refuse(state: CaseState, step: RefuseReferral, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T10: a victim-led request waits for a second signature (invariant 9)."""
    if referral_of(state).initiator == Initiator.VICTIM_LED:
        return (
            RefusalProposed(
                at=at,
                by=actor.actor_id,
                reason=step.reason,
                alternatives_offered=step.alternatives_offered,
                by_lead=Role.LEAD in actor.roles,
                reasons_note_id=step.reasons_note_id,
            ),
        )
    return (
        ReferralRefused(
            at=at,
            by=actor.actor_id,
            reason=step.reason,
            alternatives_offered=step.alternatives_offered,
            first_signature="",
            reasons_note_id=step.reasons_note_id,
        ),
    )


def may_countersign(state: CaseState, step: CountersignRefusal, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """Invariant 9: two people, one of them a lead."""
    if state.refusal is None:
        yield refusal("no_refusal_to_sign")
        return
    if state.refusal.by == actor.actor_id:
        yield refusal("second_signature_by_another")
    if not state.refusal.by_lead and Role.LEAD not in actor.roles:
        yield refusal("lead_must_sign")


def countersign(state: CaseState, step: CountersignRefusal, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """The second signature."""
    proposed = state.refusal
    if proposed is None:
        raise ValueError("no refusal is waiting")
    return (
        ReferralRefused(
            at=at,
            by=actor.actor_id,
            reason=proposed.reason,
            alternatives_offered=proposed.alternatives_offered,
            first_signature=proposed.by,
            reasons_note_id=proposed.reasons_note_id,
        ),
    )


def after_accepted(state: CaseState, event: ReferralAccepted) -> CaseState:
    """T9; a refusal that was only proposed falls away."""
    return replace(
        state,
        stage=Stage.ACCEPTED,
        handling=event.handling,
        route=event.route,
        approach_first=event.approach_first_person_id,
        refusal=None,
    )


def after_refusal_proposed(state: CaseState, event: RefusalProposed) -> CaseState:
    """The case stays in screening."""
    proposed = ProposedRefusal(
        reason=event.reason,
        by=event.by,
        by_lead=event.by_lead,
        alternatives_offered=event.alternatives_offered,
        reasons_note_id=event.reasons_note_id,
    )
    return replace(state, refusal=proposed)


def after_refused(state: CaseState, event: ReferralRefused) -> CaseState:
    """The closing follows from it."""
    return replace(state, refusal=None)
