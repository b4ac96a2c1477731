"""First contact, order of approach, exits and the multi-party rule (6.3; R-005, R-034, R-120 to R-126)."""

from __future__ import annotations

import pytest

from tests.support import case_walk as w
from workflows.case.core import case as core
from workflows.contracts import steps as s
from workflows.contracts import vocabulary as v

TWO_HARMED = (
    (w.HARMED, v.PartyRole.HARMED),
    (w.HARMED_2, v.PartyRole.HARMED),
    (w.RESPONSIBLE, v.PartyRole.RESPONSIBLE),
)
NEIGHBOURS = (("neighbour-1", v.PartyRole.BOTH), ("neighbour-2", v.PartyRole.BOTH))


def leaves(person_id: str, exit_kind: v.Exit, **said: object) -> s.RecordExit:
    return s.RecordExit(person_id=person_id, exit=exit_kind, reason=v.ExitReason.OTHER, **said)  # type: ignore[arg-type]


def test_nobody_is_contacted_without_permission() -> None:
    said = {"may_be_contacted": v.Answer.UNKNOWN}
    parties = (w.party(w.HARMED, v.PartyRole.HARMED), w.party(w.RESPONSIBLE, v.PartyRole.RESPONSIBLE, **said))
    walk = w.walk(v.Stage.ENGAGING, parties=parties)
    w.engage(walk, w.HARMED)
    walk.take(w.FACILITATOR, s.AgreeToApproach(person_id=w.HARMED))
    assert walk.codes(w.FACILITATOR, w.contact(w.RESPONSIBLE)) == ["no_permission"]
    walk.take(w.FACILITATOR, s.RecordPermission(person_id=w.RESPONSIBLE, may_be_contacted=v.Answer.YES))
    assert walk.codes(w.FACILITATOR, w.contact(w.RESPONSIBLE)) == []


def test_the_other_side_waits_for_the_first_and_for_one_who_is_still_in() -> None:
    walk = w.walk(v.Stage.ENGAGING, people=TWO_HARMED)
    assert walk.codes(w.FACILITATOR, w.contact(w.RESPONSIBLE)) == ["approach_not_agreed"]
    assert walk.codes(w.FACILITATOR, s.AgreeToApproach(person_id=w.RESPONSIBLE)) == ["not_first_side", "not_informed"]
    w.engage(walk, w.HARMED_2)
    walk.take(w.FACILITATOR, s.AgreeToApproach(person_id=w.HARMED_2))
    assert walk.codes(w.FACILITATOR, w.contact(w.RESPONSIBLE)) == []
    walk.take(w.FACILITATOR, s.Withdraw(person_id=w.HARMED_2))
    assert walk.codes(w.FACILITATOR, w.contact(w.RESPONSIBLE)) == ["approach_not_agreed"]


def test_neighbours_who_are_both_make_a_pair_and_have_sides_of_their_own() -> None:
    walk = w.walk(v.Stage.ENGAGING, people=NEIGHBOURS, stream=v.Stream.NON_CRIME, funding_stream=v.FundingStream.OTHER)
    assert walk.codes(w.FACILITATOR, w.contact("neighbour-2")) == ["approach_not_agreed"]
    w.WAY[v.Stage.PREPARING](walk)
    w.WAY[v.Stage.READY](walk)
    assert walk.stands_at(v.Stage.READY)


def test_one_of_two_harmed_people_withdraws_and_the_case_goes_on() -> None:
    walk = w.walk(v.Stage.DELIVERING, people=TWO_HARMED)
    turn = walk.take(w.participant(w.HARMED_2), s.Withdraw(person_id=w.HARMED_2))
    assert [one.kind for one in turn.entries][:3] == ["person_withdrew", "attendee_removed", "process_unready"]
    assert walk.state.processes["P1"].person_ids == (w.HARMED, w.RESPONSIBLE)
    assert walk.stands_at(v.Stage.PREPARING)
    told = [one.person_id for one in walk.messages("appointment_cancelled")]
    assert told == [w.HARMED, w.RESPONSIBLE]
    assert not walk.messages("exit_notice")
    walk.take(w.FACILITATOR, s.DeclareReady(process_id="P1"))
    assert walk.stands_at(v.Stage.READY)


def test_the_last_pair_goes_and_the_other_side_is_told_neutrally() -> None:
    walk = w.walk(v.Stage.DELIVERING)
    turn = walk.take(w.FACILITATOR, s.Withdraw(person_id=w.HARMED))
    assert "last_pair_lost" in [one.kind for one in turn.entries]
    assert walk.state.processes["P1"].status == v.ProcessStatus.NOT_HELD
    assert walk.stands_at(v.Stage.FOLLOW_UP)
    notices = walk.messages("exit_notice")
    assert [(one.person_id, one.parameters) for one in notices] == [(w.RESPONSIBLE, {})]
    planned = {point.person_id for point in walk.state.points.values()}
    assert planned == {w.HARMED, w.RESPONSIBLE}
    tasks = {task.kind for task in core.summarise(walk.state, walk.at).tasks}
    assert "offer_onward_support" in tasks


def test_after_a_withdrawal_no_message_goes_to_that_person() -> None:
    walk = w.walk(v.Stage.FOLLOW_UP)
    walk.take(w.participant(w.HARMED), s.Withdraw(person_id=w.HARMED))
    walk.wait(days=400)
    handed = [point for point in walk.state.points.values() if point.person_id == w.HARMED]
    assert {(point.status, point.reason) for point in handed} == {(v.PointStatus.HANDED_TO_PERSON, "withdrew")}
    assert not [one for one in walk.messages() if one.point_id and one.person_id == w.HARMED]


@pytest.mark.parametrize(
    ("exit_kind", "code"),
    [
        (v.Exit.NOT_IDENTIFIED, "person_is_identified"),
        (v.Exit.NOT_PERMITTED, "person_may_be_contacted"),
        (v.Exit.UNREACHABLE, "more_attempts_needed"),
        (v.Exit.DENIES, "denial_not_recorded"),
        (v.Exit.UNSUITABLE, "lead_signs_unsuitable"),
        (v.Exit.WITHDREW, "use_withdraw"),
    ],
)
def test_an_exit_needs_its_grounds(exit_kind: v.Exit, code: str) -> None:
    walk = w.walk(v.Stage.ENGAGING)
    assert code in walk.codes(w.FACILITATOR, leaves(w.RESPONSIBLE, exit_kind))


def test_a_harmed_person_who_leaves_is_offered_support() -> None:
    walk = w.walk(v.Stage.ENGAGING)
    walk.take(w.FACILITATOR, w.contact(w.HARMED))
    assert walk.codes(w.FACILITATOR, leaves(w.HARMED, v.Exit.DECLINED)) == ["onward_support_missing"]
    walk.take(w.FACILITATOR, leaves(w.HARMED, v.Exit.DECLINED, onward_support=v.OnwardSupport.DECLINED))
    assert walk.state.points == {}  # never informed: no follow-up


def test_unsafe_holds_the_case() -> None:
    walk = w.walk(v.Stage.DELIVERING)
    walk.take(w.FACILITATOR, leaves(w.RESPONSIBLE, v.Exit.UNSAFE))
    assert walk.state.hold is not None


def test_not_now_leaves_the_offer_open() -> None:
    walk = w.walk(v.Stage.READY)
    walk.take(w.participant(w.HARMED), s.NotNow(person_id=w.HARMED))
    assert walk.stands_at(v.Stage.PREPARING)
    assert "waits_for_person" in walk.codes(w.FACILITATOR, s.DeclareReady(process_id="P1"))
    assert walk.codes(w.LEAD, s.CloseCase(reason=v.CloseReason.DECLINED, side=v.Side.HARMED))
    walk.take(w.participant(w.HARMED), s.ConsiderAgain(person_id=w.HARMED))
    assert walk.state.people[w.HARMED].status == v.ParticipationStatus.PREPARED
    walk.take(w.FACILITATOR, s.DeclareReady(process_id="P1"))


def test_a_person_not_identified_is_named_later() -> None:
    parties = (w.party(w.HARMED, v.PartyRole.HARMED), w.party(w.RESPONSIBLE, v.PartyRole.RESPONSIBLE, identified=False))
    walk = w.Walk()
    walk.take(w.REFERRER, w.referral(walk, parties=parties))
    walk.take(w.COORDINATOR, s.TakeUp(), w.risk(w.HARMED))
    accept = s.AcceptReferral(handling=v.Handling.ORDINARY, route=v.Route.HUB, approach_first_person_id=w.HARMED)
    walk.take(w.COORDINATOR, accept, s.Allocate(facilitator_id=w.FACILITATOR.actor_id))
    walk.take(w.FACILITATOR, s.AcceptAllocation())
    w.engage(walk, w.HARMED)
    walk.take(w.FACILITATOR, s.AgreeToApproach(person_id=w.HARMED))
    assert walk.codes(w.FACILITATOR, w.contact(w.RESPONSIBLE)) == ["not_identified", "no_permission"]
    walk.take(w.FACILITATOR, leaves(w.RESPONSIBLE, v.Exit.NOT_IDENTIFIED))
    assert walk.stands_at(v.Stage.FOLLOW_UP)
    walk.take(w.COORDINATOR, s.IdentifyPerson(person_id=w.RESPONSIBLE, may_be_contacted=v.Answer.YES))
    assert walk.stands_at(v.Stage.ENGAGING)
    w.engage(walk, w.RESPONSIBLE)
    assert walk.stands_at(v.Stage.PREPARING)
