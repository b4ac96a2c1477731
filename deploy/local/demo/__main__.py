"""The command `python -m deploy.local.demo`: plays cases as stories; exits 0 if every one ended as its story says."""

import argparse
import asyncio
import secrets
import sys
from collections.abc import Mapping

import httpx2
from rich.console import Console

from deploy.local.demo.http_world import HttpWorld
from deploy.local.demo.journey import Journey
from deploy.local.demo.player import JourneyFailed, Player
from deploy.local.demo.reading import JourneyError, journey_files, read_journey
from deploy.local.demo.system import RunningSystem, running_system
from deploy.local.demo.telling import Teller
from deploy.local.parts import REGION_FOLDER
from deploy.local.region.reading import read_region
from deploy.local.settings import Settings, wants_colours
from deploy.local.start_error import StartError

CANNOT_START_CODE = 2
_RUN_BYTES = 3


def main() -> int:
    """Read the command line and answer the exit code: 0 all passed, 1 some failed, 2 could not begin."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.demo", description=__doc__)
    parser.add_argument("--journey", action="append", metavar="NAME", help="play this one only; may be repeated")
    parser.add_argument("--list", action="store_true", help="list the journeys and play none")
    parser.add_argument("--quiet", action="store_true", help="say only how each journey ended")
    arguments = parser.parse_args()
    console = Console(no_color=not wants_colours(terminal=sys.stdout.isatty()), highlight=False)
    try:
        journeys = _chosen(arguments.journey)
        if arguments.list:
            for name, journey in journeys.items():
                console.print(f"{name:<24} {journey.title}", soft_wrap=True)
            return 0
        passed, failed = asyncio.run(_play_all(console, journeys, quiet=arguments.quiet))
    except (JourneyError, StartError) as refused:
        print(f"The demo cannot run: {refused}", file=sys.stderr, flush=True)
        return CANNOT_START_CODE
    except KeyboardInterrupt:
        return CANNOT_START_CODE
    console.print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def _chosen(names: list[str] | None) -> dict[str, Journey]:
    """The journeys to play, all read and checked before any begins."""
    files = journey_files()
    unknown = [name for name in names or [] if name not in files]
    if unknown:
        raise JourneyError(f"there is no journey {', '.join(unknown)}; there are: {', '.join(files)}")
    return {name: read_journey(file) for name, file in files.items() if not names or name in names}


async def _play_all(console: Console, journeys: Mapping[str, Journey], *, quiet: bool) -> tuple[int, int]:
    """Play every journey after the other; answers how many passed and how many failed."""
    settings = Settings.load()
    staff = {person.id: person.name for person in read_region(REGION_FOLDER).staff}
    failures = 0
    async with running_system(settings) as system:
        _introduce(console, system)
        addresses = system.addresses
        engine = await HttpWorld.engine(addresses)
        async with httpx2.AsyncClient(trust_env=False) as client:
            player = Player(HttpWorld(addresses, client, engine), run=secrets.token_hex(_RUN_BYTES))
            for number, (name, journey) in enumerate(journeys.items(), 1):
                teller = Teller(console, system, journey, staff, quiet=quiet)
                teller.begin(number, len(journeys))
                try:
                    await player.play(name, journey, teller)
                except JourneyFailed as failure:
                    failures += 1
                    teller.failed(failure)
                else:
                    teller.passed()
    return len(journeys) - failures, failures


def _introduce(console: Console, system: RunningSystem) -> None:
    where = "a system of our own, which ends with the demo" if system.ours else "the system that runs here"
    console.print(f"Playing on {where}: {system.ports.url('gateway')}", soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
