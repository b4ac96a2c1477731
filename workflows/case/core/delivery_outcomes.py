"""What became of an intention, told to the case: messages sent, postponed or handed over, and places refused."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.case.core.events import Event, ReservationRefused
from workflows.case.core.follow_up_events import (
    FollowUpHandedToPerson,
    FollowUpPostponed,
    FollowUpSent,
    MessageDropped,
    MessageHandedToPerson,
    MessagePostponed,
    MessageSent,
    ReminderSent,
)
from workflows.case.core.send_guard import FOLLOW_UP_REMINDER, NO_LONGER_SO, PAUSED
from workflows.case.core.state import CaseState, Point
from workflows.contracts.intention import Delivery, Reservation, ReserveCapacity, SendMessage
from workflows.contracts.vocabulary import DeliveryOutcome, PointStatus, Stage

# "Not yet" always lies a little ahead, so that trying again is never a busy loop.
SOONEST = timedelta(minutes=1)


def delivered(state: CaseState, intention: SendMessage, delivery: Delivery, at: datetime) -> tuple[Event, ...]:
    """The one event that this outcome is."""
    point = state.points.get(intention.point_id)
    if point is not None and _is_still_wanted(point, intention):
        return (_of_point(state, point, intention, delivery, at),)
    return (_of_message(state, intention, delivery, at),)


def _is_still_wanted(point: Point, intention: SendMessage) -> bool:
    """A point that was answered, cancelled or handed over meanwhile keeps that."""
    wanted = PointStatus.SENT if intention.template == FOLLOW_UP_REMINDER else PointStatus.SENDING
    return point.status == wanted


def _of_point(state: CaseState, point: Point, intention: SendMessage, delivery: Delivery, at: datetime) -> Event:
    reminder = intention.template == FOLLOW_UP_REMINDER
    if delivery.outcome == DeliveryOutcome.SENT:
        if reminder:
            return ReminderSent(at=at, point_id=point.point_id, channel=delivery.channel)
        return FollowUpSent(
            at=at,
            point_id=point.point_id,
            person_id=point.person_id,
            point_kind=point.kind,
            party_role=state.people[point.person_id].role,
            channel=delivery.channel,
        )
    if delivery.outcome == DeliveryOutcome.NOT_YET or delivery.reason == PAUSED:
        not_before = max(delivery.not_before or at, at + SOONEST)
        return FollowUpPostponed(at=at, point_id=point.point_id, not_before=not_before, reminder=reminder)
    return FollowUpHandedToPerson(
        at=at,
        point_id=point.point_id,
        person_id=point.person_id,
        point_kind=point.kind,
        reason=delivery.reason or "unknown",
    )


def _of_message(state: CaseState, intention: SendMessage, delivery: Delivery, at: datetime) -> Event:
    about = {
        "message_id": intention.intention_id,
        "template": intention.template,
        "person_id": intention.person_id,
    }
    if delivery.outcome == DeliveryOutcome.SENT:
        return MessageSent(at=at, template=intention.template, person_id=intention.person_id, channel=delivery.channel)
    if intention.point_id or delivery.reason in NO_LONGER_SO or state.stage == Stage.CLOSED:
        return MessageDropped(at=at, reason=delivery.reason or "no_longer_wanted", **about)
    if delivery.outcome == DeliveryOutcome.NOT_YET:
        return MessagePostponed(
            at=at,
            parameter_names=tuple(intention.parameters),
            parameter_values=tuple(intention.parameters.values()),
            not_before=max(delivery.not_before or at, at + SOONEST),
            **about,
        )
    return MessageHandedToPerson(at=at, reason=delivery.reason or "unknown", **about)


def reserved(state: CaseState, intention: ReserveCapacity, reservation: Reservation, at: datetime) -> tuple[Event, ...]:
    """A place given is no news; one refused falls back to the hub, if the person is still on the case."""
    if reservation.reserved or intention.staff_id not in state.facilitator_ids or state.stage == Stage.CLOSED:
        return ()
    return (ReservationRefused(at=at, staff_id=intention.staff_id, reason=reservation.reason or "no_capacity"),)
