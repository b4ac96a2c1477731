"""What follows by itself from something that happened: the rules that connect the coupled machines (6.1)."""

from __future__ import annotations

from workflows.case.core import events as e
from workflows.case.core import follow_up_events as f
from workflows.case.core import process_events as p
from workflows.case.core.closing import AT_SCREENING
from workflows.case.core.exchange import EXCHANGE_KINDS, NOT_ENDED, exchanges_of
from workflows.case.core.follow_up import open_points, plan_for, points_of
from workflows.case.core.people import consents, has_viable_pair, is_active, was_engaged
from workflows.case.core.process import open_processes
from workflows.case.core.readiness import ONE_SIDED, attendees, enough_people, readiness_refusals
from workflows.case.core.state import CaseState, Exchange, Process
from workflows.contracts.vocabulary import (
    ConsentKind,
    ExchangeStatus,
    Exit,
    ExitReason,
    HoldReason,
    NotHeldReason,
    OnwardSupport,
    PointStatus,
    ProcessKind,
    ProcessStatus,
    Side,
    Stage,
)

APPROACHED = (Stage.ENGAGING, Stage.PREPARING, Stage.READY, Stage.DELIVERING)


def consequences(before: CaseState, state: CaseState, event: e.Event) -> tuple[e.Event, ...]:
    """The events that `event` brings with it, in order."""
    match event:
        case e.PersonWithdrew() | e.PersonExited():
            return _of_leaving(before, state, event)
        case e.ConsentWithdrawn() | e.OfferLeftOpen():
            return (*_adjourned_without(state, event), *_of_changed_readiness(state, event))
        case (
            e.ConsentGiven()
            | e.RiskAssessed()
            | e.PreparationRecorded()
            | e.PermissionRecorded()
            | e.ResponsibilityRecorded()
            | e.CaseResumed()
            | e.Allocated()
            | e.ReservationRefused()
        ):
            return _of_changed_readiness(state, event)
        case e.CasePaused():
            return _of_pause(state, event)
        case e.HeldForSafety():
            return _of_hold(state, event)
        case p.ProcessHeld() | p.ProcessNotHeld() | p.ProcessStopped():
            return (*_letters_left_over(state, event.process_id, event), *_of_ended_process(state, event))
        case f.FollowUpAnswered(distressed=True) | f.FollowUpDeclined(distressed=True):
            return (_hold(event, HoldReason.DISTRESS, event.person_id),)
        case e.ReferralRefused():
            return (_closed_at_screening(state, event),)
        case _:
            return ()


def _hold(event: e.Event, reason: HoldReason, person_id: str) -> e.HeldForSafety:
    return e.HeldForSafety(at=event.at, reason=reason, person_id=person_id, hold_note_id="")


def _closed_at_screening(state: CaseState, event: e.ReferralRefused) -> e.CaseClosed:
    offered = OnwardSupport.OFFERED if event.alternatives_offered else OnwardSupport.NOT_OFFERED
    return e.CaseClosed(
        at=event.at,
        by=event.by,
        reason=AT_SCREENING[event.reason],
        side=Side.SERVICE,
        from_stage=state.stage.value,
        onward_support=offered,
        summary_note_id=event.reasons_note_id,
    )


# ── leaving ──


def _of_leaving(before: CaseState, state: CaseState, event: e.PersonWithdrew | e.PersonExited) -> tuple[e.Event, ...]:
    """6.3: the person's pair goes, the others' way stays open while there is one; follow-up begins; danger holds
    the case.
    """
    found: list[e.Event] = []
    for process in open_processes(state):
        if event.person_id in process.person_ids:
            found.extend(_process_without(state, process, event))
    found.extend(_letters_without(state, event))
    pair_lost = has_viable_pair(before) and not has_viable_pair(state)
    found.extend(_follow_up_after_leaving(state, event, pair_lost))
    goes_on = any(
        process.kind in ONE_SIDED and enough_people(process.kind, attendees(state, process))
        for process in open_processes(state)
    )
    if pair_lost and not goes_on and state.stage in APPROACHED:
        found.append(e.LastPairLost(at=event.at, person_id=event.person_id, role=event.role))
    if isinstance(event, e.PersonExited) and event.exit == Exit.UNSAFE and state.hold is None:
        found.append(
            e.HeldForSafety(at=event.at, by=event.by, reason=HoldReason.SAFEGUARDING, person_id="", hold_note_id="")
        )
    return tuple(found)


def _process_without(
    state: CaseState, process: Process, event: e.PersonWithdrew | e.PersonExited
) -> tuple[e.Event, ...]:
    """T18, T22."""
    others = [person for person in attendees(state, process) if person.person_id != event.person_id]
    booked = process.status == ProcessStatus.CONFIRMED
    if not enough_people(process.kind, others):
        return (
            p.ProcessNotHeld(
                at=event.at,
                process_id=process.process_id,
                process_kind=process.kind,
                reason=NotHeldReason.WITHDRAWAL,
                person_id=event.person_id,
                was_booked=booked,
            ),
        )
    removed = p.AttendeeRemoved(at=event.at, process_id=process.process_id, person_id=event.person_id)
    if booked or process.status == ProcessStatus.READY or process.ready_proposed_by:
        return (removed, _unready(process, event, "attendee_left", event.person_id))
    return (removed,)


def _letters_without(state: CaseState, event: e.PersonWithdrew | e.PersonExited) -> tuple[e.Event, ...]:
    """R-044: what is on its way from or to this person stops."""
    return tuple(
        _ended(exchange, event, "person_left")
        for exchange in state.exchanges.values()
        if exchange.status in NOT_ENDED and event.person_id in (exchange.from_person_id, exchange.to_person_id)
    )


def _ended(exchange: Exchange, event: e.Event, reason: str) -> e.Event:
    if exchange.status == ExchangeStatus.RELEASED:
        return p.ExchangeClosed(at=event.at, exchange_id=exchange.exchange_id, answered=False)
    return p.ExchangeWithheld(at=event.at, exchange_id=exchange.exchange_id, reason=reason)


def _follow_up_after_leaving(
    state: CaseState, event: e.PersonWithdrew | e.PersonExited, pair_lost: bool
) -> tuple[e.Event, ...]:
    """R-110, R-115: whoever engaged is followed up, and with the last pair everyone else who did. The dead are
    not asked.
    """
    if event.reason == ExitReason.DIED:
        return tuple(
            f.FollowUpCancelled(at=event.at, point_id=point.point_id, reason="died")
            for point in open_points(state)
            if point.person_id == event.person_id
        )
    wanted = [
        person.person_id
        for person in state.people.values()
        if was_engaged(person)
        and not points_of(state, person.person_id)
        and (person.person_id == event.person_id or (pair_lost and is_active(person)))
    ]
    return plan_for(state, wanted, event.at)


# ── process ──


def _unready(
    process: Process, event: e.Event, reason: str, person_id: str, still_ready: bool = False
) -> p.ProcessUnready:
    return p.ProcessUnready(
        at=event.at,
        process_id=process.process_id,
        reason=reason,
        person_id=person_id,
        was_booked=process.status == ProcessStatus.CONFIRMED,
        still_ready=still_ready,
    )


def _rests_on_readiness(process: Process) -> bool:
    return process.status in (ProcessStatus.READY, ProcessStatus.CONFIRMED) or bool(process.ready_proposed_by)


def _of_changed_readiness(state: CaseState, event: e.Event) -> tuple[e.Event, ...]:
    """T18: what was ready or booked is looked at again."""
    found: list[e.Event] = []
    for process in open_processes(state):
        if not _rests_on_readiness(process):
            continue
        missing = next(readiness_refusals(state, process, event.at), None)
        if missing is not None:
            person_id = missing.field.rpartition(":")[2] if ":" in missing.field else ""
            found.append(_unready(process, event, missing.code, person_id))
    return tuple(found)


def _adjourned_without(state: CaseState, event: e.ConsentWithdrawn | e.OfferLeftOpen) -> tuple[e.Event, ...]:
    """R-044: what is in progress stops when someone in it no longer consents."""
    left_open = isinstance(event, e.OfferLeftOpen)
    if not left_open and consents(state.people[event.person_id], ConsentKind.PARTICIPATION):
        return ()
    return tuple(
        _adjourned(process, event)
        for process in open_processes(state)
        if process.status == ProcessStatus.IN_PROGRESS and event.person_id in process.person_ids
    )


def _adjourned(process: Process, event: e.Event) -> p.ProcessAdjourned:
    return p.ProcessAdjourned(at=event.at, process_id=process.process_id, process_kind=process.kind)


def _of_pause(state: CaseState, event: e.CasePaused) -> tuple[e.Event, ...]:
    """T25: nobody meets while the case rests; letters under way wait where they are."""
    found: list[e.Event] = []
    for process in open_processes(state):
        if process.status == ProcessStatus.CONFIRMED:
            found.append(_unready(process, event, "paused", "", still_ready=True))
        elif process.status == ProcessStatus.IN_PROGRESS and process.kind not in EXCHANGE_KINDS:
            found.append(_adjourned(process, event))
    return tuple(found)


def _of_hold(state: CaseState, event: e.HeldForSafety) -> tuple[e.Event, ...]:
    """T29: what was ready or booked is neither any more; what is in progress breaks off."""
    found: list[e.Event] = []
    for process in open_processes(state):
        if _rests_on_readiness(process):
            found.append(_unready(process, event, "held", ""))
        elif process.status == ProcessStatus.IN_PROGRESS:
            found.append(_adjourned(process, event))
    return tuple(found)


def _of_ended_process(
    state: CaseState, event: p.ProcessHeld | p.ProcessNotHeld | p.ProcessStopped
) -> tuple[e.Event, ...]:
    """T20, T21: follow-up begins; R-094: what was stopped for safety holds the case."""
    match event:
        case p.ProcessHeld():
            return _plan_after(state, event)
        case p.ProcessStopped(reason=reason):
            return (e.HeldForSafety(at=event.at, by=event.by, reason=reason, person_id="", hold_note_id=""),)
        case _:
            return ()


def _letters_left_over(state: CaseState, process_id: str, event: e.Event) -> tuple[e.Event, ...]:
    """What was written for a process that has ended is not released later; a letter not to be sent just stays."""
    process = state.processes[process_id]
    if process.kind == ProcessKind.NO_SEND_LETTER:
        return ()
    return tuple(
        _ended(exchange, event, "process_over")
        for exchange in exchanges_of(state, process)
        if exchange.status in NOT_ENDED
    )


def _plan_after(state: CaseState, event: p.ProcessHeld) -> tuple[e.Event, ...]:
    """R-110: everyone who took part; what an earlier plan had not asked yet gives way to the new one."""
    expected = [person.person_id for person in attendees(state, state.processes[event.process_id]) if is_active(person)]
    superseded = tuple(
        f.FollowUpCancelled(at=event.at, point_id=point.point_id, reason="later_plan")
        for point in open_points(state)
        if point.person_id in expected and point.status == PointStatus.PLANNED
    )
    return (*superseded, *plan_for(state, expected, event.at))
