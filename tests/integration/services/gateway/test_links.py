"""A person's own page: the link is all they have, and all anyone learns without it is nothing."""

from __future__ import annotations

import pytest

from services.runtime.refusal import Kind, Refusal, Refused
from tests.integration.services.gateway.api_client import codes
from tests.integration.services.gateway.conftest import World
from tests.integration.services.gateway.fake_engine import AWAY, CASE_ID, CLOSED, WRONG_STAGE
from tests.integration.services.gateway.fake_services import LINK_TOKEN
from workflows.contracts.steps import AnswerFollowUp, FollowUpAnswer
from workflows.contracts.vocabulary import PointStatus, Role

LINK = f"/v1/links/{LINK_TOKEN}"
ANSWER = {"answers": {"feels_safer": 4}, "wants_call": True, "comment": "Thank you."}


async def test_a_link_says_what_it_asks_and_nothing_of_the_person(world: World) -> None:
    response = await world.stranger.call("GET", LINK)
    assert response.json() == {"point_kind": "welfare", "language": "pa", "usable": True, "code": ""}


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (PointStatus.ANSWERED, "link_used"),
        (PointStatus.DECLINED, "link_used"),
        (PointStatus.CANCELLED, "link_expired"),
        (PointStatus.NO_REPLY, "link_expired"),
    ],
)
async def test_a_used_or_ended_link_says_so(world: World, status: PointStatus, code: str) -> None:
    world.engine.point_status = status
    looked = (await world.stranger.call("GET", LINK)).json()
    assert (looked["usable"], looked["code"]) == (False, code)
    for refusal in (WRONG_STAGE, CLOSED):
        world.engine.refusal = refusal
        response = await world.stranger.call("POST", f"{LINK}/answer", ANSWER)
        assert (response.status_code, codes(response)) == (409, [code])


async def test_an_answer_is_a_step_of_the_person_themselves(world: World) -> None:
    response = await world.stranger.call("POST", f"{LINK}/answer", ANSWER)
    assert (response.status_code, response.json()) == (200, {"received": True, "note_kept": True})
    (request,) = world.engine.requests
    assert (request.actor.actor_id, request.actor.person_id, request.actor.roles) == ("p-1", "p-1", (Role.PARTICIPANT,))
    (step,) = request.steps
    assert step == AnswerFollowUp(
        point_id="point-1",
        answers=(FollowUpAnswer(measure="feels_safer", value=4),),
        wants_call=True,
        comment_note_id="note-comment_note",
    )
    (note,) = world.services.records.notes.values()
    assert (note.case_id, note.person_id, note.text) == (CASE_ID, "p-1", "Thank you.")


async def test_pressing_twice_answers_once_and_another_answer_finds_the_link_used(world: World) -> None:
    assert (await world.stranger.call("POST", f"{LINK}/answer", ANSWER)).status_code == 200
    assert (await world.stranger.call("POST", f"{LINK}/answer", ANSWER)).status_code == 200
    assert len(world.engine.requests) == 1
    for other in ({**ANSWER, "comment": "Else."}, {"declined": True}):
        response = await world.stranger.call("POST", f"{LINK}/answer", other)
        assert (response.status_code, codes(response)) == (409, ["link_used"])


async def test_a_key_of_ones_own_is_kept_to(world: World) -> None:
    await world.stranger.call("POST", f"{LINK}/answer", ANSWER, key="my-own-key")
    response = await world.stranger.call("POST", f"{LINK}/answer", {"declined": True}, key="my-own-key")
    assert codes(response) == ["idempotency_key_reused"]
    assert codes(await world.stranger.call("POST", f"{LINK}/answer", ANSWER, key="short")) == [
        "idempotency_key_malformed"
    ]


async def test_someone_in_distress_is_heard_though_records_is_away(world: World) -> None:
    world.services.records.refusal = Refused(Kind.UNAVAILABLE, Refusal("service_unavailable", "Away."))
    quiet = await world.stranger.call("POST", f"{LINK}/answer", {"comment": "Fine."})
    assert (quiet.status_code, codes(quiet)) == (503, ["service_unavailable"])
    response = await world.stranger.call("POST", f"{LINK}/answer", {"distressed": True, "comment": "Help."})
    assert (response.status_code, response.json()["note_kept"]) == (200, False)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"answers": {"feels_safer": 6}}, "field_malformed"),
        ({"answers": {"My name is": 1}}, "field_malformed"),
        ({"answers": {"feels_safer": "4"}}, "field_malformed"),
        ({"comment": "x" * 20_001}, "text_too_long"),
        ({"person_id": "p-2"}, "field_unknown"),
    ],
)
async def test_a_bad_answer_is_refused(world: World, body: dict[str, object], code: str) -> None:
    response = await world.stranger.call("POST", f"{LINK}/answer", body)
    assert (response.status_code, codes(response)) == (422, [code])
    assert "My name" not in response.text


async def test_an_open_point_passes_on_what_the_case_says(world: World) -> None:
    world.engine.refusal = WRONG_STAGE
    response = await world.stranger.call("POST", f"{LINK}/answer", ANSWER)
    assert (response.status_code, codes(response)) == (409, ["wrong_stage"])
    assert world.services.records.notes == {}


async def test_guessing_tells_nothing_and_is_bounded(world: World) -> None:
    guesses = ["a-link-that-was-never-sent", "short", "%27%20OR%201=1%20--"]
    answers = [await world.stranger.call("GET", f"/v1/links/{guess}") for guess in guesses]
    assert [response.status_code for response in answers] == [404] * 3
    bodies = [{**response.json(), "trace_id": ""} for response in answers]
    assert bodies[0] == bodies[1] == bodies[2]
    assert codes(answers[0]) == ["link_unknown"]
    for method, path in (("GET", LINK), ("POST", f"{LINK}/answer")):
        response = await world.stranger.call(method, path, {})
        assert (response.status_code, codes(response)) == (429, ["too_many_requests"])


async def test_a_link_to_a_case_that_is_gone_is_unknown(world: World) -> None:
    world.services.notifications.case_id = "0190f7a2-0000-5222-8333-444455556666"
    assert codes(await world.stranger.call("GET", LINK)) == ["link_unknown"]


async def test_what_is_away_is_said(world: World) -> None:
    world.engine.refusal = AWAY
    assert codes(await world.stranger.call("GET", LINK)) == ["engine_unavailable"]
    await world.services.server.stop(0)
    response = await world.stranger.call("GET", LINK)
    assert (response.status_code, codes(response)) == (503, ["service_unavailable"])
