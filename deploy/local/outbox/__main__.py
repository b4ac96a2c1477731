"""Runs the local message provider."""

import sqlite3

from deploy.local.outbox.app import build_app
from deploy.local.outbox.settings import OutboxSettings
from deploy.local.outbox.store import MessageStore
from deploy.local.pages.server import bound_socket, cannot_start, serve
from services.runtime.log import configure_logging, get_logger
from services.runtime.process import run


async def main() -> None:
    """Take and show messages until stopped."""
    settings = OutboxSettings.load()
    configure_logging("outbox", settings.log_format)
    try:
        store = MessageStore(settings.folder)
    except (OSError, sqlite3.Error):
        cannot_start("the folder cannot be used or holds a damaged file")
    listener = bound_socket(settings.listen)
    get_logger("outbox").info("listening", port=listener.getsockname()[1])
    await serve(build_app(store), listener)


if __name__ == "__main__":
    run(main)
