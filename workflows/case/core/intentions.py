"""What an event makes the service want to do outside the case: messages, access to records, places in caseloads."""

from __future__ import annotations

from dataclasses import dataclass, field

from workflows.case.core import events as e
from workflows.case.core import follow_up_events as f
from workflows.case.core import process_events as p
from workflows.case.core.exchange import EXCHANGE_KINDS
from workflows.case.core.people import (
    counts_as_harmed,
    counts_as_responsible,
    is_active,
    may_be_contacted,
    was_engaged,
)
from workflows.case.core.send_guard import (
    AGREEMENT_ITEM_OUTCOME,
    APPOINTMENT_CANCELLED,
    APPOINTMENT_CONFIRMED,
    EXIT_NOTICE,
    FOLLOW_UP_REMINDER,
    REFERRAL_RECEIVED,
)
from workflows.case.core.state import CaseState, Participation
from workflows.case.core.working_days import local_day, local_time
from workflows.contracts.intention import Intention, PutAccess, ReleaseCapacity, ReserveCapacity, SendMessage
from workflows.contracts.vocabulary import Answer, PartyRole


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    person_id: str
    template: str
    parameters: dict[str, str] = field(default_factory=dict)
    point_id: str = ""


def intentions(before: CaseState, state: CaseState, event: e.Event, traceparent: str) -> tuple[Intention, ...]:
    """Each with a key of its own, made of the case, the entry and its place in it."""
    wanted: list[Intention] = []

    def key() -> str:
        return f"{state.case_id}-{state.sequence}-{len(wanted) + 1}"

    for message in _messages(before, state, event):
        wanted.append(
            SendMessage(
                intention_id=key(),
                case_id=state.case_id,
                person_id=message.person_id,
                template=message.template,
                parameters=message.parameters,
                point_id=message.point_id,
                traceparent=traceparent,
            )
        )
    for staff_id in _places_wanted(before, state, event):
        wanted.append(
            ReserveCapacity(
                intention_id=key(),
                case_id=state.case_id,
                episode=state.episode,
                staff_id=staff_id,
                traceparent=traceparent,
            )
        )
    for staff_id in _places_given_back(before, state, event):
        wanted.append(
            ReleaseCapacity(
                intention_id=key(),
                case_id=state.case_id,
                episode=state.episode,
                staff_id=staff_id,
                traceparent=traceparent,
            )
        )
    if _who_may_see(state) != _who_may_see(before):
        staff_ids, unit_ids = _who_may_see(state)
        wanted.append(
            PutAccess(
                intention_id=key(),
                case_id=state.case_id,
                as_of_sequence=state.sequence,
                staff_ids=staff_ids,
                unit_ids=unit_ids,
                traceparent=traceparent,
            )
        )
    return tuple(wanted)


def _who_may_see(state: CaseState) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Staff and units who may see the case's records besides the hub (R-076, R-131); nobody once it is closed."""
    if state.closing is not None:
        return (), ()
    return state.facilitator_ids, (state.unit_id,) if state.unit_id else ()


def _places_wanted(before: CaseState, state: CaseState, event: e.Event) -> list[str]:
    """R-071, R-075: a place in the caseload of everyone who is new to the case."""
    if not isinstance(event, (e.Allocated, e.AllocationAccepted)):
        return []
    return [name for name in state.facilitator_ids if name not in before.facilitator_ids]


def _places_given_back(before: CaseState, state: CaseState, event: e.Event) -> list[str]:
    if isinstance(event, e.CaseClosed):
        return list(state.facilitator_ids)
    refused = event.staff_id if isinstance(event, e.ReservationRefused) else ""
    return [name for name in before.facilitator_ids if name not in state.facilitator_ids and name != refused]


def _messages(before: CaseState, state: CaseState, event: e.Event) -> list[_Message]:
    """Nothing here says whether a message may leave: the guard looks at the moment of sending."""
    match event:
        case e.PersonNamed(referred_themselves=True, may_be_contacted=Answer.YES, person_id=person_id):
            return [_Message(person_id=person_id, template=REFERRAL_RECEIVED)]
        case p.ProcessBooked(process_id=process_id):
            return _confirmations(state, process_id)
        case p.ProcessUnready(was_booked=True) | p.ProcessNotHeld(was_booked=True):
            return _cancellations(before, state, event.process_id)
        case e.LastPairLost():
            return [_Message(person_id=person.person_id, template=EXIT_NOTICE) for person in _left_alone(state, event)]
        case e.ItemSettled(item_id=item_id, outcome=outcome):
            return _outcome_notices(before, state, item_id, outcome.value)
        case f.FollowUpDue(point_id=point_id, person_id=person_id, reminder=reminder, point_kind=kind):
            template = FOLLOW_UP_REMINDER if reminder else f"follow_up_{kind.value}"
            return [_Message(person_id=person_id, template=template, point_id=point_id)]
        case f.MessageDue(message_id=message_id, person_id=person_id, template=template):
            return [_Message(person_id=person_id, template=template, parameters=before.owed[message_id].parameters)]
        case _:
            return []


def _confirmations(state: CaseState, process_id: str) -> list[_Message]:
    """R-085: each person their own arrival and nobody else's. A letter has no appointment."""
    process = state.processes[process_id]
    if process.kind in EXCHANGE_KINDS:
        return []
    messages = []
    for person_id in process.person_ids:
        own = process.appointments.get(person_id)
        moment = own.arrive_at if own is not None else process.starts_at
        if moment is None:
            continue
        parameters = {
            "date": local_day(moment).isoformat(),
            "time": local_time(moment),
            "place_code": process.venue_id or process.kind.value,
        }
        messages.append(_Message(person_id=person_id, template=APPOINTMENT_CONFIRMED, parameters=parameters))
    return messages


def _cancellations(before: CaseState, state: CaseState, process_id: str) -> list[_Message]:
    """Everyone who was to come and is still in the case; why, nobody is told."""
    process = before.processes[process_id]
    if process.kind in EXCHANGE_KINDS:
        return []
    return [
        _Message(person_id=person_id, template=APPOINTMENT_CANCELLED)
        for person_id in process.person_ids
        if is_active(state.people[person_id])
    ]


def _left_alone(state: CaseState, event: e.LastPairLost) -> list[Participation]:
    """R-122: the other side's people who know of the offer; the words never say who decided."""

    def is_other_side(person: Participation) -> bool:
        if event.role == PartyRole.SUPPORTER or person.role == PartyRole.SUPPORTER:
            return False
        return (counts_as_harmed(event.role) and counts_as_responsible(person.role)) or (
            counts_as_responsible(event.role) and counts_as_harmed(person.role)
        )

    return [
        person
        for person in state.people.values()
        if is_active(person) and was_engaged(person) and may_be_contacted(person) and is_other_side(person)
    ]


def _outcome_notices(before: CaseState, state: CaseState, item_id: str, outcome: str) -> list[_Message]:
    """R-103: the harmed people it was for, however it ended; what was never agreed is nobody's news."""
    item = state.items[item_id]
    agreed = item.owner_person_id in item.agreed_by and all(one in item.agreed_by for one in item.for_person_ids)
    if not agreed:
        return []
    return [
        _Message(person_id=person_id, template=AGREEMENT_ITEM_OUTCOME, parameters={"outcome": outcome})
        for person_id in item.for_person_ids
        if counts_as_harmed(state.people[person_id].role) and person_id != item.owner_person_id
    ]
