"""Serves a local web application on a free loopback port for the length of a test, over real HTTP."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import httpx2
from starlette.types import ASGIApp

from deploy.local.pages.server import bound_socket, serve


@contextlib.asynccontextmanager
async def served(build: Callable[[str], ASGIApp]) -> AsyncIterator[str]:
    """The address of the application that `build` makes for that address; it is stopped on leaving."""
    listener = bound_socket("127.0.0.1:0")
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    serving = asyncio.create_task(serve(build(url), listener))
    try:
        async with httpx2.AsyncClient(trust_env=False) as client:
            assert (await client.get(f"{url}/healthz")).status_code == 200
        yield url
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
