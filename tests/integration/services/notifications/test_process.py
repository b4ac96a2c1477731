"""The process as it is started: settings, migration, serving; and nothing personal in what it writes."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread

import grpc.aio
import uvicorn
from alembic import command
from rjhub.notifications.v1 import notifications_pb2_grpc
from rjhub.records.v1 import records_pb2_grpc

from deploy.local.outbox.app import build_app
from deploy.local.outbox.store import MessageStore
from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer
from services.runtime.migrations import alembic_config
from services.runtime.rpc_channel import RpcCall, open_channel
from tests.support.notifications import (
    ADDRESS,
    LINK_SECRET,
    PUBLIC_URL,
    ScriptedRecords,
    safe,
    scripted_records,
    welfare,
)
from tests.support.postgres import ServiceDatabase, service_database
from tests.support.tokens import TestIssuer


async def run(*arguments: str, environment: dict[str, str]) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.notifications", *arguments),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode or 0, out.decode(), err.decode()


def environment(database: ServiceDatabase, **more: str) -> dict[str, str]:
    given = {
        "DATABASE_URL": database.owner_url,
        "ISSUER_URL": "http://127.0.0.1:1",
        "RECORDS_ADDRESS": "127.0.0.1:1",
        "OUTBOX_URL": "http://127.0.0.1:1",
        "PUBLIC_URL": PUBLIC_URL,
        "CLIENT_ID": "notifications",
        "CLIENT_SECRET": "secret",
        "LINK_SECRET": LINK_SECRET,
    }
    named = {f"RJHUB_NOTIFICATIONS_{name}": value for name, value in (given | more).items() if value}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RJHUB_")}
    return {**kept, "PYTHONPATH": os.pathsep.join(sys.path), **named}


async def test_migrating_brings_the_database_to_what_the_tables_say(postgres_server: PostgresServer) -> None:
    database = service_database(postgres_server, "notifications")
    for _ in range(2):
        assert (await run("migrate", environment=environment(database)))[0] == 0
    await asyncio.to_thread(command.check, alembic_config(database.owner_url, "services.notifications"))


async def test_a_missing_or_short_secret_stops_the_process(postgres_server: PostgresServer) -> None:
    database = service_database(postgres_server, "notifications")
    for secret in ("", "short"):
        code, _, said = await run(environment=environment(database, LINK_SECRET=secret))
        assert code == 2
        assert "RJHUB_NOTIFICATIONS_LINK_SECRET" in said
        assert "Traceback" not in said
    assert (await run("dance", environment=environment(database)))[0] == 2


@asynccontextmanager
async def real_outbox(folder: Path) -> AsyncIterator[tuple[str, MessageStore]]:
    """The local system's own outbox, served on a free port."""
    store, port = MessageStore(folder), free_port()
    server = uvicorn.Server(
        uvicorn.Config(build_app(store), host="127.0.0.1", port=port, log_level="error", lifespan="off")
    )
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}", store
    finally:
        server.should_exit = True
        await asyncio.to_thread(thread.join, 10)
        store.close()


@asynccontextmanager
async def real_records() -> AsyncIterator[tuple[str, ScriptedRecords]]:
    """A scripted records service on a free port."""
    records, server = scripted_records(), grpc.aio.server()
    records_pb2_grpc.add_RecordsServiceServicer_to_server(records, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield f"127.0.0.1:{port}", records
    finally:
        await server.stop(0)


async def test_a_served_delivery_reaches_the_outbox_and_leaves_no_trace_of_the_person(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    database = service_database(postgres_server, "notifications")
    assert (await run("migrate", environment=environment(database)))[0] == 0
    with TestIssuer({"notifications": ("secret", ("service.notifications",))}) as issuer:
        async with real_outbox(tmp_path) as (outbox_url, store), real_records() as (records_address, records):
            port = free_port()
            settings = environment(
                database,
                DATABASE_URL=database.url,
                LISTEN=f"127.0.0.1:{port}",
                ISSUER_URL=issuer.url,
                OUTBOX_URL=outbox_url,
                RECORDS_ADDRESS=records_address,
            )
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "services.notifications"),
                env=settings,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            channel = open_channel(f"127.0.0.1:{port}")
            try:
                await asyncio.wait_for(channel.channel_ready(), 20)
                stub, token = (
                    notifications_pb2_grpc.NotificationsServiceStub(channel),
                    issuer.token("w", ["service.worker"]),
                )
                sent = await RpcCall().call(stub.Deliver, welfare("one"), token=token, timeout_seconds=10)
                records.answer = safe(named=False)
                again = await RpcCall().call(stub.Deliver, welfare("one"), token=token, timeout_seconds=10)
                text = await RpcCall().call(stub.Deliver, welfare("two"), token=token, timeout_seconds=10)
            finally:
                await channel.close()
                process.terminate()
                written, _ = await asyncio.wait_for(process.communicate(), 20)
            assert sent == again
            assert text.HasField("sent")
            messages = store.after(0, "", 10)
            assert [message.sender_name for message in messages] == ["RJ Hub", "Messages"]
            assert {message.to for message in messages} == {ADDRESS}
    log = written.decode()
    assert process.returncode == 0, log
    assert "Deliver" in log
    canaries = [ADDRESS, "canary", "Hello", token, LINK_SECRET, "servicepassword"]
    canaries += [match for message in messages for match in re.findall(r"/r/(\S+)", message.body)]
    assert not [canary for canary in canaries if canary in log]
