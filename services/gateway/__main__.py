"""Runs the gateway: `python -m services.gateway`."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

import uvloop
from temporalio.client import Client

from services.gateway.api.admission import Admission
from services.gateway.app import Backends, build_app
from services.gateway.backends.agencies import Agencies
from services.gateway.backends.cases import TemporalCases
from services.gateway.backends.health import Reliances
from services.gateway.backends.links import Links
from services.gateway.backends.records import Records
from services.gateway.backends.reporting import Reporting
from services.gateway.rate_limit import RateLimit
from services.gateway.server import bound_socket, serve
from services.gateway.settings import Settings
from services.runtime.identity import ServiceTokens, TokenVerifier
from services.runtime.log import configure_logging, get_logger
from services.runtime.process import run
from services.runtime.rpc_channel import RpcCall, open_channel
from services.runtime.telemetry import configure_telemetry
from services.runtime.temporal import PayloadKeyError, PayloadKeys, connect


async def main() -> None:
    """Serve the API until stopped."""
    settings = Settings.load()
    configure_logging("gateway", settings.log_format)
    configure_telemetry("gateway", settings.otlp_endpoint)
    try:
        PayloadKeys.read(settings.payload_keys_file)
    except PayloadKeyError as error:
        print(f"Cannot start: {error}.", file=sys.stderr)
        raise SystemExit(2) from None
    addresses = {
        "agencies": settings.agencies_address,
        "records": settings.records_address,
        "notifications": settings.notifications_address,
        "reporting": settings.reporting_address,
    }
    channels = {name: open_channel(address) for name, address in addresses.items()}
    rpc = RpcCall()

    async def connect_engine() -> Client:
        return await connect(
            address=settings.temporal_address,
            namespace=settings.temporal_namespace,
            payload_keys_file=settings.payload_keys_file,
            identity="gateway",
        )

    engine = TemporalCases(connect_engine)
    tokens = ServiceTokens(settings.issuer_url, settings.client_id, settings.client_secret.get_secret_value())
    agencies = Agencies(channels["agencies"], rpc)
    backends = Backends(
        engine=engine,
        agencies=agencies,
        records=Records(channels["records"], rpc),
        reporting=Reporting(channels["reporting"], rpc),
        links=Links(channels["notifications"], rpc, tokens),
        reliances=Reliances(engine, channels),
        verifier=TokenVerifier(settings.issuer_url),
        tokens=tokens,
        now=lambda: datetime.now(UTC),
    )
    app = build_app(
        backends,
        admission=Admission(agencies.me, settings.admission_remembered_seconds),
        self_referrals=RateLimit(settings.self_referrals_per_minute),
        wrong_links=RateLimit(settings.wrong_links_per_minute),
    )
    listener = bound_socket(settings.listen)
    get_logger(__name__).info("listening", port=listener.getsockname()[1])
    try:
        await serve(app, listener)
    finally:
        await asyncio.gather(*(channel.close() for channel in channels.values()))


if __name__ == "__main__":
    uvloop.install()
    run(main)
