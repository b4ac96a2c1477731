"""Runs the local trace store."""

import sqlite3

from deploy.local.pages.server import bound_socket, cannot_start, serve
from deploy.local.traces.app import build_app
from deploy.local.traces.settings import TracesSettings
from deploy.local.traces.store import SpanStore
from services.runtime.log import configure_logging, get_logger
from services.runtime.process import run


async def main() -> None:
    """Take and show traces until stopped."""
    settings = TracesSettings.load()
    configure_logging("traces", settings.log_format)
    try:
        store = SpanStore(settings.folder, settings.spans_max)
    except (OSError, sqlite3.Error):
        cannot_start("the folder cannot be used or holds a damaged file")
    listener = bound_socket(settings.listen)
    get_logger("traces").info("listening", port=listener.getsockname()[1])
    await serve(build_app(store), listener)


if __name__ == "__main__":
    run(main)
