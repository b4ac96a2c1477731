"""The console as it runs, between a fake gateway and the local issuer, and browsers-in-miniature to use it with."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import httpx2

from deploy.local.issuer.app import build_app as build_issuer
from deploy.local.issuer.clients import Client, Clients
from deploy.local.issuer.keys import KeyRing
from deploy.local.issuer.people import People
from deploy.local.pages.server import bound_socket, serve
from deploy.local.region.reading import read_region
from services.console.app import BUILT, build_app
from services.console.gateway import Gateway
from services.console.settings import Settings
from tests.support.fake_gateway import FakeGateway
from tests.support.local_web import served

_SECRET = "fictional-client-secret"
_REGION = Path(__file__).parents[2] / "deploy" / "local" / "region"
_INPUT = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@dataclass(slots=True)
class ConsoleDesk:
    """The running console: its address, the gateway behind it, and the issuer beside it."""

    url: str
    issuer_url: str
    gateway: FakeGateway
    browsers: list[httpx2.AsyncClient] = field(default_factory=list)

    def browser(self) -> httpx2.AsyncClient:
        """A browser without script: keeps cookies, follows nothing by itself; closed with the desk."""
        self.browsers.append(httpx2.AsyncClient(base_url=self.url, trust_env=False, timeout=30.0))
        return self.browsers[-1]

    async def signed_in(self, staff_id: str) -> httpx2.AsyncClient:
        """A browser in which this person of the local region has signed in."""
        browser = self.browser()
        away = await browser.get("/sign-in?next=/work")
        choosing = await browser.get(away.headers["location"])
        handle = hidden_fields(choosing.text)["request"]
        chosen = await browser.post(f"{self.issuer_url}/authorize/choice", data={"request": handle, "staff": staff_id})
        back = await browser.get(chosen.headers["location"])
        assert back.status_code == 303, back.text
        assert back.headers["location"] == "/work"
        return browser


def hidden_fields(html: str, form: int = -1) -> dict[str, str]:
    """The hidden fields of one form of a page, of the last one unless said otherwise."""
    part = html.split("<form")[form]
    return {name: unescape(value) for name, value in _INPUT.findall(part)}


@cache
def _people() -> People:
    """The local region's people, read once."""
    return People(read_region(_REGION))


@contextlib.asynccontextmanager
async def console_desk(folder: Path, assets: Path = BUILT, **more: str) -> AsyncIterator[ConsoleDesk]:
    """Run all three on free ports; `more` are settings of the console."""
    fake = FakeGateway()
    listener = bound_socket("127.0.0.1:0")
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    client = Client(secret=_SECRET, redirect_uris=(f"{url}/signed-in",), post_logout_redirect_uris=(f"{url}/",))
    people = _people()
    keys = KeyRing(folder / "keys")
    async with (
        served(lambda address: fake.app()) as gateway_url,
        served(lambda address: build_issuer(address, Clients({"console": client}), people, keys)) as issuer_url,
    ):
        values: dict[str, Any] = {
            "issuer_url": issuer_url,
            "gateway_url": gateway_url,
            "client_id": "console",
            "client_secret": _SECRET,
            "public_url": url,
            "session_secret": "fictional-session-secret-of-32-characters",
            "traces_url": "http://127.0.0.1:8012",
            "temporal_ui_url": "http://127.0.0.1:8034",
            **more,
        }
        gateway = Gateway(values["gateway_url"])
        running = asyncio.create_task(serve(build_app(Settings(**values), gateway, assets), listener))
        desk = ConsoleDesk(url, issuer_url, fake)
        try:
            yield desk
        finally:
            for browser in desk.browsers:
                await browser.aclose()
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
            await gateway.close()
