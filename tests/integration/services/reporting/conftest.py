"""One running reporting service for the tests of this folder."""

from collections.abc import AsyncIterator

import pytest_asyncio

from deploy.local.postgres import PostgresServer
from tests.support.reporting import ReportingSystem, running_reporting


@pytest_asyncio.fixture(scope="module")
async def reporting(postgres_server: PostgresServer) -> AsyncIterator[ReportingSystem]:
    """Reporting on a database of its own."""
    async with running_reporting(postgres_server) as system:
        yield system
