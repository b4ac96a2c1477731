"""Runs the local issuer, or with the word `rotate` gives it a new signing key."""

import sys

from joserfc.errors import JoseError

from deploy.local.issuer.app import build_app
from deploy.local.issuer.clients import Clients, ClientsError
from deploy.local.issuer.keys import KeyRing
from deploy.local.issuer.people import People
from deploy.local.issuer.settings import IssuerSettings
from deploy.local.pages.server import bound_socket, cannot_start, serve
from deploy.local.region.reading import RegionError, read_region
from services.runtime.log import configure_logging, get_logger
from services.runtime.process import run


async def main() -> None:
    """Serve sign-in until stopped."""
    settings = IssuerSettings.load()
    configure_logging("issuer", settings.log_format)
    try:
        clients = Clients.read(settings.clients_file)
        people = People(read_region(settings.region_folder))
        keys = KeyRing(settings.key_folder)
    except (ClientsError, RegionError) as error:
        cannot_start(str(error))
    except (OSError, ValueError, JoseError):
        cannot_start("the key folder cannot be used or holds something that is no key")
    listener = bound_socket(settings.listen)
    get_logger("issuer").info("listening", port=listener.getsockname()[1])
    await serve(build_app(settings.url, clients, people, keys), listener)


if __name__ == "__main__":
    if sys.argv[1:] == ["rotate"]:
        print(f"New signing key {KeyRing(IssuerSettings.load().key_folder).rotate()}")
    elif sys.argv[1:]:
        raise SystemExit("Use: python -m deploy.local.issuer [rotate]")
    else:
        run(main)
