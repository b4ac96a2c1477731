"""The engine as the workflow tests meet it: a real server, the production plugin, stand-ins behind the activities."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from deploy.local.temporal import TemporalServer
from services.runtime.temporal import connect
from tests.support.case_worker import running_worker
from tests.support.fake_services import FakeServices
from tests.support.payload_keys import write_test_keys
from tests.support.spans import use_tracing
from workflows.worker import REPLAY_SAFE


@pytest.fixture(scope="session", autouse=True)
def tracing() -> None:
    """Spans as in production, sent nowhere."""
    use_tracing()


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
