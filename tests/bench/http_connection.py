"""One kept HTTP/1.1 connection that adds as little as possible to what it measures."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Self


class HttpConnection:
    """Sends JSON and reads answers with a Content-Length, one after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        """Use `open`."""
        self._reader = reader
        self._writer = writer
        self._host = host

    @classmethod
    async def open(cls, host: str, port: int) -> Self:
        """Connect."""
        reader, writer = await asyncio.open_connection(host, port)
        return cls(reader, writer, f"{host}:{port}")

    async def send(self, method: str, path: str, token: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        """One request; answers the status and the decoded JSON body."""
        content = b"" if body is None else json.dumps(body).encode()
        head = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self._host}",
            f"Authorization: Bearer {token}",
            "Content-Type: application/json",
            f"Content-Length: {len(content)}",
        ]
        if key:
            head.append(f"Idempotency-Key: {key}")
        self._writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + content)
        raw = await self._reader.readuntil(b"\r\n\r\n")
        lines = raw.decode().split("\r\n")
        length = next(int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:"))
        answer = await self._reader.readexactly(length)
        return int(lines[0].split()[1]), json.loads(answer) if answer else None

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await self._writer.wait_closed()
