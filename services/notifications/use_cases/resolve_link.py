"""Answers what a single-use link stands for."""

from __future__ import annotations

from typing import Protocol

from services.notifications.domain.link import Link, is_token, token_hash
from services.runtime.refusal import Kind, Refusal, Refused


class Links(Protocol):
    """Where links are kept, by the hash of their token."""

    async def find(self, hashed: bytes) -> Link | None:
        """What the link stands for, None when it was never made."""


class ResolveLink:
    """From a token to the point it answers; whether it may still be used is the case's question."""

    def __init__(self, links: Links) -> None:
        self._links = links

    async def __call__(self, token: str) -> Link:
        """Raises `Refused(NOT_FOUND, link_unknown)`, the same for a token that cannot be one."""
        link = await self._links.find(token_hash(token)) if is_token(token) else None
        if link is None:
            raise Refused(Kind.NOT_FOUND, Refusal("link_unknown", "This link leads nowhere.", field="token"))
        return link
