"""A worker with the real case workflow and stand-ins behind its activities."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.client import Client

from tests.support.fake_services import FakeServices
from workflows.settings import Settings
from workflows.worker import build_worker


@asynccontextmanager
async def running_worker(engine: Client, fakes: FakeServices, cached_cases_max: int = 100) -> AsyncIterator[None]:
    """The worker as in production but for its activities; `cached_cases_max=0` replays everything at every task."""
    unused = "unused"
    settings = Settings(
        issuer_url=unused,
        listen=unused,
        temporal_address=unused,
        temporal_namespace=unused,
        payload_keys_file=Path(unused),
        agencies_address=unused,
        records_address=unused,
        notifications_address=unused,
        reporting_address=unused,
        client_id=unused,
        client_secret=unused,
        cached_cases_max=cached_cases_max,
        graceful_shutdown_seconds=1,
    )
    async with build_worker(engine, fakes.activities(), settings):
        yield
