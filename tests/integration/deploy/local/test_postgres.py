"""The PostgreSQL server keeps its rows, lets in only who knows the password, and is not mistaken for another."""

import os
import pwd
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from deploy.local.ports import HOST, free_port
from deploy.local.postgres import ADMINISTRATOR, PostgresServer, find_binaries
from deploy.local.start_error import StartError
from tests.support.postgres import throwaway_postgres

PASSWORD = "0123456789abcdef"


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A running server of the test's own, which the test may kill."""
    with throwaway_postgres() as server:
        yield server


async def test_rows_survive_kill_9_and_a_restart() -> None:
    with throwaway_postgres(durable=True) as server:
        await _kill_and_start_again(server)


async def _kill_and_start_again(server: PostgresServer) -> None:
    connection = await asyncpg.connect(server.url())
    await connection.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)")
    await connection.close()
    first = server.pid
    os.kill(first, signal.SIGKILL)
    server.stop()
    server.start()
    assert server.pid != first
    connection = await asyncpg.connect(server.url())
    assert await connection.fetchval("SELECT id FROM kept") == 7
    await connection.close()


async def test_a_wrong_password_is_refused_over_tcp_and_over_the_socket(server: PostgresServer) -> None:
    for host in (HOST, str(server.socket_folder)):
        right = await asyncpg.connect(
            host=host, port=server.port, user=ADMINISTRATOR, password=server.password, database="postgres"
        )
        assert await right.fetchval("SELECT 1") == 1
        await right.close()
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(
                host=host, port=server.port, user=ADMINISTRATOR, password="wrong", database="postgres"
            )


def test_it_never_runs_as_root_and_its_folder_is_closed(server: PostgresServer) -> None:
    owner = server.data_folder.stat().st_uid
    expected = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
    assert owner == expected
    assert Path(f"/proc/{server.pid}").stat().st_uid == expected
    assert server.folder.stat().st_mode & 0o777 == 0o700


def test_a_server_left_over_is_stopped_before_a_new_one_starts(server: PostgresServer) -> None:
    left_over = server.pid
    again = PostgresServer(server.folder, free_port(), server.password, durable=False)
    again.start()
    try:
        assert again.pid != left_over
        assert not again.is_ready(left_over)
    finally:
        again.stop()


def test_the_mark_of_a_server_that_is_gone_does_not_stop_a_new_one(server: PostgresServer) -> None:
    server.stop()
    mark = server.data_folder / "postmaster.pid"
    mark.write_text(f"{os.getpid()}\n{server.data_folder}\n")  # a living process, but not a server on this folder
    server.start()
    assert server.is_ready(server.pid)


def test_another_server_on_the_port_is_not_taken_for_ours(server: PostgresServer) -> None:
    folder = server.folder.parent / "second"
    second = PostgresServer(folder, server.port, PASSWORD, durable=False)
    with pytest.raises(StartError, match="PostgreSQL did not start"):
        second.start(timeout_seconds=10)


def test_a_server_under_a_closed_folder_is_refused_in_a_sentence(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("an ordinary user's server runs as that user")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(StartError, match="the user nobody, who may not enter"):
        PostgresServer(closed / "postgres", free_port(), PASSWORD).prepare()
    assert closed.stat().st_mode & 0o777 == 0o700  # and it was not opened


def test_binaries_in_a_closed_folder_are_copied_and_it_stays_closed(server: PostgresServer, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("an ordinary user's server runs as that user")
    server.stop()
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = find_binaries(None).parent.parent
    for part in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(part, closed / part.name, symlinks=True)
    server.binaries = closed / package.name / "pginstall" / "bin"
    server.start()
    assert str(server.folder) in server.command()[0]
    assert closed.stat().st_mode & 0o777 == 0o700


def test_starting_takes_about_a_second(server: PostgresServer) -> None:
    server.stop()
    began = time.monotonic()
    server.start()
    assert time.monotonic() - began < 3.0
