"""Reporting as its callers meet it, for tests: a migrated database, a real server on loopback and messages to send."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc.aio
from google.protobuf.timestamp_pb2 import Timestamp
from rjhub.reporting.v1 import reporting_pb2, reporting_pb2_grpc

from deploy.local.postgres import PostgresServer
from services.reporting.__main__ import SERVICE, build_servicer
from services.reporting.rpc.permissions import PERMISSIONS
from services.runtime.database import Database, migrate
from services.runtime.identity import TokenVerifier
from services.runtime.rpc_channel import RpcCall, open_channel
from services.runtime.rpc_server import RpcServer
from tests.support.postgres import ServiceDatabase, service_database
from tests.support.tokens import TestIssuer

START = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ReportingSystem:
    """A running reporting service, what it stands on, and how to call it."""

    stub: reporting_pb2_grpc.ReportingServiceAsyncStub
    issuer: TestIssuer
    database: Database
    service_database: ServiceDatabase

    def token(self, subject: str, role: str | Iterable[str], agency: str = "", unit: str = "") -> str:
        """An access token for someone in one role, or several."""
        return self.issuer.token(subject, [role] if isinstance(role, str) else role, agency, unit)

    async def append(self, request: reporting_pb2.AppendEntriesRequest) -> int:
        """Append as the worker; answers the last sequence."""
        token = self.token("worker", "service.worker")
        answer = await RpcCall().call(self.stub.AppendEntries, request, token=token, timeout_seconds=10)
        return answer.last_sequence


@asynccontextmanager
async def running_reporting(postgres: PostgresServer) -> AsyncIterator[ReportingSystem]:
    """Reporting on a new database and a free port, gone afterwards."""
    kept = service_database(postgres, "reporting")
    await asyncio.to_thread(migrate, kept.owner_url, "services.reporting")
    database = Database(kept.url)
    servicer = build_servicer(database)
    with TestIssuer() as issuer:
        server = RpcServer(
            process="reporting",
            listen="127.0.0.1:0",
            verifier=TokenVerifier(issuer.url),
            permissions=PERMISSIONS,
            register=lambda made: reporting_pb2_grpc.add_ReportingServiceServicer_to_server(servicer, made),
            services=[SERVICE],
            ready=database.ready,
        )
        await server.start()
        channel: grpc.aio.Channel = open_channel(f"127.0.0.1:{server.port}")
        try:
            stub = reporting_pb2_grpc.ReportingServiceStub(channel)
            yield ReportingSystem(stub, issuer, database, kept)
        finally:
            await channel.close()
            await server.stop(0)
            await database.close()


def stamp(at: datetime) -> Timestamp:
    """A time as a message."""
    made = Timestamp()
    made.FromDatetime(at)
    return made


def entry(sequence: int, kind: str = "contact_logged", **fields: Any) -> reporting_pb2.Entry:
    """One entry, an hour after the one before it; `data` is given as a dictionary."""
    data = fields.pop("data", {"channel": "phone"})
    given: dict[str, Any] = {
        "episode": 1,
        "happened_at": stamp(START + timedelta(hours=sequence)),
        "actor_id": "staff-1",
        "actor_role": "facilitator",
        "step": "log_contact",
        "stage": "screening",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "span_id": "b7ad6b7169203331",
    }
    return reporting_pb2.Entry(sequence=sequence, kind=kind, data_json=json.dumps(data), **(given | fields))


def summary(sequence: int, **fields: Any) -> reporting_pb2.CaseSummary:
    """Where a case of the hub stands after an entry."""
    given: dict[str, Any] = {
        "episode": 1,
        "stage": "screening",
        "handling": "ordinary",
        "stream": "crime",
        "harm_type": "burglary",
        "district_id": "walsall",
        "referrer_agency_id": "police",
        "referrer_id": "officer-1",
        "opened_at": stamp(START),
        "changed_at": stamp(START + timedelta(hours=sequence)),
    }
    return reporting_pb2.CaseSummary(sequence=sequence, **(given | fields))


def batch(
    case_id: str,
    first: int = 1,
    last: int | None = None,
    *,
    entries: Iterable[reporting_pb2.Entry] = (),
    **fields: Any,
) -> reporting_pb2.AppendEntriesRequest:
    """Entries from `first` to `last` (or those given) with the summary after them."""
    made = list(entries) or [entry(sequence) for sequence in range(first, (last or first) + 1)]
    return reporting_pb2.AppendEntriesRequest(
        case_id=case_id, entries=made, summary=summary(made[-1].sequence, **fields)
    )
