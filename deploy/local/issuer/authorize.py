"""The authorization endpoint: checks what an application asks for, lets a person be chosen, answers with a code."""

import re
import secrets
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from deploy.local.issuer.clients import Clients
from deploy.local.issuer.grants import Grants, PendingSignIn
from deploy.local.issuer.oauth_error import OAuthError
from deploy.local.issuer.people import People
from deploy.local.pages.body import BodyTooLargeError, FormError, read_form, single_fields
from deploy.local.pages.protection import content_policy
from deploy.local.pages.rendering import Pages

_BROWSER_COOKIE = "rjhub_issuer_browser"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # base64url of a SHA-256 (RFC 7636 section 4.2)
_TEXT_MAX = 1024


class AuthorizationEndpoint:
    """GET /authorize and the choice made on its page."""

    def __init__(self, issuer_url: str, clients: Clients, people: People, grants: Grants, pages: Pages) -> None:
        """Everything the endpoint asks of the rest of the issuer."""
        self._issuer_url = issuer_url
        self._clients = clients
        self._people = people
        self._grants = grants
        self._pages = pages

    async def ask(self, request: Request) -> Response:
        """Answer an authorization request: the page of people, a redirect with a code (`login_hint`), or a refusal.

        A request whose client or redirect address is not registered is refused on a page: sending the browser to an
        address nobody registered would make this an open redirect.
        """
        try:
            fields = single_fields(request.url.query)
        except FormError:
            return self._refusal_page("The application sent a sign-in request that cannot be read.")
        client = self._clients.find(fields.get("client_id", ""))
        redirect_uri = fields.get("redirect_uri", "")
        if client is None:
            return self._refusal_page("The application is not registered here.")
        if not redirect_uri or redirect_uri not in client.redirect_uris:
            return self._refusal_page("The application's return address is not registered here.")
        state = fields.get("state", "")
        try:
            browser = request.cookies.get(_BROWSER_COOKIE) or secrets.token_urlsafe(24)
            pending = _checked(fields, browser)
            if hinted := fields.get("login_hint", ""):
                return self._signed_in(pending, hinted)
            if fields.get("prompt") == "none":
                raise OAuthError("login_required", "A person has to be chosen on the page.")
        except OAuthError as error:
            problem = {"error": error.code, "error_description": error.sentence}
            return self._back_to(redirect_uri, state, problem)
        return self._people_page(pending)

    async def choose(self, request: Request) -> Response:
        """Take the choice made on the page: only from the browser that was shown it, only once."""
        try:
            fields = await read_form(request)
        except (FormError, BodyTooLargeError):
            return self._refusal_page("The choice cannot be read. Go back to the application and sign in again.")
        pending = self._grants.pending.peek(fields.get("request", ""))
        browser = request.cookies.get(_BROWSER_COOKIE, "")
        if pending is None or not secrets.compare_digest(browser.encode(), pending.browser.encode()):
            return self._refusal_page("This page is too old or was opened elsewhere. Go back and sign in again.")
        if self._people.find(fields.get("staff", "")) is None:
            return self._refusal_page("Nobody of this region was chosen. Go back and choose someone.")
        self._grants.pending.redeem(fields["request"])
        return self._signed_in(pending, fields["staff"])

    def _signed_in(self, pending: PendingSignIn, staff_id: str) -> Response:
        if self._people.find(staff_id) is None:
            raise OAuthError("access_denied", "Nobody of this region has that staff id.")
        code = self._grants.code_for(pending, staff_id)
        return self._back_to(pending.redirect_uri, pending.state, {"code": code})

    def _back_to(self, redirect_uri: str, state: str, answer: Mapping[str, str]) -> Response:
        parts = urlsplit(redirect_uri)
        # `iss` lets an application that knows several issuers see whose answer this is (RFC 9207).
        added = urlencode({**answer, **({"state": state} if state else {}), "iss": self._issuer_url})
        query = f"{parts.query}&{added}" if parts.query else added
        return RedirectResponse(urlunsplit(parts._replace(query=query)), 303)

    def _people_page(self, pending: PendingSignIn) -> Response:
        handle = self._grants.pending.issue(pending)
        response = self._pages.page("choose.html", agencies=self._people.agencies, handle=handle)
        target = urlsplit(pending.redirect_uri)
        # Browsers hold form-action against the redirect that follows the form too.
        form_action = f"'self' {target.scheme}://{target.netloc}"
        response.headers["content-security-policy"] = content_policy(form_action)
        response.set_cookie(_BROWSER_COOKIE, pending.browser, httponly=True, samesite="lax", path="/authorize")
        return response

    def _refusal_page(self, sentence: str) -> Response:
        return self._pages.problem(400, "You cannot sign in this way", sentence)


def _checked(fields: Mapping[str, str], browser: str) -> PendingSignIn:
    """The request when it keeps every rule; raises OAuthError for the first one broken."""
    if fields.get("response_type") != "code":
        code = "unsupported_response_type" if fields.get("response_type") else "invalid_request"
        raise OAuthError(code, "The response type must be code.")
    if fields.get("response_mode", "query") != "query":
        raise OAuthError("invalid_request", "The response mode must be query.")
    if "request" in fields or "request_uri" in fields:
        raise OAuthError("request_not_supported", "Request objects are not supported.")
    if fields.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(fields.get("code_challenge", "")):
        raise OAuthError("invalid_request", "A code challenge with the method S256 is required.")
    if any(len(fields.get(name, "")) > _TEXT_MAX for name in ("state", "nonce")):
        raise OAuthError("invalid_request", "State and nonce may have at most 1024 characters.")
    return PendingSignIn(
        client_id=fields["client_id"],
        redirect_uri=fields["redirect_uri"],
        challenge=fields["code_challenge"],
        wants_identity="openid" in fields.get("scope", "").split(),
        state=fields.get("state", ""),
        nonce=fields.get("nonce", ""),
        browser=browser,
    )
