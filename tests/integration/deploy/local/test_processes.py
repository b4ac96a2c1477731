"""The local processes as they are really started: by their module, from the environment, stopped by a signal."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import grpc.aio
import httpx2
import pytest
from rjhub.agencies.v1 import agencies_pb2

from deploy.local.issuer.app import build_app
from deploy.local.issuer.clients import Client, Clients
from deploy.local.issuer.keys import KeyRing
from deploy.local.issuer.people import People
from deploy.local.region.messages import region_message
from deploy.local.region.reading import DEFAULT_FOLDER, read_region
from deploy.local.sign_in import REDIRECT_URI, sign_in
from services.runtime.identity import TokenVerifier
from tests.support.local_web import served

CLIENTS = {
    "demo": {"secret": None, "roles": [], "redirect_uris": [REDIRECT_URI]},
    "loader": {"secret": "loader-secret", "roles": ["service.loader"], "redirect_uris": []},
}


async def _process(module: str, *words: str, **settings: object) -> asyncio.subprocess.Process:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RJHUB_")}
    environment |= {name: str(value) for name, value in settings.items()}
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *words, env=environment, stdout=pipe, stderr=pipe
    )


@contextlib.asynccontextmanager
async def _listening(module: str, **settings: object) -> AsyncIterator[str]:
    """The process's address, read off its first log line; on leaving it must end well within seconds of a signal."""
    process = await _process(module, **settings)
    try:
        assert process.stdout is not None
        line = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
        assert line["event"] == "listening"
        yield f"http://127.0.0.1:{line['port']}"
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 10) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.fixture
def issuer_settings(tmp_path: Path) -> dict[str, object]:
    clients = tmp_path / "clients.json"
    clients.write_text(json.dumps(CLIENTS), encoding="utf-8")
    return {
        "RJHUB_ISSUER_LISTEN": "127.0.0.1:0",
        "RJHUB_ISSUER_KEY_FOLDER": tmp_path / "keys",
        "RJHUB_ISSUER_CLIENTS_FILE": clients,
    }


async def test_issuer_signs_in_and_rotates_while_it_runs(issuer_settings: dict[str, object]) -> None:
    async with _listening("deploy.local.issuer", **issuer_settings) as url:
        first = await sign_in(url, "S101")
        rotation = await _process("deploy.local.issuer", "rotate", **issuer_settings)
        assert await rotation.wait() == 0
        second = await sign_in(url, "S101")
        assert first.partition(".")[0] != second.partition(".")[0]
        async with httpx2.AsyncClient(trust_env=False) as client:
            assert len((await client.get(f"{url}/jwks")).json()["keys"]) == 2


async def test_outbox_keeps_its_messages_over_a_restart(tmp_path: Path) -> None:
    settings = {"RJHUB_OUTBOX_LISTEN": "127.0.0.1:0", "RJHUB_OUTBOX_FOLDER": tmp_path}
    message = {
        "id": "m1", "channel": "sms", "to": "01632 960001", "sender_name": "RJ Hub", "subject": "", "body": "Hello",
        "language": "en", "at": "2026-11-20T09:30:00Z",
    }  # fmt: skip
    receipts = []
    for _ in range(2):
        async with _listening("deploy.local.outbox", **settings) as url, httpx2.AsyncClient(trust_env=False) as client:
            receipts.append((await client.post(f"{url}/messages", json=message)).json())
    assert receipts[0] == receipts[1]
    assert (tmp_path / "outbox.sqlite").stat().st_mode & 0o777 == 0o600


async def test_traces_starts_and_stops(tmp_path: Path) -> None:
    settings = {"RJHUB_TRACES_LISTEN": "127.0.0.1:0", "RJHUB_TRACES_FOLDER": tmp_path}
    async with _listening("deploy.local.traces", **settings) as url, httpx2.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{url}/healthz")).json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"RJHUB_ISSUER_CLIENTS_FILE": "/nowhere.json"}, "the clients file cannot be read"),
        ({"RJHUB_ISSUER_REGION_FOLDER": "/nowhere"}, "holds no YAML file"),
        ({"RJHUB_ISSUER_LISTEN": "192.0.2.1:80"}, "address to listen on"),
        ({"RJHUB_ISSUER_SURPRISE": "1"}, "RJHUB_ISSUER_SURPRISE is not a setting"),
    ],
)
async def test_what_keeps_it_from_starting_is_said(
    issuer_settings: dict[str, object], change: dict[str, object], told: str
) -> None:
    process = await _process("deploy.local.issuer", **{**issuer_settings, **change})
    _, errors = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 2
    assert told in errors.decode()
    assert "Traceback" not in errors.decode()


@pytest.mark.parametrize(("name", "file"), [("outbox", "outbox.sqlite"), ("traces", "traces.sqlite")])
async def test_a_damaged_file_is_said(tmp_path: Path, name: str, file: str) -> None:
    (tmp_path / file).write_bytes(b"not a database, and long enough to be seen as none" * 10)
    settings = {f"RJHUB_{name.upper()}_LISTEN": "127.0.0.1:0", f"RJHUB_{name.upper()}_FOLDER": tmp_path}
    process = await _process(f"deploy.local.{name}", **settings)
    _, errors = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 2
    assert errors.decode().startswith("Cannot start: the folder cannot be used")


async def test_a_damaged_key_is_said(issuer_settings: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "000001.json").write_text('{"kty": "nothing"}', encoding="utf-8")
    process = await _process("deploy.local.issuer", **issuer_settings)
    _, errors = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 2
    assert "holds something that is no key" in errors.decode()


@dataclass
class Agencies:
    """Stands in for agencies: keeps each region that came, with the token it came with."""

    address: str = ""
    came: list[tuple[str, agencies_pb2.Region]] = field(default_factory=list)

    async def load(
        self,
        request: agencies_pb2.LoadRegionRequest,
        context: grpc.aio.ServicerContext[agencies_pb2.LoadRegionRequest, agencies_pb2.LoadRegionResponse],
    ) -> agencies_pb2.LoadRegionResponse:
        metadata = dict(context.invocation_metadata() or ())
        self.came.append((str(metadata["authorization"]).removeprefix("Bearer "), request.region))
        return agencies_pb2.LoadRegionResponse(agencies=len(request.region.agencies), staff=len(request.region.staff))


@pytest.fixture
async def agencies() -> AsyncIterator[Agencies]:
    stand_in, server = Agencies(), grpc.aio.server()
    method = grpc.unary_unary_rpc_method_handler(
        stand_in.load,
        request_deserializer=agencies_pb2.LoadRegionRequest.FromString,
        response_serializer=agencies_pb2.LoadRegionResponse.SerializeToString,
    )
    service = agencies_pb2.DESCRIPTOR.services_by_name["AgenciesService"].full_name
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {"LoadRegion": method}),))
    stand_in.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    yield stand_in
    await server.stop(0)


async def test_loader_sends_the_whole_region_as_the_loader(agencies: Agencies, tmp_path: Path) -> None:
    region = read_region(DEFAULT_FOLDER)
    clients = Clients({"loader": Client(secret="loader-secret", roles=("service.loader",))})
    async with served(lambda url: build_app(url, clients, People(region), KeyRing(tmp_path))) as url:
        settings = {
            "RJHUB_LOADER_ISSUER_URL": url,
            "RJHUB_LOADER_CLIENT_ID": "loader",
            "RJHUB_LOADER_AGENCIES_ADDRESS": agencies.address,
        }
        refused = await _process("deploy.local.region", "load", **settings, RJHUB_LOADER_CLIENT_SECRET="wrong-secret")
        _, errors = await asyncio.wait_for(refused.communicate(), 20)
        assert refused.returncode == 1
        assert "does not accept this service's credentials" in errors.decode()
        process = await _process("deploy.local.region", "load", **settings, RJHUB_LOADER_CLIENT_SECRET="loader-secret")
        output, errors = await asyncio.wait_for(process.communicate(), 20)
        assert process.returncode == 0, errors.decode()
        assert "Loaded 11 agencies" in output.decode()
        ((token, came),) = agencies.came
        assert came == region_message(region)
        assert (await TokenVerifier(url).verify(token)).roles == {"service.loader"}
