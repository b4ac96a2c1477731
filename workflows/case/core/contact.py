"""First contact: permission, identification, attempts to reach a person, information and the agreed approach
(R-005, R-034, R-046).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from workflows.case.core.events import (
    ApproachAgreed,
    ContactLogged,
    Event,
    PermissionRecorded,
    PersonIdentified,
    PersonInformed,
    ResponsibilityRecorded,
)
from workflows.case.core.people import (
    approach_is_agreed,
    change,
    counts_as_responsible,
    first_side,
    has_viable_pair,
    is_active,
    may_be_contacted,
    was_engaged,
)
from workflows.case.core.refusals import refusal
from workflows.case.core.state import CaseState, Participation
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import (
    AgreeToApproach,
    IdentifyPerson,
    InformPerson,
    LogContact,
    RecordPermission,
    RecordResponsibility,
)
from workflows.contracts.vocabulary import (
    Answer,
    ContactOutcome,
    Exit,
    ParticipationStatus,
    ProcessStatus,
    Stage,
)


def present(state: CaseState, person_id: str) -> Iterator[StepRefusal]:
    """The person is named, and has not left."""
    person = state.people.get(person_id)
    if person is None:
        yield refusal("unknown_person", "person_id")
    elif not is_active(person):
        yield refusal("person_left", "person_id")


def may_be_approached(state: CaseState, person: Participation) -> Iterator[StepRefusal]:
    """R-005 and invariant 2: permission, and the first side's agreement before another side is approached."""
    if not person.identified:
        yield refusal("not_identified", "person_id")
    if not may_be_contacted(person):
        yield refusal("no_permission", "person_id")
    if not approach_is_agreed(state, person):
        yield refusal("approach_not_agreed", "person_id")


def may_record_permission(
    state: CaseState, step: RecordPermission, actor: Actor, at: datetime
) -> Iterator[StepRefusal]:
    """R-005: of someone who is in the case and known."""
    yield from present(state, step.person_id)
    person = state.people.get(step.person_id)
    if person is not None and not person.identified and step.may_be_contacted == Answer.YES:
        yield refusal("not_identified", "person_id")


def record_permission(state: CaseState, step: RecordPermission, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-005."""
    return (
        PermissionRecorded(at=at, by=actor.actor_id, person_id=step.person_id, may_be_contacted=step.may_be_contacted),
    )


def may_identify(state: CaseState, step: IdentifyPerson, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """6.3: also after the person had been written off as not identified."""
    person = state.people.get(step.person_id)
    if person is None:
        yield refusal("unknown_person", "person_id")
        return
    if person.identified:
        yield refusal("already_identified", "person_id")
    if person.left is not None and person.left.exit != Exit.NOT_IDENTIFIED:
        yield refusal("person_left", "person_id")


def identify(state: CaseState, step: IdentifyPerson, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-006."""
    return (
        PersonIdentified(at=at, by=actor.actor_id, person_id=step.person_id, may_be_contacted=step.may_be_contacted),
    )


def may_log_contact(state: CaseState, step: LogContact, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-005, invariant 2. Someone who has left may still be spoken to by a person, unless they forbade it."""
    person = state.people.get(step.person_id)
    if person is None:
        yield refusal("unknown_person", "person_id")
        return
    yield from may_be_approached(state, person)


def log_contact(state: CaseState, step: LogContact, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-034."""
    return (
        ContactLogged(
            at=at,
            by=actor.actor_id,
            person_id=step.person_id,
            channel=step.channel,
            outcome=step.outcome,
            contact_note_id=step.contact_note_id,
        ),
    )


def may_inform(state: CaseState, step: InformPerson, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-046, with the version of what they were given."""
    yield from present(state, step.person_id)
    person = state.people.get(step.person_id)
    if person is not None:
        yield from may_be_approached(state, person)
    if not step.pack_version:
        yield refusal("needed", "pack_version")


def inform(state: CaseState, step: InformPerson, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-046, R-047."""
    return (PersonInformed(at=at, by=actor.actor_id, person_id=step.person_id, pack_version=step.pack_version),)


def may_record_responsibility(
    state: CaseState, step: RecordResponsibility, actor: Actor, at: datetime
) -> Iterator[StepRefusal]:
    """R-051: of someone named as responsible, who has been spoken to."""
    yield from present(state, step.person_id)
    person = state.people.get(step.person_id)
    if person is None:
        return
    if not counts_as_responsible(person.role):
        yield refusal("not_responsible", "person_id")
    if not was_engaged(person):
        yield refusal("not_informed", "person_id")


def record_responsibility(
    state: CaseState, step: RecordResponsibility, actor: Actor, at: datetime
) -> tuple[Event, ...]:
    """R-051."""
    return (
        ResponsibilityRecorded(at=at, by=actor.actor_id, person_id=step.person_id, responsibility=step.responsibility),
    )


def may_agree_to_approach(state: CaseState, step: AgreeToApproach, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """Invariant 2: someone of the first side, who knows what they agree to."""
    yield from present(state, step.person_id)
    person = state.people.get(step.person_id)
    if person is None:
        return
    if all(one.person_id != person.person_id for one in first_side(state)):
        yield refusal("not_first_side", "person_id")
    if not was_engaged(person):
        yield refusal("not_informed", "person_id")


def agree_to_approach(state: CaseState, step: AgreeToApproach, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """Invariant 2, R-042."""
    return (ApproachAgreed(at=at, by=actor.actor_id, person_id=step.person_id),)


def after_permission(state: CaseState, event: PermissionRecorded) -> CaseState:
    """R-005."""
    return permitted(state, event.person_id, event.may_be_contacted)


def permitted(state: CaseState, person_id: str, answer: Answer) -> CaseState:
    """Permission given brings a named person on their way; taken back, it stops contact and keeps how far they came."""
    person = state.people[person_id]
    status = person.status
    if answer == Answer.YES and status == ParticipationStatus.NAMED:
        status = ParticipationStatus.PERMITTED
    if answer != Answer.YES and status == ParticipationStatus.PERMITTED:
        status = ParticipationStatus.NAMED
    return change(state, person_id, may_be_contacted=answer, status=status)


def after_identified(state: CaseState, event: PersonIdentified) -> CaseState:
    """The way is open again, also where the case had only been waiting for its follow-up."""
    status = ParticipationStatus.PERMITTED if event.may_be_contacted == Answer.YES else ParticipationStatus.NAMED
    state = change(
        state, event.person_id, identified=True, may_be_contacted=event.may_be_contacted, status=status, left=None
    )
    held = any(process.status == ProcessStatus.HELD for process in state.processes.values())
    if state.stage == Stage.FOLLOW_UP and not held and has_viable_pair(state):
        return replace(state, stage=Stage.ENGAGING)
    return state


def after_contact(state: CaseState, event: ContactLogged) -> CaseState:
    """Someone reached has been told what we owed them; danger on the line is looked at by a person first (R-034)."""
    person = state.people[event.person_id]
    reached = event.outcome == ContactOutcome.REACHED
    unsafe = event.outcome in (ContactOutcome.UNSAFE, ContactOutcome.SOMEONE_ELSE)
    begun = person.status == ParticipationStatus.PERMITTED
    state = change(
        state,
        event.person_id,
        status=ParticipationStatus.CONTACTING if begun else person.status,
        contact_attempts=person.contact_attempts + 1,
        unsafe_contact=unsafe or (person.unsafe_contact and not reached),
        wants_call=person.wants_call and not reached,
    )
    if not reached:
        return state
    still_owed = {
        key: message
        for key, message in state.owed.items()
        if message.person_id != event.person_id or message.send_at is not None
    }
    return replace(state, owed=still_owed)


def after_informed(state: CaseState, event: PersonInformed) -> CaseState:
    """R-046."""
    person = state.people[event.person_id]
    early = person.status in (ParticipationStatus.PERMITTED, ParticipationStatus.CONTACTING)
    status = ParticipationStatus.INFORMED if early else person.status
    return change(state, event.person_id, status=status, informed_pack=event.pack_version)


def after_responsibility(state: CaseState, event: ResponsibilityRecorded) -> CaseState:
    """R-051."""
    return change(state, event.person_id, responsibility=event.responsibility)


def after_approach_agreed(state: CaseState, event: ApproachAgreed) -> CaseState:
    """Who lets the other side be asked is considering the offer themselves."""
    person = state.people[event.person_id]
    informed = person.status == ParticipationStatus.INFORMED
    status = ParticipationStatus.CONSIDERING if informed else person.status
    return change(state, event.person_id, status=status, agreed_to_approach=True)
