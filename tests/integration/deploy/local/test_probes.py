"""A process counts as ready only when it says so itself."""

import grpc.aio
import pytest
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from deploy.local.ports import HOST, free_port
from deploy.local.postgres import PostgresServer
from deploy.local.probes import grpc_serves, http_answers, sql_answers


@pytest.mark.parametrize(
    ("status", "expected"),
    [(health_pb2.HealthCheckResponse.SERVING, True), (health_pb2.HealthCheckResponse.NOT_SERVING, False)],
)
async def test_grpc_health_is_believed(status: int, expected: bool) -> None:
    server, servicer, port = grpc.aio.server(), health.aio.HealthServicer(), free_port()
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    server.add_insecure_port(f"{HOST}:{port}")
    await servicer.set("", status)
    await server.start()
    try:
        assert await grpc_serves(port)() is expected
        assert not await http_answers(port, "/")()  # it listens, but does not speak HTTP
    finally:
        await server.stop(None)


async def test_nobody_listening_is_not_ready() -> None:
    port = free_port()
    assert not await grpc_serves(port)()
    assert not await http_answers(port, "/")()
    assert not await sql_answers(f"postgresql://someone:else@{HOST}:{port}/postgres")()


async def test_sql_needs_the_right_password(postgres_server: PostgresServer) -> None:
    assert await sql_answers(postgres_server.url())()
    assert not await sql_answers(postgres_server.url(password="wrong"))()
