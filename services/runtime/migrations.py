"""How a service's database reaches its newest schema: Alembic over the service's own `migrations` folder.

A service's `migrations/env.py` is two imports and `run_environment(metadata)`.
"""

from __future__ import annotations

import asyncio
from importlib.resources import files

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

_LOCK_TIMEOUT = "5s"
# Any fixed number: two processes that start at once migrate one after the other.
_ADVISORY_LOCK = 7_263_001


def migrate(url: str, package: str) -> None:
    """Bring the database at `url` to the newest version of `package` (such as `services.agencies`).

    Waits 5 seconds at most for any lock, so a migration never queues up behind live work and stops it.
    Starts its own event loop: from a coroutine call it through `asyncio.to_thread`.
    """
    command.upgrade(alembic_config(url, package), "head")


def alembic_config(url: str, package: str) -> Config:
    """Answer Alembic's configuration for one service, for `alembic.command` (such as `check` in a test)."""
    config = Config()
    config.set_main_option("script_location", str(files(package) / "migrations"))
    config.set_main_option("path_separator", "os")
    # Through attributes, not options: an option would treat a % in a password as interpolation.
    config.attributes["url"] = url
    return config


def run_environment(metadata: MetaData) -> None:
    """Run the migrations Alembic asked for; the whole body of a service's `migrations/env.py`."""
    if context.is_offline_mode():
        context.configure(target_metadata=metadata, dialect_name="postgresql", literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
    else:
        asyncio.run(_run_online(str(context.config.attributes["url"]), metadata))


async def _run_online(url: str, metadata: MetaData) -> None:
    engine = create_async_engine(
        url, poolclass=NullPool, hide_parameters=True, connect_args={"server_settings": {"lock_timeout": _LOCK_TIMEOUT}}
    )
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_run_on, metadata)
    finally:
        await engine.dispose()


def _run_on(connection: Connection, metadata: MetaData) -> None:
    connection.execute(text("select pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK})
    context.configure(connection=connection, target_metadata=metadata, compare_type=True, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()
