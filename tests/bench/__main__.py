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

from deploy.local.sign_in import sign_in
from services.runtime.temporal import connect, durable_tracer_provider
from tests.bench.http_case import COORDINATOR, FACILITATOR, REFERRER, HttpCase, open_case, to_engaging
from tests.bench.http_connection import HttpConnection
from tests.bench.journeys import measure_events, measure_throughput
from tests.bench.step_ratio import CASES, measure_steps
from tests.bench.whole_system import WholeSystem, pids_of, running_system
from tests.bench.wide_caseload import widen

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
        async with running_system(folder / "data") as system:
            figures["first_start_seconds"] = system.started_in_seconds
            ports = system.ports
        say("second start")
        async with running_system(folder / "data", ports) as system:
            figures["warm_start_seconds"] = system.started_in_seconds
            figures |= await measure(system)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({name: round(value, 3) for name, value in figures.items()}, indent=2) + "\n")
    table = Table("figure", "measured", "promised", title="bench")
    for figure, value in figures.items():
        table.add_row(figure, f"{value:.2f}", PROMISED.get(figure, ""))
    console.print(table)


async def measure(system: WholeSystem) -> dict[str, float]:
    """Everything that needs the running system."""
    issuer = f"http://{system.address('issuer')}"
    tokens = {staff: await sign_in(issuer, staff) for staff in (REFERRER, COORDINATOR, FACILITATOR)}
    await widen(FACILITATOR, issuer, system.address("agencies"), system.folder)
    plain = await Client.connect(system.address("temporal"), namespace=NAMESPACE)
    ours = await connect(
        address=system.address("temporal"),
        namespace=NAMESPACE,
        payload_keys_file=next(system.folder.rglob("payload-keys.json")),
        identity="bench",
    )
    port = system.ports["gateway"]
    bare = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.bare", system.address("temporal"), NAMESPACE
    )
    try:
        connection = await HttpConnection.open("127.0.0.1", port)
        say("events of a step and of a journey")
        figures = await measure_events(await open_case(connection, tokens), ours)
        cases = [await _engaged(connection, tokens) for _ in range(CASES)]
        figures |= await measure_steps(cases, plain, say)
        figures |= await measure_throughput(port, tokens, plain, say)
        say(f"cold touch of a case of {COLD_EVENTS} events")
        figures["cold_touch_ms"] = await _cold_touch(system, connection, tokens, ours)
        await connection.close()
    finally:
        bare.terminate()
        await bare.wait()
    return figures


async def _engaged(connection: HttpConnection, tokens: dict[str, str]) -> HttpCase:
    case = await open_case(connection, tokens)
    await case.take(to_engaging(case))
    return case


async def _cold_touch(system: WholeSystem, connection: HttpConnection, tokens: dict[str, str], engine: Client) -> float:
    """The first step after the worker was stopped and came back, on a case with a long history, in milliseconds."""
    case = await _engaged(connection, tokens)
    handle = engine.get_workflow_handle(f"case-{case.case_id}")
    while (await handle.describe()).history_length < COLD_EVENTS:
        await case.log_contact()
    for pid in pids_of(system, "-m workflows"):
        os.kill(pid, signal.SIGTERM)
    await asyncio.sleep(1)
    await _until_serving(system.address("worker"))
    await asyncio.sleep(1)
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
