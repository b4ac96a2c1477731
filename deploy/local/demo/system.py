"""The running system a journey is played on: the one that answers here, or one of our own for as long as we need it."""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from deploy.local.demo.http_world import Addresses
from deploy.local.ports import OFFSETS, Ports, free_port, is_busy
from deploy.local.probes import http_answers
from deploy.local.settings import CHECKOUT, PREFIX, Settings, inherited_environment
from deploy.local.start_error import StartError

READY_LINE = "RJ Hub is ready"
START_TIMEOUT_SECONDS = 180.0
STOP_TIMEOUT_SECONDS = 60.0
_HIGHEST_BASE = 32_000  # below the ports that the kernel gives to outgoing connections
_LOWEST_BASE = 18_000
_NAMESPACE = "rjhub"
_TAIL_LINES = 15


@dataclass(frozen=True, slots=True)
class RunningSystem:
    """A system that answers: its ports and data folder; `pid` is its supervisor's when it is ours to end, else 0."""

    ports: Ports
    folder: Path
    pid: int = 0

    @property
    def ours(self) -> bool:
        """Whether we started it."""
        return self.pid > 0

    @property
    def addresses(self) -> Addresses:
        """What a journey's world needs to know."""
        return Addresses(
            gateway_url=self.ports.url("gateway"),
            issuer_url=self.ports.url("issuer"),
            outbox_url=self.ports.url("outbox"),
            temporal_address=self.ports.address("temporal"),
            temporal_namespace=_NAMESPACE,
            payload_keys_file=self.folder / "keys" / "payload-keys.json",
        )

    def console_page(self, case_id: str) -> str:
        """A case's page in the console."""
        return f"{self.ports.url('console')}/cases/{case_id}"

    def workflow_page(self, case_id: str) -> str:
        """A case's workflow in Temporal's own page."""
        return f"{self.ports.url('temporal_ui')}/namespaces/{_NAMESPACE}/workflows/case-{case_id}"

    def traces_page(self, case_id: str) -> str:
        """Every trace of a case."""
        return f"{self.ports.url('traces')}/cases/{case_id}"

    def trace_page(self, trace_id: str) -> str:
        """One trace."""
        return f"{self.ports.url('traces')}/traces/{trace_id}"


@contextlib.asynccontextmanager
async def running_system(settings: Settings) -> AsyncIterator[RunningSystem]:
    """The system at the settings' ports if one answers there, else one of our own, ended afterwards."""
    ports = settings.ports()
    if await http_answers(ports.number("gateway"), "/readyz")():
        yield RunningSystem(ports, settings.folder())
        return
    async with own_system() as system:
        yield system


@contextlib.asynccontextmanager
async def own_system() -> AsyncIterator[RunningSystem]:
    """A whole system on spare ports with a throw-away data folder. Raises StartError when it does not become ready."""
    outer = Path(tempfile.mkdtemp(prefix="rjhub-demo-"))
    outer.chmod(0o711)  # as root PostgreSQL runs as nobody, who must pass through
    try:
        async with system_in(outer / "data", await asyncio.to_thread(free_base)) as system:
            yield system
    finally:
        await asyncio.to_thread(shutil.rmtree, outer, ignore_errors=True)


@contextlib.asynccontextmanager
async def system_in(folder: Path, base: int) -> AsyncIterator[RunningSystem]:
    """A whole system with its data in `folder` and its ports from `base` on, ended afterwards; the data stays.

    Raises StartError when it does not become ready.
    """
    environment = inherited_environment() | {f"{PREFIX}PORT_BASE": str(base), f"{PREFIX}DATA_FOLDER": str(folder)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "deploy.local", "run", "--stop-with-parent"),
        cwd=CHECKOUT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=2**20,
    )
    draining: asyncio.Task[None] | None = None
    try:
        await _until_ready(process)
        draining = asyncio.create_task(_drain(process))
        ports = Ports({name: base + offset for name, offset in OFFSETS.items()})
        yield RunningSystem(ports, folder, process.pid)
    finally:
        await _end(process, draining)


def free_base() -> int:
    """A port base on which every part's port is free."""
    for _ in range(100):
        base = _LOWEST_BASE + free_port() % (_HIGHEST_BASE - _LOWEST_BASE)
        if not any(is_busy(base + offset) for offset in OFFSETS.values()):
            return base
    raise StartError("No spare ports were found for a system of our own.")


async def _until_ready(process: asyncio.subprocess.Process) -> None:
    """Read what the system prints until it is ready."""
    lines: list[str] = []
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_TIMEOUT_SECONDS):
            while line := await process.stdout.readline():
                lines.append(line.decode(errors="replace").rstrip())
                if READY_LINE in lines[-1]:
                    return
    except TimeoutError:
        lines.append(f"(not ready after {START_TIMEOUT_SECONDS:.0f} s)")
    tail = os.linesep.join(lines[-_TAIL_LINES:])
    raise StartError(f"A system of our own did not become ready; it said last:{os.linesep}{tail}")


async def _drain(process: asyncio.subprocess.Process) -> None:
    """Keep reading, so that the system never waits for us; its logs are in its folder."""
    assert process.stdout is not None
    while await process.stdout.read(2**16):
        pass


async def _end(process: asyncio.subprocess.Process, draining: asyncio.Task[None] | None) -> None:
    """Stop the system politely, then by force."""
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    reading = draining or asyncio.create_task(_drain(process))
    try:
        await asyncio.wait_for(process.wait(), STOP_TIMEOUT_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
    await reading
