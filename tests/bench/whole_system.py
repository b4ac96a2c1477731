"""The whole system as `make run` starts it, on spare ports with a data folder of its own, for measuring."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.ports import OFFSETS, free_port

START_SECONDS_MAX = 120
STOP_SECONDS_MAX = 60


@dataclass(frozen=True, slots=True)
class WholeSystem:
    """A running system: its ports by part, where its data lies, how long it took to be ready."""

    ports: dict[str, int]
    folder: Path
    started_in_seconds: float
    process: asyncio.subprocess.Process

    def address(self, part: str) -> str:
        """Host and port of a part."""
        return f"127.0.0.1:{self.ports[part]}"


@asynccontextmanager
async def running_system(folder: Path, ports: dict[str, int] | None = None) -> AsyncIterator[WholeSystem]:
    """Start it, and stop it at the end; raises RuntimeError with the end of its output when it does not get ready."""
    ports = ports or {name: free_port() for name in OFFSETS}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RJHUB_")}
    environment["RJHUB_LOCAL_DATA_FOLDER"] = str(folder)
    environment.update({f"RJHUB_LOCAL_{name.upper()}_PORT": str(port) for name, port in ports.items()})
    began = time.monotonic()
    command = (sys.executable, "-m", "deploy.local", "run", "--stop-with-parent")
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    reading: asyncio.Task[None] | None = None
    try:
        async with asyncio.timeout(START_SECONDS_MAX):
            await _until_ready(process)
        took = time.monotonic() - began
        reading = asyncio.create_task(_drain(process))
        yield WholeSystem(ports, folder, took, process)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(STOP_SECONDS_MAX):
                await process.wait()
        if reading is not None:
            await reading


async def _until_ready(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    lines: list[str] = []
    while line := (await process.stdout.readline()).decode(errors="replace"):
        lines.append(line.rstrip())
        if "RJ Hub is ready" in line:
            return
    raise RuntimeError("the system did not start:\n" + "\n".join(lines[-30:]))


async def _drain(process: asyncio.subprocess.Process) -> None:
    """Read on, so that a full pipe never holds the system up."""
    assert process.stdout is not None
    while await process.stdout.read(65536):
        pass


def pids_of(system: WholeSystem, command: str) -> list[int]:
    """The pids of this system's processes whose command line holds `command`, found among its descendants."""
    parents: dict[int, int] = {}
    commands: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
                commands[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue  # it has just ended
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])

    def is_ours(pid: int) -> bool:
        while pid > 1:
            if pid == system.process.pid:
                return True
            pid = parents.get(pid, 0)
        return False

    return [pid for pid, text in commands.items() if command in text and is_ours(pid)]
