"""One running notifications service for the tests of this folder, as new before each."""

from collections.abc import AsyncIterator

import grpc
import pytest_asyncio

from deploy.local.postgres import PostgresServer
from tests.support.notifications import NotificationsSystem, running_notifications, safe


@pytest_asyncio.fixture(scope="module")
async def running(postgres_server: PostgresServer) -> AsyncIterator[NotificationsSystem]:
    """Notifications on a database of its own."""
    async with running_notifications(postgres_server) as system:
        yield system


@pytest_asyncio.fixture
async def notifications(running: NotificationsSystem) -> NotificationsSystem:
    """The same, with records and outbox as they are on a good day."""
    running.records.answer, running.records.status = safe(), grpc.StatusCode.OK
    running.records.requests.clear()
    running.outbox.messages.clear()
    running.outbox.requests, running.outbox.status, running.outbox.delay_seconds = 0, 0, 0.0
    running.outbox.deliver_first = False
    return running
