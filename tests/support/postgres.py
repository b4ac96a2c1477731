"""A throw-away PostgreSQL server, and a service's database on it, for tests."""

import asyncio
import itertools
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.databases import RolePasswords, owner_role, provision, sqlalchemy_url
from deploy.local.ports import HOST, free_port
from deploy.local.postgres import PostgresServer

ROLE_PASSWORDS = RolePasswords(owner="ownerpassword", service="servicepassword")
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class ServiceDatabase:
    """A new, empty database for one service: `owner_url` migrates it, `url` is what the service connects with."""

    name: str
    url: str
    owner_url: str


@contextmanager
def throwaway_postgres(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A running server in a temporary folder on a free port; gone afterwards. Only a durable one survives kill -9."""
    folder = Path(tempfile.mkdtemp(prefix="rjhub-test-"))
    folder.chmod(0o711)  # as root the server runs as nobody, who must pass through
    server = PostgresServer(folder / "postgres", free_port(), secrets.token_hex(16), durable=durable)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def service_database(server: PostgresServer, service: str) -> ServiceDatabase:
    """A new, empty database for `service` with its two roles; may be called inside or outside an event loop."""
    name = f"{service}_{os.getpid()}_{next(_numbers)}"
    making = provision(server.url(), service, ROLE_PASSWORDS, name)
    with ThreadPoolExecutor(1) as thread:  # its own thread: the caller may already run an event loop
        thread.submit(asyncio.run, making).result()
    address = f"{HOST}:{server.port}"
    return ServiceDatabase(
        name=name,
        url=sqlalchemy_url(address, service, ROLE_PASSWORDS.service, name),
        owner_url=sqlalchemy_url(address, owner_role(service), ROLE_PASSWORDS.owner, name),
    )
