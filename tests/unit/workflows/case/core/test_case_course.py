"""Screening, allocation, letters, agreement and closing, with what each puts in the ledger and wants done outside."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support import case_walk as w
from workflows.case.core import case as core
from workflows.contracts import steps as s
from workflows.contracts import vocabulary as v
from workflows.contracts.actor import Actor
from workflows.contracts.intention import PutAccess, Reservation, ReserveCapacity

REFUSE = s.RefuseReferral(
    reason=v.ScreeningRefusal.NOT_SUITABLE, alternatives_offered=True, reasons_note_id="note-reasons"
)
DRAFT = s.DraftExchange(process_id="P1", from_person_id=w.RESPONSIBLE, to_person_id=w.HARMED, content_note_id="note-1")


def test_a_victim_led_refusal_has_two_signatures_one_of_them_a_lead_s() -> None:
    walk = w.walk(v.Stage.SCREENING)
    walk.take(w.COORDINATOR, REFUSE)
    assert walk.state.stage == v.Stage.SCREENING
    assert walk.codes(w.COORDINATOR, s.CountersignRefusal()) == ["second_signature_by_another", "lead_must_sign"]
    turn = walk.take(w.LEAD, s.CountersignRefusal())
    assert [one.kind for one in turn.entries] == ["referral_refused", "case_closed"]
    assert turn.entries[0].data["first_signature"] == w.COORDINATOR.actor_id
    agency_led = w.walk(v.Stage.SCREENING, initiator=v.Initiator.AGENCY_LED)
    agency_led.take(w.COORDINATOR, REFUSE)
    assert agency_led.state.stage == v.Stage.CLOSED


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"harm_type": v.HarmType.DOMESTIC_ABUSE}, "handling_too_low"),
        ({"initiator": v.Initiator.RESPONSIBLE_LED}, "initiator_first"),
        (
            {"initiator": v.Initiator.RESPONSIBLE_LED, "harm_type": v.HarmType.SEXUAL_HARM},
            "initiator_not_allowed",
        ),
    ],
)
def test_acceptance_follows_the_scope_policy(said: dict[str, object], code: str) -> None:
    walk = w.walk(v.Stage.SCREENING, **said)  # type: ignore[arg-type]  # what the referral says
    accept = s.AcceptReferral(handling=v.Handling.ORDINARY, route=v.Route.HUB, approach_first_person_id=w.HARMED)
    assert code in walk.codes(w.COORDINATOR, accept)


def test_non_crime_is_never_booked_to_the_victims_grant() -> None:
    walk = w.Walk()
    step = w.referral(walk, stream=v.Stream.NON_CRIME)
    assert walk.codes(w.REFERRER, step) == ["grant_not_for_non_crime"]


def test_a_self_referral_is_acknowledged_to_that_person() -> None:
    walk = w.Walk()
    public = Actor(actor_id="public", roles=(v.Role.PUBLIC,))
    step = w.referral(walk, channel=v.Channel.SELF_REFERRAL, referrer_kind=v.ReferrerKind.VICTIM)
    walk.take(public, step)
    assert [one.person_id for one in walk.messages("referral_received")] == [w.HARMED]


def test_the_hub_s_clock_rests_while_the_referrer_is_asked() -> None:
    walk = w.walk(v.Stage.INFO_REQUESTED)
    assert {task.owner_role for task in core.summarise(walk.state, walk.at).tasks} == {"referrer"}
    walk.at += timedelta(days=14)
    walk.take(w.REFERRER, s.ProvideInformation(answer_note_id="note-1"))
    assert walk.state.rested_working_days == 10


def test_a_satellite_names_its_facilitator_and_a_refused_place_falls_back() -> None:
    walk = w.walk(v.Stage.ACCEPTED)
    turn = walk.take(w.COORDINATOR, s.Allocate(unit_id="unit-east"))
    assert [one.kind for one in turn.intentions] == ["put_access"]
    assert walk.codes(w.UNIT_LEAD, s.AcceptAllocation()) == ["facilitator_missing"]
    turn = walk.take(w.UNIT_LEAD, s.AcceptAllocation(facilitator_id=w.FACILITATOR.actor_id))
    reserve = next(one for one in turn.intentions if isinstance(one, ReserveCapacity))
    turn = walk.absorb(core.learn_reservation(walk.state, reserve, Reservation(reserved=False, reason="full"), walk.at))
    assert walk.state.stage == v.Stage.ACCEPTED
    assert [one.kind for one in turn.intentions] == ["put_access"]
    tasks = core.summarise(walk.state, walk.at).tasks
    assert [(task.kind, task.owner_role, task.reason) for task in tasks] == [("allocate", "coordinator", "full")]


def test_a_place_given_is_no_news() -> None:
    walk = w.walk(v.Stage.ALLOCATED)
    reserve = next(one for one in walk.intentions if isinstance(one, ReserveCapacity))
    assert core.learn_reservation(walk.state, reserve, Reservation(reserved=True), walk.at).entries == ()


def test_a_letter_goes_only_reviewed_agreed_to_and_under_way() -> None:
    walk = w.walk(v.Stage.DELIVERING, process_kind=v.ProcessKind.LETTER_EXCHANGE)
    assert not walk.messages("appointment_confirmed")
    held = s.RecordHeld(process_id="P1", attended_person_ids=walk.person_ids())
    walk.take(w.FACILITATOR, DRAFT)
    assert walk.codes(w.FACILITATOR, s.AgreeToReceive(exchange_id="X1")) == ["not_reviewed"]
    walk.take(w.FACILITATOR, s.ReviewExchange(exchange_id="X1", fit_to_release=True))
    assert walk.codes(w.FACILITATOR, s.ReleaseExchange(exchange_id="X1")) == ["not_accepted", "process_not_started"]
    walk.take(w.FACILITATOR, s.AgreeToReceive(exchange_id="X1"), w.start(walk))
    assert walk.codes(w.FACILITATOR, held) == ["nothing_exchanged"]
    walk.take(w.FACILITATOR, s.ReleaseExchange(exchange_id="X1"))
    assert walk.codes(w.FACILITATOR, held) == ["exchange_open"]
    walk.take(w.FACILITATOR, s.CloseExchange(exchange_id="X1", answered=True), held)
    assert walk.state.stage == v.Stage.FOLLOW_UP


def test_a_withdrawal_stops_a_letter_on_its_way() -> None:
    walk = w.walk(v.Stage.PREPARING)
    plan = s.PlanProcess(process_kind=v.ProcessKind.LETTER_EXCHANGE, person_ids=walk.person_ids())
    walk.take(w.FACILITATOR, plan, DRAFT, s.Withdraw(person_id=w.HARMED))
    assert walk.state.exchanges["X1"].status == v.ExchangeStatus.WITHHELD


def test_a_letter_not_to_be_sent_needs_nobody_else_and_stays() -> None:
    walk = w.walk(v.Stage.ENGAGING)
    w.engage(walk, w.HARMED)
    plan = s.PlanProcess(process_kind=v.ProcessKind.NO_SEND_LETTER, person_ids=(w.HARMED,))
    walk.take(w.FACILITATOR, plan)
    w.prepare(walk, w.HARMED)
    walk.take(
        w.FACILITATOR,
        s.DeclareReady(process_id="P1"),
        s.BookProcess(process_id="P1", starts_at=walk.at + timedelta(days=1)),
    )
    draft = s.DraftExchange(process_id="P1", from_person_id=w.HARMED, to_person_id="", content_note_id="note-1")
    walk.take(w.FACILITATOR, w.start(walk), draft, s.ReviewExchange(exchange_id="X1", fit_to_release=True))
    assert walk.codes(w.FACILITATOR, s.AgreeToReceive(exchange_id="X1")) == ["stays_unsent"]
    walk.take(w.FACILITATOR, s.RecordHeld(process_id="P1", attended_person_ids=(w.HARMED,)))
    assert walk.state.stage == v.Stage.FOLLOW_UP


def test_an_item_needs_everyone_s_consent_and_its_end_is_told() -> None:
    walk = w.walk(v.Stage.DELIVERING)
    walk.take(w.FACILITATOR, w.start(walk))
    walk.take(w.FACILITATOR, s.RecordHeld(process_id="P1", attended_person_ids=walk.person_ids(), items=(w.item(),)))
    done = s.SettleItem(item_id="A1", outcome=v.ItemStatus.COMPLETED)
    assert walk.codes(w.FACILITATOR, done) == ["item_not_agreed"]
    for person_id in (w.HARMED, w.RESPONSIBLE):
        walk.take(w.participant(person_id), s.AgreeItem(item_id="A1", person_id=person_id))
    walk.take(w.FACILITATOR, done)
    notices = walk.messages("agreement_item_outcome")
    assert [(one.person_id, one.parameters) for one in notices] == [(w.HARMED, {"outcome": "completed"})]


def test_switching_keeps_the_process_before() -> None:
    walk = w.walk(v.Stage.DELIVERING)
    walk.take(w.FACILITATOR, s.PlanProcess(process_kind=v.ProcessKind.SHUTTLE, person_ids=walk.person_ids()))
    assert [one.status.value for one in walk.state.processes.values()] == ["not_held", "planned"]
    assert len(walk.messages("appointment_cancelled")) == 2


def test_closing_takes_away_access_and_gives_the_place_back() -> None:
    walk = w.walk(v.Stage.CLOSED)
    assert [one.kind for one in walk.intentions][-2:] == ["release_capacity", "put_access"]
    access = walk.intentions[-1]
    assert isinstance(access, PutAccess)
    assert (access.staff_ids, access.unit_ids, access.as_of_sequence) == ((), (), len(walk.entries))
    assert walk.state.closing is not None
    assert walk.codes(w.LEAD, s.HoldForSafety(reason=v.HoldReason.OTHER)) == ["case_closed"]
    assert core.next_deadline(walk.state) is None


def test_the_ledger_has_every_entry_once_with_what_reports_count() -> None:
    walk = w.walk(v.Stage.CLOSED)
    assert [entry.sequence for entry in walk.entries] == list(range(1, len(walk.entries) + 1))
    counted = {
        "referral_received",
        "taken_up",
        "referral_accepted",
        "allocated",
        "process_held",
        "follow_up_sent",
        "follow_up_answered",
        "case_closed",
    }
    assert counted <= set(walk.kinds())
    held = next(entry for entry in walk.entries if entry.kind == "process_held")
    assert held.data["process_kind"] == "face_to_face"
    assert (held.step, held.actor_id, held.actor_role) == ("record_held", w.FACILITATOR.actor_id, "facilitator")
    keys = [one.intention_id for one in walk.intentions]
    assert len(set(keys)) == len(keys)


def test_confirmations_carry_each_person_s_own_arrival() -> None:
    walk = w.walk(v.Stage.DELIVERING)
    times = {one.person_id: one.parameters["time"] for one in walk.messages("appointment_confirmed")}
    assert len(set(times.values())) == 2
    assert all(set(one.parameters) == {"date", "time", "place_code"} for one in walk.messages("appointment_confirmed"))
