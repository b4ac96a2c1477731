"""Finds links by the hash of their token."""

from __future__ import annotations

from sqlalchemy import select

from services.notifications.domain.link import Link
from services.notifications.storage.tables import LinkRow
from services.runtime.database import Database

_FOUND = select(LinkRow.case_id, LinkRow.person_id, LinkRow.point_id, LinkRow.language)


class PostgresLinks:
    """The links table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, hashed: bytes) -> Link | None:
        """What the link stands for, None when it was never made."""
        async with self._database.unit_of_work() as connection:
            row = (await connection.execute(_FOUND.where(LinkRow.token_hash == hashed))).one_or_none()
        return Link(*row) if row else None
