"""Serves one web application on one loopback address until the process is told to stop."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import Iterator
from typing import NoReturn

import uvicorn
from starlette.types import ASGIApp


class _Server(uvicorn.Server):
    """Leaves signals to the process: a signal cancels `serve`, which then drains the open requests."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def cannot_start(reason: str) -> NoReturn:
    """End the process with code 2 and one sentence, as bad settings do."""
    print(f"Cannot start: {reason}.", file=sys.stderr)
    raise SystemExit(2)


def bound_socket(listen: str) -> socket.socket:
    """A listening socket for "host:port"; port 0 picks a free one. Ends the process when it cannot be had."""
    host, _, port = listen.rpartition(":")
    try:
        listener = socket.create_server((host, int(port)), backlog=512)
        # asyncio sets this only on sockets that name their protocol; without it kept connections wait 40 ms at times.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except (OSError, ValueError, OverflowError):
        cannot_start("the address to listen on is taken, not of this machine, or not host:port")


async def serve(app: ASGIApp, listener: socket.socket) -> None:
    """Serve until cancelled; requests under way get five seconds to finish."""
    # One access line per request would repeat what the callers' own canonical lines say, and hold query strings.
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=5, server_header=False)
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise
