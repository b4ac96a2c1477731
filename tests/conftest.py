"""The servers that several tests share: started once per session, and only when a test asks for one."""

from collections.abc import Iterator

import pytest

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
