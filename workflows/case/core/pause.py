"""The pause: a harmed person's wish, which only they end, or another reason, which staff end (R-123; T25 to T28)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from workflows.case.core.contact import present
from workflows.case.core.events import CasePaused, CaseResumed, Event
from workflows.case.core.people import change, counts_as_harmed
from workflows.case.core.refusals import refusal
from workflows.case.core.state import CaseState, Rest
from workflows.case.core.working_days import local_day
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import Pause, Resume
from workflows.contracts.vocabulary import PauseKind


def rest_of(state: CaseState, person_id: str) -> Rest | None:
    """The pause at this harmed person's wish; with no person, the one for another reason."""
    kind = PauseKind.VICTIM_WISH if person_id else PauseKind.OTHER
    for rest in state.rests:
        if rest.kind == kind and (kind == PauseKind.OTHER or rest.person_id == person_id):
            return rest
    return None


def may_pause(state: CaseState, step: Pause, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """T25 needs to know whose wish it is and no more; T27 needs a day on which staff look again."""
    if step.pause == PauseKind.VICTIM_WISH:
        person = state.people.get(step.person_id)
        if not step.person_id or (person is not None and not counts_as_harmed(person.role)):
            yield refusal("whose_wish", "person_id")
            return
        yield from present(state, step.person_id)
        if rest_of(state, step.person_id) is not None:
            yield refusal("already_paused")
        return
    if step.person_id and step.person_id not in state.people:
        yield refusal("unknown_person", "person_id")
    if step.review_on is None:
        yield refusal("review_day_missing", "review_on")
    elif step.review_on <= local_day(at):
        yield refusal("review_day_past", "review_on")
    if rest_of(state, "") is not None:
        yield refusal("already_paused")


def pause(state: CaseState, step: Pause, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T25, T27."""
    return (
        CasePaused(
            at=at,
            by=actor.actor_id,
            pause=step.pause,
            reason=step.reason,
            person_id=step.person_id,
            review_on=step.review_on,
        ),
    )


def may_resume(state: CaseState, step: Resume, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """Invariant 5: a harmed person's pause is ended in their name only."""
    if rest_of(state, step.person_id) is not None:
        return
    wishes = any(rest.kind == PauseKind.VICTIM_WISH for rest in state.rests)
    yield refusal("whose_wish" if wishes else "not_paused", "person_id")


def resume(state: CaseState, step: Resume, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """T26, T28."""
    kind = PauseKind.VICTIM_WISH if step.person_id else PauseKind.OTHER
    return (CaseResumed(at=at, by=actor.actor_id, pause=kind, person_id=step.person_id),)


def after_paused(state: CaseState, event: CasePaused) -> CaseState:
    """T25, T27."""
    rest = Rest(
        kind=event.pause,
        reason=event.reason,
        person_id=event.person_id,
        began_at=event.at,
        review_on=event.review_on,
    )
    return replace(state, rests=(*state.rests, rest))


def after_resumed(state: CaseState, event: CaseResumed) -> CaseState:
    """T26: consent and risk of the person who had asked for rest are looked at anew before anyone meets."""
    ended = rest_of(state, event.person_id)
    rests = tuple(rest for rest in state.rests if rest != ended)
    if ended is not None and event.pause == PauseKind.VICTIM_WISH:
        state = change(state, event.person_id, refreshed_after=ended.began_at)
    return replace(state, rests=rests, restarted_at=state.restarted_at if rests else event.at)
