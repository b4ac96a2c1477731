"""What each thing that happens to a follow-up point makes of it (6.6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from workflows.case.core.follow_up import open_points
from workflows.case.core.follow_up_events import (
    FollowUpAnswered,
    FollowUpCancelled,
    FollowUpDeclined,
    FollowUpDue,
    FollowUpHandedToPerson,
    FollowUpPostponed,
    FollowUpSent,
    FollowUpUnanswered,
    ReminderSent,
)
from workflows.case.core.people import change
from workflows.case.core.policy import policy_of
from workflows.case.core.state import CaseState, Point
from workflows.contracts.vocabulary import ParticipationStatus, PointStatus


def _change(state: CaseState, point_id: str, **changes: Any) -> CaseState:
    point = replace(state.points[point_id], **changes)
    return replace(state, points={**state.points, point_id: point})


def reminder_at(state: CaseState, sent_at: datetime) -> datetime:
    """When a sent point is asked about once more."""
    return sent_at + timedelta(days=policy_of(state).reminder_days)


def no_reply_at(state: CaseState, point: Point) -> datetime:
    """When a sent point counts as not answered."""
    return (point.sent_at or point.due_at) + timedelta(days=policy_of(state).no_reply_days)


def after_due(state: CaseState, event: FollowUpDue) -> CaseState:
    """On its way; a reminder leaves the point sent, and only the end of waiting is still to come."""
    if event.reminder:
        return _change(state, event.point_id, reminded=True, acts_at=no_reply_at(state, state.points[event.point_id]))
    return _change(state, event.point_id, status=PointStatus.SENDING, acts_at=None)


def after_postponed(state: CaseState, event: FollowUpPostponed) -> CaseState:
    """Tried again then; a reminder is never later than the end of waiting."""
    point = state.points[event.point_id]
    if event.reminder:
        acts_at = min(event.not_before, no_reply_at(state, point))
        return _change(state, event.point_id, reminded=False, acts_at=acts_at)
    return _change(state, event.point_id, status=PointStatus.PLANNED, acts_at=event.not_before)


def after_sent(state: CaseState, event: FollowUpSent) -> CaseState:
    """6.6 SENT."""
    return _change(
        state,
        event.point_id,
        status=PointStatus.SENT,
        sent_at=event.at,
        acts_at=reminder_at(state, event.at),
        reason="",
    )


def after_reminder_sent(state: CaseState, event: ReminderSent) -> CaseState:
    """The reminder was counted when it set out."""
    return state


def after_handed(state: CaseState, event: FollowUpHandedToPerson) -> CaseState:
    """6.6 HANDED_TO_PERSON."""
    return _change(
        state,
        event.point_id,
        status=PointStatus.HANDED_TO_PERSON,
        acts_at=None,
        handed_at=event.at,
        reason=event.reason,
    )


def after_answered(state: CaseState, event: FollowUpAnswered) -> CaseState:
    """6.6 ANSWERED."""
    return _done(
        state, event.point_id, event.person_id, PointStatus.ANSWERED, call=event.wants_call or event.distressed
    )


def after_declined(state: CaseState, event: FollowUpDeclined) -> CaseState:
    """6.6 DECLINED."""
    return _done(
        state, event.point_id, event.person_id, PointStatus.DECLINED, call=event.wants_call or event.distressed
    )


def after_unanswered(state: CaseState, event: FollowUpUnanswered) -> CaseState:
    """6.6 NO_REPLY."""
    return _done(state, event.point_id, event.person_id, PointStatus.NO_REPLY, call=False)


def after_cancelled(state: CaseState, event: FollowUpCancelled) -> CaseState:
    """Not asked any more."""
    return _change(state, event.point_id, status=PointStatus.CANCELLED, acts_at=None, reason=event.reason)


def _done(state: CaseState, point_id: str, person_id: str, status: PointStatus, *, call: bool) -> CaseState:
    """A person who took part and whose points are all done has been followed up (6.3)."""
    state = _change(state, point_id, status=status, acts_at=None)
    person = state.people[person_id]
    followed_up = person.status == ParticipationStatus.TOOK_PART and all(
        point.person_id != person_id for point in open_points(state)
    )
    return change(
        state,
        person_id,
        status=ParticipationStatus.FOLLOWED_UP if followed_up else person.status,
        wants_call=person.wants_call or call,
    )
