"""What every public page stands on: pages without cookies, and forms that belong to their own address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.console.form.reading import Posted
from services.console.form_guard import FormGuard
from services.console.gateway import Gateway
from services.console.pages import Pages

# Where the quick exit leads: a page anyone might have open, and none of ours.
EXIT_URL = "https://www.bbc.co.uk/weather"


@dataclass(frozen=True, slots=True)
class Site:
    """Shared by all public pages."""

    gateway: Gateway
    pages: Pages
    guard: FormGuard

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        """One public page, with its quick exit."""
        return self.pages.page(request, template, status, exit_url=EXIT_URL, **values)

    def hidden(self, request: Request, key: str = "") -> Mapping[str, str]:
        """The hidden fields of this page's form."""
        return self.guard.hidden(_owner(request), key)

    async def read(self, request: Request) -> Posted:
        """What was posted to this page's form; raises `FormRefused`."""
        return await self.guard.read(request, _owner(request))


def _owner(request: Request) -> str:
    """The page's address; a signed token shows it to nobody who does not have the page already."""
    return f"public:{request.url.path}"


def visitor_of(request: Request) -> str:
    """The visitor's network address, so that the gateway bounds each visitor and not all of them together."""
    return request.client.host if request.client else ""
