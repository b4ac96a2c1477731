"""The process as it is started: migration, rebuilding, serving; and no data in what it writes."""

from __future__ import annotations

import asyncio
import os
import sys

from alembic import command
from rjhub.reporting.v1 import reporting_pb2_grpc

from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer
from services.runtime.migrations import alembic_config
from services.runtime.rpc_channel import RpcCall, open_channel
from tests.support.postgres import service_database
from tests.support.reporting import batch, entry
from tests.support.tokens import TestIssuer

CANARY = "canary-code-7261"


def environment(**given: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RJHUB_")}
    named = {f"RJHUB_REPORTING_{name}": value for name, value in given.items()}
    return {**kept, "PYTHONPATH": os.pathsep.join(sys.path), **named}


async def start(settings: dict[str, str], *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.reporting", *arguments),
        env=settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def finish(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    written, _ = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode, written.decode()


async def test_migrate_serve_append_and_rebuild(postgres_server: PostgresServer) -> None:
    database = service_database(postgres_server, "reporting")
    with TestIssuer() as issuer:
        owner = environment(DATABASE_URL=database.owner_url, ISSUER_URL=issuer.url)
        for _ in range(2):
            assert (await finish(await start(owner, "migrate")))[0] == 0
        await asyncio.to_thread(command.check, alembic_config(database.owner_url, "services.reporting"))
        port = free_port()
        own = environment(DATABASE_URL=database.url, ISSUER_URL=issuer.url, LISTEN=f"127.0.0.1:{port}")
        process = await start(own)
        channel = open_channel(f"127.0.0.1:{port}")
        try:
            await asyncio.wait_for(channel.channel_ready(), 20)
            stub, token = reporting_pb2_grpc.ReportingServiceStub(channel), issuer.token("worker", ["service.worker"])
            request = batch("case-1", entries=[entry(1, data={"code": CANARY}, actor_id="canary-actor")])
            answer = await RpcCall().call(stub.AppendEntries, request, token=token, timeout_seconds=10)
        finally:
            await channel.close()
            process.terminate()
            code, log = await finish(process)
        assert (code, answer.last_sequence) == (0, 1), log
        assert "AppendEntries" in log
        assert not [canary for canary in (CANARY, "canary-actor", token, "servicepassword") if canary in log]
        assert (await finish(await start(own, "rebuild"))) == (0, "1 rows compared, 0 changed\n")
        assert (await finish(await start(own, "dance")))[0] == 2


async def test_settings_that_are_missing_are_named() -> None:
    code, said = await finish(await start(environment()))
    assert code == 2
    assert "RJHUB_REPORTING_DATABASE_URL" in said
    assert "Traceback" not in said
