"""Measures the whole system and writes build/bench.json: `make bench`.

Figures that compare are ratios taken by turns within this one run; absolute times are printed for orientation only.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import grpc.aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from rich.console import Console
from rich.table import Table
from temporalio.client import Client

from deploy.local.demo.system import RunningSystem, free_base, system_in
from deploy.local.sign_in import sign_in
from services.runtime.temporal import connect, durable_tracer_provider
from tests.bench.http_case import COORDINATOR, FACILITATOR, REFERRER, HttpCase, open_case, to_engaging
from tests.bench.http_connection import HttpConnection
from tests.bench.journeys import measure_events, measure_throughput
from tests.bench.step_ratio import CASES, measure_steps
from tests.bench.wide_caseload import widen
from tests.support.whole_system import part_pid

RESULT = Path("build") / "bench.json"
NAMESPACE = "rjhub"
COLD_EVENTS = 500
# What the product promises, printed beside what was measured; a run never fails on a figure.
PROMISED = {
    "step_ratio_p50": "at most 1.6",
    "step_ratio_p99": "at most 2.0",
    "events_per_step": "at most 7",
    "events_per_journey": "at most 240",
    "journey_throughput_ratio": "at least 0.6",
}
console = Console()


async def main() -> None:
    """Start the system twice (the second time warm), measure, write, print."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="rjhub-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # as root PostgreSQL runs as nobody, who must pass through
        say("first start")
        base = free_base()
        began = time.monotonic()
        async with system_in(folder / "data", base):
            figures["first_start_seconds"] = time.monotonic() - began
        say("second start")
        began = time.monotonic()
        async with system_in(folder / "data", base) as system:
            figures["warm_start_seconds"] = time.monotonic() - began
            figures |= await measure(system)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({name: round(value, 3) for name, value in figures.items()}, indent=2) + "\n")
    table = Table("figure", "measured", "promised", title="bench")
    for figure, value in figures.items():
        table.add_row(figure, f"{value:.2f}", PROMISED.get(figure, ""))
    console.print(table)


async def measure(system: RunningSystem) -> dict[str, float]:
    """Everything that needs the running system."""
    issuer = system.addresses.issuer_url
    engine_address = system.addresses.temporal_address
    tokens = {staff: await sign_in(issuer, staff) for staff in (REFERRER, COORDINATOR, FACILITATOR)}
    await widen(FACILITATOR, issuer, system.ports.address("agencies"), system.folder)
    plain = await Client.connect(engine_address, namespace=NAMESPACE)
    ours = await connect(
        address=engine_address,
        namespace=NAMESPACE,
        payload_keys_file=system.addresses.payload_keys_file,
        identity="bench",
    )
    port = system.ports.number("gateway")
    bare = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.bench.bare", engine_address, NAMESPACE)
    try:
        connection = await HttpConnection.open("127.0.0.1", port)
        say("events of a step and of a journey")
        figures = await measure_events(await open_case(connection, tokens), ours)
        cases = [await _engaged(connection, tokens) for _ in range(CASES)]
        figures |= await measure_steps(cases, plain, say)
        figures |= await measure_throughput(port, tokens, plain, say)
        say(f"cold touch of a case of {COLD_EVENTS} events")
        await connection.close()
        figures["cold_touch_ms"] = await _cold_touch(system, tokens, ours)
    finally:
        bare.terminate()
        await bare.wait()
    return figures


async def _engaged(connection: HttpConnection, tokens: dict[str, str]) -> HttpCase:
    case = await open_case(connection, tokens)
    await case.take(to_engaging(case))
    return case


async def _cold_touch(system: RunningSystem, tokens: dict[str, str], engine: Client) -> float:
    """The first step after the worker was stopped and came back, on a case with a long history, in milliseconds."""
    port = system.ports.number("gateway")
    connection = await HttpConnection.open("127.0.0.1", port)
    case = await _engaged(connection, tokens)
    handle = engine.get_workflow_handle(f"case-{case.case_id}")
    while (await handle.describe()).history_length < COLD_EVENTS:
        await case.log_contact()
    os.kill(part_pid(system, "workflows"), signal.SIGTERM)
    await asyncio.sleep(1)
    await connection.close()
    await _until_serving(system.ports.address("worker"))
    await asyncio.sleep(1)
    case.connection = await HttpConnection.open("127.0.0.1", port)
    began = time.perf_counter()
    await case.log_contact()
    return (time.perf_counter() - began) * 1000


async def _until_serving(address: str, timeout_seconds: float = 60.0) -> None:
    async with asyncio.timeout(timeout_seconds), grpc.aio.insecure_channel(address) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        while True:
            try:
                answer = await stub.Check(health_pb2.HealthCheckRequest(), timeout=1)
            except grpc.aio.AioRpcError:
                answer = health_pb2.HealthCheckResponse()
            if answer.status == health_pb2.HealthCheckResponse.SERVING:
                return
            await asyncio.sleep(0.1)


def say(text: str) -> None:
    """Progress, one line at a time."""
    console.print(f"bench: {text}", highlight=False)


if __name__ == "__main__":
    trace.set_tracer_provider(durable_tracer_provider(Resource({})))
    asyncio.run(main())
