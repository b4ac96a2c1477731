"""A service's own PostgreSQL database: its pool of connections and the one place that commits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import cast

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from services.runtime.refusal import Kind, Refusal, Refused
from services.runtime.sql_tracing import trace_statements
from services.runtime.telemetry import tracer

_CONNECT_TIMEOUT_SECONDS = 5
_IDLE_IN_TRANSACTION_SECONDS_MAX = 60
# SQLSTATE classes and codes: connection lost or refused, server stopping, too many connections.
_GONE = ("08", "57P", "53300")
# Statement timeout, lock not available, serialisation failure, deadlock: the same work may succeed a moment later.
_BUSY = ("57014", "55P03", "40001", "40P01")


class Database:
    """A pool of connections to one database; the only place in a service where a transaction begins and ends."""

    engine: AsyncEngine

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 5,
        max_overflow: int = 5,
        statement_timeout_seconds: float = 10.0,
        lock_timeout_seconds: float = 3.0,
    ) -> None:
        """Prepare the pool for a `postgresql+asyncpg://` address; nothing is connected yet."""
        self.engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_timeout=_CONNECT_TIMEOUT_SECONDS,
            # Errors and logs of the library would otherwise quote the row.
            hide_parameters=True,
            connect_args={
                "timeout": _CONNECT_TIMEOUT_SECONDS,
                "server_settings": {
                    "application_name": "rjhub",
                    "timezone": "UTC",
                    "statement_timeout": _milliseconds(statement_timeout_seconds),
                    "lock_timeout": _milliseconds(lock_timeout_seconds),
                    "idle_in_transaction_session_timeout": _milliseconds(_IDLE_IN_TRANSACTION_SECONDS_MAX),
                },
            },
        )
        # The same pool; on these connections the driver sends no BEGIN and no COMMIT.
        self._committing = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        trace_statements(self.engine.sync_engine, tracer(__name__))

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[AsyncConnection]:
        """Open one transaction: committed when the block ends well, rolled back when it raises or is cancelled.

        Raises `Refused(UNAVAILABLE)`: `storage_unavailable` when the database is away, `storage_busy` when a lock or
        statement timed out. In both cases nothing was written, unless the connection broke during the commit itself:
        only then is the outcome unknown, and a repeat with the same idempotency key settles it.
        """
        async with self._refusing(self.engine.begin()) as connection:
            yield connection

    @asynccontextmanager
    async def single_statements(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection on which each statement is a transaction of its own: one round trip instead of three.

        Raises as `unit_of_work` does; statements that ended before stay committed.
        """
        async with self._refusing(self._committing.connect()) as connection:
            yield connection

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
        """Open a pooled connection as the driver has it, for one statement that every step waits for.

        Each statement is a transaction of its own. What SQLAlchemy does around a statement costs more than a small
        statement itself. Raises as `unit_of_work` does.
        """
        async with self._refusing(self._committing.connect()) as connection:
            raw = await connection.get_raw_connection()
            try:
                yield cast("asyncpg.Connection[asyncpg.Record]", raw.driver_connection)
            except asyncpg.PostgresError as error:
                raise _refused_state(error.sqlstate) or error from error
            except (OSError, asyncpg.InterfaceError) as error:
                await connection.invalidate()
                raise _unavailable() from error

    @asynccontextmanager
    async def _refusing(self, opening: AbstractAsyncContextManager[AsyncConnection]) -> AsyncIterator[AsyncConnection]:
        opened = False
        try:
            async with opening as connection:
                opened = True
                yield connection
        except DBAPIError as error:
            raise _refused(error) or error from error
        except PoolTimeoutError as error:
            raise _busy() from error
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            # Raw driver errors come from connecting; inside the block they are somebody else's.
            if opened:
                raise
            raise _unavailable() from error

    async def ready(self) -> bool:
        """Say whether the database answers."""
        try:
            async with self.unit_of_work() as connection:
                await connection.execute(text("select 1"))
        except (Refused, SQLAlchemyError):
            return False
        return True

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.engine.dispose()


def _refused(error: DBAPIError) -> Refused | None:
    if error.connection_invalidated:
        return _unavailable()
    return _refused_state(getattr(error.orig, "sqlstate", None))


def _refused_state(sqlstate: str | None) -> Refused | None:
    state = sqlstate or ""
    if state.startswith(_BUSY):
        return _busy()
    return _unavailable() if state.startswith(_GONE) else None


def _unavailable() -> Refused:
    return Refused(
        Kind.UNAVAILABLE,
        Refusal("storage_unavailable", "The database cannot be reached just now. Try again shortly.", who="operator"),
    )


def _busy() -> Refused:
    return Refused(
        Kind.UNAVAILABLE,
        Refusal("storage_busy", "The database is busy. Try again shortly.", who="operator"),
    )


def _milliseconds(seconds: float) -> str:
    return str(int(seconds * 1000))


def migrate(url: str, package: str) -> None:
    """Bring the database at `url` to the newest schema of `package`; see `services.runtime.migrations`."""
    # Imported here: a serving process never migrates and need not load Alembic.
    from services.runtime import migrations

    migrations.migrate(url, package)
