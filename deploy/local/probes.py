"""Asks a process whether it is ready: by gRPC health, by HTTP, or by a query."""

import asyncio
import http.client
from collections.abc import Awaitable, Callable

import asyncpg
import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from deploy.local.ports import HOST

Probe = Callable[[], Awaitable[bool]]
ANSWER_SECONDS = 2.0
OK_STATUS = 200


async def accepts(port: int) -> bool:
    """Whether anything listens on the port."""
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(HOST, port), ANSWER_SECONDS)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def grpc_serves(port: int) -> Probe:
    """Ready when the standard gRPC health service says the whole server is SERVING."""

    async def ready() -> bool:
        if not await accepts(port):
            return False
        # A pool of its own: a shared one would wait longer and longer after each failed attempt.
        options = [("grpc.enable_http_proxy", 0), ("grpc.use_local_subchannel_pool", 1)]
        async with grpc.aio.insecure_channel(f"{HOST}:{port}", options=options) as channel:
            health = health_pb2_grpc.HealthStub(channel)
            try:
                answer = await health.Check(health_pb2.HealthCheckRequest(), timeout=ANSWER_SECONDS)
            except grpc.aio.AioRpcError:
                return False
            return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

    return ready


def http_answers(port: int, path: str) -> Probe:
    """Ready when a GET of the path is answered with 200."""

    def get() -> bool:
        connection = http.client.HTTPConnection(HOST, port, timeout=ANSWER_SECONDS)  # never through a proxy
        try:
            connection.request("GET", path)
            return connection.getresponse().status == OK_STATUS
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    async def ready() -> bool:
        return await accepts(port) and await asyncio.to_thread(get)

    return ready


def sql_answers(url: str) -> Probe:
    """Ready when the database takes our password and answers a query (`url` is `postgresql://...`)."""

    async def ready() -> bool:
        try:
            connection = await asyncpg.connect(url, timeout=ANSWER_SECONDS)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        try:
            return bool(await connection.fetchval("SELECT 1") == 1)
        finally:
            await connection.close()

    return ready
