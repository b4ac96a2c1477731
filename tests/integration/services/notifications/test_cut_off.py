"""A process killed, or a provider lost, between handing over and writing it down: still at most one message."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from rjhub.notifications.v1 import notifications_pb2
from sqlalchemy import text

from deploy.local.postgres import PostgresServer
from services.notifications.channels.channel import Channel, ProviderRefused, ProviderUnreachable
from services.notifications.channels.outbox import Outbox
from services.notifications.domain.message import Message
from services.runtime.refusal import Refused
from tests.support.notifications import NotificationsSystem, running_notifications, welfare
from tests.support.outbox import LittleOutbox


async def status(system: NotificationsSystem, intention_id: str) -> object:
    query = text("SELECT status FROM intention WHERE intention_id = :id")
    async with system.database.unit_of_work() as connection:
        return (await connection.execute(query, {"id": intention_id})).scalar_one_or_none()


class ScriptedChannel:
    """Delivers, or not, and then fails as told; keeps what it delivered."""

    def __init__(self, *, idempotent: bool, failures: list[Exception], channel: Outbox | None = None) -> None:
        self._idempotent = idempotent
        self._failures = failures
        self._channel = channel
        self.delivered: list[Message] = []

    @property
    def idempotent(self) -> bool:
        return self._idempotent

    async def send(self, message: Message) -> str:
        self.delivered.append(message)
        receipt = await self._channel.send(message) if self._channel else "receipt"
        if self._failures:
            raise self._failures.pop(0)
        return receipt


def by_email(channel: Channel) -> Mapping[str, Channel]:
    return {"email": channel}


async def test_killed_between_sending_and_sent_an_idempotent_channel_delivers_once(
    postgres_server: PostgresServer,
) -> None:
    with LittleOutbox() as little:
        outbox = Outbox(little.url)
        channel = ScriptedChannel(idempotent=True, failures=[RuntimeError("killed")], channel=outbox)
        async with running_notifications(postgres_server, by_email(channel)) as system:
            with pytest.raises(Refused, match="internal_error"):
                await system.deliver(welfare("killed"))
            assert await status(system, "killed") == "sending"
            assert (await system.deliver(welfare("killed"))).HasField("sent")
        await outbox.close()
        assert len(channel.delivered) == 2
        assert channel.delivered[0] == channel.delivered[1]
        assert len(little.messages) == 1


@pytest.mark.parametrize("failure", [RuntimeError("killed"), ProviderUnreachable("no answer")])
async def test_cut_off_on_a_channel_that_is_not_idempotent_a_person_takes_over(
    postgres_server: PostgresServer, failure: Exception
) -> None:
    channel = ScriptedChannel(idempotent=False, failures=[failure])
    async with running_notifications(postgres_server, by_email(channel)) as system:
        if isinstance(failure, RuntimeError):
            with pytest.raises(Refused, match="internal_error"):
                await system.deliver(welfare("cut"))
        for _ in range(2):
            assert (await system.deliver(welfare("cut"))).handed_to_person.reason == "delivery_uncertain"
    assert len(channel.delivered) == 1


async def test_a_surely_refused_message_is_not_uncertain(postgres_server: PostgresServer) -> None:
    channel = ScriptedChannel(idempotent=False, failures=[ProviderRefused("400")])
    async with running_notifications(postgres_server, by_email(channel)) as system:
        assert (await system.deliver(welfare("no"))).handed_to_person.reason == "provider_refused"


async def test_a_killed_connection_lets_go_of_its_intention(
    notifications: NotificationsSystem, postgres_server: PostgresServer
) -> None:
    notifications.outbox.delay_seconds = 1.0
    first = asyncio.create_task(notifications.deliver(welfare("let-go")))
    for _ in range(100):
        if await status(notifications, "let-go") == "sending":
            break
        await asyncio.sleep(0.01)
    killed = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
    async with notifications.database.unit_of_work() as connection:
        assert (await connection.execute(text(killed))).all() == [(True,)]
    notifications.outbox.delay_seconds = 0.0
    answers = await asyncio.gather(notifications.deliver(welfare("let-go")), first, return_exceptions=True)
    assert isinstance(answers[0], notifications_pb2.DeliverResponse)
    assert answers[0].HasField("sent")
    assert len(notifications.outbox.messages) == 1
