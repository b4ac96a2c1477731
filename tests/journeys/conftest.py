"""The whole system, started once for the tier on spare ports with a throw-away folder."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest

from deploy.local.demo.http_world import HttpWorld
from deploy.local.demo.system import RunningSystem, own_system
from tests.support.whole_system import Desk, world_of


@pytest.fixture(scope="session")
async def system() -> AsyncIterator[RunningSystem]:
    """Every part of RJ Hub, as `make run` starts them."""
    async with own_system() as running:
        yield running


@pytest.fixture
async def world(system: RunningSystem) -> AsyncIterator[HttpWorld]:
    """A world to play one journey in."""
    async with world_of(system) as made:
        yield made


@pytest.fixture
async def desk(system: RunningSystem) -> AsyncIterator[Desk]:
    """Requests as anybody."""
    async with httpx2.AsyncClient(trust_env=False) as client:
        yield Desk(system, client)
