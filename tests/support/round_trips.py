"""A proxy before PostgreSQL that counts how often a client has to wait for an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(slots=True)
class RoundTrips:
    """How many times the client spoke after the server had."""

    count: int = 0
    client_speaks: bool = False


@asynccontextmanager
async def counting_proxy(url: str) -> AsyncIterator[tuple[str, RoundTrips]]:
    """The same address through the proxy, and what it counts."""
    server = urlsplit(url)
    trips = RoundTrips()
    tasks: set[asyncio.Task[None]] = set()

    async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter, *, from_client: bool) -> None:
        while chunk := await source.read(65536):
            if from_client and not trips.client_speaks:
                trips.count += 1
            trips.client_speaks = from_client
            target.write(chunk)
            await target.drain()
        target.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(server.hostname, server.port)
        for source, target, from_client in ((reader, back, True), (there, writer, False)):
            tasks.add(asyncio.create_task(pass_on(source, target, from_client=from_client)))

    proxy = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = proxy.sockets[0].getsockname()[1]
    try:
        yield url.replace(f":{server.port}/", f":{port}/"), trips
    finally:
        proxy.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
