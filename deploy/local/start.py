"""Starts the whole system, says where to look, and stops it when asked."""

import asyncio
import signal
import time
from collections.abc import Callable, Mapping

from deploy.local.folder import open_folder
from deploy.local.output import Output
from deploy.local.parts import REGION_FOLDER, System, build_system, parts_of
from deploy.local.ports import refuse_busy
from deploy.local.postgres import find_binaries
from deploy.local.secrets import keep_secrets
from deploy.local.settings import Settings
from deploy.local.supervisor import Supervisor
from deploy.local.temporal import find_temporal

ROLES_SHOWN = ("referrer", "coordinator", "lead", "facilitator")


async def run(settings: Settings, environment: Mapping[str, str], *, began: float, colours: bool) -> None:
    """Run the system until SIGINT, SIGTERM or SIGHUP. Raises StartError when it cannot be started or kept running.

    `began` is the monotonic time from which the summary counts.
    """
    ports = settings.ports()
    folder = settings.folder()
    find_binaries(settings.postgres_bin)
    find_temporal(settings.temporal_bin)
    with open_folder(folder):
        system = build_system(settings, folder, ports, keep_secrets(folder, ports))
        system.postgres.stop_left_over()  # it may hold the port we are about to check
        refuse_busy(ports)
        parts = parts_of(system)
        output = Output(folder / "logs", [part.name for part in parts], colours=colours)
        supervisor = Supervisor(parts, output, environment)
        output.say("starting; the first start takes longer")
        try:
            await until_asked_to_stop(supervisor, output, lambda: output.block(summary(system, began)))
        finally:
            output.close()


async def until_asked_to_stop(supervisor: Supervisor, output: Output, when_ready: Callable[[], None]) -> None:
    """Start the parts, call `when_ready`, and keep them running until a signal; then stop them in order."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask() -> None:
        if asked.is_set():
            supervisor.hurry()
        asked.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, ask)

    async def work() -> None:
        await supervisor.start()
        when_ready()
        await supervisor.watch()

    working = asyncio.create_task(work())
    waiting = asyncio.create_task(asked.wait())
    try:
        await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        output.say("stopping")
        began = time.monotonic()
        asked.set()
        if not working.done():
            working.cancel()
        await supervisor.stop()
        output.say(f"stopped in {time.monotonic() - began:.1f} s")
    if not working.cancelled() and working.done():
        await working


def summary(system: System, began: float) -> list[str]:
    """Where to look, who to be, and how to stop. `began` is the monotonic time at which we started."""
    ports = system.ports
    return [
        "",
        f"RJ Hub is ready ({time.monotonic() - began:.1f} s).",
        "",
        f"  Console        {ports.url('console')}",
        f"  Gateway API    {ports.url('gateway')}/docs",
        f"  Outbox         {ports.url('outbox')}    every message the system sent",
        f"  Traces         {ports.url('traces')}    every step, through all services",
        f"  Temporal       {ports.url('temporal_ui')}    the cases as workflows",
        "",
        "  Sign in as     " + "\n                 ".join(people()),
        "",
        f"  Data and logs  {system.folder}",
        "  Stop           Ctrl-C (the data is kept)",
        "",
    ]


def people() -> list[str]:
    """One fictional person of the region for each role worth trying first, as `name (role)`."""
    from deploy.local.region.reading import read_region

    staff = read_region(REGION_FOLDER).staff
    firsts = [next((person for person in staff if role in person.roles), None) for role in ROLES_SHOWN]
    return [f"{person.name} ({role})" for person, role in zip(firsts, ROLES_SHOWN, strict=True) if person]
