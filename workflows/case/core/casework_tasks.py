"""The facilitator's tasks from first contact to the settled agreement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from workflows.case.core.agreement import open_items, people_of
from workflows.case.core.exchange import EXCHANGE_KINDS, exchanges_of
from workflows.case.core.people import (
    active_people,
    approach_is_agreed,
    consents,
    first_side,
    has_reached,
    may_be_contacted,
    was_approached,
    was_engaged,
)
from workflows.case.core.policy import policy_of
from workflows.case.core.process import open_processes
from workflows.case.core.readiness import attendees, readiness_refusals
from workflows.case.core.state import CaseState, Participation, Process, referral_of
from workflows.case.core.task_owner import by_lead, by_worker
from workflows.case.core.working_days import due_at, working_days_after
from workflows.contracts.ledger_entry import OpenTask
from workflows.contracts.vocabulary import (
    ConsentKind,
    ExchangeStatus,
    ItemStatus,
    ParticipationStatus,
    PartyRole,
    ProcessStatus,
    Stage,
)

_WITH_PEOPLE = (Stage.ENGAGING, Stage.PREPARING, Stage.READY, Stage.DELIVERING)


def casework_tasks(state: CaseState) -> Iterator[OpenTask]:
    """Tasks with people, then with the process, then with the agreement."""
    if state.stage in _WITH_PEOPLE:
        for person in active_people(state):
            yield from _with_person(state, person)
        if not open_processes(state) and state.stage == Stage.PREPARING:
            yield by_worker(state, "plan_process")
        for process in open_processes(state):
            yield from _with_process(state, process)
    for item in open_items(state):
        if item.status == ItemStatus.AGREED:
            due = due_at(item.due_on) if item.due_on is not None else None
            yield by_worker(state, "settle_item", subject=item.item_id, person_id=item.owner_person_id, due=due)
            continue
        for person_id in people_of(item):
            if person_id not in item.agreed_by:
                yield by_worker(state, "agree_item", subject=f"{item.item_id}:{person_id}", person_id=person_id)


def _with_person(state: CaseState, person: Participation) -> Iterator[OpenTask]:
    """First contact, information, agreement to the approach, consent, preparation: the next thing for this person."""
    if person.status == ParticipationStatus.NOT_NOW:
        return
    person_id = person.person_id
    if not person.identified:
        yield by_worker(state, "identify_person", person_id=person_id)
    elif not was_engaged(person):
        yield _first_contact(state, person)
    elif _approach_waits_for(state, person):
        yield by_worker(state, "ask_about_approach", person_id=person_id)
    elif person.role != PartyRole.SUPPORTER and not consents(person, ConsentKind.PARTICIPATION):
        yield by_worker(state, "seek_consent", person_id=person_id)
    elif consents(person, ConsentKind.PARTICIPATION) and not person.prepared:
        yield by_worker(state, "prepare", person_id=person_id)


def _first_contact(state: CaseState, person: Participation) -> OpenTask:
    """R-025; R-005: without permission the task waits for it, and the other side's waits for the first (invariant
    2).
    """
    due: datetime | None = None
    blocked_by = ""
    if not may_be_contacted(person):
        blocked_by = "no_permission"
    elif not approach_is_agreed(state, person):
        blocked_by = "approach_not_agreed"
    else:
        days = policy_of(state).first_contact_working_days + state.rested_working_days
        due = working_days_after(referral_of(state).received_at, days)
    kind = "inform_person" if was_approached(person) else "first_contact"
    return by_worker(state, kind, person_id=person.person_id, due=due, blocked_by=blocked_by)


def _approach_waits_for(state: CaseState, person: Participation) -> bool:
    """Someone of the first side whose agreement another person's first contact waits for."""
    first = first_side(state)
    if all(one.person_id != person.person_id for one in first):
        return False
    return any(not approach_is_agreed(state, other) for other in active_people(state))


def _with_process(state: CaseState, process: Process) -> Iterator[OpenTask]:
    """6.4: towards readiness, the booking, the day, and its record."""
    subject = process.process_id
    match process.status:
        case ProcessStatus.PLANNED | ProcessStatus.ADJOURNED if process.ready_proposed_by:
            due = working_days_after(state.changed_at or referral_of(state).received_at, 0)
            yield by_lead(state, "countersign_ready", subject=subject, due=due)
        case ProcessStatus.PLANNED | ProcessStatus.ADJOURNED:
            yield from _towards_readiness(state, process)
        case ProcessStatus.READY:
            yield by_worker(state, "book_process", subject=subject)
        case ProcessStatus.CONFIRMED:
            yield by_worker(state, "start_process", subject=subject, due=process.starts_at)
        case ProcessStatus.IN_PROGRESS:
            yield from _with_letters(state, process)
            waits = "exchange_open" if _released(state, process) else ""
            yield by_worker(state, "record_process", subject=subject, due=process.starts_at, blocked_by=waits)
        case _:
            return


def _towards_readiness(state: CaseState, process: Process) -> Iterator[OpenTask]:
    """T17: the first thing that is missing blocks it; risk to look at anew is a task of its own (R-054)."""
    at = state.changed_at or referral_of(state).received_at
    missing = [refused.code for refused in readiness_refusals(state, process, at)]
    for person in attendees(state, process):
        met_since = person.risk is None or person.risk.sequence < person.first_met
        if person.prepared and met_since and has_reached(person, ParticipationStatus.INFORMED):
            yield by_worker(state, "assess_risk", person_id=person.person_id)
    yield by_worker(state, "declare_ready", subject=process.process_id, blocked_by=missing[0] if missing else "")


def _released(state: CaseState, process: Process) -> bool:
    return any(exchange.status == ExchangeStatus.RELEASED for exchange in exchanges_of(state, process))


_LETTER_TASKS = {
    ExchangeStatus.DRAFTED: "review_exchange",
    ExchangeStatus.REVIEWED: "ask_recipient",
    ExchangeStatus.ACCEPTED_TO_RECEIVE: "release_exchange",
    ExchangeStatus.RELEASED: "close_exchange",
}


def _with_letters(state: CaseState, process: Process) -> Iterator[OpenTask]:
    """R-092."""
    if process.kind not in EXCHANGE_KINDS:
        return
    exchanges = exchanges_of(state, process)
    if not exchanges:
        yield by_worker(state, "draft_exchange", subject=process.process_id)
    for exchange in exchanges:
        kind = _LETTER_TASKS.get(exchange.status)
        unsent = exchange.status == ExchangeStatus.REVIEWED and not exchange.to_person_id
        if kind is not None and not unsent:
            yield by_worker(state, kind, subject=exchange.exchange_id)
