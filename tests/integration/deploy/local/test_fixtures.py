"""The shared servers work as other tests rely on them."""

import asyncpg
import pytest
from temporalio.client import Client

from deploy.local.postgres import PostgresServer
from deploy.local.temporal import TemporalServer
from tests.support.postgres import service_database


async def test_the_owner_makes_tables_and_the_service_only_uses_them(postgres_server: PostgresServer) -> None:
    database = service_database(postgres_server, "records")
    owner = await asyncpg.connect(database.owner_url.replace("+asyncpg", ""))
    service = await asyncpg.connect(database.url.replace("+asyncpg", ""))
    try:
        await owner.execute("CREATE SCHEMA walled; CREATE TABLE walled.notes (id bigserial PRIMARY KEY, text text)")
        await service.execute("INSERT INTO walled.notes (text) VALUES ('kept')")
        assert await service.fetchval("SELECT count(*) FROM walled.notes") == 1
        for forbidden in ("DROP TABLE walled.notes", "CREATE TABLE mine (id int)", "TRUNCATE walled.notes"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await service.execute(forbidden)
        roles = await service.fetch("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'records%'")
        assert [tuple(role) for role in roles] == [(False, False), (False, False)]
    finally:
        await owner.close()
        await service.close()


async def test_one_service_may_not_enter_another_services_database(postgres_server: PostgresServer) -> None:
    records = service_database(postgres_server, "records")
    agencies = service_database(postgres_server, "agencies")
    foreign = agencies.url.replace("+asyncpg", "").replace(agencies.name, records.name)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(foreign)


async def test_temporal_has_the_namespace(temporal_server: TemporalServer) -> None:
    client = await Client.connect(temporal_server.address, namespace=temporal_server.namespace)
    assert await client.service_client.check_health()
