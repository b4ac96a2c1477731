"""Runs the parts: each as soon as what it needs is ready, again when it dies, and all stopped in reverse order."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.local.lifetime import tied
from deploy.local.output import MAX_LINE_BYTES, Output
from deploy.local.part import Part, refuse_impossible_order
from deploy.local.start_error import StartError

BAD_SETTINGS_CODE = 2
LAST_WORDS_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what. All in seconds except the number of first tries."""

    first_ready_seconds: float = 90.0
    probe_seconds: float = 0.1
    first_tries: int = 3
    shortest_pause_seconds: float = 0.5
    longest_pause_seconds: float = 15.0
    settled_seconds: float = 30.0  # a part that ran this long starts again with the shortest pause

    def pause_seconds(self, deaths: int) -> float:
        """How long to wait after this many deaths in a row: doubled each time, up to the longest."""
        return float(min(self.longest_pause_seconds, self.shortest_pause_seconds * 2 ** (deaths - 1)))


@dataclass(slots=True)
class _Run:
    """What the supervisor knows of a part while it runs it."""

    part: Part
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    process: asyncio.subprocess.Process | None = None
    following: asyncio.Task[None] | None = None
    deaths: int = 0


class Supervisor:
    """Starts, watches and stops one list of parts, once. `environment` is what every part's own is added to."""

    def __init__(
        self, parts: list[Part], output: Output, environment: Mapping[str, str], patience: Patience | None = None
    ) -> None:
        refuse_impossible_order(parts)
        self._runs = {part.name: _Run(part) for part in parts}
        self._output = output
        self._environment = dict(environment)
        self._patience = patience or Patience()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stopping = False
        self._impatient = False

    async def start(self) -> None:
        """Return when every part is ready. Raises StartError when one cannot be made ready; then call `stop`."""
        self._tasks = {name: asyncio.create_task(self._look_after(run), name=name) for name, run in self._runs.items()}
        all_ready = asyncio.create_task(self._all_ready(list(self._runs)))
        pending: set[asyncio.Future[Any]] = {*self._tasks.values(), all_ready}
        try:
            while not all_ready.done():
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    await task
        finally:
            all_ready.cancel()

    async def watch(self) -> None:
        """Keep the parts running until cancelled."""
        await asyncio.gather(*self._tasks.values())
        await asyncio.Event().wait()

    async def stop(self) -> None:
        """Stop every part after those that rely on it, politely and then by force."""
        self._stopping = True
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await asyncio.gather(*(self._stop_part(run) for run in self._runs.values()))

    def hurry(self) -> None:
        """Stop being polite: kill what still runs."""
        self._impatient = True
        for run in self._runs.values():
            _signal(run, signal.SIGKILL)

    def pid(self, name: str) -> int | None:
        """The process id of a part while it runs."""
        process = self._runs[name].process
        return process.pid if process is not None and process.returncode is None else None

    async def _all_ready(self, names: Iterable[str]) -> None:
        for name in names:
            await self._runs[name].ready.wait()

    async def _look_after(self, run: _Run) -> None:
        part = run.part
        await self._all_ready(part.needs)
        while not self._stopping:
            if not await part.before():
                run.ready.set()
                return
            began = time.monotonic()
            process = await self._launch(run)
            if part.ready is None:
                await self._finish_job(run, process)
                return
            await self._wait_for_end(run, process)
            lived_seconds = time.monotonic() - began
            run.deaths = 1 if lived_seconds > self._patience.settled_seconds else run.deaths + 1
            self._refuse_hopeless(run, process)
            pause_seconds = self._patience.pause_seconds(run.deaths)
            self._output.say(f"{part.name} {_ending(process)}; it starts again in {pause_seconds:g} s")
            await asyncio.sleep(pause_seconds)

    async def _launch(self, run: _Run) -> asyncio.subprocess.Process:
        part = run.part
        try:
            process = await asyncio.create_subprocess_exec(
                *tied(part.command(), part.death_signal, part.user),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                limit=MAX_LINE_BYTES,
                env={**self._environment, **part.environment},
                cwd=part.folder,
                start_new_session=True,  # a Ctrl-C reaches us alone: we stop the parts in order
            )
        except OSError as refused:
            raise StartError(f"{part.name} could not be started: {refused.strerror}.") from refused
        run.process = process
        return process

    async def _finish_job(self, run: _Run, process: asyncio.subprocess.Process) -> None:
        await self._follow_to_end(run, process)
        if process.returncode != 0:
            raise StartError(f"{run.part.name} {_ending(process)}: {self._output.reason(run.part.name)}.")
        await run.part.after()
        run.ready.set()

    async def _wait_for_end(self, run: _Run, process: asyncio.subprocess.Process) -> None:
        """Follow a part until it ends; meanwhile tell the others when it is ready."""
        becoming_ready = asyncio.create_task(self._become_ready(run))
        ending = asyncio.create_task(self._follow_to_end(run, process))
        try:
            await asyncio.wait({becoming_ready, ending}, return_when=asyncio.FIRST_COMPLETED)
            if becoming_ready.done():
                await becoming_ready
            await ending
        finally:
            becoming_ready.cancel()
            ending.cancel()

    async def _become_ready(self, run: _Run) -> None:
        probe = run.part.ready
        deadline = time.monotonic() + self._patience.first_ready_seconds
        while probe is not None and not await probe():
            if time.monotonic() > deadline and not run.ready.is_set():
                raise StartError(
                    f"{run.part.name} was not ready after {self._patience.first_ready_seconds:g} seconds: "
                    f"{self._output.reason(run.part.name)}."
                )
            await asyncio.sleep(self._patience.probe_seconds)
        if not run.ready.is_set():
            await run.part.after()
            run.ready.set()
        elif run.deaths:
            self._output.say(f"{run.part.name} is back")

    async def _follow_to_end(self, run: _Run, process: asyncio.subprocess.Process) -> None:
        stream = process.stdout
        if stream is None:
            raise RuntimeError("a part's output is always piped")
        run.following = asyncio.create_task(self._output.follow(run.part.name, stream))
        await process.wait()
        _signal(run, signal.SIGKILL)  # what it left behind must not hold its port
        await asyncio.wait({run.following}, timeout=LAST_WORDS_SECONDS)

    def _refuse_hopeless(self, run: _Run, process: asyncio.subprocess.Process) -> None:
        """Before the system was ever up: a part that refuses its settings or keeps dying ends the start."""
        if run.ready.is_set():
            return
        if process.returncode == BAD_SETTINGS_CODE or run.deaths >= self._patience.first_tries:
            raise StartError(
                f"{run.part.name} {_ending(process)} before it was ready: {self._output.reason(run.part.name)}."
            )

    async def _stop_part(self, run: _Run) -> None:
        part = run.part
        relying = [other for other in self._runs.values() if part.name in (*other.part.needs, *other.part.uses)]
        await asyncio.gather(*(other.stopped.wait() for other in relying))
        process = run.process
        if process is not None and process.returncode is None:
            _signal(run, signal.SIGKILL if self._impatient else part.stop_signal, whole_group=False)
            try:
                await asyncio.wait_for(process.wait(), part.grace_seconds)
            except TimeoutError:
                self._output.say(f"{part.name} did not stop in {part.grace_seconds:g} s and is killed")
            _signal(run, signal.SIGKILL)  # it, or what it leaves behind
            await process.wait()
        if run.following is not None:
            await asyncio.wait({run.following}, timeout=LAST_WORDS_SECONDS)
        run.stopped.set()


def _signal(run: _Run, number: signal.Signals, *, whole_group: bool = True) -> None:
    """Send a signal to a part's process, or to the group it leads; nothing happens when it is gone."""
    if run.process is None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if whole_group:
            os.killpg(run.process.pid, number)
        elif run.process.returncode is None:
            os.kill(run.process.pid, number)


def _ending(process: asyncio.subprocess.Process) -> str:
    """How a process ended, in words."""
    code = process.returncode
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
