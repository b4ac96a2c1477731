"""The issuer as a web application: its routes, discovery document and keys."""

import time
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.local.issuer.authorize import AuthorizationEndpoint
from deploy.local.issuer.clients import Clients
from deploy.local.issuer.grants import Grants
from deploy.local.issuer.keys import KeyRing
from deploy.local.issuer.people import People
from deploy.local.issuer.sign_out import EndSessionEndpoint
from deploy.local.issuer.token_endpoint import TokenEndpoint
from deploy.local.issuer.tokens import TokenMint
from deploy.local.pages.protection import protection
from deploy.local.pages.rendering import Pages, style_route


def build_app(
    issuer_url: str, clients: Clients, people: People, keys: KeyRing, *, clock: Callable[[], float] = time.time
) -> Starlette:
    """The application; `clock` answers Unix seconds and is replaced in tests."""
    issuer_url = issuer_url.rstrip("/")
    pages = Pages(Path(__file__).parent / "templates", "RJ Hub sign-in")
    grants = Grants(clock)
    mint = TokenMint(issuer_url, keys, clock)
    authorization = AuthorizationEndpoint(issuer_url, clients, people, grants, pages)
    token = TokenEndpoint(clients, people, grants, mint)
    end_session = EndSessionEndpoint(clients, mint, pages)

    async def discovery(_request: Request) -> Response:
        return JSONResponse(_discovery(issuer_url))

    async def jwks(_request: Request) -> Response:
        return JSONResponse(keys.published())

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    routes = [
        Route("/.well-known/openid-configuration", discovery),
        Route("/jwks", jwks),
        Route("/authorize", authorization.ask),
        Route("/authorize/choice", authorization.choose, methods=["POST"]),
        Route("/token", token.exchange, methods=["POST"]),
        Route("/end-session", end_session.end, methods=["GET", "POST"]),
        Route("/healthz", healthz),
        style_route(),
    ]
    return Starlette(routes=routes, middleware=protection())


def _discovery(issuer_url: str) -> dict[str, object]:
    return {
        "issuer": issuer_url,
        "authorization_endpoint": f"{issuer_url}/authorize",
        "token_endpoint": f"{issuer_url}/token",
        "jwks_uri": f"{issuer_url}/jwks",
        "end_session_endpoint": f"{issuer_url}/end-session",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "scopes_supported": ["openid"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["sub", "roles", "agency", "unit", "name"],
        "authorization_response_iss_parameter_supported": True,
    }
