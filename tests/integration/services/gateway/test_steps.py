"""Steps over HTTP: taken, refused, repeated, and never lost or half done."""

from __future__ import annotations

import httpx2
import pytest

from services.gateway.api.step_examples import STEP_EXAMPLES
from services.gateway.api.step_form import STEP_FORMS, address_of
from services.runtime.refusal import Kind, Refusal, Refused
from tests.integration.services.gateway.api_client import codes
from tests.integration.services.gateway.conftest import World
from tests.integration.services.gateway.fake_engine import (
    AWAY,
    CASE_ID,
    CLOSED,
    CONSENT_MISSING,
    UNKNOWN_CASE_ID,
    WRONG_ROLE,
    WRONG_STAGE,
)
from tests.integration.services.gateway.in_process import gateway_app
from workflows.contracts.steps import HoldForSafety, RecordHeld, RequestInformation, TakeUp
from workflows.contracts.vocabulary import Role

KEY = "key-00000001"
QUESTION = {"question_note": "Has the officer spoken to both?"}
OFFENCES = (
    "She said \"don't\" -- '; DROP TABLE notes; --",
    "<script>alert('x')</script> & <b>bold</b>",
    "😡🔥 broke the window 👨‍👩‍👧‍👦",
    "قال إنه آسف ‏ جداً ‮txet‬",
    "x" * 20_000,
    "one line\nand another\tand a tab\r\n",
)


def at(step: str, case_id: str = CASE_ID) -> str:
    return f"/v1/cases/{case_id}/steps/{step}"


@pytest.mark.parametrize("kind", STEP_FORMS)
async def test_every_step_has_a_route_that_takes_its_example(world: World, kind: str) -> None:
    response = await world.coordinator.call("POST", at(address_of(kind)), STEP_EXAMPLES[kind], key=KEY)
    assert response.status_code == 200, response.text
    assert world.engine.requests[0].steps[0].kind == kind


async def test_a_step_carries_actor_digest_and_trace(world: World) -> None:
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    response = await world.coordinator.call(
        "POST", at("take-up"), {}, key=KEY, traceparent=f"00-{trace_id}-b7ad6b7169203331-01"
    )
    assert response.json()["note_kept"] is True
    request = world.engine.requests[0]
    assert request.steps == (TakeUp(),)
    assert (request.actor.actor_id, request.actor.roles, request.actor.agency_id) == (
        "S101",
        (Role.COORDINATOR,),
        "hub",
    )
    assert len(request.request_digest) == 64
    assert request.traceparent == "" or request.traceparent[3:35] == trace_id


async def test_a_step_needs_no_body_when_it_has_no_fields(world: World) -> None:
    response = await world.coordinator.call("POST", at("take-up"), key=KEY, content=b"")
    assert response.status_code == 200


async def test_a_step_not_yet_in_the_ledger_is_accepted(world: World) -> None:
    world.engine.in_ledger = False
    response = await world.coordinator.call("POST", at("take-up"), {}, key=KEY)
    assert (response.status_code, response.json()["in_ledger"]) == (202, False)


@pytest.mark.parametrize("words", OFFENCES)
async def test_words_reach_records_unchanged_and_never_the_engine(world: World, words: str) -> None:
    response = await world.coordinator.call("POST", at("request-information"), {"question_note": words}, key=KEY)
    assert response.status_code == 200, response.text
    assert [note.text for note in world.services.records.notes.values()] == [words]
    assert world.engine.requests[0].steps == (RequestInformation(question_note_id="note-question_note"),)


async def test_words_of_an_item_go_to_its_owners_side(world: World) -> None:
    await world.coordinator.call("POST", at("record-held"), STEP_EXAMPLES["record_held"], key=KEY)
    (step,) = world.engine.requests[0].steps
    assert isinstance(step, RecordHeld)
    assert step.items[0].wording_note_id == "note-items-0-wording_note"
    (note,) = world.services.records.notes.values()
    assert note.person_id == step.items[0].owner_person_id


@pytest.mark.parametrize(
    ("refusal", "status", "expected"),
    [
        (WRONG_STAGE, 409, ["wrong_stage"]),
        (CONSENT_MISSING, 409, ["consent_missing", "not_prepared"]),
        (WRONG_ROLE, 403, ["not_your_step"]),
        (CLOSED, 409, ["case_closed"]),
    ],
)
async def test_a_refusal_of_the_case_leaves_no_words(
    world: World, refusal: Refused, status: int, expected: list[str]
) -> None:
    world.engine.refusal = refusal
    response = await world.coordinator.call("POST", at("request-information"), QUESTION, key=KEY)
    assert (response.status_code, codes(response)) == (status, expected)
    assert response.json()["refusals"][0]["who"] == refusal.refusals[0].who
    assert world.services.records.notes == {}


async def test_words_stay_when_it_is_not_known_whether_the_step_was_taken(world: World) -> None:
    world.engine.refusal = AWAY
    response = await world.coordinator.call("POST", at("request-information"), QUESTION, key=KEY)
    assert (response.status_code, codes(response)) == (503, ["engine_unavailable"])
    assert len(world.services.records.notes) == 1
    world.engine.refusal = None
    response = await world.coordinator.call("POST", at("request-information"), QUESTION, key=KEY)
    assert response.status_code == 200
    assert len(world.services.records.notes) == 1


@pytest.mark.parametrize("case_id", [UNKNOWN_CASE_ID, "not-an-id", "1", "%00", CASE_ID.upper()])
async def test_an_unknown_or_malformed_case_is_unknown(world: World, case_id: str) -> None:
    response = await world.coordinator.call("POST", at("take-up", case_id), {}, key=KEY)
    assert (response.status_code, codes(response)) == (404, ["unknown_case"])


async def test_a_repeated_request_is_answered_and_not_repeated(world: World) -> None:
    first = await world.coordinator.call("POST", at("request-information"), QUESTION, key=KEY)
    again = await world.coordinator.call("POST", at("request-information"), QUESTION, key=KEY)
    assert first.json() == again.json()
    assert len(world.engine.requests) == 1


async def test_spacing_and_written_out_defaults_make_no_other_request(world: World) -> None:
    await world.coordinator.call("POST", at("hold-for-safety"), key=KEY, content=b'{"reason":"threat"}')
    again = await world.coordinator.call(
        "POST", at("hold-for-safety"), key=KEY, content=b'{ "hold_note": "", "reason": "threat" }'
    )
    assert again.status_code == 200


@pytest.mark.parametrize(
    ("step", "body"),
    [("hold-for-safety", {"reason": "distress"}), ("pause", {"pause": "other", "reason": "court"})],
)
async def test_a_key_used_for_another_request_is_refused(world: World, step: str, body: dict[str, str]) -> None:
    await world.coordinator.call("POST", at("hold-for-safety"), {"reason": "threat"}, key=KEY)
    response = await world.coordinator.call("POST", at(step), body, key=KEY)
    assert (response.status_code, codes(response)) == (409, ["idempotency_key_reused"])


async def test_a_key_used_for_other_words_is_refused_and_the_first_words_stay(world: World) -> None:
    await world.coordinator.call("POST", at("request-information"), QUESTION, key=KEY)
    response = await world.coordinator.call("POST", at("request-information"), {"question_note": "Else?"}, key=KEY)
    assert (response.status_code, codes(response)) == (409, ["idempotency_key_reused"])
    assert [note.text for note in world.services.records.notes.values()] == [QUESTION["question_note"]]


async def test_anothers_key_is_no_key_of_mine(world: World) -> None:
    await world.coordinator.call("POST", at("take-up"), {}, key=KEY)
    other = world.coordinator.as_(world.issuer.token("S102", ["coordinator"], "hub"))
    await other.call("POST", at("take-up"), {}, key=KEY)
    assert len(world.engine.requests) == 2


@pytest.mark.parametrize(
    ("key", "code"),
    [("", "idempotency_key_missing"), ("short", "idempotency_key_malformed"), ("x" * 201, "idempotency_key_malformed")],
)
async def test_a_request_needs_a_good_key(world: World, key: str, code: str) -> None:
    response = await world.coordinator.call("POST", at("take-up"), {}, key=key)
    assert (response.status_code, codes(response)) == (400, [code])


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"not json", 400, "body_malformed"),
        (b"[]", 400, "body_malformed"),
        (b'"text"', 400, "body_malformed"),
        (b"\xff\xfe", 400, "body_malformed"),
        (b'{"question_note": "\\ud800"}', 400, "body_malformed"),
        (b"[" * 200_000, 400, "body_malformed"),
        (b"{" + b" " * (1024 * 1024) + b"}", 413, "body_too_large"),
        (b"{}", 422, "field_missing"),
        (b'{"question_note": ""}', 422, "field_missing"),
        (b'{"question_note": 7}', 422, "field_malformed"),
        (b'{"question_note": null}', 422, "field_malformed"),
        (b'{"question_note": "a\\u0000b"}', 422, "field_malformed"),
        (b'{"question_note": "a", "extra": 1}', 422, "field_unknown"),
        (b'{"question_note_id": "n-1", "question_note": "a"}', 422, "field_unknown"),
        (b'{"question_note": "' + b"x" * 20_001 + b'"}', 422, "text_too_long"),
    ],
)
async def test_a_bad_body_is_refused(world: World, content: bytes, status: int, code: str) -> None:
    response = await world.coordinator.call("POST", at("request-information"), key=KEY, content=content)
    assert (response.status_code, codes(response)) == (status, [code])
    assert world.engine.requests == []


async def test_every_fault_of_a_body_is_named_at_once(world: World) -> None:
    body = {"person_id": "Rowena Fictional", "moment": "tomorrow", "bars": "none", "Rowena's secret": 1}
    response = await world.coordinator.call("POST", at("assess-risk"), body, key=KEY)
    problem = response.json()
    assert response.status_code == 422
    assert {(refusal["code"], refusal["field"]) for refusal in problem["refusals"]} == {
        ("field_malformed", "person_id"),
        ("value_not_in_list", "moment"),
        ("field_missing", "level"),
        ("field_malformed", "bars"),
        ("field_unknown", ""),
    }
    sentences = {refusal["code"]: refusal["sentence"] for refusal in problem["refusals"]}
    assert "before_event" in sentences["value_not_in_list"]
    assert "Rowena" not in response.text
    assert "tomorrow" not in response.text


@pytest.mark.parametrize("time", ["2026-05-12T14:00:00", "next week", 7])
async def test_a_time_needs_its_zone(world: World, time: object) -> None:
    response = await world.coordinator.call("POST", at("book-process"), {"process_id": "p", "starts_at": time}, key=KEY)
    assert (response.status_code, codes(response)) == (422, ["field_malformed"])


async def test_records_refusal_is_passed_on(world: World) -> None:
    world.services.records.refusal = Refused(Kind.FORBIDDEN, Refusal("not_your_side", "This is the other side's."))
    response = await world.coordinator.call("POST", at("request-information"), QUESTION, key=KEY)
    assert (response.status_code, codes(response)) == (403, ["not_your_side"])
    assert world.engine.requests == []


@pytest.mark.parametrize("code", ["unknown_case", "role_not_allowed"])
async def test_whom_records_turns_away_learns_no_more_than_of_a_case_that_is_none(world: World, code: str) -> None:
    world.services.records.refusal = Refused(Kind.NOT_FOUND, Refusal("unknown_case", "There is none.", "case_id"))
    if code == "role_not_allowed":
        world.services.records.refusal = Refused(Kind.FORBIDDEN, Refusal(code, "Your role does not allow this."))
    hidden = await world.coordinator.call("POST", at("request-information"), QUESTION, key=KEY)
    world.services.records.refusal = None
    unknown = await world.coordinator.call(
        "POST", at("request-information", UNKNOWN_CASE_ID), QUESTION, key="key-00000002"
    )
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json() | {"trace_id": ""} == unknown.json() | {"trace_id": ""}


@pytest.mark.parametrize("kind", ["hold_for_safety", "withdraw"])
async def test_records_being_down_blocks_no_hold_and_no_withdrawal(world: World, kind: str) -> None:
    await world.services.server.stop(0)
    path = at(address_of(kind))
    response = await world.coordinator.call("POST", path, STEP_EXAMPLES[kind], key=KEY)
    assert (response.status_code, response.json()["note_kept"]) == (200, False)
    assert response.headers["note-kept"] == "false"
    assert world.engine.requests[0].steps[0].kind == kind


async def test_the_words_of_a_hold_can_be_sent_again(world: World) -> None:
    world.services.records.refusal = Refused(Kind.UNAVAILABLE, Refusal("service_unavailable", "Away."))
    example = STEP_EXAMPLES["hold_for_safety"]
    await world.coordinator.call("POST", at("hold-for-safety"), example, key=KEY)
    assert world.engine.requests[0].steps == (HoldForSafety(reason=example["reason"], hold_note_id=""),)
    world.services.records.refusal = None
    again = await world.coordinator.call("POST", at("hold-for-safety"), example, key=KEY)
    assert (again.status_code, again.json()["note_kept"]) == (200, True)
    assert len(world.engine.requests) == 1
    assert len(world.services.records.notes) == 1


async def test_records_being_down_stops_other_steps_with_words(world: World) -> None:
    await world.coordinator.call("GET", "/v1/me")
    await world.services.server.stop(0)
    response = await world.coordinator.call("POST", at("request-information"), QUESTION, key=KEY)
    assert (response.status_code, codes(response)) == (503, ["service_unavailable"])
    assert world.engine.requests == []


async def test_a_step_without_words_needs_no_records(world: World) -> None:
    await world.coordinator.call("GET", "/v1/me")
    await world.services.server.stop(0)
    assert (await world.coordinator.call("POST", at("take-up"), {}, key=KEY)).status_code == 200


async def test_something_unexpected_says_nothing_of_itself(world: World) -> None:
    world.engine.refusal = RuntimeError("Rowena Fictional, 01632 960001")
    response = await world.coordinator.call("POST", at("take-up"), {}, key=KEY)
    assert (response.status_code, codes(response)) == (500, ["internal_error"])
    assert "Rowena" not in response.text


async def test_steps_are_found_under_their_own_address_only(world: World) -> None:
    for path in (
        "/v1/steps/take-up",
        f"/v1/cases/{CASE_ID}/take-up",
        at("take_up"),
        at("submit-referral"),
        at("take-up") + "/",
    ):
        response = await world.coordinator.call("POST", path, {}, key=KEY)
        assert (response.status_code, codes(response)) == (404, ["unknown_route"])
    response = await world.coordinator.call("GET", at("take-up"))
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


async def test_the_gateway_works_when_every_service_is_away(world: World) -> None:
    app, channels = gateway_app(world.issuer.url, world.engine, "127.0.0.1:1")
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://gateway") as http:
        client = type(world.coordinator)(http, world.coordinator.document, world.coordinator.token)
        assert (await client.call("GET", "/healthz")).status_code == 200
        response = await client.call("GET", "/readyz")
        assert (response.status_code, codes(response)) == (503, ["service_unavailable"] * 4)
        assert codes(await client.call("GET", "/v1/me")) == ["service_unavailable"]
    for channel in channels:
        await channel.close()
