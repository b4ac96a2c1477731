"""What a person sees of their own case: themselves, and never the other side (R-143, invariant 6)."""

from __future__ import annotations

from dataclasses import replace

from workflows.case.core.agreement import people_of
from workflows.case.core.people import consents
from workflows.case.core.state import CaseState, Exchange, Item, Participation, Process
from workflows.contracts.case_view import (
    CaseView,
    ExchangeView,
    ItemView,
    ParticipationView,
    PointView,
    ProcessView,
)
from workflows.contracts.vocabulary import ExchangeStatus, PauseKind, ProcessStatus

_APPOINTED = (ProcessStatus.CONFIRMED, ProcessStatus.IN_PROGRESS, ProcessStatus.HELD)
_RELEASED = (ExchangeStatus.RELEASED, ExchangeStatus.ANSWERED, ExchangeStatus.NO_ANSWER_WANTED)
# A writer learns that their letter was released, not what its reader did or said about receiving it.
_TOLD_TO_WRITER = {
    ExchangeStatus.ACCEPTED_TO_RECEIVE: ExchangeStatus.REVIEWED,
    ExchangeStatus.ANSWERED: ExchangeStatus.RELEASED,
    ExchangeStatus.NO_ANSWER_WANTED: ExchangeStatus.RELEASED,
}


def added(coarse: CaseView, state: CaseState, person: Participation) -> CaseView:
    """The coarse view, with what is this person's own."""
    person_id = person.person_id
    own_pause = any(rest.kind == PauseKind.VICTIM_WISH and rest.person_id == person_id for rest in state.rests)
    return replace(
        coarse,
        facilitator_ids=state.facilitator_ids,
        paused=PauseKind.VICTIM_WISH.value if own_pause else "",
        paused_person_id=person_id if own_pause else "",
        people=(_themselves(person),),
        processes=tuple(
            _appointment(process, person_id)
            for process in state.processes.values()
            if person_id in process.person_ids and process.status in _APPOINTED
        ),
        exchanges=tuple(
            _letter(exchange, person_id)
            for exchange in state.exchanges.values()
            if exchange.from_person_id == person_id
            or (exchange.to_person_id == person_id and exchange.status in _RELEASED)
        ),
        items=tuple(_item(item, person_id) for item in state.items.values() if person_id in people_of(item)),
        points=tuple(
            PointView(
                point_id=point.point_id,
                kind=point.kind,
                person_id=person_id,
                status=point.status,
                due_at=point.due_at,
                reason="",
            )
            for point in state.points.values()
            if point.person_id == person_id
        ),
    )


def _themselves(person: Participation) -> ParticipationView:
    """Their own choices; what staff judge of them is not shown here."""
    return ParticipationView(
        person_id=person.person_id,
        role=person.role,
        status=person.status,
        exit=person.left.exit if person.left is not None else None,
        may_be_contacted=person.may_be_contacted.value,
        consents=tuple(kind for kind in person.consents if consents(person, kind)),
        risk=None,
        bars=(),
        responsibility="",
        agreed_to_approach=person.agreed_to_approach,
        contact_attempts=0,
        informed_pack=person.informed_pack,
    )


def _appointment(process: Process, person_id: str) -> ProcessView:
    """R-085: their own arrival in place of the common start."""
    own = process.appointments.get(person_id)
    return ProcessView(
        process_id=process.process_id,
        kind=process.kind,
        status=process.status,
        person_ids=(person_id,),
        starts_at=own.arrive_at if own is not None else process.starts_at,
        venue_id=process.venue_id,
    )


def _letter(exchange: Exchange, person_id: str) -> ExchangeView:
    writer = exchange.from_person_id == person_id
    status = _TOLD_TO_WRITER.get(exchange.status, exchange.status) if writer else exchange.status
    return ExchangeView(
        exchange_id=exchange.exchange_id,
        process_id=exchange.process_id,
        from_person_id=person_id if writer else "",
        to_person_id="" if writer else person_id,
        status=status,
        content_note_id=exchange.content_note_id,
    )


def _item(item: Item, person_id: str) -> ItemView:
    """Both sides know the words they agreed on together; who else agreed stays with each."""
    agreed = person_id in item.agreed_by
    return ItemView(
        item_id=item.item_id,
        process_id=item.process_id,
        kind=item.kind,
        status=item.status,
        owner_person_id=person_id if item.owner_person_id == person_id else "",
        for_person_ids=(person_id,) if person_id in item.for_person_ids else (),
        due_on=item.due_on,
        agreed_by=(person_id,) if agreed else (),
        wording_note_id=item.wording_note_id,
    )
