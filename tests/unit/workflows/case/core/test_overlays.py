"""Pause and safety hold: who may begin and end them, and what they stop (T25 to T31; invariants 5 and 14)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support import case_walk as w
from workflows.case.core import case as core
from workflows.case.core import permissions
from workflows.contracts import steps as s
from workflows.contracts import vocabulary as v

HOLD = s.HoldForSafety(reason=v.HoldReason.THREAT)
OPEN = [stage for stage in v.Stage if stage != v.Stage.CLOSED]


def wish(person_id: str) -> s.Pause:
    return s.Pause(pause=v.PauseKind.VICTIM_WISH, reason=v.PauseReason.PERSON_WISH, person_id=person_id)


@pytest.mark.parametrize("stage", OPEN)
def test_everyone_who_sees_the_case_can_hold_it_in_every_open_stage(stage: v.Stage) -> None:
    walk = w.walk(stage)
    everyone = (w.REFERRER, w.COORDINATOR, w.LEAD, w.FACILITATOR, w.STRANGER, w.participant(w.HARMED))
    for actor in everyone:
        sees = core.may_see(walk.state, actor)
        assert (walk.codes(actor, HOLD) == []) is sees
        assert ("hold_for_safety" in permissions.steps_now(walk.state, actor)) is sees


@pytest.mark.parametrize("stage", OPEN)
def test_a_person_withdraws_in_every_open_stage_paused_and_held(stage: v.Stage) -> None:
    walk = w.walk(stage)
    walk.take(w.COORDINATOR, wish(w.HARMED), HOLD)
    walk.take(w.participant(w.HARMED), s.Withdraw(person_id=w.HARMED))
    assert walk.state.rests == ()  # their pause ends with them


def test_a_hold_needs_new_risk_and_two_leads() -> None:
    walk = w.walk(v.Stage.DELIVERING)
    walk.take(w.FACILITATOR, HOLD)
    assert walk.stands_at(v.Stage.PREPARING)
    assert walk.codes(w.LEAD, s.ReleaseHold()) == ["risk_before_hold", "risk_before_hold"]
    walk.take(w.FACILITATOR, w.risk(w.HARMED), w.risk(w.RESPONSIBLE))
    walk.take(w.LEAD, s.ReleaseHold())
    assert core.view(walk.state, w.LEAD, walk.at).waiting_for == "release_hold"
    assert walk.codes(w.LEAD, s.ReleaseHold()) == ["already_signed"]
    walk.take(w.OTHER_LEAD, s.ReleaseHold())
    assert walk.state.hold is None


def test_a_second_concern_starts_the_hold_anew() -> None:
    walk = w.walk(v.Stage.PREPARING)
    walk.take(w.FACILITATOR, HOLD, w.risk(w.HARMED), w.risk(w.RESPONSIBLE))
    walk.take(w.LEAD, s.ReleaseHold())
    walk.take(w.participant(w.HARMED), HOLD)
    assert "risk_before_hold" in walk.codes(w.OTHER_LEAD, s.ReleaseHold())


def test_a_held_case_goes_nowhere() -> None:
    walk = w.walk(v.Stage.PREPARING)
    walk.take(w.FACILITATOR, HOLD)
    plan = s.PlanProcess(process_kind=v.ProcessKind.SHUTTLE, person_ids=walk.person_ids())
    assert walk.codes(w.FACILITATOR, plan) == ["case_held"]
    assert walk.codes(w.FACILITATOR, w.consent(w.HARMED)) == ["case_held"]
    assert walk.codes(w.FACILITATOR, w.contact(w.HARMED)) == []
    closing = s.CloseCase(reason=v.CloseReason.WITHDREW, side=v.Side.HARMED)
    assert "case_held" in walk.codes(w.LEAD, closing)
    unsafe = s.CloseCase(reason=v.CloseReason.UNSAFE, side=v.Side.SERVICE)
    assert walk.codes(w.FACILITATOR, unsafe) == ["onward_support_missing", "lead_closes", "second_person_closes"]


def test_a_harmed_person_s_pause_is_ended_in_their_name_only() -> None:
    walk = w.walk(
        v.Stage.DELIVERING, people=((w.HARMED, v.PartyRole.HARMED), (w.HARMED_2, v.PartyRole.HARMED), w.PAIR[1])
    )
    walk.take(w.FACILITATOR, wish(w.HARMED))
    assert walk.stands_at(v.Stage.READY)  # the booking fell away
    assert core.may_send(walk.state, walk.messages("appointment_cancelled")[0], walk.at) == "paused"
    walk.take(w.participant(w.HARMED_2), wish(w.HARMED_2))
    assert walk.codes(w.participant(w.HARMED_2), s.Resume(person_id=w.HARMED)) == ["not_your_step"]
    assert walk.codes(w.LEAD, s.Resume()) == ["whose_wish"]
    walk.take(w.FACILITATOR, s.Resume(person_id=w.HARMED))
    assert walk.state.rests
    assert not walk.wait(days=2000).entries
    assert walk.codes(w.LEAD, s.CloseCase(reason=v.CloseReason.COMPLETED, side=v.Side.BOTH))[0] == "paused_by_victim"
    walk.take(w.participant(w.HARMED_2), s.Resume(person_id=w.HARMED_2))
    assert not walk.state.rests
    assert walk.stands_at(v.Stage.PREPARING)  # consent and risk are looked at anew (T26)


def test_only_a_harmed_person_s_wish_is_one() -> None:
    walk = w.walk(v.Stage.PREPARING)
    assert walk.codes(w.FACILITATOR, wish(w.RESPONSIBLE)) == ["whose_wish"]
    assert walk.codes(w.FACILITATOR, wish("")) == ["whose_wish"]


def test_nothing_happens_for_two_weeks() -> None:
    walk = w.walk(v.Stage.PREPARING)
    last = walk.state.active_at
    assert last is not None
    assert core.next_deadline(walk.state) == last + timedelta(days=14)
    assert [one.kind for one in walk.wait(days=14).entries] == ["activity_lapsed"]
    assert "nothing_happens" in {task.kind for task in core.summarise(walk.state, walk.at).tasks}
    walk.wait(days=100)
    assert walk.state.nudges == 2
    assert core.next_deadline(walk.state) is None
    walk.take(w.FACILITATOR, w.contact(w.HARMED))
    assert walk.state.nudges == 0
