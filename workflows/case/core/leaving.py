"""How people leave, wait or come back: exits, withdrawal, not now (6.3; R-044, R-120 to R-126)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from workflows.case.core.contact import present
from workflows.case.core.events import (
    Event,
    LastPairLost,
    OfferLeftOpen,
    OfferTakenUpAgain,
    PersonExited,
    PersonWithdrew,
)
from workflows.case.core.people import change, counts_as_harmed, counts_as_responsible, may_be_contacted
from workflows.case.core.policy import policy_of
from workflows.case.core.refusals import refusal
from workflows.case.core.state import CaseState, Departure, Participation
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import ConsiderAgain, NotNow, RecordExit, Withdraw
from workflows.contracts.vocabulary import (
    ConsentKind,
    Exit,
    ExitReason,
    ItemStatus,
    OnwardSupport,
    ParticipationStatus,
    PauseKind,
    PointStatus,
    Responsibility,
    Role,
    Stage,
)

_NAMED = ParticipationStatus.NAMED
_PERMITTED = ParticipationStatus.PERMITTED
_CONTACTING = ParticipationStatus.CONTACTING
_SPOKEN_TO = (
    ParticipationStatus.INFORMED,
    ParticipationStatus.CONSIDERING,
    ParticipationStatus.NOT_NOW,
)
_CONSENTED = (
    ParticipationStatus.CONSENTED,
    ParticipationStatus.PREPARED,
    ParticipationStatus.CONFIRMED,
)

# From where each exit is possible (6.3); an exit not listed is possible from anywhere.
EXITS_FROM: dict[Exit, tuple[ParticipationStatus, ...]] = {
    Exit.NOT_IDENTIFIED: (_NAMED,),
    Exit.NOT_PERMITTED: (_NAMED,),
    Exit.NO_SAFE_CONTACT: (_PERMITTED, _CONTACTING, *_SPOKEN_TO),
    Exit.UNREACHABLE: (_CONTACTING,),
    Exit.DECLINED: (_CONTACTING, *_SPOKEN_TO),
    Exit.DENIES: (*_SPOKEN_TO, *_CONSENTED),
    Exit.UNSUITABLE: (*_SPOKEN_TO, *_CONSENTED),
}
# Exits of people to whom nobody could offer anything.
OUT_OF_REACH = frozenset({Exit.NOT_PERMITTED, Exit.NO_SAFE_CONTACT, Exit.UNREACHABLE, Exit.NOT_IDENTIFIED})


def may_record_exit(state: CaseState, step: RecordExit, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """The exit fits the person, how far they came, and who signs it (6.3)."""
    yield from present(state, step.person_id)
    person = state.people.get(step.person_id)
    if person is None:
        return
    if step.exit == Exit.WITHDREW or (step.exit == Exit.DECLINED and person.status in _CONSENTED):
        yield refusal("use_withdraw", "exit")
    elif step.exit in EXITS_FROM and person.status not in EXITS_FROM[step.exit]:
        yield refusal("not_this_exit", "exit")
    yield from _grounds_for(state, step, person)
    if step.exit == Exit.UNSUITABLE and Role.LEAD not in actor.roles:
        yield refusal("lead_signs_unsuitable", "exit")
    reachable = step.exit not in OUT_OF_REACH and step.reason != ExitReason.DIED and may_be_contacted(person)
    if counts_as_harmed(person.role) and reachable and step.onward_support == OnwardSupport.NOT_OFFERED:
        yield refusal("onward_support_missing", "onward_support")


def _grounds_for(state: CaseState, step: RecordExit, person: Participation) -> Iterator[StepRefusal]:
    match step.exit:
        case Exit.NOT_IDENTIFIED if person.identified:
            yield refusal("person_is_identified", "exit")
        case Exit.NOT_PERMITTED if may_be_contacted(person):
            yield refusal("person_may_be_contacted", "exit")
        case Exit.UNREACHABLE if person.contact_attempts < policy_of(state).contact_attempts_before_unreachable:
            yield refusal("more_attempts_needed", "exit")
        case Exit.DENIES if not counts_as_responsible(person.role):
            yield refusal("not_responsible", "exit")
        case Exit.DENIES if person.responsibility != Responsibility.DENIES:
            yield refusal("denial_not_recorded", "exit")
        case _:
            return


def record_exit(state: CaseState, step: RecordExit, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-120."""
    person = state.people[step.person_id]
    return (
        PersonExited(
            at=at,
            by=actor.actor_id,
            person_id=person.person_id,
            role=person.role,
            exit=step.exit,
            reason=step.reason,
            from_status=person.status.value,
            onward_support=step.onward_support,
            exit_note_id=step.exit_note_id,
        ),
    )


def may_withdraw(state: CaseState, step: Withdraw, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-044: nothing stands in the way of a withdrawal but having left already."""
    yield from present(state, step.person_id)


def withdraw(state: CaseState, step: Withdraw, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-044."""
    person = state.people[step.person_id]
    return (
        PersonWithdrew(
            at=at,
            by=actor.actor_id,
            person_id=person.person_id,
            role=person.role,
            reason=step.reason,
            from_status=person.status.value,
            onward_support=step.onward_support,
            exit_note_id=step.exit_note_id,
        ),
    )


def may_say_not_now(state: CaseState, step: NotNow, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-123: someone who knows the offer."""
    yield from present(state, step.person_id)
    person = state.people.get(step.person_id)
    if person is None:
        return
    if person.status == ParticipationStatus.NOT_NOW:
        yield refusal("already_waiting", "person_id")
    elif person.status in (_NAMED, _PERMITTED, _CONTACTING):
        yield refusal("not_informed", "person_id")


def say_not_now(state: CaseState, step: NotNow, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-123."""
    return (OfferLeftOpen(at=at, by=actor.actor_id, person_id=step.person_id),)


def may_consider_again(state: CaseState, step: ConsiderAgain, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-123: the offer was left open."""
    yield from present(state, step.person_id)
    person = state.people.get(step.person_id)
    if person is not None and person.status not in (ParticipationStatus.NOT_NOW, ParticipationStatus.EXITED):
        yield refusal("not_waiting", "person_id")


def consider_again(state: CaseState, step: ConsiderAgain, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-123."""
    return (OfferTakenUpAgain(at=at, by=actor.actor_id, person_id=step.person_id),)


def after_exited(state: CaseState, event: PersonExited) -> CaseState:
    """6.3."""
    return _gone(state, event, event.exit)


def after_withdrew(state: CaseState, event: PersonWithdrew) -> CaseState:
    """6.3."""
    return _gone(state, event, Exit.WITHDREW)


def _gone(state: CaseState, event: PersonExited | PersonWithdrew, exit_kind: Exit) -> CaseState:
    """Their consents end, their own pause ends with them, and nothing is owed to them any more."""
    person = state.people[event.person_id]
    departure = Departure(
        exit=exit_kind,
        reason=event.reason,
        from_status=ParticipationStatus(event.from_status),
        at=event.at,
        by=event.by,
        onward_support=event.onward_support,
    )
    consents = {kind: consent for kind, consent in person.consents.items() if kind == ConsentKind.FEEDBACK}
    state = change(
        state, event.person_id, status=ParticipationStatus.EXITED, left=departure, consents=consents, wants_call=False
    )
    rests = tuple(
        rest for rest in state.rests if rest.kind != PauseKind.VICTIM_WISH or rest.person_id != event.person_id
    )
    owed = {key: message for key, message in state.owed.items() if message.person_id != event.person_id}
    restarted = event.at if state.rests and not rests else state.restarted_at
    return replace(state, rests=rests, owed=owed, restarted_at=restarted)


def after_last_pair_lost(state: CaseState, event: LastPairLost) -> CaseState:
    """What was agreed is still watched over and who engaged is still followed up; then the case can be closed (T32)."""
    if any(item.status in (ItemStatus.PROPOSED, ItemStatus.AGREED) for item in state.items.values()):
        return replace(state, stage=Stage.MONITORING)
    done = (PointStatus.ANSWERED, PointStatus.DECLINED, PointStatus.NO_REPLY, PointStatus.CANCELLED)
    if any(point.status not in done for point in state.points.values()):
        return replace(state, stage=Stage.FOLLOW_UP)
    return state


def after_left_open(state: CaseState, event: OfferLeftOpen) -> CaseState:
    """R-123."""
    return change(state, event.person_id, status=ParticipationStatus.NOT_NOW, waiting_since=event.at)


def after_taken_up_again(state: CaseState, event: OfferTakenUpAgain) -> CaseState:
    """Back to considering; a consent still in force counts again."""
    return change(state, event.person_id, status=ParticipationStatus.CONSIDERING, waiting_since=None)
