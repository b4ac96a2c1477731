"""Runs reporting: `python -m services.reporting` serves, `... migrate` brings its database up to date, `... rebuild`
makes both projections anew from the ledger."""

from __future__ import annotations

import asyncio
import sys

import grpc.aio
from rjhub.reporting.v1 import reporting_pb2, reporting_pb2_grpc

from services.reporting.rpc.permissions import PERMISSIONS
from services.reporting.rpc.servicer import ReportingServicer
from services.reporting.settings import Settings
from services.reporting.storage.postgres_counter import PostgresCounter
from services.reporting.storage.postgres_ledger import PostgresLedger
from services.reporting.storage.postgres_views import PostgresViews
from services.reporting.storage.rebuild import rebuild
from services.reporting.use_cases.append_entries import AppendEntries
from services.reporting.use_cases.get_case import GetCase
from services.reporting.use_cases.get_figures import GetFigures
from services.reporting.use_cases.get_timeline import GetTimeline
from services.reporting.use_cases.list_cases import ListCases
from services.reporting.use_cases.list_tasks import ListTasks
from services.runtime.database import Database, migrate
from services.runtime.identity import TokenVerifier
from services.runtime.log import configure_logging
from services.runtime.process import run
from services.runtime.rpc_server import serve
from services.runtime.telemetry import configure_telemetry

SERVICE = reporting_pb2.DESCRIPTOR.services_by_name["ReportingService"]


def build_servicer(database: Database) -> ReportingServicer:
    """Put the parts together over one database."""
    views = PostgresViews(database)
    return ReportingServicer(
        AppendEntries(PostgresLedger(database)),
        GetTimeline(views),
        GetCase(views),
        ListCases(views),
        ListTasks(views),
        GetFigures(PostgresCounter(database)),
    )


async def serve_reporting(settings: Settings) -> None:
    """Serve until cancelled."""
    database = Database(settings.database_url.get_secret_value())
    servicer = build_servicer(database)

    def register(server: grpc.aio.Server) -> None:
        reporting_pb2_grpc.add_ReportingServiceServicer_to_server(servicer, server)

    try:
        await serve(
            process="reporting",
            listen=settings.listen,
            verifier=TokenVerifier(settings.issuer_url),
            permissions=PERMISSIONS,
            register=register,
            services=[SERVICE],
            ready=database.ready,
        )
    finally:
        await database.close()


async def rebuild_projections(settings: Settings) -> None:
    """Rebuild both projections and print what that changed."""
    database = Database(settings.database_url.get_secret_value())
    try:
        rebuilt = await rebuild(database)
    finally:
        await database.close()
    print(f"{rebuilt.compared} rows compared, {rebuilt.changed} changed")


async def main() -> None:
    """Do what the command line asks; an unknown command ends with code 2 and one sentence."""
    match sys.argv[1:]:
        case [] | ["rebuild"] | ["migrate"]:
            settings = Settings.load()
        case _:
            print("Usage: python -m services.reporting [migrate | rebuild]", file=sys.stderr)
            raise SystemExit(2)
    configure_logging("reporting", settings.log_format)
    match sys.argv[1:]:
        case ["migrate"]:
            await asyncio.to_thread(migrate, settings.database_url.get_secret_value(), "services.reporting")
        case ["rebuild"]:
            await rebuild_projections(settings)
        case _:
            configure_telemetry("reporting", settings.otlp_endpoint)
            await serve_reporting(settings)


if __name__ == "__main__":
    run(main)
