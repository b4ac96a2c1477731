"""Starts the records service: `python -m services.records` serves, `python -m services.records migrate` migrates."""

from __future__ import annotations

import sys

import grpc.aio
from rjhub.records.v1 import records_pb2, records_pb2_grpc

from services.records.rpc.permissions import PERMISSIONS
from services.records.rpc.servicer import RecordsServicer
from services.records.settings import Settings
from services.runtime.database import Database, migrate
from services.runtime.identity import TokenVerifier
from services.runtime.log import configure_logging
from services.runtime.process import run
from services.runtime.rpc_server import serve
from services.runtime.telemetry import configure_telemetry

PROCESS = "records"


async def serve_records(settings: Settings) -> None:
    """Serve until stopped."""
    database = Database(settings.database_url)
    servicer = RecordsServicer(database)

    def register(server: grpc.aio.Server) -> None:
        records_pb2_grpc.add_RecordsServiceServicer_to_server(servicer, server)

    try:
        await serve(
            process=PROCESS,
            listen=settings.listen,
            verifier=TokenVerifier(settings.issuer_url),
            permissions=PERMISSIONS,
            register=register,
            services=[records_pb2.DESCRIPTOR.services_by_name["RecordsService"]],
            ready=database.ready,
        )
    finally:
        await database.close()


def main(arguments: list[str]) -> None:
    """Serve, or migrate if that is the one argument; ends the process with code 2 for anything else."""
    if arguments not in ([], ["migrate"]):
        print("Usage: python -m services.records [migrate]", file=sys.stderr)
        raise SystemExit(2)
    settings = Settings.load()
    configure_logging(PROCESS, settings.log_format)
    if arguments:
        migrate(settings.database_url, "services.records")
        return
    configure_telemetry(PROCESS, settings.otlp_endpoint)
    run(lambda: serve_records(settings))


if __name__ == "__main__":
    main(sys.argv[1:])
