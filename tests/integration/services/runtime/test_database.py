"""A unit of work keeps all or nothing, a database that is away or busy is a coded refusal, and nothing quotes a row."""

import asyncio
import io
import logging
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import structlog
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from deploy.local.postgres import PostgresServer
from services.runtime.database import Database, migrate
from services.runtime.log import configure_logging, get_logger
from services.runtime.refusal import Kind, Refused
from services.runtime.telemetry import WithholdingExporter
from tests.support.postgres import ServiceDatabase, service_database
from tests.support.spans import keep_spans

CANARY = "Ottoline Fennimore"


@pytest.fixture
def place(postgres_server: PostgresServer) -> ServiceDatabase:
    return service_database(postgres_server, "records")


@pytest.fixture
async def database(place: ServiceDatabase) -> AsyncIterator[Database]:
    database = Database(place.owner_url, lock_timeout_seconds=0.3, statement_timeout_seconds=0.6)
    async with database.unit_of_work() as connection:
        await connection.execute(text("create table people (id int primary key, called text unique)"))
        await connection.execute(text("insert into people values (1, 'first')"))
    yield database
    await database.close()


@pytest.fixture(scope="module")
def spans() -> InMemorySpanExporter:
    kept = InMemorySpanExporter()
    keep_spans(WithholdingExporter(kept))
    return kept


async def people(database: Database) -> int:
    async with database.unit_of_work() as connection:
        return int((await connection.execute(text("select count(*) from people"))).scalar_one())


async def test_all_is_kept(database: Database) -> None:
    async with database.unit_of_work() as connection:
        await connection.execute(text("insert into people values (2, 'second')"))
    assert await people(database) == 2


async def test_nothing_is_kept_after_an_error_or_a_cancellation(database: Database) -> None:
    async def write(after: Callable[[], Awaitable[None]]) -> None:
        async with database.unit_of_work() as connection:
            await connection.execute(text("insert into people values (2, 'second')"))
            await after()

    async def fail() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        await write(fail)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(write(lambda: asyncio.sleep(5)), 0.1)
    assert await people(database) == 1


async def test_a_constraint_is_for_the_use_case_and_quotes_no_row(
    database: Database, spans: InMemorySpanExporter
) -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging("records", "json", stream)
    spans.clear()
    insert = text("insert into people values (:id, :called)")
    with pytest.raises(IntegrityError) as error:
        async with database.unit_of_work() as connection:
            await connection.execute(insert, [{"id": number, "called": CANARY} for number in (2, 3)])
    get_logger("t").error("failed", exc_info=error.value)
    assert "IntegrityError" in stream.getvalue()
    assert CANARY not in stream.getvalue()
    written = [span.to_json() for span in spans.get_finished_spans()]
    assert sum("insert into people values" in span for span in written) == 1
    assert not any(CANARY in span or "already exists" in span for span in written)
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


async def test_a_lock_that_does_not_come_is_busy(database: Database) -> None:
    async with database.unit_of_work() as holding:
        await holding.execute(text("select * from people where id = 1 for update"))
        with pytest.raises(Refused) as refused:
            async with database.unit_of_work() as waiting:
                await waiting.execute(text("select * from people where id = 1 for update"))
    assert (refused.value.kind, refused.value.codes) == (Kind.UNAVAILABLE, ("storage_busy",))


async def test_a_statement_that_does_not_end_is_busy(database: Database) -> None:
    with pytest.raises(Refused) as refused:
        async with database.unit_of_work() as connection:
            await connection.execute(text("select pg_sleep(5)"))
    assert refused.value.codes == ("storage_busy",)


async def test_no_free_connection_is_busy(place: ServiceDatabase) -> None:
    database = Database(place.url, pool_size=1, max_overflow=0)
    database.engine.pool._timeout = 0.1  # type: ignore[attr-defined]  # five seconds would be long for a test
    async with database.unit_of_work():
        with pytest.raises(Refused) as refused:
            async with database.unit_of_work():
                pass
    assert refused.value.codes == ("storage_busy",)
    await database.close()


async def test_a_broken_connection_is_unavailable_once(database: Database, postgres_server: PostgresServer) -> None:
    """The server ends our connections (as at a restart): one refusal, and the next work goes through."""
    await asyncio.gather(*(people(database) for _ in range(3)))
    other = Database(postgres_server.url().replace("postgresql://", "postgresql+asyncpg://"))
    async with other.unit_of_work() as connection:
        name = database.engine.url.database
        ending = "select pg_terminate_backend(pid) from pg_stat_activity where datname = :name"
        await connection.execute(text(ending), {"name": name})
    await other.close()
    codes = []
    for _ in range(4):
        try:
            codes.append(str(await people(database)))
        except Refused as refused:
            codes.append(str(refused))
    assert codes in (["1"] * 4, ["storage_unavailable", "1", "1", "1"])


async def test_a_database_that_is_away(place: ServiceDatabase) -> None:
    nobody = Database(str(place.url).rsplit("@", 1)[0] + "@127.0.0.1:1/records")
    with pytest.raises(Refused) as refused:
        async with nobody.unit_of_work():
            pass
    assert (refused.value.kind, refused.value.codes) == (Kind.UNAVAILABLE, ("storage_unavailable",))
    assert not await nobody.ready()
    strangers = Database(str(place.url).rsplit("/", 1)[0] + "/no_such_database")
    assert not await strangers.ready()


async def test_ready(database: Database) -> None:
    assert await database.ready()


async def test_migrations_run_once_each(
    place: ServiceDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "migratedservice"
    versions = package / "migrations" / "versions"
    versions.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "migrations" / "env.py").write_text(
        "from sqlalchemy import MetaData\n"
        "from services.runtime.migrations import run_environment\n"
        "run_environment(MetaData())\n"
    )
    (versions / "0001_visits.py").write_text(
        textwrap.dedent("""
            from alembic import op
            revision, down_revision = "0001", None
            def upgrade() -> None:
                op.execute("create table visits (id int primary key)")
            def downgrade() -> None:
                op.execute("drop table visits")
        """)
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    for _ in range(2):
        await asyncio.to_thread(migrate, place.owner_url, "migratedservice")
    database = Database(place.owner_url)
    async with database.unit_of_work() as connection:
        assert (await connection.execute(text("select version_num from alembic_version"))).scalar_one() == "0001"
        await connection.execute(text("select * from visits"))
    await database.close()


async def test_a_migration_does_not_wait_behind_live_work(
    place: ServiceDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gives up after five seconds and leaves nothing half done."""
    package = tmp_path / "lateservice"
    (package / "migrations" / "versions").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "migrations" / "env.py").write_text(
        "from sqlalchemy import MetaData\n"
        "from services.runtime.migrations import run_environment\n"
        "run_environment(MetaData())\n"
    )
    (package / "migrations" / "versions" / "0001_change.py").write_text(
        "from alembic import op\n"
        "revision, down_revision = '0001', None\n"
        "def upgrade():\n"
        "    op.execute('create table done (id int)')\n"
        "    op.execute('alter table visits add column at date')\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    database = Database(place.owner_url)
    async with database.unit_of_work() as connection:
        await connection.execute(text("create table visits (id int)"))
    async with database.unit_of_work() as live:
        await live.execute(text("insert into visits values (1)"))
        with pytest.raises(SQLAlchemyError):
            async with asyncio.timeout(10):
                await asyncio.to_thread(migrate, place.owner_url, "lateservice")
    async with database.unit_of_work() as connection:
        assert (await connection.execute(text("select to_regclass('done')"))).scalar_one() is None
    await database.close()
