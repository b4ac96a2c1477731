"""Several steps at once over HTTP: all or none, with their words, under one key."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from services.gateway.api.step_examples import SEVERAL_STEPS_EXAMPLE, STEP_EXAMPLES
from services.gateway.api.step_form import STEP_FORMS, address_of
from services.gateway.backends.cases import StepTurnedDown
from services.runtime.refusal import Kind, Refusal
from tests.integration.services.gateway.api_client import codes
from tests.integration.services.gateway.conftest import World
from tests.integration.services.gateway.fake_engine import AWAY, CASE_ID, CONSENT_MISSING
from workflows.contracts.step_request import STEPS_AT_ONCE_MAX
from workflows.contracts.steps import AgreeToApproach, InformPerson, LogContact, RecordConsent, RecordHeld
from workflows.contracts.vocabulary import ConsentKind

PATH = f"/v1/cases/{CASE_ID}/steps"
KEY = "key-00000001"
QUESTION = {"step": "request-information", "question_note": "Has the officer spoken to both?"}
ANSWER = {"step": "provide-information", "answer_note": "Yes, on Tuesday."}


async def take(world: World, *steps: Any, key: str = KEY) -> httpx2.Response:
    return await world.coordinator.call("POST", PATH, {"steps": steps}, key=key)


async def test_what_one_conversation_gave_is_one_request(world: World) -> None:
    response = await world.coordinator.call("POST", PATH, SEVERAL_STEPS_EXAMPLE, key=KEY)
    assert (response.status_code, response.json()["note_kept"]) == (200, True), response.text
    (request,) = world.engine.requests
    assert [type(step) for step in request.steps] == [
        LogContact,
        InformPerson,
        RecordConsent,
        RecordConsent,
        AgreeToApproach,
    ]
    contact, _, participation, feedback, _ = request.steps
    assert isinstance(contact, LogContact)
    assert contact.contact_note_id == "note-steps-0-contact_note"
    assert isinstance(participation, RecordConsent)
    assert isinstance(feedback, RecordConsent)
    assert (participation.consent, feedback.consent) == (ConsentKind.PARTICIPATION, ConsentKind.FEEDBACK)
    (note,) = world.services.records.notes.values()
    assert (note.text, note.person_id) == (SEVERAL_STEPS_EXAMPLE["steps"][0]["contact_note"], contact.person_id)


@pytest.mark.parametrize("kind", STEP_FORMS)
async def test_every_kind_may_be_among_them(world: World, kind: str) -> None:
    response = await take(world, {"step": "release-hold"}, {"step": address_of(kind), **STEP_EXAMPLES[kind]})
    assert response.status_code == 200, response.text
    assert [step.kind for step in world.engine.requests[0].steps] == ["release_hold", kind]


async def test_texts_of_the_same_name_do_not_meet(world: World) -> None:
    held = {"step": "record-held", **STEP_EXAMPLES["record_held"]}
    assert (await take(world, QUESTION, ANSWER, held, QUESTION)).status_code == 200
    kept = {slot: note.text for (_, slot), note in world.services.records.notes.items()}
    assert set(kept) == {
        "steps-0-question_note",
        "steps-1-answer_note",
        "steps-2-items-0-wording_note",
        "steps-3-question_note",
    }
    assert kept["steps-1-answer_note"] == ANSWER["answer_note"]
    third = world.engine.requests[0].steps[2]
    assert isinstance(third, RecordHeld)
    assert third.items[0].wording_note_id == "note-steps-2-items-0-wording_note"


async def test_not_yet_in_the_ledger(world: World) -> None:
    world.engine.in_ledger = False
    assert (await take(world, {"step": "take-up"}, QUESTION)).status_code == 202


async def test_a_refusal_says_which_step_and_leaves_no_words(world: World) -> None:
    reason = Refusal("consent_missing", "Consent is missing.", field="steps[1].person_id", who="facilitator")
    world.engine.refusal = StepTurnedDown(Kind.NOT_ALLOWED_NOW, reason)
    response = await take(world, QUESTION, ANSWER)
    assert (response.status_code, codes(response)) == (409, ["consent_missing"])
    assert response.json()["refusals"][0]["field"] == "steps[1].person_id"
    assert world.services.records.notes == {}


async def test_a_single_step_among_several_is_numbered_too(world: World) -> None:
    world.engine.refusal = CONSENT_MISSING
    response = await take(world, QUESTION)
    assert response.status_code == 409
    assert [refusal["field"] for refusal in response.json()["refusals"]] == ["steps[0].person_id", "steps[0]"]
    assert world.services.records.notes == {}


async def test_words_stay_when_it_is_not_known_whether_the_steps_were_taken(world: World) -> None:
    world.engine.refusal = AWAY
    assert codes(await take(world, QUESTION, ANSWER)) == ["engine_unavailable"]
    assert len(world.services.records.notes) == 2
    world.engine.refusal = None
    assert (await take(world, QUESTION, ANSWER)).status_code == 200
    assert len(world.services.records.notes) == 2


async def test_a_repeated_request_is_answered_and_not_repeated(world: World) -> None:
    first = await take(world, {"step": "take-up"}, QUESTION)
    assert (await take(world, {"step": "take-up"}, QUESTION)).json() == first.json()
    assert len(world.engine.requests) == 1


@pytest.mark.parametrize(
    "others",
    [
        [QUESTION, {"step": "take-up"}],
        [{"step": "take-up"}],
        [{"step": "take-up"}, QUESTION, {"step": "release-hold"}],
        [{"step": "take-up"}, {**QUESTION, "question_note": "Else?"}],
    ],
)
async def test_a_key_used_for_other_steps_is_refused(world: World, others: list[Any]) -> None:
    await take(world, {"step": "take-up"}, QUESTION)
    response = await take(world, *others)
    assert (response.status_code, codes(response)) == (409, ["idempotency_key_reused"])
    assert QUESTION["question_note"] in [note.text for note in world.services.records.notes.values()]


@pytest.mark.parametrize(
    ("steps", "faults"),
    [
        ([], {("field_missing", "steps")}),
        ([{"step": "release-hold"}] * (STEPS_AT_ONCE_MAX + 1), {("field_malformed", "steps")}),
        ("take-up", {("field_malformed", "steps")}),
        (["take-up"], {("field_malformed", "steps[0]")}),
        ([{}], {("field_missing", "steps[0].step")}),
        ([{"step": "submit-referral"}], {("value_not_in_list", "steps[0].step")}),
        ([{"step": "take_up"}], {("value_not_in_list", "steps[0].step")}),
        (
            [
                {"step": "take-up", "Rowena's secret": 1},
                {"step": "log-contact", "person_id": "Rowena Fictional", "channel": "pigeon", "outcome": "reached"},
                {"step": "withdraw"},
            ],
            {
                ("field_unknown", "steps[0]"),
                ("field_malformed", "steps[1].person_id"),
                ("value_not_in_list", "steps[1].channel"),
                ("field_missing", "steps[2].person_id"),
            },
        ),
    ],
)
async def test_every_fault_is_named_with_its_step(world: World, steps: Any, faults: set[tuple[str, str]]) -> None:
    response = await world.coordinator.call("POST", PATH, {"steps": steps}, key=KEY)
    assert response.status_code == 422, response.text
    assert {(refusal["code"], refusal["field"]) for refusal in response.json()["refusals"]} == faults
    assert "Rowena" not in response.text
    assert world.engine.requests == []
    assert world.services.records.notes == {}


async def test_as_many_as_allowed(world: World) -> None:
    assert (await take(world, *[QUESTION] * STEPS_AT_ONCE_MAX)).status_code == 200
    assert len(world.services.records.notes) == STEPS_AT_ONCE_MAX


async def test_a_body_and_a_key_are_needed(world: World) -> None:
    assert codes(await world.coordinator.call("POST", PATH, key=KEY, content=b"")) == ["field_missing"]
    assert codes(await take(world, QUESTION, key="")) == ["idempotency_key_missing"]
    assert (await world.coordinator.call("GET", PATH)).status_code == 405


async def test_records_being_down_blocks_no_hold_and_no_withdrawal(world: World) -> None:
    await world.services.server.stop(0)
    urgent = [{"step": address_of(kind), **STEP_EXAMPLES[kind]} for kind in ("withdraw", "hold_for_safety")]
    response = await take(world, *urgent)
    assert (response.status_code, response.json()["note_kept"]) == (200, False)
    assert response.headers["note-kept"] == "false"
    assert [step.kind for step in world.engine.requests[0].steps] == ["withdraw", "hold_for_safety"]


async def test_records_being_down_stops_a_hold_that_comes_with_other_steps(world: World) -> None:
    await world.services.server.stop(0)
    response = await take(world, {"step": "hold-for-safety", "reason": "threat"}, QUESTION)
    assert (response.status_code, codes(response)) == (503, ["service_unavailable"])
    assert world.engine.requests == []
