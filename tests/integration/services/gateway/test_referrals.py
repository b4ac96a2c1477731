"""How cases begin over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from services.gateway.api.referral_examples import REFERRAL_EXAMPLE, SELF_REFERRAL_EXAMPLE
from tests.integration.services.gateway.api_client import codes
from tests.integration.services.gateway.conftest import World
from tests.integration.services.gateway.fake_engine import AWAY, WRONG_STAGE
from workflows.contracts.steps import SubmitReferral
from workflows.contracts.vocabulary import Answer, Channel, Initiator, PartyRole, ReferrerKind, Role

KEY = "referral-0001"
PATH, SELF_PATH = "/v1/referrals", "/v1/self-referrals"


async def test_a_referral_begins_a_case(world: World) -> None:
    response = await world.coordinator.call("POST", PATH, REFERRAL_EXAMPLE, key=KEY)
    assert response.status_code == 201, response.text
    assert response.headers["location"] == f"/v1/cases/{response.json()['case_id']}"
    (step,) = world.engine.requests[0].steps
    assert isinstance(step, SubmitReferral)
    (kept,) = world.services.records.referrals.values()
    assert [person.name for person in kept.people] == ["Rowena Fictional", "Jasper Invented"]
    assert kept.people[0].contact[0].address == "rowena.fictional@example.org"
    assert (kept.narrative, kept.agency_reference) == (REFERRAL_EXAMPLE["narrative"], "20/000000/26")
    assert [party.person_id for party in step.parties] == [f"{kept.case_id[:8]}-0", f"{kept.case_id[:8]}-1"]
    assert step.narrative_note_id == "note-narrative"
    assert "Rowena" not in repr(world.engine.requests)


async def test_a_repeated_referral_reaches_the_same_case(world: World) -> None:
    first = await world.coordinator.call("POST", PATH, REFERRAL_EXAMPLE, key=KEY)
    again = await world.coordinator.call("POST", PATH, REFERRAL_EXAMPLE, key=KEY)
    assert first.json() == again.json()
    other = await world.coordinator.call("POST", PATH, REFERRAL_EXAMPLE, key="referral-0002")
    assert other.json()["case_id"] != first.json()["case_id"]
    assert len(world.engine.requests) == 2


@pytest.mark.parametrize("change", [{"narrative": "Another story."}, {"harm_type": "theft"}])
async def test_a_key_used_for_another_referral_is_refused(world: World, change: dict[str, str]) -> None:
    await world.coordinator.call("POST", PATH, REFERRAL_EXAMPLE, key=KEY)
    response = await world.coordinator.call("POST", PATH, {**REFERRAL_EXAMPLE, **change}, key=KEY)
    assert (response.status_code, codes(response)) == (409, ["idempotency_key_reused"])
    assert len(world.services.records.referrals) == 1


async def test_a_refused_referral_leaves_nothing(world: World) -> None:
    world.engine.refusal = WRONG_STAGE
    response = await world.coordinator.call("POST", PATH, REFERRAL_EXAMPLE, key=KEY)
    assert (response.status_code, codes(response)) == (409, ["wrong_stage"])
    assert world.services.records.referrals == {}


async def test_an_unanswered_referral_can_be_sent_again(world: World) -> None:
    world.engine.refusal = AWAY
    response = await world.coordinator.call("POST", PATH, REFERRAL_EXAMPLE, key=KEY)
    assert (response.status_code, codes(response)) == (503, ["engine_unavailable"])
    world.engine.refusal, world.engine.in_ledger = None, False
    response = await world.coordinator.call("POST", PATH, REFERRAL_EXAMPLE, key=KEY)
    assert response.status_code == 202


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"district": "atlantis"}, "value_not_in_list", "district"),
        ({"narrative": "x" * 20_001}, "text_too_long", "narrative"),
        ({"people": [{"name": "Nobody Fictional"}]}, "field_missing", "people[0].role"),
        ({"people": [{"role": "harmed", "date_of_birth": "yesterday"}]}, "field_malformed", "people[0].date_of_birth"),
        (
            {"people": [{"role": "harmed", "contact": [{"channel": "owl"}]}]},
            "value_not_in_list",
            "people[0].contact[0].channel",
        ),
        ({"parties": []}, "field_unknown", "parties"),
        ({"narrative_note_id": "n-1"}, "field_unknown", "narrative_note_id"),
    ],
)
async def test_a_bad_referral_is_refused(world: World, change: dict[str, Any], code: str, field: str) -> None:
    response = await world.coordinator.call("POST", PATH, {**REFERRAL_EXAMPLE, **change}, key=KEY)
    assert (response.status_code, codes(response)) == (422, [code])
    assert response.json()["refusals"][0]["field"] == field
    assert world.services.records.referrals == {}


async def test_a_referral_needs_sign_in_key_and_records(world: World) -> None:
    assert codes(await world.stranger.call("POST", PATH, REFERRAL_EXAMPLE, key=KEY)) == ["token_missing"]
    assert codes(await world.coordinator.call("POST", PATH, REFERRAL_EXAMPLE)) == ["idempotency_key_missing"]
    await world.services.server.stop(0)
    response = await world.coordinator.call("POST", PATH, REFERRAL_EXAMPLE, key=KEY)
    assert (response.status_code, codes(response)) == (503, ["service_unavailable"])
    assert world.engine.requests == []


async def test_a_member_of_the_public_refers_themselves(world: World) -> None:
    response = await world.stranger.call("POST", SELF_PATH, SELF_REFERRAL_EXAMPLE, key=KEY)
    assert response.status_code == 201, response.text
    assert set(response.json()) == {"reference"}
    request = world.engine.requests[0]
    (step,) = request.steps
    assert isinstance(step, SubmitReferral)
    assert (request.actor.actor_id, request.actor.roles) == ("public", (Role.PUBLIC,))
    assert (step.channel, step.referrer_kind) == (Channel.SELF_REFERRAL, ReferrerKind.VICTIM)
    assert step.initiator is Initiator.VICTIM_LED
    harmed, other = step.parties
    assert (harmed.role, harmed.may_be_contacted) == (PartyRole.HARMED, Answer.YES)
    assert (other.role, other.identified, other.may_be_contacted) == (PartyRole.RESPONSIBLE, False, Answer.UNKNOWN)


async def test_a_self_referral_cannot_say_what_only_an_agency_can(world: World) -> None:
    response = await world.stranger.call("POST", SELF_PATH, {**SELF_REFERRAL_EXAMPLE, "channel": "api"}, key=KEY)
    assert (response.status_code, codes(response)) == (422, ["field_unknown"])
    response = await world.stranger.call("POST", SELF_PATH, {"district": "dudley"}, key=KEY)
    assert codes(response) == ["field_missing", "field_missing"]


async def test_self_referrals_are_bounded_by_address(world: World) -> None:
    answers = [
        await world.stranger.call("POST", SELF_PATH, SELF_REFERRAL_EXAMPLE, key=f"referral-{number:04}")
        for number in range(6)
    ]
    assert [response.status_code for response in answers] == [201] * 5 + [429]
    assert codes(answers[-1]) == ["too_many_requests"]
    assert answers[-1].headers["retry-after"] == "60"
