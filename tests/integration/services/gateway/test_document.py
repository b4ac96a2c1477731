"""The OpenAPI document: valid, whole, and with an example that its schema takes for every step."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it publishes none
from openapi_spec_validator import validate

from services.gateway.api.document import operations_of
from services.gateway.api.step_form import STEP_FORMS, address_of
from tests.integration.services.gateway.fake_engine import FakeEngine
from tests.integration.services.gateway.in_process import gateway_app


@pytest.fixture(scope="module")
async def document() -> dict[str, Any]:
    """The document as it is served."""
    import httpx2

    app, channels = gateway_app("http://127.0.0.1:1", FakeEngine(), "127.0.0.1:1")
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://gateway") as http:
        served: dict[str, Any] = (await http.get("/openapi.json")).json()
    for channel in channels:
        await channel.close()
    return served


async def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


async def test_every_step_has_an_operation_of_its_own(document: dict[str, Any]) -> None:
    steps = {path.rpartition("/")[2] for path in document["paths"] if "/steps/" in path}
    assert steps == {address_of(kind) for kind in STEP_FORMS}


async def test_every_example_is_one(document: dict[str, Any]) -> None:
    seen = 0
    for _, _, operation in operations_of(document):
        for media in operation.get("requestBody", {}).get("content", {}).values():
            schema = {**media["schema"], "components": document["components"]}
            for example in media["examples"].values():
                Draft202012Validator(schema).validate(example["value"])
                seen += 1
    assert seen == len(STEP_FORMS) + 5


async def test_every_operation_names_its_refusals(document: dict[str, Any]) -> None:
    for method, path, operation in operations_of(document):
        responses = operation["responses"]
        assert "500" in responses, path
        assert ("401" in responses) is bool(operation["security"]), path
        if operation["security"]:
            assert {"403", "503"} <= set(responses), path
            assert "agreement_lapsed" in responses["403"]["description"], path
            assert "service_unavailable" in responses["503"]["description"], path
        assert all(
            "application/json" not in said.get("content", {}) for code, said in responses.items() if code >= "300"
        )
        if method == "POST":
            assert {"400", "409", "413", "422", "503"} <= set(responses), path
            assert "Idempotency-Key" in [given["name"] for given in operation["parameters"]], path


async def test_nothing_is_left_of_foreign_refusals(document: dict[str, Any]) -> None:
    assert "HTTPValidationError" not in str(document)
    assert "x-form" not in str(document)
