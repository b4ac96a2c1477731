"""A system of PostgreSQL, Temporal and one stand-in process to be killed: `... <data folder> <port base>`."""

import asyncio
import dataclasses
import os
import sys
from pathlib import Path

from deploy.local.folder import open_folder
from deploy.local.output import Output
from deploy.local.part import Part
from deploy.local.parts import build_system, parts_of
from deploy.local.secrets import keep_secrets
from deploy.local.settings import Settings, inherited_environment
from deploy.local.start import until_asked_to_stop
from deploy.local.supervisor import Supervisor

KEPT = ("postgres", "temporal")


async def _ready() -> bool:
    return True


async def main(folder: Path, port_base: int) -> None:
    """Run until a signal; say `READY` and each part's process id when everything is up."""
    settings = Settings(data_folder=folder, port_base=port_base)
    ports = settings.ports()
    with open_folder(folder):
        system = build_system(settings, folder, ports, keep_secrets(folder, ports))
        parts = [dataclasses.replace(part, uses=()) for part in parts_of(system) if part.name in KEPT]
        sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
        parts.append(Part(name="sleeper", command=lambda: sleeper, needs=KEPT, ready=_ready))
        output = Output(folder / "logs", [part.name for part in parts], colours=False)
        supervisor = Supervisor(parts, output, inherited_environment())

        def ready() -> None:
            pids = [supervisor.pid(part.name) for part in parts]
            print("READY", os.getpid(), *pids, flush=True)

        await until_asked_to_stop(supervisor, output, ready)
        output.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
