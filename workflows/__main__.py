"""Runs the worker: `python -m workflows`."""

from __future__ import annotations

import asyncio

import grpc.aio

from services.runtime.identity import TokenVerifier
from services.runtime.log import configure_logging, get_logger
from services.runtime.process import run
from services.runtime.rpc_server import serve
from services.runtime.telemetry import configure_telemetry
from services.runtime.temporal import connect, durable_tracer_provider, prepare_types
from workflows.case.memory import CaseStart
from workflows.contracts.actor import Actor
from workflows.contracts.intention import PutAccess, ReserveCapacity, SendMessage
from workflows.contracts.ledger_entry import LedgerBatch
from workflows.contracts.step_request import StepRequest
from workflows.settings import Settings
from workflows.worker import REPLAY_SAFE, build_worker, connect_activities


async def main() -> None:
    """Connect, poll for cases, and say over gRPC health whether that works."""
    settings = Settings.load()
    configure_logging("worker", settings.log_format)
    configure_telemetry("worker", settings.otlp_endpoint, durable_tracer_provider)
    client = await connect(
        address=settings.temporal_address,
        namespace=settings.temporal_namespace,
        payload_keys_file=settings.payload_keys_file,
        identity="worker",
        replay_safe=REPLAY_SAFE,
    )
    prepare_types(client, CaseStart, StepRequest, Actor, LedgerBatch, SendMessage, PutAccess, ReserveCapacity)
    worker = build_worker(client, connect_activities(settings), settings)

    async def ready() -> bool:
        return worker.is_running and await client.service_client.check_health()

    health = asyncio.create_task(
        serve(
            process="worker",
            listen=settings.listen,
            verifier=TokenVerifier(settings.issuer_url),
            permissions={},
            register=_no_service,
            services=[],
            ready=ready,
        )
    )
    get_logger(__name__).info("worker_started", queue=worker.task_queue)
    try:
        await worker.run()
    finally:
        health.cancel()
        await asyncio.gather(health, return_exceptions=True)


def _no_service(_: grpc.aio.Server) -> None:
    """The worker answers no calls but its health."""


if __name__ == "__main__":
    run(main)
