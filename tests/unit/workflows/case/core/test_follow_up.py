"""Follow-up by itself, and where it stops and a person takes over (R-110 to R-116; 6.6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support import case_walk as w
from workflows.case.core import case as core
from workflows.contracts import steps as s
from workflows.contracts import vocabulary as v
from workflows.contracts.intention import Delivery, SendMessage

SENT = Delivery(outcome=v.DeliveryOutcome.SENT, channel="sms")
GOOD = (s.FollowUpAnswer(measure="satisfaction", value=5),)


def due(walk: w.Walk) -> list[SendMessage]:
    """Waits for the next deadline; the follow-ups it wants sent."""
    deadline = core.next_deadline(walk.state)
    assert deadline is not None
    turn = walk.wait_until(max(deadline, walk.at))
    return [one for one in turn.intentions if isinstance(one, SendMessage)]


def sent(walk: w.Walk) -> list[SendMessage]:
    messages = due(walk)
    for one in messages:
        walk.learn(one, SENT)
    return messages


def test_the_plan_has_three_points_for_everyone_who_took_part() -> None:
    walk = w.walk(v.Stage.MONITORING)  # held on 21 April 2026
    harmed = [(one.kind.value, one.due_at) for one in walk.state.points.values() if one.person_id == w.HARMED]
    assert harmed == [
        ("welfare", datetime(2026, 4, 23, 9, tzinfo=UTC)),
        ("questionnaire", datetime(2026, 6, 2, 9, tzinfo=UTC)),
        ("outcome", datetime(2026, 10, 21, 9, tzinfo=UTC)),
    ]
    assert len(walk.state.points) == 6


def test_sent_reminded_and_then_a_person_looks_after_the_silent() -> None:
    walk = w.walk(v.Stage.FOLLOW_UP)
    assert [one.template for one in sent(walk)] == ["follow_up_welfare"] * 2
    first = walk.at
    assert [one.template for one in sent(walk)] == ["follow_up_reminder"] * 2
    assert walk.at == first + timedelta(days=14)
    due(walk)
    assert walk.at == first + timedelta(days=28)
    assert {(one.status, one.reason) for one in walk.state.points.values() if one.sent_at} == {
        (v.PointStatus.HANDED_TO_PERSON, "no_reply")
    }
    walk.take(w.FACILITATOR, s.GiveUpFollowUp(point_id="F1"))
    assert walk.state.points["F1"].status == v.PointStatus.NO_REPLY


def test_questions_need_feedback_consent() -> None:
    walk = w.walk(v.Stage.FOLLOW_UP)
    walk.take(w.FACILITATOR, w.consent(w.HARMED, v.ConsentKind.FEEDBACK, given=False))
    w.finish_follow_up(walk)
    reasons = {one.reason for one in walk.state.points.values() if one.person_id == w.HARMED}
    assert reasons == {"", "no_feedback_consent"}
    assert {task.kind for task in core.summarise(walk.state, walk.at).tasks} == {"follow_up_by_hand"}
    answered = s.AnswerFollowUp(point_id="F2", answers=GOOD)
    walk.take(w.FACILITATOR, answered)
    assert walk.state.points["F2"].status == v.PointStatus.ANSWERED


def test_an_answer_is_taken_once_in_time_and_only_for_what_was_asked() -> None:
    walk = w.walk(v.Stage.FOLLOW_UP)
    answer = s.AnswerFollowUp(point_id="F1", answers=GOOD)
    person = w.participant(w.HARMED)
    assert walk.codes(person, answer) == ["not_asked_yet"]
    sent(walk)
    assert walk.codes(w.participant(w.RESPONSIBLE), answer) == ["not_your_step"]
    wrong = (s.FollowUpAnswer(measure="shoe_size", value=5), s.FollowUpAnswer(measure="coping", value=6))
    assert walk.codes(person, s.AnswerFollowUp(point_id="F1", answers=wrong)) == [
        "unknown_measure",
        "value_out_of_range",
    ]
    assert walk.codes(person, s.AnswerFollowUp(point_id="F1")) == ["nothing_answered"]
    turn = walk.take(person, answer)
    assert turn.entries[0].data["satisfaction"] == 5
    assert walk.codes(person, answer) == ["already_answered"]
    walk.at += timedelta(days=61)
    assert walk.codes(w.participant(w.RESPONSIBLE), s.AnswerFollowUp(point_id="F4", answers=GOOD)) == ["link_expired"]


def test_distress_holds_the_case_and_a_call_is_owed() -> None:
    walk = w.walk(v.Stage.FOLLOW_UP)
    sent(walk)
    walk.take(w.participant(w.HARMED), s.AnswerFollowUp(point_id="F1", distressed=True))
    assert walk.state.hold is not None
    urgent = {task.kind for task in core.summarise(walk.state, walk.at).tasks if task.urgent}
    assert urgent == {"assess_risk", "release_hold", "call_back"}
    walk.wait(days=60)
    planned = [one for one in walk.state.points.values() if one.kind == v.PointKind.QUESTIONNAIRE]
    assert {one.reason for one in planned} == {"held"}
    walk.take(w.FACILITATOR, w.contact(w.HARMED))
    assert "call_back" not in {task.kind for task in core.summarise(walk.state, walk.at).tasks}


def test_points_wait_while_the_case_rests_and_are_due_when_it_goes_on() -> None:
    walk = w.walk(v.Stage.FOLLOW_UP)
    messages = due(walk)
    wish = s.Pause(pause=v.PauseKind.VICTIM_WISH, reason=v.PauseReason.PERSON_WISH, person_id=w.HARMED)
    walk.take(w.participant(w.HARMED), wish)
    for one in messages:
        barred = core.may_send(walk.state, one, walk.at)
        assert barred == "paused"
        walk.learn(one, Delivery(outcome=v.DeliveryOutcome.HANDED_TO_PERSON, reason=barred))
    assert core.next_deadline(walk.state) is None
    assert not walk.wait(days=100).entries
    walk.take(w.participant(w.HARMED), s.Resume(person_id=w.HARMED))
    assert len(due(walk)) == 4  # welfare and questionnaire of both, at once


def test_a_message_outside_safe_hours_goes_later() -> None:
    walk = w.walk(v.Stage.FOLLOW_UP)
    later = walk.at + timedelta(days=4)
    for one in due(walk):
        walk.learn(one, Delivery(outcome=v.DeliveryOutcome.NOT_YET, not_before=later))
    assert core.next_deadline(walk.state) == later
    again = due(walk)
    assert len(again) == 2
    assert len({one.intention_id for one in walk.messages()}) == len(walk.messages())


@pytest.mark.parametrize("outcome", [v.DeliveryOutcome.NOT_YET, v.DeliveryOutcome.HANDED_TO_PERSON])
def test_other_messages_wait_or_become_a_task_that_contact_settles(outcome: v.DeliveryOutcome) -> None:
    walk = w.walk(v.Stage.DELIVERING)
    message = walk.messages("appointment_confirmed")[0]
    walk.learn(message, Delivery(outcome=outcome, reason="no_safe_channel", not_before=walk.at))
    if outcome == v.DeliveryOutcome.NOT_YET:
        assert [one.parameters for one in due(walk)] == [message.parameters]
        return
    assert "tell_person" in {task.kind for task in core.summarise(walk.state, walk.at).tasks}
    walk.take(w.FACILITATOR, w.contact(message.person_id))
    assert "tell_person" not in {task.kind for task in core.summarise(walk.state, walk.at).tasks}


def test_a_confirmation_of_a_cancelled_booking_is_dropped() -> None:
    walk = w.walk(v.Stage.DELIVERING)
    message = walk.messages("appointment_confirmed")[0]
    assert core.may_send(walk.state, message, walk.at) == ""
    walk.take(w.FACILITATOR, s.RecordNotHeld(process_id="P1", reason=v.NotHeldReason.ILLNESS))
    barred = core.may_send(walk.state, message, walk.at)
    assert barred == "no_longer_booked"
    walk.learn(message, Delivery(outcome=v.DeliveryOutcome.HANDED_TO_PERSON, reason=barred))
    assert walk.state.owed == {}
