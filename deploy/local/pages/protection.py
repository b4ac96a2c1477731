"""The headers that keep a local page safe, and the check that the caller meant this machine."""

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none';"
    " form-action {}"
)


def content_policy(form_action: str = "'self'") -> str:
    """No script, nothing from elsewhere; `form_action` names where forms (and the redirects they cause) may lead."""
    return _POLICY.format(form_action)


class SafeHeaders:
    """Adds the safe headers to every answer that did not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an ASGI application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call through, completing the headers of its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("content-security-policy", content_policy())
                headers.setdefault("x-content-type-options", "nosniff")
                headers.setdefault("referrer-policy", "no-referrer")
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


def protection() -> list[Middleware]:
    """What every local application wraps itself in.

    The host check stops a web page elsewhere from reading a loopback page through a name that resolves to it.
    """
    hosts = ["127.0.0.1", "localhost"]
    return [Middleware(SafeHeaders), Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)]
