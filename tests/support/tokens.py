"""A token issuer for tests: signs access tokens with its own key and serves that key as a JWKS on loopback."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import ECKey

AUDIENCE = "rjhub"


class TestIssuer:
    """Serves discovery, `/jwks` and client-credentials `/token` on a free loopback port until closed.

    Use as a context manager, or call `close()`. `url` is both the issuer claim and the place to find the keys.
    `clients` maps a client id to its secret and the roles its tokens carry, for tests of service sign-in.
    """

    __test__ = False  # the name starts with Test, but pytest must not collect it

    def __init__(self, clients: dict[str, tuple[str, tuple[str, ...]]] | None = None) -> None:
        self.clients = clients or {}
        self.key_requests = 0
        self.token_requests = 0
        self._keys = [_new_key("test-key-1")]
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def token(
        self,
        subject: str,
        roles: Iterable[str],
        agency: str = "",
        unit: str = "",
        *,
        audience: str = AUDIENCE,
        issuer: str = "",
        lifetime_seconds: int = 600,
        **claims: Any,
    ) -> str:
        """A signed access token; a negative lifetime gives an expired one, other claims are added as given."""
        now = int(time.time())
        payload: dict[str, Any] = {
            "iss": issuer or self.url,
            "aud": audience,
            "iat": min(now, now + lifetime_seconds),
            "exp": now + lifetime_seconds,
            "sub": subject,
            "roles": list(roles),
        }
        if agency:
            payload["agency"] = agency
        if unit:
            payload["unit"] = unit
        key = self._keys[-1]
        return jwt.encode({"alg": "ES256", "kid": key.kid}, {**payload, **claims}, key, algorithms=["ES256"])

    def rotate(self) -> None:
        """Signs with a new key from now on; the JWKS then holds the old and the new one."""
        self._keys.append(_new_key(f"test-key-{len(self._keys) + 1}"))

    def jwks(self) -> dict[str, Any]:
        """The public keys as the JWKS endpoint gives them."""
        return {"keys": [key.as_dict(private=False) for key in self._keys]}

    def close(self) -> None:
        """Stops serving; tokens already signed stay as they are."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _new_key(key_id: str) -> ECKey:
    return ECKey.generate_key("P-256", parameters={"kid": key_id, "use": "sig", "alg": "ES256"}, private=True)


def _handler_for(issuer: TestIssuer) -> type[BaseHTTPRequestHandler]:
    """A request handler bound to one issuer, because the standard library builds handlers by class."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/.well-known/openid-configuration":
                self._answer(
                    200,
                    {
                        "issuer": issuer.url,
                        "jwks_uri": f"{issuer.url}/jwks",
                        "token_endpoint": f"{issuer.url}/token",
                        "authorization_endpoint": f"{issuer.url}/authorize",
                        "end_session_endpoint": f"{issuer.url}/end-session",
                    },
                )
            elif self.path == "/jwks":
                issuer.key_requests += 1
                self._answer(200, issuer.jwks())
            else:
                self._answer(404, {"error": "not_found"})

        def do_POST(self) -> None:
            client_id, given_secret = self._credentials()
            secret, roles = issuer.clients.get(client_id, ("", ()))
            if self.path != "/token" or not secret or given_secret != secret:
                self._answer(401, {"error": "invalid_client"})
                return
            issuer.token_requests += 1
            token = issuer.token(client_id, roles)
            self._answer(200, {"access_token": token, "token_type": "Bearer", "expires_in": 600})

        def _credentials(self) -> tuple[str, str]:
            """The client's id and secret, from the Authorization header (Basic) or else from the form."""
            form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode())
            scheme, _, encoded = self.headers.get("Authorization", "").partition(" ")
            if scheme == "Basic":
                client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
                return client_id, secret
            return form.get("client_id", [""])[0], form.get("client_secret", [""])[0]

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            """Quiet: test output shows the tests' own logs only."""

    return Handler
