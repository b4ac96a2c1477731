"""Who gets in, and what everyone else is told."""

from __future__ import annotations

import pytest

from tests.integration.services.gateway.api_client import codes
from tests.integration.services.gateway.conftest import World
from tests.integration.services.gateway.fake_engine import CASE_ID
from tests.support.tokens import TestIssuer

PATH = f"/v1/cases/{CASE_ID}"


async def test_a_token_is_needed(world: World) -> None:
    response = await world.stranger.call("GET", PATH)
    assert (response.status_code, codes(response)) == (401, ["token_missing"])
    assert response.headers["www-authenticate"] == 'Bearer realm="rjhub"'


async def test_an_expired_token_is_refused(world: World) -> None:
    token = world.issuer.token("S101", ["coordinator"], "hub", lifetime_seconds=-60)
    response = await world.stranger.as_(token).call("GET", PATH)
    assert (response.status_code, codes(response)) == (401, ["token_expired"])
    assert 'error="invalid_token"' in response.headers["www-authenticate"]


async def test_a_forged_token_is_refused(world: World) -> None:
    with TestIssuer() as forger:
        forged = forger.token("S101", ["lead"], "hub", issuer=world.issuer.url)
    response = await world.stranger.as_(forged).call("GET", PATH)
    assert (response.status_code, codes(response)) == (401, ["token_signature"])
    head, _, rest = world.coordinator.token.partition(".")
    body, _, signature = rest.partition(".")
    tampered = ".".join((head, body[:-4] + "AAAA", signature))
    assert (await world.stranger.as_(tampered).call("GET", PATH)).status_code == 401


@pytest.mark.parametrize("token", ["rubbish", "a.b.c", "x" * 10_000])
async def test_rubbish_is_refused(world: World, token: str) -> None:
    response = await world.stranger.as_(token).call("GET", PATH)
    assert (response.status_code, codes(response)) == (401, ["token_malformed"])


async def test_a_token_for_another_audience_is_refused(world: World) -> None:
    token = world.issuer.token("S101", ["coordinator"], "hub", audience="console")
    assert codes(await world.stranger.as_(token).call("GET", PATH)) == ["token_audience"]


@pytest.mark.parametrize("roles", [[], ["service.worker"], ["service.gateway"], ["participant"], ["public"], ["king"]])
async def test_only_people_of_the_agencies_get_in(world: World, roles: list[str]) -> None:
    response = await world.stranger.as_(world.issuer.token("X1", roles)).call("GET", PATH)
    assert (response.status_code, codes(response)) == (403, ["role_not_allowed"])


async def test_another_agencys_case_is_unknown(world: World) -> None:
    other = world.stranger.as_(world.issuer.token("S114", ["referrer"], "canalside-housing"))
    response = await other.call("GET", PATH)
    assert (response.status_code, codes(response)) == (404, ["unknown_case"])
    mine = world.stranger.as_(world.issuer.token("S111", ["referrer"], "westmarch-police"))
    assert (await mine.call("GET", PATH)).status_code == 200
