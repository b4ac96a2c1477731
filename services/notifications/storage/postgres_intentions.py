"""Keeps intentions, one holder at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.domain.intention import Intention
from services.notifications.domain.outcome import FinalOutcome, HandedToPerson, Sent
from services.notifications.storage.tables import IntentionRow, LinkRow
from services.notifications.use_cases.deliver_message import HeldIntention, KeptIntention, SendingStart
from services.runtime.database import Database
from services.runtime.refusal import Kind, Refusal, Refused

_WAIT_SECONDS_MAX = 8.0
_PAUSE_SECONDS = 0.05


class PostgresIntentions:
    """The intentions table. Holding one is a lock of the database session: a crash ends the session and frees it."""

    def __init__(self, database: Database, *, wait_seconds: float = _WAIT_SECONDS_MAX) -> None:
        """`wait_seconds` is how long a second holder waits before it is told to ask again."""
        self._database = database
        self._wait_seconds = wait_seconds

    @asynccontextmanager
    async def alone(self, intention_id: str) -> AsyncIterator[HeldIntention]:
        """Hold one intention; raises `Refused(UNAVAILABLE, delivery_in_progress)` when another holds it too long."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + self._wait_seconds
        while loop.time() < give_up_at:
            # Whoever waits gives its connection back in between, so that waiting never starves the one who holds.
            async with self._database.single_statements() as connection:
                if await _try_lock(connection, intention_id):
                    try:
                        yield _HeldRow(connection, intention_id)
                    finally:
                        await _unlock(connection, intention_id)
                    return
            await asyncio.sleep(_PAUSE_SECONDS)
        sentence = "This message is being delivered just now; ask again shortly."
        raise Refused(Kind.UNAVAILABLE, Refusal("delivery_in_progress", sentence, "intention_id", "worker"))


class _HeldRow:
    """One row, on the connection that holds its lock; each statement commits by itself."""

    def __init__(self, connection: AsyncConnection, intention_id: str) -> None:
        self._connection = connection
        self._intention_id = intention_id

    async def find(self) -> KeptIntention | None:
        """What is kept of the intention."""
        query = select(IntentionRow.__table__).where(IntentionRow.intention_id == self._intention_id)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            return None
        outcome: FinalOutcome | None = None
        if row.status == "sent":
            outcome = Sent(row.message_id, row.channel)
        elif row.status == "handed_to_person":
            outcome = HandedToPerson(row.reason)
        return KeptIntention(row.digest, row.channel if row.status == "sending" else "", outcome)

    async def claim(self, intention: Intention) -> None:
        """Keep the intention, without its parameters: they are in its digest."""
        await self._connection.execute(
            insert(IntentionRow).values(
                intention_id=self._intention_id,
                digest=intention.digest(),
                case_id=intention.case_id,
                person_id=intention.person_id,
                template=intention.template,
                language="",
                channel="",
                status="claimed",
                reason="",
                message_id="",
                at=intention.at,
            )
        )

    async def start_sending(self, start: SendingStart) -> None:
        """Keep the link, if there is one, before anyone can follow it; then the attempt."""
        if start.link is not None and start.link_hash is not None:
            made = upsert(LinkRow).values(
                token_hash=start.link_hash,
                intention_id=self._intention_id,
                case_id=start.link.case_id,
                person_id=start.link.person_id,
                point_id=start.link.point_id,
                language=start.link.language,
            )
            again = made.on_conflict_do_update(
                index_elements=[LinkRow.token_hash], set_={"language": made.excluded.language}
            )
            await self._connection.execute(again)
        await self._update(
            status="sending",
            template_version=start.template_version,
            language=start.language,
            channel=start.channel,
            message_id=start.message_id,
        )

    async def finish(self, outcome: FinalOutcome) -> None:
        """Keep the outcome."""
        match outcome:
            case Sent():
                await self._update(status="sent", message_id=outcome.message_id, channel=outcome.channel)
            case HandedToPerson():
                await self._update(status="handed_to_person", reason=outcome.reason)

    async def _update(self, **values: object) -> None:
        row = update(IntentionRow).where(IntentionRow.intention_id == self._intention_id)
        await self._connection.execute(row.values(**values, changed_at=func.now()))


def _lock_number(intention_id: str) -> object:
    return func.hashtextextended(intention_id, 0)


async def _try_lock(connection: AsyncConnection, intention_id: str) -> bool:
    return bool((await connection.execute(select(func.pg_try_advisory_lock(_lock_number(intention_id))))).scalar_one())


async def _unlock(connection: AsyncConnection, intention_id: str) -> None:
    try:
        await connection.execute(select(func.pg_advisory_unlock(_lock_number(intention_id))))
    except SQLAlchemyError:
        # A connection that still holds the lock must not go back to the pool; closing it frees the lock.
        await connection.invalidate()
