"""The agencies service with a small invented region, for its tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import grpc.aio
import pytest
from rjhub.agencies.v1 import agencies_pb2, agencies_pb2_grpc

from deploy.local.postgres import PostgresServer
from services.agencies.rpc.permissions import PERMISSIONS
from services.agencies.rpc.servicer import AgenciesServicer
from services.agencies.storage.tables import Table
from services.runtime.database import Database
from tests.integration.services.agencies.region import LOADER, Agencies, region
from tests.support.running_service import running_service

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
async def running_agencies(postgres_server: PostgresServer) -> AsyncIterator[Agencies]:
    """The service at noon of 1 June 2026, started once for all tests."""

    def register(database: Database, server: grpc.aio.Server) -> None:
        servicer = AgenciesServicer(database, clock=lambda: NOW)
        agencies_pb2_grpc.add_AgenciesServiceServicer_to_server(servicer, server)

    async with running_service(
        postgres_server,
        name="agencies",
        descriptor=agencies_pb2.DESCRIPTOR.services_by_name["AgenciesService"],
        permissions=PERMISSIONS,
        register=register,
    ) as service:
        yield Agencies(service, agencies_pb2_grpc.AgenciesServiceStub(service.channel))


@pytest.fixture
async def agencies(running_agencies: Agencies) -> Agencies:
    """The service with the invented region and nothing else in it."""
    service, stub = running_agencies.service, running_agencies.stub
    await service.empty(Table.metadata)
    await service.call(stub.LoadRegion, agencies_pb2.LoadRegionRequest(region=region()), LOADER)
    return running_agencies
