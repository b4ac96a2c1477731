"""Every row of the case table (domain 6.2) that the core covers: one case where it happens, one where it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.support import case_walk as w
from workflows.case.core import case as core
from workflows.contracts import steps as s
from workflows.contracts import vocabulary as v
from workflows.contracts.actor import Actor

Stage = v.Stage
WISH = s.Pause(pause=v.PauseKind.VICTIM_WISH, reason=v.PauseReason.PERSON_WISH, person_id=w.HARMED)
HOLD = s.HoldForSafety(reason=v.HoldReason.THREAT)
REFUSE = s.RefuseReferral(
    reason=v.ScreeningRefusal.OUT_OF_SCOPE, alternatives_offered=True, reasons_note_id="note-reasons"
)
ACCEPT = s.AcceptReferral(handling=v.Handling.ORDINARY, route=v.Route.HUB, approach_first_person_id=w.HARMED)


@dataclass(frozen=True, kw_only=True)
class Row:
    """`taken` in a case prepared by `given` leads to `to`; without `given` the step is refused with `code`."""

    name: str
    at: Stage
    step: Callable[[w.Walk], s.Step]
    actor: Actor
    to: Stage
    refused_at: Stage
    code: str
    given: Callable[[w.Walk], object] = lambda walk: None
    refused_by: Actor | None = None


def assessed(walk: w.Walk) -> None:
    walk.take(w.COORDINATOR, w.risk(w.HARMED), w.risk(w.RESPONSIBLE))


def prepared(walk: w.Walk) -> None:
    walk.take(w.FACILITATOR, s.PlanProcess(process_kind=v.ProcessKind.FACE_TO_FACE, person_ids=walk.person_ids()))
    for person_id in walk.person_ids():
        w.prepare(walk, person_id)


def planned(walk: w.Walk) -> None:
    walk.take(w.FACILITATOR, s.PlanProcess(process_kind=v.ProcessKind.FACE_TO_FACE, person_ids=walk.person_ids()))


def started(walk: w.Walk) -> None:
    walk.take(w.FACILITATOR, w.start(walk))


def held(*items: s.NewItem) -> Callable[[w.Walk], s.Step]:
    return lambda walk: s.RecordHeld(process_id="P1", attended_person_ids=walk.person_ids(), items=items)


def other_consents(walk: w.Walk) -> None:
    w.engage(walk, w.HARMED)
    walk.take(w.FACILITATOR, s.AgreeToApproach(person_id=w.HARMED), w.contact(w.RESPONSIBLE))
    walk.take(w.FACILITATOR, s.InformPerson(person_id=w.RESPONSIBLE, pack_version="2026-04"))


def paused_by_staff(walk: w.Walk) -> None:
    review_on = (walk.at + timedelta(days=30)).date()
    walk.take(w.FACILITATOR, s.Pause(pause=v.PauseKind.OTHER, reason=v.PauseReason.COURT, review_on=review_on))


def released_once(walk: w.Walk) -> None:
    walk.take(w.FACILITATOR, HOLD)
    assessed(walk)
    walk.take(w.LEAD, s.ReleaseHold())


def both_declined(walk: w.Walk) -> None:
    walk.take(w.FACILITATOR, w.contact(w.HARMED))
    walk.take(
        w.FACILITATOR,
        s.RecordExit(
            person_id=w.HARMED,
            exit=v.Exit.DECLINED,
            reason=v.ExitReason.TOO_SOON,
            onward_support=v.OnwardSupport.OFFERED,
        ),
    )


DECLINED = s.CloseCase(reason=v.CloseReason.DECLINED, side=v.Side.HARMED, onward_support=v.OnwardSupport.OFFERED)
UNSAFE = s.CloseCase(reason=v.CloseReason.UNSAFE, side=v.Side.SERVICE, onward_support=v.OnwardSupport.OFFERED)
COMPLETED = s.CloseCase(reason=v.CloseReason.COMPLETED, side=v.Side.BOTH)

ROWS = (
    Row(
        name="T5",
        at=Stage.SCREENING,
        actor=w.COORDINATOR,
        step=lambda _: s.RequestInformation(question_note_id="note-1"),
        to=Stage.INFO_REQUESTED,
        refused_at=Stage.ACCEPTED,
        code="not_at_this_stage",
    ),
    Row(
        name="T6",
        at=Stage.INFO_REQUESTED,
        actor=w.REFERRER,
        step=lambda _: s.ProvideInformation(answer_note_id="note-1"),
        to=Stage.SCREENING,
        refused_at=Stage.INFO_REQUESTED,
        refused_by=w.FACILITATOR,
        code="unknown_case",
    ),
    Row(
        name="T8",
        at=Stage.RECEIVED,
        actor=w.COORDINATOR,
        step=lambda _: s.TakeUp(),
        to=Stage.SCREENING,
        refused_at=Stage.RECEIVED,
        refused_by=w.REFERRER,
        code="not_your_step",
    ),
    Row(
        name="T9",
        at=Stage.SCREENING,
        actor=w.COORDINATOR,
        given=assessed,
        step=lambda _: ACCEPT,
        to=Stage.ACCEPTED,
        refused_at=Stage.SCREENING,
        code="risk_missing",
    ),
    Row(
        name="T10",
        at=Stage.SCREENING,
        actor=w.LEAD,
        given=lambda walk: walk.take(w.COORDINATOR, REFUSE),
        step=lambda _: s.CountersignRefusal(),
        to=Stage.CLOSED,
        refused_at=Stage.SCREENING,
        code="no_refusal_to_sign",
    ),
    Row(
        name="T13",
        at=Stage.ACCEPTED,
        actor=w.COORDINATOR,
        step=lambda _: s.Allocate(facilitator_id=w.FACILITATOR.actor_id),
        to=Stage.ALLOCATED,
        refused_at=Stage.SCREENING,
        code="not_at_this_stage",
    ),
    Row(
        name="T14",
        at=Stage.ALLOCATED,
        actor=w.FACILITATOR,
        step=lambda _: s.AcceptAllocation(),
        to=Stage.ENGAGING,
        refused_at=Stage.ALLOCATED,
        refused_by=w.STRANGER,
        code="unknown_case",
    ),
    Row(
        name="T15",
        at=Stage.ALLOCATED,
        actor=w.FACILITATOR,
        step=lambda _: s.DeclineAllocation(reasons_note_id="note-1"),
        to=Stage.ACCEPTED,
        refused_at=Stage.ENGAGING,
        code="not_at_this_stage",
    ),
    Row(
        name="T16",
        at=Stage.ENGAGING,
        actor=w.FACILITATOR,
        given=other_consents,
        step=lambda _: w.consent(w.RESPONSIBLE),
        to=Stage.PREPARING,
        refused_at=Stage.ENGAGING,
        code="approach_not_agreed",
    ),
    Row(
        name="T17",
        at=Stage.PREPARING,
        actor=w.FACILITATOR,
        given=prepared,
        step=lambda _: s.DeclareReady(process_id="P1"),
        to=Stage.READY,
        refused_at=Stage.PREPARING,
        code="unknown_process",
    ),
    Row(
        name="T18",
        at=Stage.READY,
        actor=w.FACILITATOR,
        step=lambda _: w.consent(w.HARMED, given=False),
        to=Stage.PREPARING,
        refused_at=Stage.ENGAGING,
        code="consent_not_given",
    ),
    Row(
        name="T19",
        at=Stage.READY,
        actor=w.FACILITATOR,
        step=lambda walk: (
            w.booking(walk) if walk.state.processes else s.BookProcess(process_id="P1", starts_at=walk.at)
        ),
        to=Stage.DELIVERING,
        refused_at=Stage.PREPARING,
        code="not_at_this_stage",
    ),
    Row(
        name="T20",
        at=Stage.DELIVERING,
        actor=w.FACILITATOR,
        given=started,
        step=held(w.item()),
        to=Stage.MONITORING,
        refused_at=Stage.DELIVERING,
        code="process_not_started",
    ),
    Row(
        name="T21",
        at=Stage.DELIVERING,
        actor=w.FACILITATOR,
        given=started,
        step=held(),
        to=Stage.FOLLOW_UP,
        refused_at=Stage.DELIVERING,
        code="process_not_started",
    ),
    Row(
        name="T22",
        at=Stage.DELIVERING,
        actor=w.FACILITATOR,
        given=started,
        step=lambda _: s.AdjournProcess(process_id="P1"),
        to=Stage.PREPARING,
        refused_at=Stage.DELIVERING,
        code="process_not_started",
    ),
    Row(
        name="T23",
        at=Stage.MONITORING,
        actor=w.FACILITATOR,
        step=lambda _: s.SettleItem(item_id="A1", outcome=v.ItemStatus.PARTLY),
        to=Stage.FOLLOW_UP,
        refused_at=Stage.FOLLOW_UP,
        code="item_settled",
    ),
    Row(
        name="T24",
        at=Stage.FOLLOW_UP,
        actor=w.FACILITATOR,
        given=w.finish_follow_up,
        step=lambda _: COMPLETED,
        to=Stage.CLOSED,
        refused_at=Stage.FOLLOW_UP,
        code="follow_up_open",
    ),
    Row(
        name="T25",
        at=Stage.PREPARING,
        actor=w.participant(w.HARMED),
        step=lambda _: WISH,
        to=Stage.PREPARING,
        refused_at=Stage.PREPARING,
        refused_by=w.participant(w.RESPONSIBLE),
        code="not_your_step",
    ),
    Row(
        name="T26",
        at=Stage.PREPARING,
        actor=w.participant(w.HARMED),
        given=lambda walk: walk.take(w.FACILITATOR, WISH),
        step=lambda _: s.Resume(person_id=w.HARMED),
        to=Stage.PREPARING,
        refused_at=Stage.PREPARING,
        code="not_paused",
    ),
    Row(
        name="T27",
        at=Stage.ENGAGING,
        actor=w.FACILITATOR,
        step=lambda walk: s.Pause(
            pause=v.PauseKind.OTHER,
            reason=v.PauseReason.ILLNESS,
            review_on=(walk.at + timedelta(days=7)).date() if walk.state.facilitator_ids else None,
        ),
        to=Stage.ENGAGING,
        refused_at=Stage.SCREENING,
        refused_by=w.COORDINATOR,
        code="review_day_missing",
    ),
    Row(
        name="T28",
        at=Stage.ENGAGING,
        actor=w.FACILITATOR,
        given=paused_by_staff,
        step=lambda _: s.Resume(),
        to=Stage.ENGAGING,
        refused_at=Stage.ENGAGING,
        code="not_paused",
    ),
    Row(
        name="T29",
        at=Stage.DELIVERING,
        actor=w.participant(w.RESPONSIBLE),
        step=lambda _: HOLD,
        to=Stage.PREPARING,
        refused_at=Stage.DELIVERING,
        refused_by=w.STRANGER,
        code="unknown_case",
    ),
    Row(
        name="T30",
        at=Stage.ENGAGING,
        actor=w.OTHER_LEAD,
        given=released_once,
        step=lambda _: s.ReleaseHold(),
        to=Stage.ENGAGING,
        refused_at=Stage.ENGAGING,
        code="not_held",
    ),
    Row(
        name="T31",
        at=Stage.PREPARING,
        actor=w.LEAD,
        given=lambda walk: walk.take(w.FACILITATOR, HOLD),
        step=lambda _: UNSAFE,
        to=Stage.CLOSED,
        refused_at=Stage.PREPARING,
        code="reason_does_not_fit",
    ),
    Row(
        name="T32",
        at=Stage.ENGAGING,
        actor=w.COORDINATOR,
        given=both_declined,
        step=lambda _: DECLINED,
        to=Stage.CLOSED,
        refused_at=Stage.ENGAGING,
        code="viable_pair_left",
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_row_happens(row: Row) -> None:
    walk = w.walk(row.at)
    row.given(walk)
    walk.take(row.actor, row.step(walk))
    assert walk.state.stage == row.to


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_row_is_refused(row: Row) -> None:
    walk = w.walk(row.refused_at)
    before = walk.state
    refusals = walk.refusals(row.refused_by or row.actor, row.step(walk))
    assert row.code in [one.code for one in refusals]
    assert all(one.sentence for one in refusals)
    assert walk.state == before


def test_t3_begins_the_case_once() -> None:
    walk = w.walk(Stage.RECEIVED)
    assert walk.kinds() == ["referral_received", "person_named", "person_named"]
    assert walk.codes(w.COORDINATOR, w.referral(walk)) == ["not_your_step"]
    empty = w.Walk(people=())
    assert empty.codes(w.REFERRER, w.referral(empty)) == ["no_parties"]


def test_t15_the_clock_hands_an_unaccepted_allocation_back() -> None:
    walk = w.walk(Stage.ALLOCATED)
    deadline = core.next_deadline(walk.state)
    assert deadline is not None
    assert not walk.wait_until(deadline - timedelta(seconds=1)).entries
    turn = walk.wait_until(deadline)
    assert [entry.kind for entry in turn.entries] == ["allocation_lapsed"]
    assert walk.state.stage == Stage.ACCEPTED
    assert [one.kind for one in turn.intentions] == ["release_capacity", "put_access"]


def test_t18_the_clock_takes_back_what_went_stale() -> None:
    walk = w.walk(Stage.READY)
    turn = walk.wait(days=90)
    assert "process_unready" in [entry.kind for entry in turn.entries]
    assert walk.state.stage == Stage.PREPARING
    assert set(walk.codes(w.FACILITATOR, s.DeclareReady(process_id="P1"))) == {"consent_stale", "risk_stale"}
