"""The servers that several tests share: started once per session, and only when a test asks for one."""

from collections.abc import AsyncIterator, Iterator

import pytest

from deploy.local.demo.system import RunningSystem, own_system
from deploy.local.postgres import PostgresServer
from deploy.local.temporal import TemporalServer
from tests.support.postgres import throwaway_postgres
from tests.support.temporal import throwaway_temporal


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One throw-away PostgreSQL server; take a database of your own with `service_database(server, service)`."""
    with throwaway_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def temporal_server() -> Iterator[TemporalServer]:
    """One throw-away Temporal server that can skip time, with the namespace `rjhub`."""
    with throwaway_temporal() as server:
        yield server


@pytest.fixture(scope="session")
async def system() -> AsyncIterator[RunningSystem]:
    """Every part of RJ Hub, as `make run` starts them, on spare ports with a throw-away folder."""
    async with own_system() as running:
        yield running


WHOLE_SYSTEM = ("tests/journeys/", "tests/safety/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each file's tests on one worker, and all that need the whole system on the same one: it is started once."""
    for item in items:
        file = item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group("whole-system" if file.startswith(WHOLE_SYSTEM) else file))
