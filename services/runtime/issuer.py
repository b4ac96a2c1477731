"""What we ask of the identity issuer over HTTP: where its endpoints are, its public keys, and a token for a service."""

from __future__ import annotations

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.runtime.refusal import Kind, Refusal, Refused

_TIMEOUT_SECONDS = 5.0


class Issuer:
    """An OpenID Connect provider, found by its address; every failure is `Refused(UNAVAILABLE, issuer_unavailable)`."""

    def __init__(self, issuer_url: str, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        """`transport` replaces the network in tests."""
        self.url = issuer_url.rstrip("/")
        self._transport = transport
        self._endpoints: dict[str, str] = {}

    async def keys(self) -> KeySet:
        """Fetch the public keys tokens are signed with."""
        async with self._client() as client:
            try:
                answer = await client.get(await self._endpoint(client, "jwks_uri"))
                return KeySet.import_key_set(answer.raise_for_status().json())
            except (httpx2.HTTPError, httpx2.InvalidURL, JoseError, ValueError, KeyError, TypeError) as error:
                raise _unavailable() from error

    async def service_token(self, client_id: str, client_secret: str) -> tuple[str, float]:
        """Exchange a service's own credentials for a token; answers the token and its lifetime in seconds."""
        async with self._client() as client:
            try:
                endpoint = await self._endpoint(client, "token_endpoint")
                answer = await client.post(
                    endpoint, data={"grant_type": "client_credentials"}, auth=(client_id, client_secret)
                )
                if answer.status_code in (400, 401, 403):
                    raise Refused(
                        Kind.UNAUTHENTICATED,
                        Refusal(
                            "service_credentials",
                            "The identity issuer does not accept this service's credentials.",
                            who="administrator",
                        ),
                    )
                content = answer.raise_for_status().json()
                return str(content["access_token"]), float(content["expires_in"])
            except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, TypeError) as error:
                raise _unavailable() from error

    def _client(self) -> httpx2.AsyncClient:
        # trust_env=False: a proxy of the machine must not see credentials meant for the issuer.
        return httpx2.AsyncClient(timeout=_TIMEOUT_SECONDS, transport=self._transport, trust_env=False)

    async def _endpoint(self, client: httpx2.AsyncClient, name: str) -> str:
        if not self._endpoints:
            answer = await client.get(f"{self.url}/.well-known/openid-configuration")
            content = dict(answer.raise_for_status().json())
            self._endpoints = {key: value for key, value in content.items() if isinstance(value, str)}
        return self._endpoints[name]


def _unavailable() -> Refused:
    return Refused(
        Kind.UNAVAILABLE,
        Refusal("issuer_unavailable", "The identity issuer cannot be reached just now.", who="operator"),
    )
