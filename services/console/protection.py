"""The headers on every answer: a strict content policy with a nonce, nothing cached, nothing told to other sites."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FIXED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
}


class ProtectionMiddleware:
    """Puts a nonce into the scope (`rjhub.nonce`) and the headers on the answer; a handler's own header stays."""

    def __init__(self, app: ASGIApp, issuer_url: str, secure: bool) -> None:
        """`secure` also tells browsers to stay with https. Signing out is a form that leads to the issuer."""
        self._app = app
        issuer = urlsplit(issuer_url)
        self._policy = (
            "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self'; "
            f"form-action 'self' {issuer.scheme}://{issuer.netloc}; base-uri 'none'; frame-ancestors 'none'"
        )
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = scope["rjhub.nonce"] = secrets.token_urlsafe(18)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("content-security-policy", self._policy.format(nonce=nonce))
                for name, value in _FIXED.items():
                    headers.setdefault(name, value)
                if self._secure:
                    headers.setdefault("strict-transport-security", "max-age=31536000")
            await send(message)

        await self._app(scope, receive, send_with_headers)
