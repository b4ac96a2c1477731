"""Starts the agencies service: `python -m services.agencies` serves, `python -m services.agencies migrate` migrates."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import grpc.aio
from rjhub.agencies.v1 import agencies_pb2, agencies_pb2_grpc

from services.agencies.rpc.permissions import PERMISSIONS
from services.agencies.rpc.servicer import AgenciesServicer
from services.agencies.settings import Settings
from services.runtime.database import Database, migrate
from services.runtime.identity import TokenVerifier
from services.runtime.log import configure_logging
from services.runtime.process import run
from services.runtime.rpc_server import serve
from services.runtime.telemetry import configure_telemetry

PROCESS = "agencies"


async def serve_agencies(settings: Settings) -> None:
    """Serve until stopped."""
    database = Database(settings.database_url)
    servicer = AgenciesServicer(database, clock=lambda: datetime.now(UTC))

    def register(server: grpc.aio.Server) -> None:
        agencies_pb2_grpc.add_AgenciesServiceServicer_to_server(servicer, server)

    try:
        await serve(
            process=PROCESS,
            listen=settings.listen,
            verifier=TokenVerifier(settings.issuer_url),
            permissions=PERMISSIONS,
            register=register,
            services=[agencies_pb2.DESCRIPTOR.services_by_name["AgenciesService"]],
            ready=database.ready,
        )
    finally:
        await database.close()


def main(arguments: list[str]) -> None:
    """Serve, or migrate if that is the one argument; ends the process with code 2 for anything else."""
    if arguments not in ([], ["migrate"]):
        print("Usage: python -m services.agencies [migrate]", file=sys.stderr)
        raise SystemExit(2)
    settings = Settings.load()
    configure_logging(PROCESS, settings.log_format)
    if arguments:
        migrate(settings.database_url, "services.agencies")
        return
    configure_telemetry(PROCESS, settings.otlp_endpoint)
    run(lambda: serve_agencies(settings))


if __name__ == "__main__":
    main(sys.argv[1:])
