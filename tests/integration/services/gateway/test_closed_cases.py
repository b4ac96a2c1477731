"""Cases that closed so long ago that the engine has dropped them: still read, and no step is taken in them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.runtime.refusal import Kind, Refusal, Refused
from tests.integration.services.gateway.api_client import codes
from tests.integration.services.gateway.conftest import World
from tests.integration.services.gateway.fake_engine import CASE_ID, NOW, UNKNOWN_CASE_ID
from tests.integration.services.gateway.fake_services import closed_summary

ONE = f"/v1/cases/{UNKNOWN_CASE_ID}"
KEY = "key-00000001"
QUESTION: dict[str, object] = {"question_note": "Has the officer spoken to both?"}
STEPS: tuple[tuple[str, dict[str, object]], ...] = (
    (f"{ONE}/steps/request-information", QUESTION),
    (f"{ONE}/steps/take-up", {}),
    (f"{ONE}/steps/hold-for-safety", {"reason": "threat"}),
    (f"{ONE}/steps", {"steps": [{"step": "request-information", **QUESTION}]}),
    (f"{ONE}/steps", {"steps": [{"step": "take-up"}, {"step": "request-information", **QUESTION}]}),
)


async def test_it_is_viewed_as_the_ledger_kept_it(world: World) -> None:
    world.services.reporting.kept[UNKNOWN_CASE_ID] = closed_summary()
    world.clock.at = NOW + timedelta(days=900)
    response = await world.coordinator.call("GET", ONE)
    assert response.status_code == 200, response.text
    view = response.json()
    assert (view["case_id"], view["stage"], view["closed_reason"]) == (UNKNOWN_CASE_ID, "closed", "completed")
    assert (view["stream"], view["harm_type"], view["district"]) == ("crime", "burglary", "dudley")
    assert (view["handling"], view["unit_id"], view["facilitator_ids"]) == ("ordinary", "u-1", ["S131"])
    assert (view["opened_at"], view["now"]) == ("2026-05-28T20:26:40Z", "2028-08-18T10:00:00Z")
    assert (view["coarse"], view["sequence"], view["referrer_agency_id"]) == (False, 41, "westmarch-police")
    assert [view[part] for part in ("people", "processes", "items", "points", "tasks", "steps_now")] == [[]] * 6


async def test_a_referrer_sees_that_it_closed_and_not_why(world: World) -> None:
    coarse = closed_summary(sequence=0, handling="", unit_id="", facilitator_ids=[], closed_reason="closed")
    coarse.ClearField("changed_at")
    world.services.reporting.kept[UNKNOWN_CASE_ID] = coarse
    view = (await world.coordinator.call("GET", ONE)).json()
    assert (view["coarse"], view["stage"], view["closed_reason"], view["handling"]) == (True, "closed", "", None)


@pytest.mark.parametrize("kind", [Kind.NOT_FOUND, Kind.FORBIDDEN])
@pytest.mark.parametrize(("path", "body"), [(ONE, None), *STEPS])
async def test_whoever_may_not_see_it_learns_nothing(
    world: World, path: str, body: dict[str, object] | None, kind: Kind
) -> None:
    world.services.reporting.refusal = Refused(kind, Refusal("role_not_allowed", "Not for your role."))
    response = await world.coordinator.call("POST" if body is not None else "GET", path, body, key=KEY)
    assert (response.status_code, codes(response)) == (404, ["unknown_case"])
    assert response.json()["refusals"][0]["field"] == "case_id"
    assert world.services.records.notes == {}


@pytest.mark.parametrize(("path", "body"), STEPS)
async def test_a_step_comes_too_late_and_leaves_no_words(world: World, path: str, body: dict[str, object]) -> None:
    world.services.reporting.kept[UNKNOWN_CASE_ID] = closed_summary()
    response = await world.coordinator.call("POST", path, body, key=KEY)
    assert (response.status_code, codes(response)) == (409, ["case_closed"])
    assert response.json()["refusals"][0]["field"] == "case_id"
    assert world.services.records.notes == {}


async def test_one_that_the_ledger_has_open_is_not_called_closed(world: World) -> None:
    world.services.reporting.kept[UNKNOWN_CASE_ID] = closed_summary(stage="screening", closed_reason="")
    response = await world.coordinator.call("POST", f"{ONE}/steps/take-up", {}, key=KEY)
    assert (response.status_code, codes(response)) == (503, ["engine_unavailable"])
    assert (await world.coordinator.call("GET", ONE)).json()["stage"] == "screening"


async def test_a_ledger_that_is_away_is_said(world: World) -> None:
    world.services.reporting.refusal = Refused(Kind.UNAVAILABLE, Refusal("service_unavailable", "Away."))
    for response in (
        await world.coordinator.call("GET", ONE),
        await world.coordinator.call("POST", f"{ONE}/steps/take-up", {}, key=KEY),
    ):
        assert (response.status_code, codes(response)) == (503, ["service_unavailable"])


async def test_a_case_the_engine_has_is_never_asked_of_the_ledger(world: World) -> None:
    world.services.reporting.kept[CASE_ID] = closed_summary()
    other = world.stranger.as_(world.issuer.token("S114", ["referrer"], "canalside-housing"))
    assert codes(await other.call("GET", f"/v1/cases/{CASE_ID}")) == ["unknown_case"]
    assert (await world.coordinator.call("GET", f"/v1/cases/{CASE_ID}")).json()["stage"] == "follow_up"
