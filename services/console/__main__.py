"""Starts the console: settings, style sheet, gateway client, HTTP server."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import Iterator

import uvicorn

from services.console.app import BUILT, build_app
from services.console.gateway import Gateway
from services.console.settings import Settings
from services.runtime.log import configure_logging, get_logger
from services.runtime.process import run
from services.runtime.telemetry import configure_telemetry

_NEEDED = ("console.css", "console.js", "govuk-frontend.min.js", "icon.svg")


class _Server(uvicorn.Server):
    """Leaves signals to the process: a signal cancels `main`, which lets the open requests finish."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def main() -> None:
    """Serve until told to stop; requests under way get five seconds."""
    settings = Settings.load()
    if missing := [name for name in _NEEDED if not (BUILT / name).is_file()]:
        print(
            f"Cannot start: the built assets are missing ({', '.join(missing)}); "
            "run npm ci and npm run build in services/console/assets.",
            file=sys.stderr,
        )
        raise SystemExit(2)
    configure_logging("console", settings.log_format)
    configure_telemetry("console", settings.otlp_endpoint)
    listener = _listener(settings.listen)
    gateway = Gateway(settings.gateway_url)
    # The requests' own lines say what an access log would, without addresses that may hold a single-use link.
    config = uvicorn.Config(
        build_app(settings, gateway),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    get_logger(__name__).info("console_started", listen=settings.listen)
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise
    finally:
        await gateway.close()


def _listener(listen: str) -> socket.socket:
    host, _, port = listen.rpartition(":")
    try:
        return socket.create_server((host, int(port)), backlog=512)
    except (OSError, OverflowError):
        print("Cannot start: RJHUB_CONSOLE_LISTEN cannot be listened on.", file=sys.stderr)
        raise SystemExit(2) from None


if __name__ == "__main__":
    run(main)
