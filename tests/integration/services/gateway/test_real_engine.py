"""The gateway over the real engine: starts, refusals, repeats, views and closing, as the case decides them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from temporalio.client import Client

from deploy.local.temporal import TemporalServer
from services.gateway.api.referral_examples import REFERRAL_EXAMPLE, SELF_REFERRAL_EXAMPLE
from services.gateway.backends.cases import TemporalCases
from services.runtime.temporal import connect
from tests.integration.services.gateway.api_client import ApiClient, codes
from tests.integration.services.gateway.fake_engine import CASE_ID
from tests.integration.services.gateway.fake_services import FakeServices, closed_summary, start_services
from tests.integration.services.gateway.in_process import gateway_app
from tests.support import fake_services
from tests.support.case_worker import running_worker
from tests.support.payload_keys import write_test_keys
from tests.support.spans import use_tracing
from tests.support.tokens import TestIssuer
from workflows.worker import REPLAY_SAFE


@dataclass
class EngineWorld:
    """A gateway, its real engine, and three people."""

    services: FakeServices
    ledger: fake_services.FakeServices
    referrer: ApiClient
    coordinator: ApiClient
    stranger: ApiClient
    token: Callable[..., str]

    async def refer(self, key: str) -> str:
        """Refer a case; answers its id."""
        response = await self.referrer.call("POST", "/v1/referrals", REFERRAL_EXAMPLE, key=key)
        assert response.status_code == 201, response.text
        return str(response.json()["case_id"])


@pytest.fixture(scope="module", autouse=True)
def tracing() -> None:
    """A workflow's spans need a provider that is safe in replays."""
    use_tracing()


@pytest_asyncio.fixture
async def real(
    gateway_issuer: TestIssuer, temporal_server: TemporalServer, tmp_path: Path, document: dict[str, Any]
) -> AsyncIterator[EngineWorld]:
    """A fresh gateway over the session's server."""
    keys = write_test_keys(tmp_path)

    async def connect_engine() -> Client:
        return await connect(
            address=temporal_server.address,
            namespace=temporal_server.namespace,
            payload_keys_file=keys,
            identity="gateway",
        )

    worker_client = await connect(
        address=temporal_server.address,
        namespace=temporal_server.namespace,
        payload_keys_file=keys,
        identity="worker",
        replay_safe=REPLAY_SAFE,
    )
    services = await start_services(gateway_issuer.url, CASE_ID)
    app, channels = gateway_app(gateway_issuer.url, TemporalCases(connect_engine), services.address)
    ledger = fake_services.FakeServices()
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with (
        running_worker(worker_client, ledger),
        httpx2.AsyncClient(transport=transport, base_url="http://gateway", timeout=60) as http,
    ):
        stranger = ApiClient(http, document)
        referrer = stranger.as_(gateway_issuer.token("S111", ["referrer"], "westmarch-police"))
        coordinator = stranger.as_(gateway_issuer.token("S101", ["coordinator"], "hub"))
        yield EngineWorld(services, ledger, referrer, coordinator, stranger, gateway_issuer.token)
    for channel in channels:
        await channel.close()
    await services.server.stop(0)


async def test_a_case_is_opened_taken_up_and_repeated(real: EngineWorld) -> None:
    case_id = await real.refer("real-engine-0001")
    assert await real.refer("real-engine-0001") == case_id
    view = (await real.coordinator.call("GET", f"/v1/cases/{case_id}")).json()
    assert (view["stage"], view["coarse"]) == ("received", False)
    assert len(view["people"]) == 2
    steps = f"/v1/cases/{case_id}/steps"
    taken = await real.coordinator.call("POST", f"{steps}/take-up", {}, key="real-take-up")
    assert (taken.status_code, taken.json()["stage"]) == (200, "screening"), taken.text
    again = await real.coordinator.call("POST", f"{steps}/take-up", {}, key="real-take-up")
    assert again.json() == taken.json()
    refused = await real.coordinator.call("POST", f"{steps}/take-up", {}, key="real-take-up-2")
    assert refused.status_code == 409, refused.text
    other = await real.coordinator.call("POST", f"{steps}/hold-for-safety", {"reason": "threat"}, key="real-take-up")
    assert codes(other) == ["idempotency_key_reused"]
    assert len(real.ledger.kinds(case_id)) == taken.json()["sequence"]


async def test_a_closed_case_answers_what_was_taken_and_takes_no_more(real: EngineWorld) -> None:
    referral = {**REFERRAL_EXAMPLE, "initiator": "agency_led"}
    response = await real.referrer.call("POST", "/v1/referrals", referral, key="real-engine-closed")
    case_id = response.json()["case_id"]
    steps = f"/v1/cases/{case_id}/steps"
    await real.coordinator.call("POST", f"{steps}/take-up", {}, key="closed-take-up")
    body = {"reason": "duplicate", "reasons_note": "Referred twice.", "alternatives_offered": True}
    closing = await real.coordinator.call("POST", f"{steps}/refuse-referral", body, key="closed-refuse")
    assert (closing.status_code, closing.json()["stage"]) == (200, "closed"), closing.text
    for _ in range(100):
        late = await real.coordinator.call("POST", f"{steps}/hold-for-safety", {"reason": "threat"}, key="closed-late")
        if codes(late) == ["case_closed"]:
            break
        await asyncio.sleep(0.05)
    assert (late.status_code, codes(late)) == (409, ["case_closed"])
    other = real.stranger.as_(real.token("S114", ["referrer"], "canalside-housing"))
    hidden = await other.call("POST", f"{steps}/hold-for-safety", {"reason": "threat"}, key="closed-other")
    assert (hidden.status_code, codes(hidden)) == (404, ["unknown_case"])
    again = await real.coordinator.call("POST", f"{steps}/refuse-referral", body, key="closed-refuse")
    assert (again.status_code, again.json()["sequence"]) == (200, closing.json()["sequence"]), again.text
    assert [note.text for note in real.services.records.notes.values()] == ["Referred twice."]
    assert (await real.referrer.call("POST", "/v1/referrals", referral, key="real-engine-closed")).status_code == 201
    view = await real.coordinator.call("GET", f"/v1/cases/{case_id}")
    assert view.json()["stage"] == "closed"


async def test_a_wrong_role_and_another_agency(real: EngineWorld, gateway_issuer: TestIssuer) -> None:
    case_id = await real.refer("real-engine-0002")
    refused = await real.referrer.call("POST", f"/v1/cases/{case_id}/steps/take-up", {}, key="real-referrer")
    assert refused.status_code == 403, refused.text
    other = real.stranger.as_(gateway_issuer.token("S114", ["referrer"], "canalside-housing"))
    assert codes(await other.call("GET", f"/v1/cases/{case_id}")) == ["unknown_case"]


async def test_a_step_tells_a_stranger_nothing_of_a_case(real: EngineWorld) -> None:
    case_id = await real.refer("real-engine-0005")
    other = real.stranger.as_(real.token("S114", ["referrer"], "canalside-housing"))
    question = {"question_note": "Anyone there?"}
    several = {"steps": [{"step": "take-up"}, {"step": "request-information", **question}]}
    steps = {"/take-up": {}, "/hold-for-safety": {"reason": "threat"}, "/request-information": question, "": several}
    for number, (step, body) in enumerate(steps.items()):
        key = f"real-strange-{number}"
        hidden = await other.call("POST", f"/v1/cases/{case_id}/steps{step}", body, key=key)
        unknown = await other.call("POST", f"/v1/cases/{CASE_ID}/steps{step}", body, key=key)
        assert (hidden.status_code, codes(hidden)) == (404, ["unknown_case"])
        assert hidden.json() | {"trace_id": ""} == unknown.json() | {"trace_id": ""}
        assert hidden.headers.keys() == unknown.headers.keys()
    assert real.services.records.notes == {}
    mine = await real.referrer.call("POST", f"/v1/cases/{case_id}/steps/take-up", {}, key="real-strange-mine")
    assert (mine.status_code, codes(mine)) == (403, ["not_your_step"])


async def test_a_case_that_never_was(real: EngineWorld) -> None:
    question = {"question_note": "Anyone there?"}
    path = f"/v1/cases/{CASE_ID}"
    response = await real.coordinator.call("POST", f"{path}/steps/request-information", question, key="real-nobody")
    assert (response.status_code, codes(response)) == (404, ["unknown_case"])
    assert real.services.records.notes == {}
    assert codes(await real.coordinator.call("GET", path)) == ["unknown_case"]


async def test_a_case_the_engine_has_dropped(real: EngineWorld) -> None:
    real.services.reporting.kept[CASE_ID] = closed_summary()
    path = f"/v1/cases/{CASE_ID}"
    view = await real.coordinator.call("GET", path)
    assert (view.json()["stage"], view.json()["steps_now"]) == ("closed", [])
    question = {"question_note": "Anyone there?"}
    response = await real.coordinator.call("POST", f"{path}/steps/request-information", question, key="real-dropped")
    assert (response.status_code, codes(response)) == (409, ["case_closed"])
    assert real.services.records.notes == {}


async def test_several_steps_are_taken_all_or_none(real: EngineWorld) -> None:
    case_id = await real.refer("real-engine-0004")
    path = f"/v1/cases/{case_id}/steps"
    question = {"step": "request-information", "question_note": "Do both live in the district?"}
    twice = {"steps": [{"step": "take-up"}, question, {"step": "take-up"}]}
    refused = await real.coordinator.call("POST", path, twice, key="real-several-1")
    assert refused.status_code == 409, refused.text
    assert {refusal["field"] for refusal in refused.json()["refusals"]} == {"steps[2]"}
    assert real.services.records.notes == {}
    assert (await real.coordinator.call("GET", f"/v1/cases/{case_id}")).json()["stage"] == "received"
    body = {"steps": [{"step": "take-up"}, question]}
    taken = await real.coordinator.call("POST", path, body, key="real-several-2")
    assert (taken.status_code, taken.json()["stage"]) == (200, "info_requested"), taken.text
    assert (await real.coordinator.call("POST", path, body, key="real-several-2")).json() == taken.json()
    assert len(real.services.records.notes) == 1
    alone = await real.coordinator.call("POST", path, {"steps": [{"step": "take-up"}]}, key="real-several-3")
    assert {refusal["field"] for refusal in alone.json()["refusals"]} == {"steps[0]"}


async def test_a_self_referral_begins_a_case(real: EngineWorld) -> None:
    response = await real.stranger.call("POST", "/v1/self-referrals", SELF_REFERRAL_EXAMPLE, key="real-public-0001")
    assert response.status_code == 201, response.text
    case_id = response.json()["reference"]
    view = (await real.coordinator.call("GET", f"/v1/cases/{case_id}")).json()
    assert (view["initiator"], view["district"]) == ("victim_led", "dudley")


async def test_a_referral_the_case_refuses_leaves_nothing(real: EngineWorld) -> None:
    nobody = {**REFERRAL_EXAMPLE, "people": []}
    response = await real.referrer.call("POST", "/v1/referrals", nobody, key="real-engine-0003")
    assert response.status_code == 409, response.text
    assert real.services.records.referrals == {}


async def test_an_engine_that_is_away_is_said(
    gateway_issuer: TestIssuer, tmp_path: Path, document: dict[str, Any]
) -> None:
    async def connect_engine() -> Client:
        keys = write_test_keys(tmp_path)
        return await connect(address="127.0.0.1:1", namespace="rjhub", payload_keys_file=keys, identity="test")

    app, channels = gateway_app(gateway_issuer.url, TemporalCases(connect_engine), "127.0.0.1:1")
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://gateway") as http:
        client = ApiClient(
            http, (await http.get("/openapi.json")).json(), gateway_issuer.token("S101", ["lead"], "hub")
        )
        hold = f"/v1/cases/{CASE_ID}/steps/hold-for-safety"
        response = await client.call("POST", hold, {"reason": "threat"}, key="real-away")
        assert (response.status_code, codes(response)) == (503, ["engine_unavailable"])
    for channel in channels:
        await channel.close()
