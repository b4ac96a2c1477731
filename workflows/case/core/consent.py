"""Consent: four kinds kept apart, given, confirmed anew and taken back (R-040 to R-048; T16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from workflows.case.core.contact import may_be_approached, permitted, present
from workflows.case.core.events import ConsentGiven, ConsentWithdrawn, Event
from workflows.case.core.people import change, consents, has_consented_pair, was_engaged
from workflows.case.core.refusals import refusal
from workflows.case.core.state import CaseState, Consent
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import RecordConsent
from workflows.contracts.vocabulary import Answer, ConsentKind, ParticipationStatus, Stage


def may_record(state: CaseState, step: RecordConsent, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """Informed consent only (R-041, R-046); taking it back needs nothing but that it was given (R-044)."""
    yield from present(state, step.person_id)
    person = state.people.get(step.person_id)
    if person is None:
        return
    if not step.given:
        if not consents(person, step.consent) and step.consent != ConsentKind.CONTACT:
            yield refusal("consent_not_given", "consent")
        return
    if not step.wording_version:
        yield refusal("needed", "wording_version")
    if step.consent == ConsentKind.CONTACT:
        if not person.identified:
            yield refusal("not_identified", "person_id")
        return
    yield from may_be_approached(state, person)
    if not was_engaged(person):
        yield refusal("not_informed", "person_id")
    if step.consent == ConsentKind.PARTICIPATION and person.status == ParticipationStatus.NOT_NOW:
        yield refusal("waits_for_person", "person_id")


def record(state: CaseState, step: RecordConsent, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-040."""
    if step.given:
        return (
            ConsentGiven(
                at=at,
                by=actor.actor_id,
                person_id=step.person_id,
                consent=step.consent,
                method=step.method,
                wording_version=step.wording_version,
                representative=step.representative,
            ),
        )
    return (
        ConsentWithdrawn(
            at=at,
            by=actor.actor_id,
            person_id=step.person_id,
            consent=step.consent,
            method=step.method,
            wording_version=step.wording_version,
        ),
    )


def after_given(state: CaseState, event: ConsentGiven) -> CaseState:
    """T16: once a harmed and a responsible person both consent, preparation begins."""
    consent = Consent(
        given=True,
        at=event.at,
        method=event.method,
        wording_version=event.wording_version,
        representative=event.representative,
    )
    person = state.people[event.person_id]
    state = change(state, event.person_id, consents={**person.consents, event.consent: consent})
    if event.consent == ConsentKind.CONTACT:
        state = permitted(state, event.person_id, Answer.YES)
    if state.stage == Stage.ENGAGING and has_consented_pair(state):
        return replace(state, stage=Stage.PREPARING)
    return state


def after_withdrawn(state: CaseState, event: ConsentWithdrawn) -> CaseState:
    """R-044: at once. Consent to contact and permission to contact are one thing (R-040)."""
    person = state.people[event.person_id]
    taken_back = Consent(
        given=False,
        at=event.at,
        method=event.method,
        wording_version=event.wording_version,
        representative=False,
    )
    state = change(state, event.person_id, consents={**person.consents, event.consent: taken_back})
    if event.consent == ConsentKind.CONTACT:
        return permitted(state, event.person_id, Answer.NO)
    return state
