"""A database and two roles per service on one server: the owner migrates, the service only reads and writes."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg

SERVICES = ("agencies", "records", "notifications", "reporting")
MIGRATIONS_MARK = "migrations "


@dataclass(frozen=True, slots=True)
class RolePasswords:
    """The passwords of one service's two roles."""

    owner: str
    service: str

    def __repr__(self) -> str:
        return "RolePasswords(...)"


def owner_role(service: str) -> str:
    """The role that owns a service's tables and runs its migrations."""
    return f"{service}_owner"


def sqlalchemy_url(address: str, role: str, password: str, database: str) -> str:
    """`postgresql+asyncpg://role:password@host:port/database`."""
    return f"postgresql+asyncpg://{role}:{password}@{address}/{database}"


async def provision(admin_url: str, service: str, passwords: RolePasswords, database: str | None = None) -> str:
    """Make one service's roles and database where they are missing; answer its migrations mark.

    `admin_url` is a `postgresql://` URL of a superuser for the database `postgres`. `database` is the service's name
    unless told otherwise. The mark is what `mark_migrated` last wrote, "" for a new database.
    """
    name = database or service
    admin = await asyncpg.connect(admin_url)
    try:
        for role, password in ((owner_role(service), passwords.owner), (service, passwords.service)):
            await _make_role(admin, role, password)
        if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await admin.execute(f'CREATE DATABASE "{name}" OWNER "{owner_role(service)}"')
        await admin.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        await admin.execute(f'GRANT CONNECT ON DATABASE "{name}" TO "{service}"')
        mark = await admin.fetchval(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1", name
        )
    finally:
        await admin.close()
    await _grant_new_objects(admin_url, name, service)
    return str(mark or "").removeprefix(MIGRATIONS_MARK)


async def provision_all(admin_url: str, passwords: Mapping[str, RolePasswords]) -> dict[str, str]:
    """Provision every service at once; answers service -> migrations mark."""
    marks = await asyncio.gather(*(provision(admin_url, service, passwords[service]) for service in passwords))
    return dict(zip(passwords, marks, strict=True))


async def mark_migrated(admin_url: str, database: str, fingerprint: str) -> None:
    """Write on the database which migrations it has, so that the next start can pass over them."""
    if not fingerprint.isalnum():
        raise ValueError("a fingerprint is letters and digits")
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute(f"COMMENT ON DATABASE \"{database}\" IS '{MIGRATIONS_MARK}{fingerprint}'")
    finally:
        await admin.close()


async def _make_role(admin: asyncpg.Connection, role: str, password: str) -> None:
    """A role that may sign in and nothing else; an existing one gets the password it should have."""
    if not password.isalnum():
        raise ValueError("a password is letters and digits")
    rights = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
    exists = await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
    verb = "ALTER" if exists else "CREATE"
    await admin.execute(f"{verb} ROLE \"{role}\" {rights} PASSWORD '{password}'")


async def _grant_new_objects(admin_url: str, database: str, service: str) -> None:
    """Let the service use whatever its owner makes: rows to read and write, never the tables themselves."""
    owner = owner_role(service)
    base, _, _ = admin_url.rpartition("/")
    admin = await asyncpg.connect(f"{base}/{database}")
    try:
        for grant in (
            "USAGE ON SCHEMAS",
            "SELECT, INSERT, UPDATE, DELETE ON TABLES",
            "USAGE, SELECT ON SEQUENCES",
            "EXECUTE ON FUNCTIONS",
        ):
            await admin.execute(f'ALTER DEFAULT PRIVILEGES FOR ROLE "{owner}" GRANT {grant} TO "{service}"')
        await admin.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        await admin.execute(f'GRANT USAGE ON SCHEMA public TO "{service}"')
    finally:
        await admin.close()
