"""One of our services for tests: in this process on a new database and a free port, or as a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import grpc.aio
from google.protobuf.descriptor import ServiceDescriptor
from sqlalchemy import MetaData

from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer
from services.runtime.database import Database, migrate
from services.runtime.identity import TokenVerifier
from services.runtime.refusal import Refused
from services.runtime.rpc_channel import RpcCall, open_channel
from services.runtime.rpc_server import RpcServer
from tests.support.postgres import ServiceDatabase, service_database
from tests.support.tokens import TestIssuer

Request = TypeVar("Request")
Response = TypeVar("Response")

ROOT = Path(__file__).resolve().parents[2]
HUB = "hub"


@dataclass(frozen=True, slots=True)
class Someone:
    """Whoever calls in a test."""

    subject: str
    roles: tuple[str, ...]
    unit_id: str = ""


@dataclass(frozen=True, slots=True)
class RunningService:
    """A service that answers: `call` makes a call as someone, `database` looks behind it."""

    channel: grpc.aio.Channel
    issuer: TestIssuer
    database: Database
    service_database: ServiceDatabase

    async def call(
        self, method: grpc.aio.UnaryUnaryMultiCallable[Request, Response], request: Request, caller: Someone
    ) -> Response:
        """The answer; raises `Refused` as the service refused."""
        token = self.issuer.token(caller.subject, caller.roles, HUB, caller.unit_id)
        return await RpcCall().call(method, request, token=token, timeout_seconds=20)

    async def codes(
        self, method: grpc.aio.UnaryUnaryMultiCallable[Request, Response], request: Request, caller: Someone
    ) -> tuple[str, ...]:
        """The codes of a refusal; none if the call was answered."""
        try:
            await self.call(method, request, caller)
        except Refused as refused:
            return refused.codes
        return ()

    async def empty(self, tables: MetaData) -> None:
        """Leave nothing in the database, for the next test."""
        async with self.database.unit_of_work() as connection:
            for table in reversed(tables.sorted_tables):
                await connection.execute(table.delete())


@asynccontextmanager
async def running_service(
    postgres: PostgresServer,
    *,
    name: str,
    descriptor: ServiceDescriptor,
    permissions: Mapping[str, frozenset[str]],
    register: Callable[[Database, grpc.aio.Server], None],
) -> AsyncIterator[RunningService]:
    """The service `services.<name>` in this process; gone afterwards."""
    kept = service_database(postgres, name)
    await asyncio.to_thread(migrate, kept.owner_url, f"services.{name}")
    database = Database(kept.url)
    with TestIssuer() as issuer:
        server = RpcServer(
            process=name,
            listen="127.0.0.1:0",
            verifier=TokenVerifier(issuer.url),
            permissions=permissions,
            register=lambda made: register(database, made),
            services=[descriptor],
            ready=database.ready,
        )
        await server.start()
        channel = open_channel(f"127.0.0.1:{server.port}")
        try:
            yield RunningService(channel, issuer, database, kept)
        finally:
            await channel.close()
            await server.stop(0)
            await database.close()


@dataclass(slots=True)
class ServiceProcess:
    """What is left of a process that ran: its exit code and everything it printed."""

    exit_code: int | None = None
    output: str = field(default="", repr=False)


@asynccontextmanager
async def service_process(postgres: PostgresServer, name: str) -> AsyncIterator[tuple[RunningService, ServiceProcess]]:
    """`python -m services.<name>`, migrated and ready; SIGTERM at the end, which fills in what was left."""
    kept = service_database(postgres, name)
    finished = ServiceProcess()
    with TestIssuer() as issuer:
        port = free_port()
        prefix = f"RJHUB_{name.upper()}_"
        settings = {f"{prefix}LISTEN": f"127.0.0.1:{port}", f"{prefix}ISSUER_URL": issuer.url}
        migrating = await _start(name, settings | {f"{prefix}DATABASE_URL": kept.owner_url}, "migrate")
        output, _ = await migrating.communicate()
        assert migrating.returncode == 0, output.decode()
        process = await _start(name, settings | {f"{prefix}DATABASE_URL": kept.url})
        channel = open_channel(f"127.0.0.1:{port}")
        database = Database(kept.url)
        try:
            await asyncio.wait_for(channel.channel_ready(), timeout=20)
            yield RunningService(channel, issuer, database, kept), finished
        finally:
            await channel.close()
            await database.close()
            process.send_signal(signal.SIGTERM)
            output, _ = await asyncio.wait_for(process.communicate(), timeout=20)
            finished.exit_code, finished.output = process.returncode, output.decode()


async def _start(name: str, settings: Mapping[str, str], *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"services.{name}",
        *arguments,
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": f"{ROOT}:{ROOT / 'protos' / 'gen'}", **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
