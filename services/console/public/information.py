"""What restorative justice is, how it works here, and where to get help: pages without forms."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.console.public.site import Site


class Information:
    """Pages to read."""

    def __init__(self, site: Site) -> None:
        """Stand on the site."""
        self._site = site

    async def start(self, request: Request) -> Response:
        """What it is, how it works, questions people ask."""
        return self._site.page(request, "public/start.html")

    async def help(self, request: Request) -> Response:
        """Where to get help, now and later."""
        return self._site.page(request, "public/help.html")

    async def received(self, request: Request) -> Response:
        """After a request was sent."""
        return self._site.page(request, "public/received.html")

    async def thank_you(self, request: Request) -> Response:
        """After an answer was sent; the address no longer holds the link."""
        asked = request.query_params.get("for", "")
        return self._site.page(request, "public/thank_you.html", asked=asked if asked in ("call", "upset") else "")
