"""Follow-up: planned for everyone who engaged, answered once, taken over by a person where automation may not go
(R-110 to R-116; 6.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from workflows.case.core.events import Event
from workflows.case.core.follow_up_events import FollowUpAnswered, FollowUpDeclined, FollowUpPlanned, FollowUpUnanswered
from workflows.case.core.policy import policy_of
from workflows.case.core.refusals import about, refusal
from workflows.case.core.state import CaseState, Point
from workflows.case.core.working_days import add_months, due_at, local_day, working_days_after
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import AnswerFollowUp, GiveUpFollowUp
from workflows.contracts.vocabulary import PointKind, PointStatus, Role

SATISFACTION = "satisfaction"
# the questions there are; each is answered from 1 to 5.
MEASURES = (
    SATISFACTION,
    "satisfaction_process",
    "satisfaction_outcome",
    "satisfaction_facilitator",
    "listened_to",
    "well_prepared",
    "well_informed",
    "would_recommend",
    "felt_safe",
    "wellbeing",
    "coping",
    "confidence_in_justice",
    "understanding",
    "apology_received",
    "understood_impact",
    "motivation_not_to_reoffend",
)
OPEN = (PointStatus.PLANNED, PointStatus.SENDING, PointStatus.SENT, PointStatus.HANDED_TO_PERSON)
_ASKED = (PointStatus.SENDING, PointStatus.SENT, PointStatus.HANDED_TO_PERSON, PointStatus.NO_REPLY)


def open_points(state: CaseState) -> list[Point]:
    """Points that are not done."""
    return [point for point in state.points.values() if point.status in OPEN]


def points_of(state: CaseState, person_id: str) -> list[Point]:
    """One person's points."""
    return [point for point in state.points.values() if point.person_id == person_id]


def plan_for(state: CaseState, person_ids: Iterable[str], at: datetime) -> tuple[FollowUpPlanned, ...]:
    """R-110: welfare, questionnaire and outcome for each of these people, counted from `at`."""
    policy = policy_of(state)
    day = local_day(at)
    moments = (
        (PointKind.WELFARE, working_days_after(at, policy.welfare_working_days)),
        (PointKind.QUESTIONNAIRE, due_at(day + timedelta(days=policy.questionnaire_days))),
        (PointKind.OUTCOME, due_at(add_months(day, policy.outcome_months))),
    )
    wanted = [(person_id, kind, due) for person_id in person_ids for kind, due in moments]
    return tuple(
        FollowUpPlanned(
            at=at,
            point_id=f"F{len(state.points) + number}",
            point_kind=kind,
            person_id=person_id,
            due_at=due,
        )
        for number, (person_id, kind, due) in enumerate(wanted, start=1)
    )


def may_answer(state: CaseState, step: AnswerFollowUp, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """Once, in time, and only what was asked (R-113)."""
    point = state.points.get(step.point_id)
    if point is None:
        yield refusal("unknown_point", "point_id")
    elif point.status in (PointStatus.ANSWERED, PointStatus.DECLINED):
        yield refusal("already_answered", "point_id")
    elif point.status == PointStatus.PLANNED:
        yield refusal("not_asked_yet", "point_id")
    elif point.status not in _ASKED or _is_too_late(state, point, actor, at):
        yield refusal("link_expired", "point_id")
    yield from _answers_refusals(step)


def _is_too_late(state: CaseState, point: Point, actor: Actor, at: datetime) -> bool:
    """Staff may take down an answer as long as the point is theirs to follow up."""
    if point.status == PointStatus.HANDED_TO_PERSON and Role.PARTICIPANT not in actor.roles:
        return False
    asked_at = point.sent_at or point.handed_at or point.due_at
    return at > asked_at + timedelta(days=policy_of(state).answer_days)


def _answers_refusals(step: AnswerFollowUp) -> Iterator[StepRefusal]:
    seen: list[str] = []
    for answer in step.answers:
        if answer.measure not in MEASURES:
            yield refusal("unknown_measure", "answers.measure")
        elif answer.measure in seen:
            yield refusal("measure_twice", about("answers", answer.measure))
        elif not 1 <= answer.value <= 5:
            yield refusal("value_out_of_range", about("answers", answer.measure))
        seen.append(answer.measure)
    says_something = step.declined or step.answers or step.wants_call or step.distressed or step.comment_note_id
    if not says_something:
        yield refusal("nothing_answered", "answers")


def answer(state: CaseState, step: AnswerFollowUp, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """6.6 ANSWERED or DECLINED; distress and a wish for a call count either way."""
    point = state.points[step.point_id]
    if step.declined:
        return (
            FollowUpDeclined(
                at=at,
                by=actor.actor_id,
                point_id=point.point_id,
                person_id=point.person_id,
                point_kind=point.kind,
                wants_call=step.wants_call,
                distressed=step.distressed,
            ),
        )
    given = {answer.measure: answer.value for answer in step.answers}
    return (
        FollowUpAnswered(
            at=at,
            by=actor.actor_id,
            point_id=point.point_id,
            person_id=point.person_id,
            point_kind=point.kind,
            party_role=state.people[point.person_id].role,
            measures=tuple(given),
            values=tuple(given.values()),
            satisfaction=given.get(SATISFACTION),
            wants_call=step.wants_call,
            distressed=step.distressed,
            comment_note_id=step.comment_note_id,
        ),
    )


def may_give_up(state: CaseState, step: GiveUpFollowUp, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """A person had it in hand."""
    point = state.points.get(step.point_id)
    if point is None:
        yield refusal("unknown_point", "point_id")
    elif point.status != PointStatus.HANDED_TO_PERSON:
        yield refusal("not_handed_over", "point_id")


def give_up(state: CaseState, step: GiveUpFollowUp, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """6.6 NO_REPLY."""
    point = state.points[step.point_id]
    return (
        FollowUpUnanswered(
            at=at, by=actor.actor_id, point_id=point.point_id, person_id=point.person_id, point_kind=point.kind
        ),
    )


def after_planned(state: CaseState, event: FollowUpPlanned) -> CaseState:
    """R-110."""
    point = Point(
        point_id=event.point_id,
        kind=event.point_kind,
        person_id=event.person_id,
        due_at=event.due_at,
        acts_at=event.due_at,
    )
    return replace(state, points={**state.points, event.point_id: point})
