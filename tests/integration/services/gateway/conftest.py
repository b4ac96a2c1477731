"""A gateway over fakes: real gRPC and real tokens, a case engine in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI

from tests.integration.services.gateway.api_client import ApiClient
from tests.integration.services.gateway.fake_engine import CASE_ID, NOW, FakeEngine
from tests.integration.services.gateway.fake_services import FakeServices, start_services
from tests.integration.services.gateway.in_process import gateway_app
from tests.support.tokens import TestIssuer


@dataclass
class Clock:
    """The real time, as the test wants it."""

    at: datetime = NOW

    def now(self) -> datetime:
        """Answer it."""
        return self.at


@dataclass
class World:
    """Everything a test may look into."""

    issuer: TestIssuer
    services: FakeServices
    engine: FakeEngine
    app: FastAPI
    coordinator: ApiClient
    stranger: ApiClient
    clock: Clock


@pytest.fixture(scope="session")
def gateway_issuer() -> Iterator[TestIssuer]:
    """Signs people in, and the gateway itself."""
    with TestIssuer({"gateway": ("gateway-secret", ("service.gateway",))}) as issuer:
        yield issuer


@pytest_asyncio.fixture(scope="session")
async def document(gateway_issuer: TestIssuer) -> dict[str, Any]:
    """The OpenAPI document as it is served; the same for every gateway of one build."""
    app, channels = gateway_app(gateway_issuer.url, FakeEngine(), "127.0.0.1:1")
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://gateway") as http:
        served: dict[str, Any] = (await http.get("/openapi.json")).json()
    for channel in channels:
        await channel.close()
    return served


@pytest_asyncio.fixture
async def world(gateway_issuer: TestIssuer, document: dict[str, Any]) -> AsyncIterator[World]:
    """A fresh gateway."""
    services = await start_services(gateway_issuer.url, CASE_ID)
    engine, clock = FakeEngine(), Clock()
    app, channels = gateway_app(gateway_issuer.url, engine, services.address, clock.now)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://gateway") as http:
        stranger = ApiClient(http, document)
        coordinator = stranger.as_(gateway_issuer.token("S101", ["coordinator"], "hub"))
        yield World(gateway_issuer, services, engine, app, coordinator, stranger, clock)
    for channel in channels:
        await channel.close()
    await services.server.stop(0)
