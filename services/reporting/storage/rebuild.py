"""Rebuilds both projections from the summaries kept with the entries, and says what that changed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.runtime.database import Database

# Appends wait at their own write to case_summary, and then put what is newer on top.
_LOCK = text("LOCK TABLE case_summary, task IN SHARE ROW EXCLUSIVE MODE")
_FINGERPRINTS = text(
    "SELECT 'summary', case_id, '', md5(case_summary::text) FROM case_summary"
    " UNION ALL SELECT 'task', case_id, task_id, md5(task::text) FROM task"
)
_EMPTY = (text("DELETE FROM task"), text("DELETE FROM case_summary"))
_PUT_NEWEST = text(
    "SELECT count(put_summary(case_id, summary)) FROM (SELECT DISTINCT ON (case_id) case_id, summary FROM entry"
    " WHERE summary IS NOT NULL ORDER BY case_id, sequence DESC) AS newest"
)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many projected rows there were or are, and how many of them were missing, too many or different."""

    compared: int
    changed: int


async def rebuild(database: Database) -> Rebuilt:
    """Rebuild `case_summary` and `task` in one transaction: lists show the old state until then, appends wait."""
    async with database.unit_of_work() as connection:
        # It may take longer than a request may.
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
        await connection.execute(_LOCK)
        before = await _fingerprints(connection)
        for statement in (*_EMPTY, _PUT_NEWEST):
            await connection.execute(statement)
        after = await _fingerprints(connection)
    rows = before.keys() | after.keys()
    return Rebuilt(len(rows), sum(before.get(row) != after.get(row) for row in rows))


async def _fingerprints(connection: AsyncConnection) -> dict[tuple[str, str, str], str]:
    rows = await connection.execute(_FINGERPRINTS)
    return {(table, case_id, task_id): fingerprint for table, case_id, task_id, fingerprint in rows}
