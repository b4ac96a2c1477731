"""The whole system, started once for the tier on spare ports with a throw-away folder."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from deploy.local.demo.system import RunningSystem, own_system


@pytest.fixture(scope="session")
async def system() -> AsyncIterator[RunningSystem]:
    """Every part of RJ Hub, as `make run` starts them."""
    async with own_system() as running:
        yield running
