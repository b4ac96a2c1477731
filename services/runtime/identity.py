"""Who is calling: checks the signed token every call carries, and keeps a fresh one for a service's own calls."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

import httpx2
from joserfc import jwt
from joserfc.errors import DecodeError, InvalidPayloadError, JoseError
from joserfc.jwk import KeySet

from services.runtime.issuer import Issuer
from services.runtime.refusal import Kind, Refusal, Refused

_ALGORITHMS = ("ES256", "RS256")
_TOKEN_BYTES_MAX = 8192
_CALLERS_MAX = 4096
_CLOCK_SKEW_SECONDS = 5.0
_KEYS_AGE_SECONDS_MAX = 600.0
_UNIX_SECONDS_MAX = 2**40
# A forger can name any key: without a pause each forged token would cost the issuer a request.
_REFRESH_PAUSE_SECONDS = 5.0

_SENTENCES = {
    "token_missing": "Sign in first: the call carries no token.",
    "token_malformed": "Sign in again: the token cannot be read.",
    "token_expired": "Sign in again: the token has expired.",
    "token_signature": "Sign in again: the token was not signed by the issuer.",
    "token_audience": "The token was made for another system.",
    "token_issuer": "The token was made by another issuer.",
    "token_algorithm": "The token is signed in a way that is not accepted.",
    "token_key_unknown": "Sign in again: the token's signing key is not known.",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a verified token speaks for: an opaque subject, its roles, its agency and satellite unit ("" when none)."""

    subject: str
    roles: frozenset[str]
    agency_id: str
    unit_id: str
    token: str = field(repr=False)


class TokenVerifier:
    """Turns a token into its `Caller`, or refuses; a verified token is remembered until it expires."""

    def __init__(
        self,
        issuer_url: str,
        audience: str = "rjhub",
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`transport` replaces the network and `clock` (Unix seconds) the time in tests."""
        self._issuer = Issuer(issuer_url, transport)
        self._audience = audience
        self._clock = clock
        self._keys = KeySet([])
        self._keys_at = float("-inf")
        self._refreshing = asyncio.Lock()
        self._callers: dict[bytes, tuple[Caller, float]] = {}

    async def verify(self, token: str) -> Caller:
        """Answer the caller of a token; raises `Refused(UNAUTHENTICATED)` with one `token_*` code.

        Raises `Refused(UNAVAILABLE, issuer_unavailable)` when the issuer's keys were never seen and cannot be fetched.
        """
        if not token:
            raise _refused("token_missing")
        # Keyed by digest so that a memory dump of the table holds no usable token beyond the callers' own.
        digest = sha256(token.encode(errors="replace")).digest()
        remembered = self._callers.get(digest)
        if remembered is not None:
            if self._clock() < remembered[1]:
                return remembered[0]
            del self._callers[digest]
        caller, remember_until = await self._check(token)
        if len(self._callers) >= _CALLERS_MAX:
            del self._callers[next(iter(self._callers))]
        self._callers[digest] = (caller, remember_until)
        return caller

    async def _check(self, token: str) -> tuple[Caller, float]:
        keys = await self._keys_for(_key_id(token))
        try:
            claims = jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
        except (DecodeError, InvalidPayloadError) as error:
            raise _refused("token_malformed") from error
        except (JoseError, ValueError) as error:
            raise _refused("token_signature") from error
        expires_at = self._check_claims(claims)
        roles = claims.get("roles", [])
        if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
            raise _refused("token_malformed")
        caller = Caller(
            subject=_text(claims, "sub", required=True),
            roles=frozenset(roles),
            agency_id=_text(claims, "agency"),
            unit_id=_text(claims, "unit"),
            token=token,
        )
        # Bounded by the keys' age: a key the issuer has withdrawn stops counting for tokens already seen.
        return caller, min(expires_at, self._clock() + _KEYS_AGE_SECONDS_MAX)

    def _check_claims(self, claims: Mapping[str, object]) -> float:
        if str(claims.get("iss", "")).rstrip("/") != self._issuer.url:
            raise _refused("token_issuer")
        audience = claims.get("aud")
        if self._audience not in (audience if isinstance(audience, list) else [audience]):
            raise _refused("token_audience")
        expires_at, not_before = _seconds(claims.get("exp")), _seconds(claims.get("nbf", 0))
        now = self._clock()
        if now >= expires_at + _CLOCK_SKEW_SECONDS:
            raise _refused("token_expired")
        if now < not_before - _CLOCK_SKEW_SECONDS:
            raise _refused("token_malformed")
        return expires_at + _CLOCK_SKEW_SECONDS

    async def _keys_for(self, key_id: str) -> KeySet:
        """Answer the keys if they hold `key_id`, fetching them once if they do not or have grown old."""
        async with self._refreshing:
            age_seconds = self._clock() - self._keys_at
            known = _holds(self._keys, key_id)
            if age_seconds > _KEYS_AGE_SECONDS_MAX or (not known and age_seconds > _REFRESH_PAUSE_SECONDS):
                try:
                    self._keys = await self._issuer.keys()
                except Refused:
                    # The issuer being down must not stop work already signed in: known keys go on counting.
                    if not known:
                        raise
                self._keys_at = self._clock()
            if not _holds(self._keys, key_id):
                raise _refused("token_key_unknown")
            return self._keys


class ServiceTokens:
    """A service's own access token, fetched by client credentials and renewed before it expires."""

    def __init__(
        self,
        issuer_url: str,
        client_id: str,
        client_secret: str,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`transport` replaces the network and `clock` (seconds) the time in tests."""
        self._issuer = Issuer(issuer_url, transport)
        self._client_id = client_id
        self._client_secret = client_secret
        self._clock = clock
        self._renewing = asyncio.Lock()
        self._token = ""
        self._renew_at = float("-inf")
        self._expires_at = float("-inf")

    async def token(self) -> str:
        """Answer a token good for at least a few seconds.

        Raises `Refused`: UNAVAILABLE `issuer_unavailable`, or UNAUTHENTICATED `service_credentials`.
        """
        if self._clock() < self._renew_at:
            return self._token
        async with self._renewing:
            if self._clock() < self._renew_at:
                return self._token
            asked_at = self._clock()
            try:
                self._token, lifetime_seconds = await self._issuer.service_token(self._client_id, self._client_secret)
            except Refused as refused:
                if refused.kind is Kind.UNAVAILABLE and asked_at < self._expires_at - _CLOCK_SKEW_SECONDS:
                    return self._token
                raise
            self._expires_at = asked_at + lifetime_seconds
            # Four fifths in: time for the issuer to be away a while before calls begin to fail.
            self._renew_at = asked_at + lifetime_seconds * 0.8
            return self._token


def _refused(code: str) -> Refused:
    return Refused(Kind.UNAUTHENTICATED, Refusal(code, _SENTENCES[code], field="authorization", who="caller"))


def _key_id(token: str) -> str:
    """Read the key's id from the unverified header, refusing algorithms outside the list before any key is touched."""
    if len(token) > _TOKEN_BYTES_MAX or token.count(".") != 2 or not token.isascii():
        raise _refused("token_malformed")
    encoded = token.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except ValueError as error:
        raise _refused("token_malformed") from error
    if not isinstance(header, dict):
        raise _refused("token_malformed")
    if header.get("alg") not in _ALGORITHMS:
        raise _refused("token_algorithm")
    key_id = header.get("kid")
    if not isinstance(key_id, str) or not key_id:
        raise _refused("token_key_unknown")
    return key_id


def _holds(keys: KeySet, key_id: str) -> bool:
    return any(key.kid == key_id for key in keys)


def _seconds(value: object) -> float:
    """Read a time claim; NaN in particular would compare as never expired."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _UNIX_SECONDS_MAX:
        return float(value)
    raise _refused("token_malformed")


def _text(claims: Mapping[str, object], name: str, *, required: bool = False) -> str:
    value = claims.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value):
        raise _refused("token_malformed")
    return value
