"""What the passing of time does to a case, and when it next will (R-020, R-026, R-077; T15, T18, 6.6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from workflows.case.core.events import ActivityLapsed, AllocationLapsed, Event
from workflows.case.core.follow_up_course import no_reply_at
from workflows.case.core.follow_up_events import (
    FollowUpDue,
    FollowUpHandedToPerson,
    FollowUpUnanswered,
    MessageDue,
)
from workflows.case.core.policy import policy_of
from workflows.case.core.process import open_processes
from workflows.case.core.process_events import ProcessUnready
from workflows.case.core.readiness import goes_stale_at, readiness_refusals
from workflows.case.core.send_guard import follow_up_reason
from workflows.case.core.state import CaseState, Point
from workflows.case.core.working_days import working_days_after
from workflows.contracts.vocabulary import PointKind, PointStatus, ProcessStatus, Stage

WORKED_ON = (Stage.ENGAGING, Stage.PREPARING, Stage.READY, Stage.DELIVERING)
GATED = (ProcessStatus.READY, ProcessStatus.CONFIRMED)


def due(state: CaseState, at: datetime) -> tuple[Event, ...]:
    """Everything that has fallen due by `at`. A pause stops all of it; a hold all but handing follow-ups to people."""
    if state.stage == Stage.CLOSED or state.referral is None or state.rests:
        return ()
    events = [*_points_due(state, at)]
    if state.hold is None:
        events.extend(_allocation_due(state, at))
        events.extend(_freshness_due(state, at))
        events.extend(_messages_due(state, at))
        events.extend(_nudges_due(state, at))
    return tuple(events)


def next_deadline(state: CaseState) -> datetime | None:
    """The earliest of all moments; what fell due during a pause or hold is due from its end."""
    if state.stage == Stage.CLOSED or state.referral is None or state.rests:
        return None
    moments = [point.acts_at for point in state.points.values() if point.acts_at is not None]
    if state.hold is None:
        moments.extend(_other_moments(state))
    if not moments:
        return None
    earliest = min(moments)
    return max(earliest, state.restarted_at) if state.restarted_at is not None else earliest


def _other_moments(state: CaseState) -> Iterator[datetime]:
    lapses = allocation_lapses_at(state)
    if lapses is not None:
        yield lapses
    for process in open_processes(state):
        stale = goes_stale_at(state, process) if process.status in GATED else None
        if stale is not None:
            yield stale
    for message in state.owed.values():
        if message.send_at is not None:
            yield message.send_at
    nudge = _next_nudge_at(state)
    if nudge is not None:
        yield nudge


# ── follow-up points ──


def _points_due(state: CaseState, at: datetime) -> Iterator[Event]:
    for point in state.points.values():
        if point.acts_at is None or point.acts_at > at:
            continue
        if point.status == PointStatus.SENT and at >= no_reply_at(state, point):
            yield _unanswered(state, point, at)
        else:
            yield _send_or_hand_over(state, point, at)


def _send_or_hand_over(state: CaseState, point: Point, at: datetime) -> Event:
    """R-111: whatever stands in the way of a message makes it a person's task."""
    reason = follow_up_reason(state, state.people[point.person_id], point.kind)
    if reason:
        return FollowUpHandedToPerson(
            at=at, point_id=point.point_id, person_id=point.person_id, point_kind=point.kind, reason=reason
        )
    return FollowUpDue(
        at=at,
        point_id=point.point_id,
        person_id=point.person_id,
        point_kind=point.kind,
        reminder=point.status == PointStatus.SENT,
    )


def _unanswered(state: CaseState, point: Point, at: datetime) -> Event:
    """Silence after the welfare message is looked into; other questions are let be."""
    if point.kind == PointKind.WELFARE:
        return FollowUpHandedToPerson(
            at=at, point_id=point.point_id, person_id=point.person_id, point_kind=point.kind, reason="no_reply"
        )
    return FollowUpUnanswered(at=at, point_id=point.point_id, person_id=point.person_id, point_kind=point.kind)


# ── allocation, freshness, messages ──


def allocation_lapses_at(state: CaseState) -> datetime | None:
    """T15: when an allocation that nobody accepts goes back to the hub."""
    if state.stage != Stage.ALLOCATED or state.allocated_at is None:
        return None
    return working_days_after(state.allocated_at, policy_of(state).acceptance_working_days)


def _allocation_due(state: CaseState, at: datetime) -> Iterator[Event]:
    lapses = allocation_lapses_at(state)
    if lapses is not None and lapses <= at:
        yield AllocationLapsed(at=at)


def _freshness_due(state: CaseState, at: datetime) -> Iterator[Event]:
    """T18."""
    for process in open_processes(state):
        stale = goes_stale_at(state, process) if process.status in GATED else None
        if stale is None or stale > at:
            continue
        missing = next(readiness_refusals(state, process, at))
        yield ProcessUnready(
            at=at,
            process_id=process.process_id,
            reason=missing.code,
            person_id=missing.field.rpartition(":")[2],
            was_booked=process.status == ProcessStatus.CONFIRMED,
            still_ready=False,
        )


def _messages_due(state: CaseState, at: datetime) -> Iterator[Event]:
    for message in state.owed.values():
        if message.send_at is not None and message.send_at <= at:
            yield MessageDue(
                at=at, message_id=message.message_id, template=message.template, person_id=message.person_id
            )


# ── nudges ──


def _idle_since(state: CaseState) -> datetime | None:
    """R-077: since someone last did something, a pause or hold ended, or a booked day came."""
    if state.stage not in WORKED_ON:
        return None
    booked = (process.starts_at for process in open_processes(state) if process.status == ProcessStatus.CONFIRMED)
    moments = [moment for moment in (state.active_at, state.restarted_at, *booked) if moment is not None]
    return max(moments) if moments else None


def _next_nudge_at(state: CaseState) -> datetime | None:
    policy = policy_of(state)
    since = _idle_since(state)
    if since is None or state.nudges >= policy.nudges_at_most:
        return None
    return since + timedelta(days=policy.nudge_days * (state.nudges + 1))


def _nudges_due(state: CaseState, at: datetime) -> Iterator[Event]:
    due_at = _next_nudge_at(state)
    since = _idle_since(state)
    if due_at is None or since is None or due_at > at:
        return
    policy = policy_of(state)
    periods = (at - since) // timedelta(days=policy.nudge_days)
    yield ActivityLapsed(at=at, times=min(periods, policy.nudges_at_most))
