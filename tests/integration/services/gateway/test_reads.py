"""What is read through the gateway, and how contact rules are set."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.gateway.api.cases import _CONTACT_EXAMPLE
from services.runtime.refusal import Kind, Refusal, Refused
from tests.integration.services.gateway.api_client import codes
from tests.integration.services.gateway.conftest import World
from tests.integration.services.gateway.fake_engine import AWAY, CASE_ID, NOW, UNKNOWN_CASE_ID

ONE = f"/v1/cases/{CASE_ID}"
READS = (
    "/v1/me",
    "/v1/agencies",
    "/v1/units",
    "/v1/venues",
    "/v1/venues?district=dudley",
    "/v1/staff?ids=S101,S102",
    "/v1/cases",
    "/v1/cases?stage=screening&open=true&mine=true&district=dudley&limit=10&cursor=abc",
    ONE,
    f"{ONE}/record",
    f"{ONE}/timeline",
    f"{ONE}/timeline?after_sequence=3&limit=1",
    f"{ONE}/facilitators",
    "/v1/tasks",
    "/v1/tasks?mine=true&limit=3",
    "/healthz",
)


@pytest.mark.parametrize("path", READS)
async def test_reads_answer_as_described(world: World, path: str) -> None:
    response = await world.coordinator.call("GET", path)
    assert response.status_code == 200, response.text


async def test_ready_when_all_answer(world: World) -> None:
    for _ in range(50):
        response = await world.stranger.call("GET", "/readyz")
        if response.status_code == 200:
            return
    raise AssertionError(response.text)


async def test_ready_names_what_is_away(world: World) -> None:
    world.engine.refusal = AWAY
    response = await world.stranger.call("GET", "/readyz")
    assert response.status_code == 503
    assert "temporal" in [refusal["field"] for refusal in response.json()["refusals"]]


async def test_filters_reach_the_ledger(world: World) -> None:
    await world.coordinator.call(
        "GET", "/v1/cases?stage=screening&open=true&mine=true&district=dudley&limit=10&cursor=a"
    )
    (request,) = world.services.reporting.list_requests
    assert (request.stage, request.open_only, request.mine_only) == ("screening", True, True)
    assert (request.district_id, request.limit, request.cursor) == ("dudley", 10, "a")


async def test_a_view_holds_what_the_case_says(world: World) -> None:
    view = (await world.coordinator.call("GET", ONE)).json()
    assert (view["stage"], view["points"][0]["point_id"], view["handling"]) == ("follow_up", "point-1", None)


async def test_a_record_holds_people_and_notes(world: World) -> None:
    record = (await world.coordinator.call("GET", f"{ONE}/record")).json()
    (rule,) = record["people"][0]["contact"]
    assert (rule["channel"], rule["safety"], rule["confirmed_on"]) == ("email", "unknown", "2026-03-02")
    assert record["notes"][0]["text"] == "She would rather be written to."


@pytest.mark.parametrize("ahead", [timedelta(days=-400), timedelta(days=400)])
async def test_facilitators_are_matched_in_the_cases_place_at_the_later_of_both_times(
    world: World, ahead: timedelta
) -> None:
    world.clock.at = NOW + ahead
    path = f"{ONE}/facilitators?level=advanced&specialism=youth&specialism=hate_crime&language=pa&unit_id=u-1&limit=5"
    response = await world.coordinator.call("GET", path)
    assert response.json()["candidates"][0]["level"] == "advanced"
    (request,) = world.services.agencies.match_requests
    assert request.district_id == "dudley"
    assert request.at.seconds == int(max(NOW, NOW + ahead).timestamp())
    assert list(request.specialisms) == ["youth", "hate_crime"]
    assert (request.level_at_least, request.limit) == (3, 5)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/cases?stage=nowhere", "value_not_in_list"),
        ("/v1/cases?limit=0", "field_malformed"),
        ("/v1/cases?limit=many", "field_malformed"),
        ("/v1/cases?open=perhaps", "field_malformed"),
        ("/v1/venues?district=atlantis", "value_not_in_list"),
        ("/v1/staff", "field_missing"),
        ("/v1/staff?ids=,", "field_malformed"),
        ("/v1/staff?ids=" + "S1," * 201, "field_malformed"),
        ("/v1/figures?from=2026-01-01", "field_missing"),
        ("/v1/figures?from=January&until=2026-02-01", "field_malformed"),
        (f"{ONE}/facilitators?level=best", "field_malformed"),
        (f"{ONE}/timeline?after_sequence=-1", "field_malformed"),
    ],
)
async def test_bad_queries_are_refused(world: World, path: str, code: str) -> None:
    response = await world.coordinator.call("GET", path)
    assert (response.status_code, codes(response)) == (422, [code])


async def test_figures(world: World) -> None:
    path = "/v1/figures?from=2026-01-01&until=2026-03-31"
    response = await world.coordinator.call("GET", path)
    assert (response.status_code, codes(response)) == (403, ["role_not_allowed"])
    commissioner = world.coordinator.as_(world.issuer.token("S161", ["commissioner"]))
    assert (await commissioner.call("GET", path)).json()["figures"][0]["value"] == 7
    backwards = await commissioner.call("GET", "/v1/figures?from=2026-03-31&until=2026-01-01")
    assert (backwards.status_code, codes(backwards)) == (422, ["period_reversed"])


@pytest.mark.parametrize("part", ["", "/record", "/timeline", "/facilitators"])
async def test_a_malformed_case_is_unknown(world: World, part: str) -> None:
    response = await world.coordinator.call("GET", f"/v1/cases/Rowena{part}")
    assert (response.status_code, codes(response)) == (404, ["unknown_case"])
    assert "Rowena" not in response.text


async def test_an_unknown_case_is_unknown(world: World) -> None:
    for part in ("", "/facilitators"):
        response = await world.coordinator.call("GET", f"/v1/cases/{UNKNOWN_CASE_ID}{part}")
        assert (response.status_code, codes(response)) == (404, ["unknown_case"])


async def test_the_engine_being_away_is_said(world: World) -> None:
    world.engine.refusal = AWAY
    response = await world.coordinator.call("GET", ONE)
    assert (response.status_code, codes(response)) == (503, ["engine_unavailable"])
    assert response.headers["retry-after"]


async def test_a_contact_rule_is_set(world: World) -> None:
    response = await world.coordinator.call("PUT", f"{ONE}/people/p-1/contact/email", _CONTACT_EXAMPLE)
    assert response.status_code == 204
    (request,) = world.services.records.rules
    assert (request.case_id, request.person_id, request.rule.channel) == (CASE_ID, "p-1", 1)
    assert (request.rule.address, request.rule.safety) == (_CONTACT_EXAMPLE["address"], 1)


@pytest.mark.parametrize(
    ("channel", "body", "code"),
    [
        ("pigeon", {}, "value_not_in_list"),
        ("email", {"safety": "probably"}, "value_not_in_list"),
        ("email", {"safe_from_hour": 25}, "field_malformed"),
        ("email", {"safe_weekdays": [0]}, "field_malformed"),
        ("email", {"address": "x" * 2001}, "text_too_long"),
        ("email", {"channel": "sms"}, "field_unknown"),
    ],
)
async def test_a_bad_contact_rule_is_refused(world: World, channel: str, body: dict[str, object], code: str) -> None:
    response = await world.coordinator.call("PUT", f"{ONE}/people/p-1/contact/{channel}", body)
    assert (response.status_code, codes(response)) == (422, [code])


async def test_what_records_refuses_is_passed_on(world: World) -> None:
    world.services.records.refusal = Refused(Kind.NOT_FOUND, Refusal("unknown_case", "There is no such case."))
    response = await world.coordinator.call("GET", f"{ONE}/record")
    assert (response.status_code, codes(response)) == (404, ["unknown_case"])


async def test_the_page_of_operations_needs_nothing_from_elsewhere(world: World) -> None:
    response = await world.stranger.http.get("/docs")
    assert response.status_code == 200
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "http" not in response.text.replace("http-equiv", "")
    assert "/v1/cases/{case_id}/steps/take-up" in response.text
