"""The supervisor starts parts in order, brings back what dies, and leaves nothing behind when it stops."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deploy.local.output import Output
from deploy.local.part import Part
from deploy.local.ports import free_port
from deploy.local.probes import Probe, http_answers
from deploy.local.start_error import StartError
from deploy.local.supervisor import Patience, Supervisor

PATIENCE = Patience(first_ready_seconds=5, probe_seconds=0.02, shortest_pause_seconds=0.1, longest_pause_seconds=0.4)
ENVIRONMENT = {"PATH": os.environ.get("PATH", ""), "PYTHONUNBUFFERED": "1"}
SLEEP = "import time; print('up'); time.sleep(60)"
WEB = (
    "import sys; from http.server import HTTPServer, SimpleHTTPRequestHandler; "
    "HTTPServer(('127.0.0.1', int(sys.argv[1])), SimpleHTTPRequestHandler).serve_forever()"
)
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up'); time.sleep(60)"


def python(code: str, *arguments: str) -> Callable[[], list[str]]:
    """The command line that runs a few lines of Python."""
    return lambda: [sys.executable, "-c", code, *arguments]


async def at_once() -> bool:
    """Ready as soon as it is asked."""
    return True


def said(lines: list[str], text: str) -> Probe:
    """Ready when a line with the text was printed."""

    async def ready() -> bool:
        return any(text in line for line in lines)

    return ready


@asynccontextmanager
async def running(folder: Path, parts: list[Part], lines: list[str]) -> AsyncIterator[Supervisor]:
    """The parts, started, and stopped afterwards whatever happens."""
    output = Output(folder, [part.name for part in parts], colours=False, write=lines.append)
    supervisor = Supervisor(parts, output, ENVIRONMENT, PATIENCE)
    try:
        await supervisor.start()
        yield supervisor
    finally:
        await supervisor.stop()
        output.close()


async def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait until something is so, or fail."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came to be"
        await asyncio.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_a_part_starts_only_when_what_it_needs_is_ready(tmp_path: Path) -> None:
    port, lines = free_port(), list[str]()
    slow = "import time; time.sleep(0.4); " + WEB
    first = Part(name="first", command=python(slow, str(port)), ready=http_answers(port, "/"), folder=tmp_path)
    after: list[str] = []

    async def provision() -> None:
        after.append("provisioned")

    first = Part(name="first", command=first.command, ready=first.ready, folder=tmp_path, after=provision)
    check = f"import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}/'); print('met')"
    job = Part(name="job", command=python(check), needs=("first",))
    last = Part(name="last", command=python(SLEEP), needs=("job",), ready=said(lines, "last  | up"))
    async with running(tmp_path, [last, job, first], lines):
        assert after == ["provisioned"]
        assert [line for line in lines if line.startswith(("job", "last"))] == ["job   | met", "last  | up"]
    assert "met" in (tmp_path / "job.log").read_text()


async def test_parts_that_need_nothing_of_each_other_start_together(tmp_path: Path) -> None:
    began = time.monotonic()
    jobs = [Part(name=f"job{number}", command=python("import time; time.sleep(0.5)")) for number in range(4)]
    async with running(tmp_path, jobs, []):
        assert time.monotonic() - began < 1.6  # one after the other would take 2 seconds and more


async def test_what_dies_comes_back_each_time_a_little_later(tmp_path: Path) -> None:
    lines = list[str]()
    async with running(tmp_path, [Part(name="web", command=python(SLEEP), ready=at_once)], lines) as supervisor:
        for _ in range(3):
            await until(lambda: supervisor.pid("web") is not None)
            pid = supervisor.pid("web")
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            await until(lambda pid=pid: supervisor.pid("web") not in (None, pid))  # type: ignore[misc]  # mypy cannot infer a lambda's default
    pauses = [line.rpartition(" in ")[2] for line in lines if "starts again" in line]
    assert pauses == ["0.1 s", "0.2 s", "0.4 s"]


async def test_a_part_that_refuses_its_settings_ends_the_start_at_once(tmp_path: Path) -> None:
    refusing = python("import sys; print('it rains'); sys.exit(2)")
    part = Part(name="web", command=refusing, ready=said([], "never"))
    sentence = r"web ended with exit code 2 before it was ready: it said last 'it rains'; see .*web\.log"
    with pytest.raises(StartError, match=sentence):
        async with running(tmp_path, [part], []):
            pass


async def test_a_part_that_keeps_dying_ends_the_start_and_the_others_stop(tmp_path: Path) -> None:
    lines = list[str]()
    parts = [
        Part(name="good", command=python("import os; print('pid', os.getpid()); " + SLEEP), ready=at_once),
        Part(name="bad", command=python("raise SystemExit(1)"), ready=said([], "never")),
    ]
    with pytest.raises(StartError, match="bad ended with exit code 1"):
        async with running(tmp_path, parts, lines):
            pass
    pid = int(next(line for line in lines if "pid" in line).split()[-1])
    assert not is_alive(pid)
    assert len([line for line in lines if "starts again" in line]) == PATIENCE.first_tries - 1


async def test_a_part_that_never_becomes_ready_is_named(tmp_path: Path) -> None:
    quick = Patience(first_ready_seconds=0.3, probe_seconds=0.05)
    output = Output(tmp_path, ["web"], colours=False, write=lambda line: None)
    supervisor = Supervisor([Part(name="web", command=python(SLEEP), ready=said([], "never"))], output, {}, quick)
    with pytest.raises(StartError, match=r"web was not ready after 0\.3 seconds"):
        await supervisor.start()
    await supervisor.stop()
    output.close()


async def test_a_failed_job_ends_the_start(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="load ended with exit code 3"):
        async with running(tmp_path, [Part(name="load", command=python("raise SystemExit(3)"))], []):
            pass


async def test_parts_stop_before_what_they_use_and_by_force_when_they_linger(tmp_path: Path) -> None:
    lines = list[str]()
    goodbye = (
        "import signal, sys, time\n"
        "def bye(*_): print('bye'); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, bye); print('up'); time.sleep(60)"
    )
    stubborn = python(STUBBORN)
    parts = [
        Part(name="store", command=python(goodbye), ready=said(lines, "store | up")),
        Part(name="front", command=python(goodbye), ready=said(lines, "front | up"), uses=("store",)),
        Part(name="rock", command=stubborn, ready=said(lines, "rock  | up"), uses=("front",), grace_seconds=0.3),
    ]
    async with running(tmp_path, parts, lines) as supervisor:
        pids = [supervisor.pid(part.name) for part in parts]
    stops = [line for line in lines if "bye" in line or "killed" in line]
    assert stops == ["rjhub | rock did not stop in 0.3 s and is killed", "front | bye", "store | bye"]
    assert not any(is_alive(pid) for pid in pids if pid is not None)
