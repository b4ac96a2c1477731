"""The wall: what each actor sees of a case (R-013, R-131, R-143; invariant 6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from workflows.case.core import own_view
from workflows.case.core.people import consents
from workflows.case.core.permissions import Relation, relations, steps_now
from workflows.case.core.state import CaseState, Exchange, Item, Participation, Point, Process, Rest, referral_of
from workflows.case.core.summary import next_due_at
from workflows.case.core.tasks import open_tasks
from workflows.contracts.actor import Actor
from workflows.contracts.case_view import (
    CaseView,
    ExchangeView,
    ItemView,
    ParticipationView,
    PointView,
    ProcessView,
)
from workflows.contracts.vocabulary import PauseKind, Stage

STAFF = (Relation.HUB, Relation.ALLOCATED, Relation.HOLDING_UNIT, Relation.SPECIALIST)
_BEFORE_ALLOCATION = {
    Stage.RECEIVED: Stage.RECEIVED,
    Stage.INFO_REQUESTED: Stage.SCREENING,
    Stage.SCREENING: Stage.SCREENING,
    Stage.ACCEPTED: Stage.SCREENING,
    Stage.CLOSED: Stage.CLOSED,
}


def view_for(state: CaseState, actor: Actor, at: datetime) -> CaseView:
    """Staff see the case, a referrer how far it is, a person themselves; whoever may not see it must not ask."""
    held = relations(state, actor)
    if any(relation in STAFF for relation in held):
        return _staff_view(state, actor, at)
    coarse = _coarse_view(state, actor, at)
    if Relation.SELF in held:
        return own_view.added(coarse, state, state.people[actor.person_id])
    return coarse


def _coarse_view(state: CaseState, actor: Actor, at: datetime) -> CaseView:
    """R-013: received, being looked at, allocated or closed; nothing that anyone decided."""
    referral = referral_of(state)
    return CaseView(
        case_id=state.case_id,
        episode=state.episode,
        sequence=0,
        now=at,
        coarse=True,
        stage=_BEFORE_ALLOCATION.get(state.stage, Stage.ALLOCATED),
        handling=None,
        stream="",
        harm_type="",
        district="",
        initiator="",
        rj_level="",
        justice_stage="",
        referrer_agency_id=referral.referrer_agency_id if actor.agency_id == referral.referrer_agency_id else "",
        unit_id="",
        facilitator_ids=(),
        paused="",
        paused_person_id="",
        held="",
        waiting_for="",
        closed_reason="",
        closed_side="",
        opened_at=referral.received_at,
        next_due_at=None,
        people=(),
        processes=(),
        exchanges=(),
        items=(),
        points=(),
        tasks=(),
        steps_now=steps_now(state, actor),
    )


def _staff_view(state: CaseState, actor: Actor, at: datetime) -> CaseView:
    referral = referral_of(state)
    tasks = open_tasks(state)
    rest = _foremost_rest(state)
    return replace(
        _coarse_view(state, actor, at),
        sequence=state.sequence,
        coarse=False,
        stage=state.stage,
        handling=state.handling,
        stream=referral.stream.value,
        harm_type=referral.harm_type.value,
        district=referral.district.value,
        initiator=referral.initiator.value,
        rj_level=referral.rj_level.value,
        justice_stage=referral.justice_stage.value,
        referrer_agency_id=referral.referrer_agency_id,
        unit_id=state.unit_id,
        facilitator_ids=state.facilitator_ids,
        paused=rest.kind.value if rest is not None else "",
        paused_person_id=rest.person_id if rest is not None else "",
        held=state.hold.reason.value if state.hold is not None else "",
        waiting_for=_waiting_for(state),
        closed_reason=state.closing.reason.value if state.closing is not None else "",
        closed_side=state.closing.side.value if state.closing is not None else "",
        next_due_at=next_due_at(tasks),
        people=tuple(person_view(person) for person in state.people.values()),
        processes=tuple(process_view(process) for process in state.processes.values()),
        exchanges=tuple(exchange_view(exchange) for exchange in state.exchanges.values()),
        items=tuple(item_view(item) for item in state.items.values()),
        points=tuple(point_view(point) for point in state.points.values()),
        tasks=tasks,
    )


def _foremost_rest(state: CaseState) -> Rest | None:
    """A harmed person's wish comes before any other reason."""
    wishes = [rest for rest in state.rests if rest.kind == PauseKind.VICTIM_WISH]
    return next(iter([*wishes, *state.rests]), None)


def _waiting_for(state: CaseState) -> str:
    """The second signature that is missing."""
    if state.hold is not None and state.hold.first_release_by:
        return "release_hold"
    if state.refusal is not None:
        return "countersign_refusal"
    if any(process.ready_proposed_by for process in state.processes.values()):
        return "countersign_ready"
    return ""


def person_view(person: Participation) -> ParticipationView:
    """One person, for staff or for themselves."""
    return ParticipationView(
        person_id=person.person_id,
        role=person.role,
        status=person.status,
        exit=person.left.exit if person.left is not None else None,
        may_be_contacted=person.may_be_contacted.value,
        consents=tuple(kind for kind in person.consents if consents(person, kind)),
        risk=person.risk.level if person.risk is not None else None,
        bars=tuple(bar.value for bar in person.risk.bars) if person.risk is not None else (),
        responsibility=person.responsibility.value,
        agreed_to_approach=person.agreed_to_approach,
        contact_attempts=person.contact_attempts,
        informed_pack=person.informed_pack,
    )


def process_view(process: Process) -> ProcessView:
    """One process with everyone in it: staff only."""
    return ProcessView(
        process_id=process.process_id,
        kind=process.kind,
        status=process.status,
        person_ids=process.person_ids,
        starts_at=process.starts_at,
        venue_id=process.venue_id,
    )


def exchange_view(exchange: Exchange) -> ExchangeView:
    """One letter or recording with both its people: staff only."""
    return ExchangeView(
        exchange_id=exchange.exchange_id,
        process_id=exchange.process_id,
        from_person_id=exchange.from_person_id,
        to_person_id=exchange.to_person_id,
        status=exchange.status,
        content_note_id=exchange.content_note_id,
    )


def item_view(item: Item) -> ItemView:
    """One undertaking with all its people: staff only."""
    return ItemView(
        item_id=item.item_id,
        process_id=item.process_id,
        kind=item.kind,
        status=item.status,
        owner_person_id=item.owner_person_id,
        for_person_ids=item.for_person_ids,
        due_on=item.due_on,
        agreed_by=item.agreed_by,
        wording_note_id=item.wording_note_id,
    )


def point_view(point: Point) -> PointView:
    """One follow-up point."""
    return PointView(
        point_id=point.point_id,
        kind=point.kind,
        person_id=point.person_id,
        status=point.status,
        due_at=point.due_at,
        reason=point.reason,
    )
