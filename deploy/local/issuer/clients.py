"""The applications and services that may ask for tokens, and how each proves who it is (RFC 6749 section 2)."""

import base64
import binascii
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote_plus

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from deploy.local.issuer.oauth_error import OAuthError

_ACCESS_AUDIENCE = "rjhub"


class ClientsError(Exception):
    """The clients file cannot be used; the text says why and repeats none of its content."""


class Client(BaseModel):
    """One client: no secret means a public one, roles are those of a service's own token."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    secret: str | None = Field(default=None, repr=False, min_length=8)
    roles: tuple[str, ...] = ()
    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """Whether the client cannot keep a secret and is known by its redirect address and PKCE alone."""
        return self.secret is None

    def may_return_to(self, address: str) -> bool:
        """Whether the browser may be sent to this address after signing out: only one registered letter for letter."""
        return address in self.post_logout_redirect_uris or address in self.redirect_uris


class Clients:
    """The registered clients by id."""

    def __init__(self, clients: Mapping[str, Client]) -> None:
        """Keep the clients; none may be called as access tokens' audience, or its ID tokens would open every door."""
        if _ACCESS_AUDIENCE in clients:
            raise ClientsError("a client cannot have the id that access tokens are made out to")
        self._clients = dict(clients)

    @classmethod
    def read(cls, file: Path) -> "Clients":
        """The clients of a JSON file; raises ClientsError."""
        try:
            return cls(TypeAdapter(dict[str, Client]).validate_json(file.read_bytes()))
        except OSError as error:
            raise ClientsError("the clients file cannot be read") from error
        except ValidationError as error:
            places = sorted({".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False)})
            raise ClientsError(f"the clients file is not valid at: {', '.join(places)}") from None

    def find(self, client_id: str) -> Client | None:
        """The client of this id, if it is registered."""
        return self._clients.get(client_id)

    def authenticate(self, authorization: str, form: Mapping[str, str]) -> tuple[str, Client]:
        """The client that sent a token request, by HTTP Basic or form fields; raises OAuthError invalid_client."""
        attempts = _basic(authorization) if authorization else [(form.get("client_id", ""), form.get("client_secret"))]
        if authorization and "client_secret" in form:
            raise OAuthError("invalid_request", "A client proves who it is in one way, not two.")
        for client_id, secret in attempts:
            client = self._clients.get(client_id)
            if client is not None and _secret_matches(client, secret):
                return client_id, client
        raise OAuthError("invalid_client", "The client is not registered or its secret is wrong.", 401)


def _secret_matches(client: Client, secret: str | None) -> bool:
    if client.secret is None:
        return not secret
    return secret is not None and secrets.compare_digest(client.secret.encode(), secret.encode())


def _basic(authorization: str) -> list[tuple[str, str | None]]:
    """Id and secret as sent, and as form-decoded: RFC 6749 asks for the coding, many libraries leave it out."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError
        client_id, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
        if not colon:
            raise ValueError
    except (ValueError, binascii.Error):
        raise OAuthError("invalid_client", "The authorization header cannot be read.", 401) from None
    return [(client_id, secret), (unquote_plus(client_id), unquote_plus(secret))]
