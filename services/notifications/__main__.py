"""Runs notifications: `python -m services.notifications` serves, `... migrate` brings its database up to date."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping

import grpc.aio
from rjhub.notifications.v1 import notifications_pb2, notifications_pb2_grpc
from rjhub.records.v1 import records_pb2_grpc

from services.notifications.channels.channel import Channel
from services.notifications.channels.outbox import Outbox
from services.notifications.domain.link import LinkMint
from services.notifications.domain.template import CHANNELS, Template
from services.notifications.rpc.permissions import PERMISSIONS
from services.notifications.rpc.records_contacts import RecordsContacts
from services.notifications.rpc.servicer import NotificationsServicer
from services.notifications.settings import Settings
from services.notifications.storage.postgres_intentions import PostgresIntentions
from services.notifications.storage.postgres_links import PostgresLinks
from services.notifications.templates.catalogue import TemplatesWrong, read_catalogue
from services.notifications.use_cases.deliver_message import Contacts, DeliverMessage
from services.notifications.use_cases.resolve_link import ResolveLink
from services.runtime.database import Database, migrate
from services.runtime.identity import ServiceTokens, TokenVerifier
from services.runtime.log import configure_logging
from services.runtime.process import run
from services.runtime.rpc_channel import RpcCall, open_channel
from services.runtime.rpc_server import serve
from services.runtime.telemetry import configure_telemetry

SERVICE = notifications_pb2.DESCRIPTOR.services_by_name["NotificationsService"]
# A delivery keeps its connection while records and the provider answer.
_POOL_SIZE, _POOL_OVERFLOW = 10, 20


def build_servicer(
    database: Database,
    templates: Mapping[str, Template],
    contacts: Contacts,
    channels: Mapping[str, Channel],
    links: LinkMint,
) -> NotificationsServicer:
    """Put the parts together over one database."""
    deliver = DeliverMessage(templates, PostgresIntentions(database), contacts, channels, links)
    return NotificationsServicer(deliver, ResolveLink(PostgresLinks(database)), templates)


async def serve_notifications(settings: Settings, templates: Mapping[str, Template]) -> None:
    """Serve until cancelled."""
    database = Database(settings.database_url.get_secret_value(), pool_size=_POOL_SIZE, max_overflow=_POOL_OVERFLOW)
    outbox = Outbox(str(settings.outbox_url))
    tokens = ServiceTokens(settings.issuer_url, settings.client_id, settings.client_secret.get_secret_value())
    records = open_channel(settings.records_address)
    contacts = RecordsContacts(records_pb2_grpc.RecordsServiceStub(records), tokens, RpcCall())
    links = LinkMint(settings.link_secret.get_secret_value(), str(settings.public_url))
    servicer = build_servicer(database, templates, contacts, dict.fromkeys(CHANNELS, outbox), links)

    def register(server: grpc.aio.Server) -> None:
        notifications_pb2_grpc.add_NotificationsServiceServicer_to_server(servicer, server)

    try:
        await serve(
            process="notifications",
            listen=settings.listen,
            verifier=TokenVerifier(settings.issuer_url),
            permissions=PERMISSIONS,
            register=register,
            services=[SERVICE],
            ready=database.ready,
        )
    finally:
        await records.close()
        await outbox.close()
        await database.close()


async def main() -> None:
    """Do what the command line asks; an unknown command or a wrong template ends with code 2 and one sentence."""
    if sys.argv[1:] not in ([], ["migrate"]):
        print("Usage: python -m services.notifications [migrate]", file=sys.stderr)
        raise SystemExit(2)
    settings = Settings.load()
    configure_logging("notifications", settings.log_format)
    if sys.argv[1:] == ["migrate"]:
        await asyncio.to_thread(migrate, settings.database_url.get_secret_value(), "services.notifications")
        return
    try:
        templates = read_catalogue()
    except TemplatesWrong as wrong:
        print(wrong, file=sys.stderr)
        raise SystemExit(2) from None
    configure_telemetry("notifications", settings.otlp_endpoint)
    await serve_notifications(settings, templates)


if __name__ == "__main__":
    run(main)
