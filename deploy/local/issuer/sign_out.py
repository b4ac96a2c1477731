"""Signing out: the issuer keeps no session of its own, so it only sends the browser back where that is allowed."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from deploy.local.issuer.clients import Clients
from deploy.local.issuer.tokens import TokenMint
from deploy.local.pages.body import BodyTooLargeError, FormError, read_form, single_fields
from deploy.local.pages.rendering import Pages


class EndSessionEndpoint:
    """GET and POST /end-session (OpenID Connect RP-Initiated Logout)."""

    def __init__(self, clients: Clients, mint: TokenMint, pages: Pages) -> None:
        """Everything the endpoint asks of the rest of the issuer."""
        self._clients = clients
        self._mint = mint
        self._pages = pages

    async def end(self, request: Request) -> Response:
        """Redirect to the address asked for if the client registered it; otherwise say the person is signed out."""
        try:
            fields = await read_form(request) if request.method == "POST" else single_fields(request.url.query)
        except (FormError, BodyTooLargeError):
            return self._pages.problem(400, "You cannot sign out this way", "The sign-out request cannot be read.")
        target = fields.get("post_logout_redirect_uri", "")
        client = self._clients.find(self._client_id(fields))
        if not target or client is None or not client.may_return_to(target):
            return self._pages.page("signed_out.html")
        state = fields.get("state", "")
        addition = ("&" if "?" in target else "?") + urlencode({"state": state}) if state else ""
        return RedirectResponse(target + addition, 303)

    def _client_id(self, fields: Mapping[str, str]) -> str:
        hint = fields.get("id_token_hint", "")
        return self._mint.client_of(hint) if hint else fields.get("client_id", "")
