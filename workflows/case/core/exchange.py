"""Letters and recordings: drafted, reviewed, agreed to, released, and how each ended (R-092; 6.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from workflows.case.core.contact import present
from workflows.case.core.events import Event
from workflows.case.core.process import in_status
from workflows.case.core.process_events import (
    ExchangeAccepted,
    ExchangeClosed,
    ExchangeDrafted,
    ExchangeReleased,
    ExchangeReviewed,
    ExchangeWithheld,
)
from workflows.case.core.refusals import refusal
from workflows.case.core.state import CaseState, Exchange, Process
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import (
    AgreeToReceive,
    CloseExchange,
    DraftExchange,
    ReleaseExchange,
    ReviewExchange,
)
from workflows.contracts.vocabulary import ExchangeStatus, ProcessKind, ProcessStatus

EXCHANGE_KINDS = frozenset({ProcessKind.LETTER_EXCHANGE, ProcessKind.RECORDED_MESSAGE, ProcessKind.NO_SEND_LETTER})
NOT_ENDED = (
    ExchangeStatus.DRAFTED,
    ExchangeStatus.REVIEWED,
    ExchangeStatus.ACCEPTED_TO_RECEIVE,
    ExchangeStatus.RELEASED,
)
ENDED_AFTER_RELEASE = (ExchangeStatus.ANSWERED, ExchangeStatus.NO_ANSWER_WANTED)


def exchanges_of(state: CaseState, process: Process) -> list[Exchange]:
    """The letters and recordings of one process."""
    return [exchange for exchange in state.exchanges.values() if exchange.process_id == process.process_id]


def closed_exchange_refusals(state: CaseState, process: Process) -> Iterator[StepRefusal]:
    """6.4: a letter process has taken place when something was released and all that was released has its end."""
    if process.kind not in EXCHANGE_KINDS:
        return
    exchanges = exchanges_of(state, process)
    if any(exchange.status == ExchangeStatus.RELEASED for exchange in exchanges):
        yield refusal("exchange_open", "process_id")
    written_for_oneself = process.kind == ProcessKind.NO_SEND_LETTER
    wanted = (ExchangeStatus.REVIEWED,) if written_for_oneself else (*ENDED_AFTER_RELEASE, ExchangeStatus.RELEASED)
    if not any(exchange.status in wanted for exchange in exchanges):
        yield refusal("nothing_exchanged", "process_id")


def may_draft(state: CaseState, step: DraftExchange, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-092: between two people of a process that has not ended; a letter not to be sent names its writer alone."""
    yield from in_status(
        state,
        step.process_id,
        ProcessStatus.PLANNED,
        ProcessStatus.READY,
        ProcessStatus.CONFIRMED,
        ProcessStatus.IN_PROGRESS,
        ProcessStatus.ADJOURNED,
        otherwise="process_over",
    )
    process = state.processes.get(step.process_id)
    if process is None:
        return
    if process.kind not in EXCHANGE_KINDS:
        yield refusal("not_an_exchange", "process_id")
    if step.from_person_id not in process.person_ids:
        yield refusal("not_an_attendee", "from_person_id")
    if not step.content_note_id:
        yield refusal("needed", "content_note_id")
    if process.kind == ProcessKind.NO_SEND_LETTER:
        return
    if step.to_person_id not in process.person_ids:
        yield refusal("not_an_attendee", "to_person_id")
    if step.to_person_id == step.from_person_id:
        yield refusal("to_oneself", "to_person_id")


def draft(state: CaseState, step: DraftExchange, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-092."""
    return (
        ExchangeDrafted(
            at=at,
            by=actor.actor_id,
            exchange_id=f"X{len(state.exchanges) + 1}",
            process_id=step.process_id,
            from_person_id=step.from_person_id,
            to_person_id=step.to_person_id,
            content_note_id=step.content_note_id,
        ),
    )


def _at(state: CaseState, exchange_id: str, status: ExchangeStatus, otherwise: str) -> Iterator[StepRefusal]:
    exchange = state.exchanges.get(exchange_id)
    if exchange is None:
        yield refusal("unknown_exchange", "exchange_id")
    elif exchange.status != status:
        yield refusal(otherwise, "exchange_id")


def may_review(state: CaseState, step: ReviewExchange, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-092."""
    yield from _at(state, step.exchange_id, ExchangeStatus.DRAFTED, "not_drafted")


def review(state: CaseState, step: ReviewExchange, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-092."""
    return (
        ExchangeReviewed(
            at=at,
            by=actor.actor_id,
            exchange_id=step.exchange_id,
            fit_to_release=step.fit_to_release,
            review_note_id=step.review_note_id,
        ),
    )


def may_agree(state: CaseState, step: AgreeToReceive, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-092: reviewed first; one written not to be sent has no recipient."""
    yield from _at(state, step.exchange_id, ExchangeStatus.REVIEWED, "not_reviewed")
    yield from _stays_unsent(state, step.exchange_id)


def _stays_unsent(state: CaseState, exchange_id: str) -> Iterator[StepRefusal]:
    exchange = state.exchanges.get(exchange_id)
    if exchange is not None and state.processes[exchange.process_id].kind == ProcessKind.NO_SEND_LETTER:
        yield refusal("stays_unsent", "exchange_id")


def agree(state: CaseState, step: AgreeToReceive, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-092."""
    return (ExchangeAccepted(at=at, by=actor.actor_id, exchange_id=step.exchange_id),)


def may_release(state: CaseState, step: ReleaseExchange, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-092: agreed to by its recipient, both people still in, and the process under way after its gates (T17)."""
    yield from _at(state, step.exchange_id, ExchangeStatus.ACCEPTED_TO_RECEIVE, "not_accepted")
    yield from _stays_unsent(state, step.exchange_id)
    exchange = state.exchanges.get(step.exchange_id)
    if exchange is None:
        return
    yield from in_status(state, exchange.process_id, ProcessStatus.IN_PROGRESS, otherwise="process_not_started")
    for person_id in (exchange.from_person_id, exchange.to_person_id):
        yield from present(state, person_id)


def release(state: CaseState, step: ReleaseExchange, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-092."""
    process_id = state.exchanges[step.exchange_id].process_id
    return (ExchangeReleased(at=at, by=actor.actor_id, exchange_id=step.exchange_id, process_id=process_id),)


def may_close(state: CaseState, step: CloseExchange, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """6.4: released before."""
    yield from _at(state, step.exchange_id, ExchangeStatus.RELEASED, "not_released")


def close(state: CaseState, step: CloseExchange, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """6.4."""
    return (ExchangeClosed(at=at, by=actor.actor_id, exchange_id=step.exchange_id, answered=step.answered),)


def after_drafted(state: CaseState, event: ExchangeDrafted) -> CaseState:
    """R-092."""
    exchange = Exchange(
        exchange_id=event.exchange_id,
        process_id=event.process_id,
        from_person_id=event.from_person_id,
        to_person_id=event.to_person_id,
        content_note_id=event.content_note_id,
    )
    return replace(state, exchanges={**state.exchanges, event.exchange_id: exchange})


def _set(state: CaseState, exchange_id: str, status: ExchangeStatus) -> CaseState:
    exchange = replace(state.exchanges[exchange_id], status=status)
    return replace(state, exchanges={**state.exchanges, exchange_id: exchange})


def after_reviewed(state: CaseState, event: ExchangeReviewed) -> CaseState:
    """Not fit means withheld."""
    fit = event.fit_to_release
    return _set(state, event.exchange_id, ExchangeStatus.REVIEWED if fit else ExchangeStatus.WITHHELD)


def after_accepted(state: CaseState, event: ExchangeAccepted) -> CaseState:
    """R-092."""
    return _set(state, event.exchange_id, ExchangeStatus.ACCEPTED_TO_RECEIVE)


def after_released(state: CaseState, event: ExchangeReleased) -> CaseState:
    """R-092."""
    return _set(state, event.exchange_id, ExchangeStatus.RELEASED)


def after_closed(state: CaseState, event: ExchangeClosed) -> CaseState:
    """6.4."""
    answered = event.answered
    return _set(state, event.exchange_id, ExchangeStatus.ANSWERED if answered else ExchangeStatus.NO_ANSWER_WANTED)


def after_withheld(state: CaseState, event: ExchangeWithheld) -> CaseState:
    """R-092."""
    return _set(state, event.exchange_id, ExchangeStatus.WITHHELD)
