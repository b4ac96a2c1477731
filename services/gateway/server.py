"""How the gateway listens: uvicorn, stopped by the process and not by signals of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

_GRACE_SECONDS = 5
_BACKLOG = 512


class _Server(uvicorn.Server):
    """Leaves signals to the process: one cancels `serve`, which then lets open requests finish."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def bound_socket(listen: str) -> socket.socket:
    """A listening socket for "host:port"; port 0 takes any free one. Exits with code 2 if it cannot be had."""
    host, _, port = listen.rpartition(":")
    try:
        return socket.create_server((host, int(port)), backlog=_BACKLOG)
    except (OSError, ValueError, OverflowError):
        print(f"Cannot start: {listen} is taken, or is not host:port of this machine.", file=sys.stderr)
        raise SystemExit(2) from None


async def serve(app: ASGIApp, listener: socket.socket) -> None:
    """Serve until cancelled; requests under way get a few seconds to finish."""
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        # Our own middleware writes the one line per request; uvicorn's holds whole paths.
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise
