"""The fictional region loads into the real agencies service, and its people are let in or refused as its files say."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import grpc.aio
import pytest
from rjhub.agencies.v1 import agencies_pb2, agencies_pb2_grpc

from deploy.local.issuer.app import build_app
from deploy.local.issuer.clients import Client, Clients
from deploy.local.issuer.keys import KeyRing
from deploy.local.issuer.people import People
from deploy.local.postgres import PostgresServer
from deploy.local.region.loading import load_region
from deploy.local.region.model import Region
from deploy.local.region.reading import DEFAULT_FOLDER, read_region
from deploy.local.sign_in import REDIRECT_URI, sign_in
from services.agencies.rpc.permissions import PERMISSIONS
from services.agencies.rpc.servicer import AgenciesServicer
from services.runtime.database import Database, migrate
from services.runtime.identity import ServiceTokens, TokenVerifier
from services.runtime.refusal import Refused
from services.runtime.rpc_channel import RpcCall, open_channel
from services.runtime.rpc_server import RpcServer
from tests.support.local_web import served
from tests.support.postgres import service_database


@dataclass
class Running:
    """The real agencies service and the real issuer."""

    region: Region
    channel: grpc.aio.Channel
    issuer_url: str

    async def load(self) -> agencies_pb2.LoadRegionResponse:
        tokens = ServiceTokens(self.issuer_url, "loader", "loader-secret")
        return await load_region(self.region, self.channel, tokens)

    async def me(self, staff_id: str) -> agencies_pb2.GetMeResponse:
        stub: agencies_pb2_grpc.AgenciesServiceAsyncStub = agencies_pb2_grpc.AgenciesServiceStub(self.channel)
        token = await sign_in(self.issuer_url, staff_id)
        return await RpcCall().call(stub.GetMe, agencies_pb2.GetMeRequest(), token=token, timeout_seconds=10)


@pytest.fixture
async def running(postgres_server: PostgresServer, tmp_path: Path) -> AsyncIterator[Running]:
    own = service_database(postgres_server, "agencies")
    await asyncio.to_thread(migrate, own.owner_url, "services.agencies")
    database, region = Database(own.url), read_region(DEFAULT_FOLDER)
    servicer = AgenciesServicer(database, clock=lambda: datetime(2026, 11, 20, 12, tzinfo=UTC))
    clients = Clients(
        {
            "loader": Client(secret="loader-secret", roles=("service.loader",)),
            "demo": Client(redirect_uris=(REDIRECT_URI,)),
        }
    )
    async with served(lambda url: build_app(url, clients, People(region), KeyRing(tmp_path))) as issuer_url:
        server = RpcServer(
            process="agencies",
            listen="127.0.0.1:0",
            verifier=TokenVerifier(issuer_url),
            permissions=PERMISSIONS,
            register=lambda into: agencies_pb2_grpc.add_AgenciesServiceServicer_to_server(servicer, into),
            services=[agencies_pb2.DESCRIPTOR.services_by_name["AgenciesService"]],
            ready=database.ready,
        )
        await server.start()
        channel = open_channel(f"127.0.0.1:{server.port}")
        yield Running(region, channel, issuer_url)
        await channel.close()
        await server.stop()
    await database.close()


async def test_the_region_loads_twice_and_its_people_are_let_in_as_its_files_say(running: Running) -> None:
    for _ in range(2):
        loaded = await running.load()
        assert (loaded.agencies, loaded.units, loaded.staff, loaded.venues) == (11, 10, 45, 9)
    for person in running.region.staff:
        if person.id in ("S120", "S146"):
            continue
        me = await running.me(person.id)
        assert (me.staff.name, me.agency.agency_id) == (person.name, person.agency)
    for staff_id in ("S120", "S146"):  # the agreement has lapsed; volunteering has ended
        with pytest.raises(Refused):
            await running.me(staff_id)
