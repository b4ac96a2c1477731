"""The token endpoint: tokens for a code, a refresh token or a service's own credentials (RFC 6749, RFC 7636)."""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from deploy.local.issuer.clients import Client, Clients
from deploy.local.issuer.grants import Grant, Grants
from deploy.local.issuer.oauth_error import OAuthError
from deploy.local.issuer.people import People
from deploy.local.issuer.tokens import ACCESS_TOKEN_SECONDS, TokenMint
from deploy.local.pages.body import BodyTooLargeError, FormError, read_form

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636 section 4.1


class TokenEndpoint:
    """POST /token."""

    def __init__(self, clients: Clients, people: People, grants: Grants, mint: TokenMint) -> None:
        """Everything the endpoint asks of the rest of the issuer."""
        self._clients = clients
        self._people = people
        self._grants = grants
        self._mint = mint

    async def exchange(self, request: Request) -> Response:
        """Answer one token request; every refusal is JSON as in RFC 6749 section 5.2."""
        try:
            try:
                form = await read_form(request)
            except (FormError, BodyTooLargeError):
                raise OAuthError("invalid_request", "Send a form with each field at most once.") from None
            client_id, client = self._clients.authenticate(request.headers.get("authorization", ""), form)
            return JSONResponse(self._granted(client_id, client, form), headers={"pragma": "no-cache"})
        except OAuthError as error:
            headers = {"www-authenticate": 'Basic realm="token"'} if error.status_code == 401 else {}
            content = {"error": error.code, "error_description": error.sentence}
            return JSONResponse(content, error.status_code, {**headers, "pragma": "no-cache"})

    def _granted(self, client_id: str, client: Client, form: Mapping[str, str]) -> dict[str, object]:
        match form.get("grant_type", ""):
            case "authorization_code":
                return self._for_grant(self._by_code(client_id, form), with_nonce=True)
            case "refresh_token":
                return self._for_grant(self._by_refresh(client_id, form), with_nonce=False)
            case "client_credentials":
                return self._for_service(client_id, client)
            case "":
                raise OAuthError("invalid_request", "The grant type is missing.")
            case _:
                raise OAuthError("unsupported_grant_type", "This grant type is not supported.")

    def _by_code(self, client_id: str, form: Mapping[str, str]) -> Grant:
        """The sign-in behind a code; the code is spent whatever the outcome, so no verifier can be tried twice."""
        if not form.get("code") or not form.get("redirect_uri") or not form.get("code_verifier"):
            raise OAuthError("invalid_request", "Code, redirect address and code verifier are required.")
        grant = self._grants.redeem_code(form["code"])
        if grant is None:
            raise OAuthError("invalid_grant", "The code is unknown, too old or already used.")
        if grant.client_id != client_id or grant.redirect_uri != form["redirect_uri"]:
            raise OAuthError("invalid_grant", "The code was made for another client or return address.")
        if not _verifies(form["code_verifier"], grant.challenge):
            raise OAuthError("invalid_grant", "The code verifier does not fit the challenge.")
        return grant

    def _by_refresh(self, client_id: str, form: Mapping[str, str]) -> Grant:
        if not form.get("refresh_token"):
            raise OAuthError("invalid_request", "The refresh token is missing.")
        grant = self._grants.redeem_refresh(form["refresh_token"])
        if grant is None or grant.client_id != client_id:
            raise OAuthError(
                "invalid_grant", "The refresh token is unknown, too old, already used or another client's."
            )
        return grant

    def _for_grant(self, grant: Grant, *, with_nonce: bool) -> dict[str, object]:
        person = self._people.find(grant.staff_id)
        if person is None:
            raise OAuthError("invalid_grant", "The person is no longer in the region.")
        answer: dict[str, object] = {
            "access_token": self._mint.for_person(person),
            "token_type": "Bearer",
            "expires_in": ACCESS_TOKEN_SECONDS,
            "refresh_token": self._grants.refresh_for(grant),
        }
        if grant.wants_identity:
            nonce = grant.nonce if with_nonce else ""
            answer["scope"] = "openid"
            answer["id_token"] = self._mint.identity(person, grant.client_id, nonce, grant.signed_in_at)
        return answer

    def _for_service(self, client_id: str, client: Client) -> dict[str, object]:
        if client.is_public or not client.roles:
            raise OAuthError("unauthorized_client", "This client has no roles of its own.")
        token = self._mint.for_service(client_id, client.roles)
        return {"access_token": token, "token_type": "Bearer", "expires_in": ACCESS_TOKEN_SECONDS}


def _verifies(verifier: str, challenge: str) -> bool:
    if not _VERIFIER.fullmatch(verifier):
        return False
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return secrets.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"="), challenge.encode("ascii"))
