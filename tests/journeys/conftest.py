"""Worlds to play journeys in, and requests as anybody, on the whole system."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest

from deploy.local.demo.http_world import HttpWorld
from deploy.local.demo.system import RunningSystem
from tests.support.whole_system import Desk, world_of


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
