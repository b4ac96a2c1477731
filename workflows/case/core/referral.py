"""The referral: it arrives, the hub takes it up, asks the referrer and gets an answer (R-001 to R-018; T3, T5,
T6, T8).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from workflows.case.core.events import (
    Event,
    InformationProvided,
    InformationRequested,
    PersonNamed,
    ReferralReceived,
    TakenUp,
)
from workflows.case.core.people import counts_as_harmed, counts_as_responsible
from workflows.case.core.policy import policy_in_force
from workflows.case.core.refusals import about, refusal
from workflows.case.core.state import CaseState, Participation, Referral
from workflows.case.core.working_days import local_day, working_days_between
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import (
    NamedParty,
    ProvideInformation,
    RequestInformation,
    SubmitReferral,
    TakeUp,
)
from workflows.contracts.vocabulary import (
    Answer,
    Channel,
    FundingStream,
    ParticipationStatus,
    PartyRole,
    ReferrerKind,
    Stage,
    Stream,
)


def may_submit(state: CaseState, step: SubmitReferral, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-006, R-018: the least a referral must say. Neither report nor crime number is asked for (R-002)."""
    if state.referral is not None:
        yield refusal("already_referred")
    if not any(party.role != PartyRole.SUPPORTER for party in step.parties):
        yield refusal("no_parties", "parties")
    seen: list[str] = []
    for party in step.parties:
        if not party.person_id:
            yield refusal("needed", "parties.person_id")
        elif party.person_id in seen:
            yield refusal("person_twice", about("parties", party.person_id))
        seen.append(party.person_id)
    if step.stream == Stream.NON_CRIME and step.funding_stream == FundingStream.VICTIMS_GRANT:
        yield refusal("grant_not_for_non_crime", "funding_stream")


def submit(state: CaseState, step: SubmitReferral, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T3: the referral, then each person of it."""
    received = ReferralReceived(
        at=at,
        by=actor.actor_id,
        channel=step.channel,
        referrer_kind=step.referrer_kind,
        initiator=step.initiator,
        stream=step.stream,
        harm_type=step.harm_type,
        justice_stage=step.justice_stage,
        rj_level=step.rj_level,
        district=step.district,
        funding_stream=step.funding_stream,
        responsibility=step.responsibility,
        reported_on=step.reported_on,
        agency_id=actor.agency_id,
        policy_version=policy_in_force(local_day(at)).version,
        narrative_note_id=step.narrative_note_id,
    )
    themselves = _referred_themselves(step, actor)
    named = (
        PersonNamed(
            at=at,
            by=actor.actor_id,
            person_id=party.person_id,
            role=party.role,
            identified=party.identified,
            knows_of_referral=party.knows_of_referral,
            may_be_contacted=party.may_be_contacted if party.identified else Answer.NO,
            age_band=party.age_band,
            interpreter_needed=party.interpreter_needed,
            referred_themselves=party.person_id == themselves,
        )
        for party in step.parties
    )
    return (received, *named)


def _referred_themselves(step: SubmitReferral, actor: Actor) -> str:
    """The person who refers themselves, if someone does."""
    if step.channel != Channel.SELF_REFERRAL:
        return ""

    def is_referrer(party: NamedParty) -> bool:
        if actor.person_id:
            return party.person_id == actor.person_id
        if step.referrer_kind == ReferrerKind.RESPONSIBLE_PERSON:
            return counts_as_responsible(party.role)
        return counts_as_harmed(party.role)

    return next((party.person_id for party in step.parties if is_referrer(party)), "")


def may_take_up(state: CaseState, step: TakeUp, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T8: the stage is all it takes."""
    yield from ()


def take_up(state: CaseState, step: TakeUp, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T8."""
    return (TakenUp(at=at, by=actor.actor_id),)


def may_request(state: CaseState, step: RequestInformation, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T5: the question is stated."""
    if not step.question_note_id:
        yield refusal("needed", "question_note_id")


def request(state: CaseState, step: RequestInformation, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T5, R-012."""
    return (InformationRequested(at=at, by=actor.actor_id, question_note_id=step.question_note_id),)


def may_provide(state: CaseState, step: ProvideInformation, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T6: the answer is there."""
    if not step.answer_note_id:
        yield refusal("needed", "answer_note_id")


def provide(state: CaseState, step: ProvideInformation, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T6."""
    return (InformationProvided(at=at, by=actor.actor_id, answer_note_id=step.answer_note_id),)


def after_received(state: CaseState, event: ReferralReceived) -> CaseState:
    """The case begins, under the policy of the day."""
    referral = Referral(
        channel=event.channel,
        referrer_kind=event.referrer_kind,
        initiator=event.initiator,
        stream=event.stream,
        harm_type=event.harm_type,
        justice_stage=event.justice_stage,
        rj_level=event.rj_level,
        district=event.district,
        funding_stream=event.funding_stream,
        responsibility=event.responsibility,
        reported_on=event.reported_on,
        referrer_id=event.by,
        referrer_agency_id=event.agency_id,
        received_at=event.at,
    )
    return replace(state, referral=referral, policy_version=event.policy_version, stage=Stage.RECEIVED)


def after_named(state: CaseState, event: PersonNamed) -> CaseState:
    """What a referrer says of responsibility stays with the referral: the facilitator judges it anew (R-051)."""
    permitted = event.may_be_contacted == Answer.YES
    person = Participation(
        person_id=event.person_id,
        role=event.role,
        identified=event.identified,
        knows_of_referral=event.knows_of_referral,
        may_be_contacted=event.may_be_contacted,
        age_band=event.age_band,
        interpreter_needed=event.interpreter_needed,
        status=ParticipationStatus.PERMITTED if permitted else ParticipationStatus.NAMED,
    )
    return replace(state, people={**state.people, event.person_id: person})


def after_taken_up(state: CaseState, event: TakenUp) -> CaseState:
    """T8."""
    return replace(state, stage=Stage.SCREENING)


def after_requested(state: CaseState, event: InformationRequested) -> CaseState:
    """The hub's clock rests from here (R-012)."""
    return replace(state, stage=Stage.INFO_REQUESTED, question_asked_at=event.at)


def after_provided(state: CaseState, event: InformationProvided) -> CaseState:
    """The hub's clock goes on."""
    asked = state.question_asked_at or event.at
    rested = working_days_between(local_day(asked), local_day(event.at))
    return replace(
        state,
        stage=Stage.SCREENING,
        question_asked_at=None,
        rested_working_days=state.rested_working_days + rested,
    )
