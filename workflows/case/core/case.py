"""The one door into the case core: steps, time and outcomes go in; the next state, ledger entries and intentions
come out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from workflows.case.core import clock, delivery_outcomes, permissions, send_guard
from workflows.case.core.apply import apply
from workflows.case.core.case_view import view_for
from workflows.case.core.consequences import consequences
from workflows.case.core.decide import decide
from workflows.case.core.events import Event, ItemProposed
from workflows.case.core.intentions import intentions
from workflows.case.core.ledger import entry_for
from workflows.case.core.process_events import ExchangeDrafted, ProcessPlanned
from workflows.case.core.state import CaseState
from workflows.case.core.summary import summary_of
from workflows.contracts.actor import Actor
from workflows.contracts.case_view import CaseView
from workflows.contracts.intention import Delivery, Intention, Reservation, ReserveCapacity, SendMessage
from workflows.contracts.ledger_entry import CaseSummary, LedgerEntry
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one step, moment or outcome made of the case: `created` are the ids it gave (process, items, exchange)."""

    state: CaseState
    entries: tuple[LedgerEntry, ...]
    intentions: tuple[Intention, ...]
    created: tuple[str, ...] = ()


def new_case(case_id: str) -> CaseState:
    """A case that has only its id; SubmitReferral begins it."""
    return CaseState(case_id=case_id)


def take_step(
    state: CaseState, step: Step, actor: Actor, at: datetime, traceparent: str = ""
) -> Turn | tuple[StepRefusal, ...]:
    """The step's turn, or every reason why it may not be taken now and who can supply what is missing.

    Whoever may not see the case learns only what they would of one that does not exist.
    """
    return take_steps(state, (step,), actor, at, traceparent)


def take_steps(
    state: CaseState, steps: tuple[Step, ...], actor: Actor, at: datetime, traceparent: str = ""
) -> Turn | tuple[StepRefusal, ...]:
    """Several steps in their order as one turn, all or none; a refusal's field says which step it is about.

    Sight of the case is asked once, as it stands before the first step: a step may end it.
    """
    unseen = permissions.hidden(state, actor)
    if unseen is not None:
        return (unseen,)
    turn = Turn(state=state, entries=(), intentions=())
    for number, step in enumerate(steps):
        taken = _take(turn.state, step, actor, at, traceparent)
        if not isinstance(taken, Turn):
            return taken if len(steps) == 1 else tuple(_about(refusal, number) for refusal in taken)
        turn = Turn(
            state=taken.state,
            entries=(*turn.entries, *taken.entries),
            intentions=(*turn.intentions, *taken.intentions),
            created=(*turn.created, *taken.created),
        )
    return turn


def pass_time(state: CaseState, at: datetime) -> Turn:
    """Everything that falls due by `at`; no entries when nothing does."""
    return _turn(state, clock.due(state, at))


def next_deadline(state: CaseState) -> datetime | None:
    """The earliest moment at which `pass_time` would do something; None when only people can move the case."""
    return clock.next_deadline(state)


def learn_delivery(state: CaseState, intention: SendMessage, delivery: Delivery, at: datetime) -> Turn:
    """What became of a message: sent, to be tried again later, or for a person to bring."""
    events = delivery_outcomes.delivered(state, intention, delivery, at)
    return _turn(state, events, traceparent=intention.traceparent)


def learn_reservation(state: CaseState, intention: ReserveCapacity, reservation: Reservation, at: datetime) -> Turn:
    """Whether the facilitator had a place; if not, the allocation falls back to the hub (T13)."""
    events = delivery_outcomes.reserved(state, intention, reservation, at)
    return _turn(state, events, traceparent=intention.traceparent)


def may_send(state: CaseState, intention: SendMessage, at: datetime) -> str:
    """The last look before a message leaves: empty, or the code why it may not (R-111, invariants 1 and 4)."""
    return send_guard.why_not(state, intention, at)


def view(state: CaseState, actor: Actor, at: datetime) -> CaseView:
    """The case as this actor may see it (R-013, R-143)."""
    return view_for(state, actor, at)


def may_see(state: CaseState, actor: Actor) -> bool:
    """Whether the actor has anything to do with this case; to everyone else it does not exist."""
    return permissions.may_see(state, actor)


def summarise(state: CaseState, at: datetime) -> CaseSummary:
    """Where the case stands, for lists and task pages."""
    return summary_of(state, at)


def _take(state: CaseState, step: Step, actor: Actor, at: datetime, traceparent: str) -> Turn | tuple[StepRefusal, ...]:
    """One step by someone who sees the case."""
    decision = decide(state, step, actor, at)
    if decision.refusals:
        return decision.refusals
    role = permissions.acting_role(state, step.kind, actor)
    return _turn(state, decision.events, step=step.kind, actor_role=role, traceparent=traceparent)


def _about(refusal: StepRefusal, number: int) -> StepRefusal:
    return replace(refusal, field=f"steps[{number}].{refusal.field}".removesuffix("."))


def _turn(
    state: CaseState, events: Iterable[Event], *, step: str = "", actor_role: str = "", traceparent: str = ""
) -> Turn:
    """Applies the events and whatever follows from each, in order."""
    waiting = deque(events)
    entries: list[LedgerEntry] = []
    wanted: list[Intention] = []
    created: list[str] = []
    while waiting:
        event = waiting.popleft()
        before, state = state, apply(state, event)
        entries.append(entry_for(state, event, step=step, actor_role=actor_role, traceparent=traceparent))
        wanted.extend(intentions(before, state, event, traceparent))
        created.extend(_created_by(event))
        waiting.extendleft(reversed(consequences(before, state, event)))
    return Turn(state=state, entries=tuple(entries), intentions=tuple(wanted), created=tuple(created))


def _created_by(event: Event) -> tuple[str, ...]:
    match event:
        case ProcessPlanned(process_id=created) | ItemProposed(item_id=created) | ExchangeDrafted(exchange_id=created):
            return (created,)
        case _:
            return ()
