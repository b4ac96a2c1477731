"""Who is signed in: the cookie holds a signed key and nothing else; tokens and sign-in state stay in this process."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from itsdangerous import BadSignature, Signer
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SESSIONS_MAX = 10_000
_IDLE_SECONDS_MAX = 2 * 3600.0
_LIFETIME_SECONDS_MAX = 12 * 3600.0
# Someone who began to sign in and never came back leaves a session with nothing in it but that.
_ANONYMOUS_SECONDS_MAX = 15 * 60.0
COOKIE = "rjhub_session"


@dataclass(slots=True)
class SignedIn:
    """The person of a session: what their tokens say, and when the access token ends (Unix seconds)."""

    subject: str
    name: str
    roles: frozenset[str]
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: float


@dataclass(slots=True, eq=False, weakref_slot=True)
class Session:
    """One browser's session; `state` is what the OpenID Connect client keeps between leaving and coming back."""

    key: str = field(repr=False)
    made_at: float
    used_at: float
    person: SignedIn | None = None
    state: dict[str, Any] = field(default_factory=dict, repr=False)


class Sessions:
    """All sessions of this process, in memory alone: a restart signs everyone out and loses nothing else."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """`clock` answers Unix seconds and is replaced in tests."""
        self._clock = clock
        self._by_key: OrderedDict[str, Session] = OrderedDict()

    def begin(self) -> Session:
        """Make a new session with a key of its own; the longest unused goes when there are too many."""
        now = self._clock()
        session = Session(secrets.token_urlsafe(32), now, now)
        self._by_key[session.key] = session
        while len(self._by_key) > _SESSIONS_MAX:
            self._by_key.popitem(last=False)
        return session

    def find(self, key: str) -> Session | None:
        """Answer a living session, or nothing; an expired one is dropped."""
        session = self._by_key.get(key)
        if session is None:
            return None
        now = self._clock()
        idle_seconds_max = _IDLE_SECONDS_MAX if session.person else _ANONYMOUS_SECONDS_MAX
        if now - session.used_at > idle_seconds_max or now - session.made_at > _LIFETIME_SECONDS_MAX:
            self.end(key)
            return None
        session.used_at = now
        self._by_key.move_to_end(key)
        return session

    def end(self, key: str) -> None:
        """Forget a session and its tokens."""
        self._by_key.pop(key, None)


class SessionMiddleware:
    """Puts the browser's session into the request's scope, and sets or clears the cookie when a handler changed it."""

    def __init__(self, app: ASGIApp, sessions: Sessions, secret: str, secure: bool) -> None:
        """`secure` keeps the cookie to https."""
        self._app = app
        self._sessions = sessions
        self._signer = Signer(secret, salt="rjhub.console.session")
        self._attributes = "; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request with its session."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        before = self._read(HTTPConnection(scope))
        scope["rjhub.session"] = before

        async def send_with_cookie(message: Message) -> None:
            after: Session | None = scope["rjhub.session"]
            if message["type"] == "http.response.start" and after is not before:
                headers = MutableHeaders(scope=message)
                if after is None:
                    headers.append("set-cookie", f"{COOKIE}=; Max-Age=0{self._attributes}")
                else:
                    signed = self._signer.sign(after.key.encode()).decode()
                    headers.append("set-cookie", f"{COOKIE}={signed}{self._attributes}")
            await send(message)

        await self._app(scope, receive, send_with_cookie)

    def _read(self, connection: HTTPConnection) -> Session | None:
        cookie = connection.cookies.get(COOKIE, "")
        if not cookie:
            return None
        try:
            return self._sessions.find(self._signer.unsign(cookie).decode())
        except (BadSignature, UnicodeError):
            return None
