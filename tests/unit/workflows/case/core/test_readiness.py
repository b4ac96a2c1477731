"""The gate before people meet: one refusal per missing thing and person (T17, invariant 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support import case_walk as w
from workflows.contracts import steps as s
from workflows.contracts import vocabulary as v

READY = s.DeclareReady(process_id="P1")


def planned(**said: object) -> w.Walk:
    walk = w.walk(v.Stage.PREPARING, **said)  # type: ignore[arg-type]  # options of the walk
    walk.take(w.FACILITATOR, s.PlanProcess(process_kind=v.ProcessKind.FACE_TO_FACE, person_ids=walk.person_ids()))
    return walk


def test_everything_missing_is_named_at_once() -> None:
    walk = planned()
    refusals = [(one.code, one.field) for one in walk.refusals(w.FACILITATOR, READY)]
    assert refusals == [
        ("not_prepared", f"person_id:{w.HARMED}"),
        ("not_prepared", f"person_id:{w.RESPONSIBLE}"),
        ("responsibility_not_accepted", f"person_id:{w.RESPONSIBLE}"),
    ]


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (
            s.RecordResponsibility(person_id=w.RESPONSIBLE, responsibility=v.Responsibility.DENIES),
            "responsibility_not_accepted",
        ),
        (s.RecordPreparation(person_id=w.HARMED, attended=True, ready=False), "not_prepared"),
        (w.risk(w.RESPONSIBLE, v.RiskLevel.UNSAFE), "risk_unsafe"),
        (w.risk(w.RESPONSIBLE, v.RiskLevel.LOW, v.Bar.RESTRAINING_ORDER), "bar_in_force"),
        (w.consent(w.HARMED, given=False), "consent_missing"),
        (s.RecordPermission(person_id=w.HARMED, may_be_contacted=v.Answer.NO), "no_permission"),
        (
            s.RecordConsent(
                person_id=w.HARMED,
                consent=v.ConsentKind.PARTICIPATION,
                given=True,
                method=v.ConsentMethod.VERBAL,
                wording_version="2026-04",
            ),
            "consent_not_written",
        ),
    ],
)
def test_what_falls_away_unmakes_readiness(step: s.Step, code: str) -> None:
    walk = w.walk(v.Stage.READY)
    if code == "consent_not_written":  # given anew, but not in writing
        walk.take(w.FACILITATOR, w.consent(w.HARMED, given=False))
    walk.take(w.FACILITATOR, step)
    assert walk.state.stage == v.Stage.PREPARING
    assert code in walk.codes(w.FACILITATOR, READY)


def test_verbal_consent_over_a_written_one_unmakes_readiness_too() -> None:
    walk = w.walk(v.Stage.DELIVERING)
    verbal = replace(w.consent(w.HARMED), method=v.ConsentMethod.VERBAL)
    walk.take(w.FACILITATOR, verbal)
    assert walk.state.stage == v.Stage.PREPARING
    assert {one.person_id for one in walk.messages("appointment_cancelled")} == {w.HARMED, w.RESPONSIBLE}


def test_a_bar_is_only_cleared_by_its_authority() -> None:
    walk = planned()
    walk.take(w.FACILITATOR, w.risk(w.RESPONSIBLE, v.RiskLevel.LOW, v.Bar.BAIL_CONDITION))
    assert walk.codes(w.FACILITATOR, w.risk(w.RESPONSIBLE)) == ["bar_not_cleared"]
    assert walk.codes(w.FACILITATOR, w.risk(w.RESPONSIBLE, cleared_by="friend")) == ["unknown_authority"]
    walk.take(w.FACILITATOR, w.risk(w.RESPONSIBLE, cleared_by="court"))


def test_risk_is_looked_at_after_the_first_meeting() -> None:
    walk = planned()
    for person_id in walk.person_ids():
        walk.take(w.FACILITATOR, s.RecordPreparation(person_id=person_id, attended=True, ready=True))
    assert walk.codes(w.FACILITATOR, READY).count("risk_before_meeting") == 2


def test_someone_under_18_needs_a_representative() -> None:
    young = w.party(w.RESPONSIBLE, v.PartyRole.RESPONSIBLE, age_band=v.AgeBand.UNDER_18)
    walk = planned(parties=(w.party(w.HARMED, v.PartyRole.HARMED), young))
    for person_id in walk.person_ids():
        w.prepare(walk, person_id)
    assert walk.codes(w.FACILITATOR, READY) == ["representative_missing"]
    walk.take(w.FACILITATOR, replace(w.consent(w.RESPONSIBLE), representative=True), READY)


def test_a_sensitive_case_needs_two_facilitators_and_the_lead() -> None:
    walk = w.walk(v.Stage.READY, handling=v.Handling.SENSITIVE)
    assert "readiness_proposed" in walk.kinds()
    one = w.walk(v.Stage.ACCEPTED, handling=v.Handling.SENSITIVE)
    one.take(w.COORDINATOR, s.Allocate(facilitator_id=w.FACILITATOR.actor_id))
    for stage in (v.Stage.ENGAGING, v.Stage.PREPARING):
        w.WAY[stage](one)
    one.take(w.FACILITATOR, s.PlanProcess(process_kind=v.ProcessKind.SHUTTLE, person_ids=one.person_ids()))
    for person_id in one.person_ids():
        w.prepare(one, person_id)
    assert one.codes(w.FACILITATOR, READY) == ["co_facilitator_missing"]
    second = s.Allocate(facilitator_id=w.FACILITATOR.actor_id, co_facilitator_id=w.CO_FACILITATOR.actor_id)
    one.take(w.LEAD, second)
    one.take(w.FACILITATOR, READY)
    assert one.codes(w.FACILITATOR, s.CountersignReady(process_id="P1")) == ["not_your_step"]
    one.take(w.LEAD, s.CountersignReady(process_id="P1"))
    assert one.state.stage == v.Stage.READY


def test_a_booking_must_be_fresh_on_its_day_and_keep_people_apart() -> None:
    walk = w.walk(v.Stage.READY)
    assert set(walk.codes(w.FACILITATOR, w.booking(walk, days=100))) == {"consent_stale", "risk_stale"}
    good = w.booking(walk)
    together = tuple(replace(one, arrive_at=good.starts_at, entrance="main") for one in good.arrivals)
    assert walk.codes(w.FACILITATOR, replace(good, arrivals=together)) == ["arrivals_together"]
    assert walk.codes(w.FACILITATOR, replace(good, venue_id="", arrivals=good.arrivals[:1])) == [
        "venue_missing",
        "arrival_missing",
    ]
    assert walk.codes(w.FACILITATOR, replace(good, starts_at=walk.at - timedelta(days=1))) == ["starts_in_past"]


def test_the_day_s_checklist_is_for_everyone() -> None:
    walk = w.walk(v.Stage.DELIVERING)
    bare = s.StartProcess(
        process_id="P1", identity_checked=False, risk_rechecked=False, consent_reconfirmed_person_ids=(w.HARMED,)
    )
    assert walk.codes(w.FACILITATOR, bare) == [
        "identity_not_checked",
        "risk_not_rechecked",
        "consent_not_reconfirmed",
    ]
