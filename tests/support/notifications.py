"""Notifications as its callers meet it, for tests: a real database and servers, scripted records."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import grpc
import grpc.aio
from google.protobuf.timestamp_pb2 import Timestamp
from rjhub.notifications.v1 import notifications_pb2, notifications_pb2_grpc
from rjhub.records.v1 import records_pb2, records_pb2_grpc

from deploy.local.postgres import PostgresServer
from services.notifications.__main__ import SERVICE, build_servicer
from services.notifications.channels.channel import Channel
from services.notifications.channels.outbox import Outbox
from services.notifications.domain.link import LinkMint
from services.notifications.rpc.permissions import PERMISSIONS
from services.notifications.rpc.records_contacts import RecordsContacts
from services.notifications.templates.catalogue import read_catalogue
from services.runtime.database import Database, migrate
from services.runtime.identity import ServiceTokens, TokenVerifier
from services.runtime.rpc_channel import RpcCall, open_channel
from services.runtime.rpc_server import RpcServer
from tests.support.outbox import LittleOutbox
from tests.support.postgres import service_database
from tests.support.tokens import TestIssuer

AT = datetime(2026, 4, 1, 10, 0, tzinfo=UTC)
ADDRESS = "canary.address@example.org"
PUBLIC_URL = "http://127.0.0.1:8080"
LINK_SECRET = "a-secret-of-thirty-two-characters-or-more"


class ScriptedRecords(records_pb2_grpc.RecordsServiceServicer):
    """Answers ResolveContact as told; `status` other than OK fails the call instead."""

    def __init__(self) -> None:
        self.answer = safe()
        self.status = grpc.StatusCode.OK
        self.requests: list[records_pb2.ResolveContactRequest] = []
        self.authorizations: list[str] = []

    async def ResolveContact(  # noqa: N802  # gRPC names the method
        self, request: records_pb2.ResolveContactRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> records_pb2.ResolveContactResponse:
        """Answer as told."""
        self.requests.append(request)
        self.authorizations.append(str(dict(context.invocation_metadata() or ()).get("authorization", "")))
        if self.status is not grpc.StatusCode.OK:
            await context.abort(self.status, "told to fail")
        return self.answer


def scripted_records() -> ScriptedRecords:
    """Records that answers with one safe contact until told otherwise."""
    return ScriptedRecords()  # type: ignore[abstract]  # every other call answers UNIMPLEMENTED


@dataclass(frozen=True, slots=True)
class NotificationsSystem:
    """A running notifications service and what it stands on."""

    stub: notifications_pb2_grpc.NotificationsServiceAsyncStub
    issuer: TestIssuer
    database: Database
    records: ScriptedRecords
    outbox: LittleOutbox

    async def deliver(self, request: notifications_pb2.DeliverRequest) -> notifications_pb2.DeliverResponse:
        """Deliver as the worker."""
        token = self.issuer.token("worker", ["service.worker"])
        return await RpcCall().call(self.stub.Deliver, request, token=token, timeout_seconds=20)

    async def resolve(self, token: str) -> notifications_pb2.ResolveLinkResponse:
        """Resolve a link as the gateway."""
        request = notifications_pb2.ResolveLinkRequest(token=token)
        own = self.issuer.token("gateway", ["service.gateway"])
        return await RpcCall().call(self.stub.ResolveLink, request, token=own, timeout_seconds=10)


@asynccontextmanager
async def running_notifications(
    postgres: PostgresServer, channels: Mapping[str, Channel] | None = None
) -> AsyncIterator[NotificationsSystem]:
    """Notifications on a new database and free ports, gone afterwards; sends to a little outbox or by `channels`."""
    kept = service_database(postgres, "notifications")
    await asyncio.to_thread(migrate, kept.owner_url, "services.notifications")
    database = Database(kept.url, pool_size=10, max_overflow=20)
    records = scripted_records()
    records_server = grpc.aio.server()
    records_pb2_grpc.add_RecordsServiceServicer_to_server(records, records_server)
    records_channel = open_channel(f"127.0.0.1:{records_server.add_insecure_port('127.0.0.1:0')}")
    await records_server.start()
    with LittleOutbox() as little, TestIssuer({"notifications": ("secret", ("service.notifications",))}) as issuer:
        outbox = Outbox(little.url, timeout_seconds=2)
        contacts = RecordsContacts(
            records_pb2_grpc.RecordsServiceStub(records_channel),
            ServiceTokens(issuer.url, "notifications", "secret"),
            RpcCall(),
        )
        servicer = build_servicer(
            database,
            read_catalogue(),
            contacts,
            channels if channels is not None else {"email": outbox, "sms": outbox},
            LinkMint(LINK_SECRET, PUBLIC_URL),
        )
        server = RpcServer(
            process="notifications",
            listen="127.0.0.1:0",
            verifier=TokenVerifier(issuer.url),
            permissions=PERMISSIONS,
            register=lambda made: notifications_pb2_grpc.add_NotificationsServiceServicer_to_server(servicer, made),
            services=[SERVICE],
            ready=database.ready,
        )
        await server.start()
        channel = open_channel(f"127.0.0.1:{server.port}")
        try:
            stub = notifications_pb2_grpc.NotificationsServiceStub(channel)
            yield NotificationsSystem(stub, issuer, database, records, little)
        finally:
            await channel.close()
            await server.stop(0)
            await records_channel.close()
            await records_server.stop(0)
            await outbox.close()
            await database.close()


def stamp(at: datetime) -> Timestamp:
    """A time as a message."""
    made = Timestamp()
    made.FromDatetime(at)
    return made


def safe(
    channel: int = records_pb2.CHANNEL_EMAIL, language: str = "en", *, named: bool = True, address: str = ADDRESS
) -> records_pb2.ResolveContactResponse:
    """Records saying that a channel is safe now."""
    contact = records_pb2.SafeContact(
        channel=channel,  # type: ignore[arg-type]  # also numbers that are no channel
        address=address,
        language=language,
        may_name_service=named,
    )
    return records_pb2.ResolveContactResponse(safe=contact)


def welfare(intention_id: str, at: datetime | None = AT, **fields: Any) -> notifications_pb2.DeliverRequest:
    """An intention to ask how somebody is, with a link."""
    given: dict[str, Any] = {
        "case_id": "case-1",
        "person_id": "person-1",
        "template": "follow_up_welfare",
        "point_id": "point-1",
        "at": stamp(at) if at else None,
    }
    return notifications_pb2.DeliverRequest(intention_id=intention_id, **(given | fields))
