"""The whole system for tests: worlds to play in, requests as anybody, its parts' processes, and its traces."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2

from deploy.local.demo.http_world import HttpWorld
from deploy.local.demo.journey import Act, Look, Wait
from deploy.local.demo.system import RunningSystem
from deploy.local.sign_in import sign_in

_TIMEOUT_SECONDS = 20.0


@dataclass(slots=True)
class Silence:
    """A story that nobody listens to."""

    case_id: str = ""
    accepted: int = 0

    def opened(self, case_id: str) -> None:
        """See `Story`."""
        self.case_id = case_id

    def did(self, at: datetime, act: Act, about: str, result: str) -> None:
        """See `Story`."""
        self.accepted += not result.startswith("refused")

    def waited(self, until: datetime, step: Wait, happened: list[Mapping[str, Any]]) -> None:
        """See `Story`."""

    def looked(self, step: Look) -> None:
        """See `Story`."""


@contextlib.asynccontextmanager
async def world_of(system: RunningSystem) -> AsyncIterator[HttpWorld]:
    """A world on the system, with connections of its own."""
    engine = await HttpWorld.engine(system.addresses)
    async with httpx2.AsyncClient(trust_env=False) as client:
        yield HttpWorld(system.addresses, client, engine)


class Desk:
    """Requests to the gateway as anybody, answered as they come: nothing is hidden, nothing raised."""

    def __init__(self, system: RunningSystem, client: httpx2.AsyncClient) -> None:
        """Ask the system through the client."""
        self._system = system
        self._client = client
        self._tokens: dict[str, str] = {}

    async def ask(self, method: str, staff_id: str, path: str, body: Any = None) -> httpx2.Response:
        """One request with a key of its own."""
        headers = {"Idempotency-Key": f"test-{secrets.token_hex(8)}"}
        if staff_id:
            if staff_id not in self._tokens:
                self._tokens[staff_id] = await sign_in(self._system.addresses.issuer_url, staff_id)
            headers["Authorization"] = f"Bearer {self._tokens[staff_id]}"
        url = f"{self._system.addresses.gateway_url}{path}"
        return await self._client.request(method, url, headers=headers, json=body, timeout=_TIMEOUT_SECONDS)

    async def refer(self, staff_id: str, **changes: Any) -> dict[str, Any]:
        """A referral of two invented people; answers the receipt."""
        answer = await self.ask("POST", staff_id, "/v1/referrals", {**REFERRAL, **changes})
        assert answer.status_code in (201, 202), answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    async def spans(self, trace_id: str) -> list[dict[str, Any]]:
        """Every span kept of a trace."""
        answer = await self._client.get(f"{self._system.ports.url('traces')}/api/traces/{trace_id}")
        return list(answer.json()["spans"]) if answer.is_success else []


REFERRAL: Mapping[str, Any] = {
    "channel": "online",
    "referrer_kind": "police",
    "initiator": "victim_led",
    "stream": "crime",
    "harm_type": "burglary",
    "justice_stage": "reported",
    "rj_level": "level_2",
    "district": "birmingham",
    "funding_stream": "victims_grant",
    "narrative": "The shed was emptied overnight.",
    "people": [
        {"role": "harmed", "name": "Olive Testwell", "age_band": "adult", "may_be_contacted": "yes"},
        {"role": "responsible", "name": "Rex Madeup", "age_band": "adult", "may_be_contacted": "yes"},
    ],
}


def part_pid(system: RunningSystem, module: str) -> int:
    """The process of one of our own system's parts, by the module it runs; raises LookupError."""
    for child in _children(system.pid):
        command = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        if module.encode() in command:
            return child
    raise LookupError(module)


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        yield from map(int, (task / "children").read_text().split())


@contextlib.contextmanager
def stopped(pid: int) -> Iterator[None]:
    """The process holds still, as one that hangs does; it goes on afterwards."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def eventually(wanted: Any, timeout_seconds: float = 20.0) -> Any:
    """The first truthy answer of an async function; the last answer when time runs out."""
    deadline = time.monotonic() + timeout_seconds
    while not (answer := await wanted()) and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    return answer
