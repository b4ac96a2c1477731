"""The records service on a new database, for its tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import grpc.aio
import pytest
from rjhub.records.v1 import records_pb2, records_pb2_grpc

from deploy.local.postgres import PostgresServer
from services.records.rpc.permissions import PERMISSIONS
from services.records.rpc.servicer import RecordsServicer
from services.records.storage.tables import Table
from services.runtime.database import Database
from tests.integration.services.records.case import Records
from tests.support.running_service import running_service


@pytest.fixture(scope="session")
async def running_records(postgres_server: PostgresServer) -> AsyncIterator[Records]:
    """The service, started once for all tests."""

    def register(database: Database, server: grpc.aio.Server) -> None:
        records_pb2_grpc.add_RecordsServiceServicer_to_server(RecordsServicer(database), server)

    async with running_service(
        postgres_server,
        name="records",
        descriptor=records_pb2.DESCRIPTOR.services_by_name["RecordsService"],
        permissions=PERMISSIONS,
        register=register,
    ) as service:
        yield Records(service, records_pb2_grpc.RecordsServiceStub(service.channel))


@pytest.fixture
async def records(running_records: Records) -> Records:
    """The service with nothing in it."""
    await running_records.service.empty(Table.metadata)
    return running_records
