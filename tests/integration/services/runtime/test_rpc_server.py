"""A service starts only with a permission row for each RPC and a port of its own, and stops gracefully."""

import asyncio
import signal
import socket
import sys
from pathlib import Path

import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.runtime.identity import TokenVerifier
from services.runtime.rpc_server import RpcServer, ServerStartError, checked_permissions, serve
from tests.integration.services.runtime import echo

ROW = frozenset({"coordinator"})
PROGRAM = """
import asyncio, sys
from google.protobuf.wrappers_pb2 import StringValue
from services.runtime.identity import TokenVerifier
from services.runtime.log import configure_logging
from services.runtime.process import run
from services.runtime.rpc_server import serve

async def ready() -> bool:
    return True

configure_logging("echo", "json")
run(lambda: serve(process="echo", listen=sys.argv[1], verifier=TokenVerifier("http://127.0.0.1:1"), permissions={},
                  register=lambda server: None, services=[], ready=ready))
"""


def test_rows_may_leave_the_slash_out() -> None:
    rows = checked_permissions(
        [echo.descriptor("Echo", "Fail")], {f"/{echo.SERVICE}/Echo": ROW, f"{echo.SERVICE}/Fail": ROW}
    )
    assert set(rows) == {f"/{echo.SERVICE}/Echo", f"/{echo.SERVICE}/Fail"}


@pytest.mark.parametrize(
    ("permissions", "said"),
    [
        ({}, "/rjhub.echo.v1.EchoService/Echo has no permission row"),
        ({f"/{echo.SERVICE}/Echo": ROW, f"/{echo.SERVICE}/Ecko": ROW}, "EchoService/Ecko names no RPC"),
        ({f"/{echo.SERVICE}/Echo": frozenset()}, "EchoService/Echo allows nobody"),
    ],
)
async def test_it_does_not_start_with_a_faulty_table(
    permissions: dict[str, frozenset[str]], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        await start(permissions=permissions)
    assert exit_.value.code == 2
    assert said in capsys.readouterr().err


async def test_a_busy_port_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as exit_:
            await start(permissions={f"/{echo.SERVICE}/Echo": ROW}, listen=f"127.0.0.1:{port}")
    assert exit_.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == f"echo cannot listen on 127.0.0.1:{port}: the port is taken."


async def test_two_of_ours_never_share_a_port() -> None:
    first = server("127.0.0.1:0")
    await first.start()
    second = server(f"127.0.0.1:{first.port}")
    try:
        with pytest.raises(ServerStartError):
            await second.start()
    finally:
        await second.stop(0)
        await first.stop(0)


async def test_health_follows_readiness() -> None:
    answers = [False, True]

    async def ready() -> bool:
        return answers.pop(0) if len(answers) > 1 else answers[0]

    starting = server("127.0.0.1:0", ready)
    await starting.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{starting.port}") as channel:
        health = health_pb2_grpc.HealthStub(channel)
        statuses = [(await health.Check(health_pb2.HealthCheckRequest())).status]
        async with asyncio.timeout(3):
            while statuses[-1] != health_pb2.HealthCheckResponse.SERVING:
                await asyncio.sleep(0.1)
                statuses.append((await health.Check(health_pb2.HealthCheckRequest(service=echo.SERVICE))).status)
    assert statuses[0] == health_pb2.HealthCheckResponse.NOT_SERVING
    await starting.stop(0)


async def test_sigterm_ends_it_with_code_0(tmp_path: Path) -> None:
    program = tmp_path / "echo.py"
    program.write_text(PROGRAM)
    process = await asyncio.create_subprocess_exec(
        sys.executable, program, "127.0.0.1:0", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(20):
        assert b"listening" in await process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        out, err = await process.communicate()
    assert (process.returncode, err) == (0, b""), out


def server(listen: str, ready: object = None) -> RpcServer:
    async def always() -> bool:
        return True

    return RpcServer(
        process="echo",
        listen=listen,
        verifier=TokenVerifier("http://127.0.0.1:1"),
        permissions={f"/{echo.SERVICE}/Echo": ROW},
        register=lambda server: None,
        services=[echo.descriptor("Echo")],
        ready=ready or always,  # type: ignore[arg-type]  # either is a coroutine function
    )


async def start(permissions: dict[str, frozenset[str]], listen: str = "127.0.0.1:0") -> None:
    async def ready() -> bool:
        return True

    await serve(
        process="echo",
        listen=listen,
        verifier=TokenVerifier("http://127.0.0.1:1"),
        permissions=permissions,
        register=lambda server: None,
        services=[echo.descriptor("Echo")],
        ready=ready,
    )
