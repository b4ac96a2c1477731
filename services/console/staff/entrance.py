"""Signing in and out, as pages."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.console.staff.desk import Desk


class Entrance:
    """The way in and the way out."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk."""
        self._desk = desk

    async def sign_in(self, request: Request) -> Response:
        """Off to the issuer."""
        return await self._desk.sign_in.begin(request)

    async def signed_in(self, request: Request) -> Response:
        """Back from the issuer."""
        return await self._desk.sign_in.finish(request)

    async def sign_out(self, request: Request) -> Response:
        """Out, by a form of ours: no other site can sign someone out."""
        if request.scope["rjhub.session"] is not None:
            await self._desk.guard.read(request, self._desk.owner(request))
        return await self._desk.sign_in.end(request)
