"""The engine as the workflow tests meet it: a real server, the production plugin, stand-ins behind the activities."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import pytest
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from temporalio.client import Client

from deploy.local.temporal import TemporalServer
from services.runtime.temporal import connect, durable_tracer_provider
from tests.support.case_worker import running_worker
from tests.support.fake_services import FakeServices
from tests.support.payload_keys import write_test_keys
from workflows.worker import REPLAY_SAFE


@pytest.fixture(scope="session", autouse=True)
def tracing() -> None:
    """Spans as in production, sent nowhere."""
    trace.set_tracer_provider(cast(trace.TracerProvider, durable_tracer_provider(Resource({}))))


@pytest.fixture(scope="session")
async def engine(temporal_server: TemporalServer, tmp_path_factory: pytest.TempPathFactory) -> Client:
    """A client of the engine with the production plugin."""
    return await connect(
        address=temporal_server.address,
        namespace=temporal_server.namespace,
        payload_keys_file=write_test_keys(tmp_path_factory.mktemp("keys")),
        identity="test",
        replay_safe=REPLAY_SAFE,
    )


@pytest.fixture(scope="session")
def fakes() -> FakeServices:
    """One set of stand-ins for all tests, so that a case left open by one finds its ledger in the next."""
    return FakeServices()


@pytest.fixture
async def services(engine: Client, fakes: FakeServices) -> AsyncIterator[FakeServices]:
    """A running worker; what its activities did is seen on the stand-ins."""
    async with running_worker(engine, fakes):
        yield fakes
    fakes.ledger_is_down = fakes.messages_are_down = False
