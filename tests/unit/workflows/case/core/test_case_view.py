"""The wall: what staff, referrers and the people themselves see (R-013, R-131, R-143; invariant 6)."""

from __future__ import annotations

from dataclasses import fields

import pytest
from pydantic import TypeAdapter

from tests.support import case_walk as w
from workflows.case.core import case as core
from workflows.case.core.permissions import TABLE
from workflows.case.core.standing import STAGES
from workflows.case.core.state import CaseState
from workflows.contracts.steps import STEPS
from workflows.contracts.vocabulary import ProcessKind, Stage


@pytest.mark.parametrize("stage", list(Stage))
def test_state_survives_the_crossing_between_runs(stage: Stage) -> None:
    adapter = TypeAdapter(CaseState)
    state = w.walk_to(stage)
    assert adapter.validate_json(adapter.dump_json(state)) == state


def test_every_step_has_its_row_and_its_stages() -> None:
    assert set(TABLE) == set(STEPS) == set(STAGES)


def test_a_stranger_sees_nothing() -> None:
    state = w.walk_to(Stage.PREPARING)
    assert not core.may_see(state, w.STRANGER)
    assert not core.may_see(state, w.participant("someone-else"))
    assert not core.may_see(core.new_case("case-2"), w.LEAD)


@pytest.mark.parametrize("stage", list(Stage))
def test_a_referrer_sees_how_far_it_is_and_nothing_else(stage: Stage) -> None:
    walk = w.walk(stage)
    view = core.view(walk.state, w.REFERRER, walk.at)
    assert view.coarse
    assert view.stage in (Stage.RECEIVED, Stage.SCREENING, Stage.ALLOCATED, Stage.CLOSED)
    told = {"case_id", "episode", "now", "coarse", "stage", "referrer_agency_id", "opened_at", "steps_now"}
    for field in fields(view):
        if field.name not in told:
            assert not getattr(view, field.name), field.name


def test_each_person_sees_their_own_arrival_and_never_the_other() -> None:
    walk = w.walk(Stage.DELIVERING)
    for own, other in ((w.HARMED, w.RESPONSIBLE), (w.RESPONSIBLE, w.HARMED)):
        view = core.view(walk.state, w.participant(own), walk.at)
        assert other not in repr(view)
        assert [one.person_id for one in view.people] == [own]
        appointment = walk.state.processes["P1"].appointments[own]
        assert [one.starts_at for one in view.processes] == [appointment.arrive_at]


def test_a_letter_is_seen_by_its_reader_once_released_and_its_writer_never_learns_the_answer() -> None:
    walk = w.walk(Stage.FOLLOW_UP, process_kind=ProcessKind.LETTER_EXCHANGE)
    writer = core.view(walk.state, w.participant(w.RESPONSIBLE), walk.at)
    reader = core.view(walk.state, w.participant(w.HARMED), walk.at)
    assert [one.status.value for one in writer.exchanges] == ["released"]
    assert [one.status.value for one in reader.exchanges] == ["no_answer_wanted"]
    assert w.HARMED not in repr(writer)
    assert w.RESPONSIBLE not in repr(reader)


def test_staff_see_the_case() -> None:
    walk = w.walk(Stage.MONITORING)
    view = core.view(walk.state, w.FACILITATOR, walk.at)
    assert not view.coarse
    assert len(view.people) == 2
    assert view.sequence == len(walk.entries)
    assert "settle_item" in view.steps_now
    assert "take_up" not in view.steps_now
