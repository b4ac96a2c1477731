"""Whom agencies does not let in gets nowhere, by no route; and what is urgent waits for no service (R-130, R-076)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from services.gateway.api.document import operations_of
from services.gateway.api.step_examples import STEP_EXAMPLES
from services.gateway.api.step_form import STEP_FORMS, address_of
from services.runtime.refusal import Kind, Refusal, Refused
from tests.integration.services.gateway.api_client import codes
from tests.integration.services.gateway.conftest import World
from tests.integration.services.gateway.fake_engine import CASE_ID
from tests.integration.services.gateway.fake_services import LINK_TOKEN

STEPS = f"/v1/cases/{CASE_ID}/steps"
AWAY = Refused(Kind.UNAVAILABLE, Refusal("service_unavailable", "Away.", who="operator"))
HOLD = {"step": "hold-for-safety", **STEP_EXAMPLES["hold_for_safety"]}
WITHDRAW = {"step": "withdraw", **STEP_EXAMPLES["withdraw"]}
IN_PATHS = {"case_id": CASE_ID, "person_id": "p-1", "channel": "email", "token": LINK_TOKEN}
QUERIES = {"/v1/staff": "?ids=S101", "/v1/figures": "?from=2026-01-01&until=2026-02-01"}


def not_let_in(code: str) -> Refused:
    """As agencies refuses."""
    return Refused(Kind.FORBIDDEN, Refusal(code, "This is why.", who="administrator"))


def signed_in_routes(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Method and address of every operation that needs a token."""
    return [
        (method, re.sub(r"\{(\w+)\}", lambda name: IN_PATHS[name[1]], path) + QUERIES.get(path, ""))
        for method, path, operation in operations_of(document)
        if operation["security"]
    ]


@pytest.mark.parametrize("code", ["unknown_staff", "staff_ended", "agreement_missing", "agreement_lapsed"])
async def test_no_route_is_open_to_whom_agencies_does_not_let_in(world: World, code: str) -> None:
    world.services.agencies.refusal = not_let_in(code)
    routes = signed_in_routes(world.coordinator.document)
    assert len(routes) > len(STEP_FORMS)
    for method, path in routes:
        response = await world.coordinator.call(method, path, {}, key="admission-0001")
        assert (response.status_code, codes(response)) == (403, [code]), f"{method} {path}"
        assert response.json()["refusals"][0]["who"] == "administrator"
    assert world.engine.requests == []
    assert (world.services.records.notes, world.services.records.referrals) == ({}, {})
    assert world.services.agencies.asked[:1] == ["S101"]


async def test_nobody_else_is_let_in_or_kept_out_by_it(world: World) -> None:
    world.services.agencies.refusal = not_let_in("agreement_lapsed")
    await world.coordinator.call("POST", f"{STEPS}/take-up", {}, key="admission-0001")
    world.services.agencies.refusal = None
    other = world.stranger.as_(world.issuer.token("S102", ["coordinator"], "hub"))
    assert (await other.call("POST", f"{STEPS}/take-up", {}, key="admission-0001")).status_code == 200
    again = await world.coordinator.call("POST", f"{STEPS}/take-up", {}, key="admission-0001")
    assert (again.status_code, codes(again)) == (403, ["agreement_lapsed"])
    assert world.services.agencies.asked == ["S101", "S102"]


async def test_agencies_is_asked_once_for_many_requests(world: World) -> None:
    for number in range(10):
        await world.coordinator.call("POST", f"{STEPS}/take-up", {}, key=f"admission-{number:04}")
    assert world.services.agencies.asked == ["S101"]


async def test_nobody_is_asked_about_who_needs_no_token(world: World) -> None:
    assert (await world.stranger.call("GET", f"/v1/links/{LINK_TOKEN}")).status_code == 200
    assert (await world.stranger.call("GET", "/healthz")).status_code == 200
    assert world.services.agencies.asked == []


async def test_while_agencies_is_away_nobody_gets_in(world: World) -> None:
    world.services.agencies.refusal = AWAY
    for method, path in signed_in_routes(world.coordinator.document):
        if path.rpartition("/")[2] in ("hold-for-safety", "withdraw") or path == STEPS:
            continue
        response = await world.coordinator.call(method, path, {}, key="admission-0001")
        assert (response.status_code, codes(response)) == (503, ["service_unavailable"]), f"{method} {path}"
    assert world.engine.requests == []


@pytest.mark.parametrize("kind", ["hold_for_safety", "withdraw"])
async def test_a_hold_or_a_withdrawal_goes_on(world: World, kind: str) -> None:
    world.services.agencies.refusal = AWAY
    response = await world.coordinator.call(
        "POST", f"{STEPS}/{address_of(kind)}", STEP_EXAMPLES[kind], key="admission-0001"
    )
    assert response.status_code == 200, response.text
    assert [step.kind for step in world.engine.requests[0].steps] == [kind]


async def test_so_do_both_at_once_but_nothing_beside_them(world: World) -> None:
    world.services.agencies.refusal = AWAY
    mixed = {"steps": [HOLD, {"step": "take-up"}]}
    refused = await world.coordinator.call("POST", STEPS, mixed, key="admission-0001")
    assert (refused.status_code, codes(refused)) == (503, ["service_unavailable"])
    assert world.engine.requests == []
    taken = await world.coordinator.call("POST", STEPS, {"steps": [HOLD, WITHDRAW]}, key="admission-0002")
    assert taken.status_code == 200, taken.text


async def test_a_hold_needs_a_good_token_all_the_same(world: World) -> None:
    world.services.agencies.refusal = AWAY
    response = await world.stranger.call("POST", f"{STEPS}/hold-for-safety", HOLD, key="admission-0001")
    assert (response.status_code, codes(response)) == (401, ["token_missing"])
