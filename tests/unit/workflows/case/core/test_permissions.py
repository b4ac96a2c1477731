"""Who may not see a case learns nothing of it from a step either (R-144); who sees it learns whose step it is."""

from __future__ import annotations

import typing
from dataclasses import MISSING, fields

import pytest

from tests.support import case_walk as w
from workflows.case.core import case as core
from workflows.case.core.case import Turn
from workflows.contracts import steps as s
from workflows.contracts import vocabulary as v
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal

UNKNOWN = StepRefusal(
    code="unknown_case",
    sentence="There is no such case, or it is not yours to see.",
    field="case_id",
    who="",
    forbidden=True,
)
STRANGERS = {
    "facilitator of other cases": w.STRANGER,
    "referrer of another agency": Actor(actor_id="X1", roles=(v.Role.REFERRER,), agency_id="agency-housing"),
    "referrer of no agency": Actor(actor_id="X2", roles=(v.Role.REFERRER,)),
    "lead of another unit": Actor(actor_id="X3", roles=(v.Role.UNIT_LEAD,), agency_id="unit", unit_id="unit-west"),
    "specialist": Actor(actor_id="X4", roles=(v.Role.SPECIALIST,)),
    "commissioner": Actor(actor_id="X5", roles=(v.Role.COMMISSIONER,)),
    "person of another case": w.participant("harmed-of-another-case"),
    "public": Actor(actor_id="public", roles=(v.Role.PUBLIC,)),
    "nobody": Actor(actor_id="X6", roles=()),
}
REFERRERS = (w.REFERRER, w.COORDINATOR, w.FACILITATOR, w.UNIT_LEAD, STRANGERS["public"], w.participant(w.HARMED))
STAGES = (v.Stage.RECEIVED, v.Stage.SCREENING, v.Stage.ALLOCATED, v.Stage.PREPARING, v.Stage.FOLLOW_UP)


def a_step(kind: str) -> s.Step:
    """A step of the kind with whatever its types allow; a stranger's step is refused before anyone looks at it."""
    step_class = s.STEPS[kind]
    hints = typing.get_type_hints(step_class)
    needed = [one for one in fields(step_class) if one.default is MISSING and one.default_factory is MISSING]
    values: dict[str, typing.Any] = {one.name: _any_value(hints[one.name]) for one in needed if one.init}
    return step_class(**values)


def _any_value(hint: typing.Any) -> object:
    return next(iter(hint)) if hasattr(hint, "__members__") else "x"


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS.keys())
@pytest.mark.parametrize("stage", STAGES)
def test_no_step_tells_a_stranger_that_the_case_exists(stranger: Actor, stage: v.Stage) -> None:
    walk = w.walk(stage)
    assert not core.may_see(walk.state, stranger)
    for kind in s.STEPS:
        assert walk.refusals(stranger, a_step(kind)) == (UNKNOWN,), kind


def test_nor_do_several_steps_at_once() -> None:
    walk = w.walk(v.Stage.RECEIVED)
    steps = (s.TakeUp(), s.HoldForSafety(reason=v.HoldReason.THREAT))
    assert core.take_steps(walk.state, steps, w.STRANGER, walk.at) == (UNKNOWN,)


def test_nor_does_a_case_that_is_closed() -> None:
    walk = w.walk(v.Stage.SCREENING)
    refuse = s.RefuseReferral(reason=v.ScreeningRefusal.DUPLICATE, reasons_note_id="note-1", alternatives_offered=True)
    walk.take(w.COORDINATOR, refuse)
    walk.take(w.LEAD, s.CountersignRefusal())
    assert walk.stands_at(v.Stage.CLOSED)
    assert walk.refusals(w.STRANGER, s.TakeUp()) == (UNKNOWN,)
    assert walk.codes(w.COORDINATOR, s.TakeUp()) == ["case_closed"]


def test_who_sees_the_case_learns_that_the_step_is_not_theirs() -> None:
    walk = w.walk(v.Stage.ALLOCATED)
    for actor in (w.REFERRER, w.participant(w.HARMED), w.participant(w.RESPONSIBLE), w.FACILITATOR):
        assert core.may_see(walk.state, actor)
        assert walk.codes(actor, s.TakeUp()) == ["not_your_step"]


def test_who_turns_the_case_down_still_saw_it_as_they_sent_their_steps() -> None:
    walk = w.walk(v.Stage.ALLOCATED)
    steps = (s.DeclineAllocation(reasons_note_id="note-1"), s.AcceptAllocation())
    outcome = core.take_steps(walk.state, steps, w.FACILITATOR, walk.at)
    assert not isinstance(outcome, Turn)
    assert [(one.code, one.field) for one in outcome] == [("not_your_step", "steps[1]")]


@pytest.mark.parametrize("actor", REFERRERS)
def test_a_case_not_begun_is_opened_by_whoever_may_refer(actor: Actor) -> None:
    walk = w.Walk()
    assert not core.may_see(walk.state, actor)
    walk.take(actor, w.referral(walk))
    assert walk.stands_at(v.Stage.RECEIVED)


def test_a_case_not_begun_takes_nothing_else() -> None:
    walk = w.Walk()
    assert walk.codes(STRANGERS["commissioner"], w.referral(walk)) == ["not_your_step"]
    assert walk.codes(w.COORDINATOR, s.TakeUp()) == ["not_your_step"]
