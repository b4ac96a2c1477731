"""Signing in and out by OpenID Connect: authorization code with PKCE, tokens kept here and renewed before they end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import httpx2
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.console.sessions import Session, Sessions, SignedIn

_TIMEOUT_SECONDS = 5.0
_RENEW_BEFORE_SECONDS = 60.0
_HOME = "/work"


class NotSignedIn(Exception):
    """The page needs someone who is signed in."""


class SignInFailed(Exception):
    """The issuer refused, or its answer is not this browser's; `unreachable` when it did not answer at all."""

    def __init__(self, unreachable: bool = False) -> None:
        """See the class."""
        self.unreachable = unreachable
        super().__init__("issuer unreachable" if unreachable else "sign-in refused")


class SignIn:
    """The issuer's client for browsers."""

    def __init__(
        self,
        *,
        issuer_url: str,
        client_id: str,
        client_secret: str,
        public_url: str,
        sessions: Sessions,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`clock` answers Unix seconds and is replaced in tests."""
        self._client_id = client_id
        self._public_url = public_url
        self._sessions = sessions
        self._clock = clock
        self._renewing: WeakKeyDictionary[Session, asyncio.Lock] = WeakKeyDictionary()
        self._client: Any = OAuth().register(
            name="issuer",
            server_metadata_url=f"{issuer_url}/.well-known/openid-configuration",
            client_id=client_id,
            client_secret=client_secret,
            code_challenge_method="S256",
            # trust_env=False: a proxy of the machine must not see codes and secrets meant for the issuer.
            client_kwargs={"scope": "openid", "timeout": _TIMEOUT_SECONDS, "trust_env": False},
        )

    async def begin(self, request: Request) -> Response:
        """Send the browser to the issuer; raises `SignInFailed`."""
        session = request.scope["rjhub.session"] or self._sessions.begin()
        request.scope["rjhub.session"] = session
        request.scope["session"] = session.state
        session.state["next"] = _safe_path(request.query_params.get("next", ""))
        try:
            answer: Response = await self._client.authorize_redirect(request, f"{self._public_url}/signed-in")
        except (httpx2.HTTPError, OAuthError, RuntimeError, ValueError) as error:
            raise SignInFailed(unreachable=True) from error
        return answer

    async def finish(self, request: Request) -> Response:
        """Take the browser back from the issuer with a new session key, so that nobody can plant one beforehand."""
        before: Session | None = request.scope["rjhub.session"]
        if before is None:
            raise SignInFailed
        request.scope["session"] = before.state
        try:
            token = await self._client.authorize_access_token(request)
        except httpx2.HTTPError as error:
            raise SignInFailed(unreachable=True) from error
        except (OAuthError, JoseError, RuntimeError, KeyError, ValueError, TypeError) as error:
            raise SignInFailed from error
        who = token.get("userinfo")
        if not who or not isinstance(token.get("access_token"), str):
            raise SignInFailed
        wanted = str(before.state.get("next", _HOME))
        self._sessions.end(before.key)
        session = self._sessions.begin()
        session.person = SignedIn(
            subject=str(who["sub"]),
            name=str(who.get("name") or ""),
            roles=frozenset(str(role) for role in who.get("roles") or ()),
            access_token=token["access_token"],
            refresh_token=str(token.get("refresh_token") or ""),
            expires_at=self._clock() + float(token.get("expires_in") or 300),
        )
        request.scope["rjhub.session"] = session
        return RedirectResponse(wanted, 303)

    async def end(self, request: Request) -> Response:
        """Forget the session and let the issuer end its own; without it the person is signed out here all the same."""
        session: Session | None = request.scope["rjhub.session"]
        if session is not None:
            self._sessions.end(session.key)
            request.scope["rjhub.session"] = None
        try:
            # The client's id, not the ID token: a name does not belong in an address.
            found = await self._client.create_logout_url(f"{self._public_url}/", client_id=self._client_id)
            address = found["url"]
        except (httpx2.HTTPError, RuntimeError, ValueError):
            address = "/"
        # Pages the browser kept for its Back button go with the session.
        return RedirectResponse(address, 303, {"clear-site-data": '"cache"'})

    async def person(self, request: Request) -> SignedIn:
        """Answer who is signed in, with an access token that is still good; raises `NotSignedIn`."""
        session: Session | None = request.scope["rjhub.session"]
        if session is None or session.person is None:
            raise NotSignedIn
        if session.person.expires_at - self._clock() > _RENEW_BEFORE_SECONDS:
            return session.person
        async with self._renewing.setdefault(session, asyncio.Lock()):
            person: SignedIn = session.person
            if person.expires_at - self._clock() > _RENEW_BEFORE_SECONDS:
                return person
            if not await self._renewed(person) and person.expires_at <= self._clock():
                self._sessions.end(session.key)
                request.scope["rjhub.session"] = None
                raise NotSignedIn
            return person

    async def _renewed(self, person: SignedIn) -> bool:
        if not person.refresh_token:
            return False
        try:
            token = await self._client.fetch_access_token(
                grant_type="refresh_token", refresh_token=person.refresh_token
            )
            person.access_token = str(token["access_token"])
        except (httpx2.HTTPError, OAuthError, RuntimeError, KeyError, ValueError):
            return False
        person.refresh_token = str(token.get("refresh_token") or person.refresh_token)
        person.expires_at = self._clock() + float(token.get("expires_in") or 300)
        return True


def _safe_path(wanted: str) -> str:
    """A path of ours to go to after signing in; anything that could lead elsewhere becomes the first page."""
    if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable():
        return wanted
    return _HOME
