"""Checks a region's files (`check`) or loads them into agencies (`load`)."""

import sys

from deploy.local.pages.server import cannot_start
from deploy.local.region.loading import load_region
from deploy.local.region.reading import DEFAULT_FOLDER, RegionError, read_region
from deploy.local.region.settings import LoaderSettings
from services.runtime.identity import ServiceTokens
from services.runtime.log import configure_logging
from services.runtime.process import run
from services.runtime.refusal import Refused
from services.runtime.rpc_channel import open_channel


async def load() -> None:
    """Load the region's files into agencies and say what was loaded."""
    settings = LoaderSettings.load()
    configure_logging("loader", settings.log_format)
    try:
        region = read_region(settings.region_folder)
    except RegionError as error:
        cannot_start(str(error))
    tokens = ServiceTokens(settings.issuer_url, settings.client_id, settings.client_secret)
    channel = open_channel(settings.agencies_address)
    try:
        loaded = await load_region(region, channel, tokens)
    except Refused as refused:
        print(f"The region was not loaded: {' '.join(one.sentence for one in refused.refusals)}", file=sys.stderr)
        raise SystemExit(1) from None
    finally:
        await channel.close()
    print(f"Loaded {loaded.agencies} agencies, {loaded.units} units, {loaded.staff} staff and {loaded.venues} venues.")


def check() -> None:
    """Read the region that comes with RJ Hub and say whether it is sound."""
    try:
        region = read_region(DEFAULT_FOLDER)
    except RegionError as error:
        raise SystemExit(f"The region is not sound: {error}") from None
    print(f"Sound: {len(region.agencies)} agencies, {len(region.units)} units, {len(region.staff)} staff.")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["load"]:
            run(load)
        case ["check"]:
            check()
        case _:
            raise SystemExit("Use: python -m deploy.local.region load | check")
