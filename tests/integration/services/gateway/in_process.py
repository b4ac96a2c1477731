"""The gateway as it runs, put together inside the test's process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import grpc.aio
from fastapi import FastAPI

from services.gateway.api.admission import Admission
from services.gateway.app import Backends, build_app
from services.gateway.backends.agencies import Agencies
from services.gateway.backends.cases import CaseEngine
from services.gateway.backends.health import Reliances
from services.gateway.backends.links import Links
from services.gateway.backends.records import Records
from services.gateway.backends.reporting import Reporting
from services.gateway.rate_limit import RateLimit
from services.runtime.identity import ServiceTokens, TokenVerifier
from services.runtime.rpc_channel import RpcCall, open_channel

SERVICES = ("agencies", "records", "notifications", "reporting")


def _real_time() -> datetime:
    return datetime.now(UTC)


def gateway_app(
    issuer_url: str, engine: CaseEngine, address: str, now: Callable[[], datetime] = _real_time
) -> tuple[FastAPI, list[grpc.aio.Channel]]:
    """The application over an engine and services at one address; answers what must be closed, too."""
    channels = {name: open_channel(address) for name in SERVICES}
    rpc = RpcCall()
    tokens = ServiceTokens(issuer_url, "gateway", "gateway-secret")
    agencies = Agencies(channels["agencies"], rpc)
    backends = Backends(
        engine=engine,
        agencies=agencies,
        records=Records(channels["records"], rpc),
        reporting=Reporting(channels["reporting"], rpc),
        links=Links(channels["notifications"], rpc, tokens),
        reliances=Reliances(engine, channels),
        verifier=TokenVerifier(issuer_url),
        tokens=tokens,
        now=now,
    )
    app = build_app(
        backends,
        admission=Admission(agencies.me, remembered_seconds=30),
        self_referrals=RateLimit(5),
        wrong_links=RateLimit(3),
    )
    return app, list(channels.values())
