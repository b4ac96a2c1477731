"""The command itself: one sentence for each thing wrong with the machine, and nothing left behind whatever ends it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from deploy.local.ports import HOST, OFFSETS, free_port, is_busy
from deploy.local.settings import CHECKOUT

STAND_IN = [sys.executable, "-u", "-m", "tests.integration.deploy.local.stand_in"]
HIGHEST_BASE = 60_000


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that PostgreSQL may enter as nobody when we are root."""
    outer = Path(tempfile.mkdtemp(prefix="rjhub-run-"))
    outer.chmod(0o711)
    yield outer / "data"
    shutil.rmtree(outer, ignore_errors=True)


def free_base() -> int:
    """A port base on which every part's port is free."""
    while True:
        base = free_port()
        if base < HIGHEST_BASE and not any(is_busy(base + offset) for offset in OFFSETS.values()):
            return base


def run_command(**settings: str) -> subprocess.CompletedProcess[str]:
    """`python -m deploy.local run` with these settings, to its end."""
    environment = {"PATH": os.environ["PATH"], **{f"RJHUB_LOCAL_{name}": value for name, value in settings.items()}}
    command = [sys.executable, "-m", "deploy.local", "run"]
    return subprocess.run(
        command, check=False, cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=30
    )


def refusal(**settings: str) -> str:
    """The sentence of a run that must be refused with a non-zero exit code."""
    ended = run_command(**settings)
    assert ended.returncode == 1
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    return ended.stderr.strip()


class Standing:
    """One run of the stand-in system."""

    def __init__(self, folder: Path, base: int) -> None:
        """Start it and wait until it says that everything is ready."""
        self.process = subprocess.Popen(
            [*STAND_IN, str(folder), str(base)],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if line.startswith("READY"):
                break
        assert self.lines[-1:]
        assert self.lines[-1].startswith("READY"), "".join(self.lines)
        self.pids = [int(pid) for pid in self.lines[-1].split()[2:]]

    def end(self, number: signal.Signals) -> int:
        """Send a signal and answer the exit code."""
        self.process.send_signal(number)
        self.process.communicate(timeout=20)
        return self.process.returncode


def gone(pids: list[int], seconds: float) -> bool:
    """Whether all the processes end within the time."""
    deadline = time.monotonic() + seconds
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def admin_url(folder: Path, base: int) -> str:
    """How the administrator reaches the stand-in's PostgreSQL."""
    password = json.loads((folder / "secrets" / "secrets.json").read_text())["postgres"]
    return f"postgresql://rjhub_admin:{password}@{HOST}:{base + OFFSETS['postgres']}/records"


async def test_sigkill_leaves_no_orphan_and_the_next_start_has_all_rows(folder: Path) -> None:
    base = free_base()
    first = Standing(folder, base)
    connection = await asyncpg.connect(admin_url(folder, base))
    await connection.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)")
    await connection.close()
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    assert gone(first.pids, seconds=5.0)  # PostgreSQL too, though it runs as another user
    second = Standing(folder, base)
    connection = await asyncpg.connect(admin_url(folder, base))
    assert await connection.fetchval("SELECT id FROM kept") == 7
    await connection.close()
    assert second.end(signal.SIGINT) == 0
    assert gone(second.pids, seconds=0.5)


def test_a_busy_port_is_named_with_the_setting_that_moves_it(folder: Path) -> None:
    base = free_base()
    with socket.create_server((HOST, base + OFFSETS["records"])):
        sentence = refusal(DATA_FOLDER=str(folder), PORT_BASE=str(base))
    assert f"Port {base + 22} (records) is in use by another program" in sentence
    assert "RJHUB_LOCAL_RECORDS_PORT" in sentence


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    sentence = refusal(DATA_FOLDER=str(in_the_way / "data"), PORT_BASE=str(free_base()))
    assert f"The data folder {in_the_way / 'data'} cannot be written" in sentence
    assert "RJHUB_LOCAL_DATA_FOLDER" in sentence


def test_a_missing_program_is_named(folder: Path) -> None:
    sentence = refusal(DATA_FOLDER=str(folder), PORT_BASE=str(free_base()), POSTGRES_BIN="/nowhere")
    assert "PostgreSQL was not found (not in /nowhere)" in sentence
    sentence = refusal(DATA_FOLDER=str(folder), PORT_BASE=str(free_base()), TEMPORAL_BIN="/nowhere/temporal")
    assert "Temporal was not found (not at /nowhere/temporal)" in sentence


def test_an_unknown_setting_and_a_bad_value_are_named() -> None:
    sentence = refusal(PORT_BAZE="1", TIME_SKIPPING="perhaps")
    assert "RJHUB_LOCAL_PORT_BAZE is not a setting" in sentence
    assert "RJHUB_LOCAL_TIME_SKIPPING: " in sentence


def test_two_systems_cannot_run_from_one_folder(folder: Path) -> None:
    running = Standing(folder, free_base())
    try:
        sentence = refusal(DATA_FOLDER=str(folder), PORT_BASE=str(free_base()))
        assert f"already runs from {folder} (process {running.process.pid})" in sentence
    finally:
        assert running.end(signal.SIGTERM) == 0
