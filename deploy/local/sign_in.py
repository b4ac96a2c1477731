"""Signs a fictional person in at the local issuer, as a browser and the public client `demo` would."""

import base64
import hashlib
import secrets
from urllib.parse import parse_qs, urlsplit

import httpx2

from deploy.local.secrets import DEMO_REDIRECT

CLIENT_ID = "demo"
REDIRECT_URI = DEMO_REDIRECT  # never followed: the answer is read off the redirect
TIMEOUT_SECONDS = 10.0


class SignInError(Exception):
    """The issuer did not let the person in; the text says at which point, and never holds a code or a token."""


async def sign_in(issuer_url: str, staff_id: str) -> str:
    """The person's access token, by authorization code with PKCE; raises SignInError when the issuer refuses."""
    verifier = secrets.token_urlsafe(48)
    async with httpx2.AsyncClient(base_url=issuer_url.rstrip("/"), trust_env=False, timeout=TIMEOUT_SECONDS) as client:
        code = await _authorize(client, staff_id, verifier)
        exchange = {
            "grant_type": "authorization_code",
            "client_id": CLIENT_ID,
            "code": code,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": verifier,
        }
        tokens = await client.post("/token", data=exchange)
        if tokens.status_code != 200:
            raise SignInError(f"the issuer answered {tokens.status_code} when asked for a token")
        return str(tokens.json()["access_token"])


async def _authorize(client: httpx2.AsyncClient, staff_id: str, verifier: str) -> str:
    """The authorization code for the person."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    state = secrets.token_urlsafe(16)
    question = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "scope": "openid",
        "state": state,
        "nonce": secrets.token_urlsafe(16),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": staff_id,
    }
    redirect = await client.get("/authorize", params=question, follow_redirects=False)
    if redirect.status_code != 303:
        raise SignInError(f"the issuer answered {redirect.status_code} when asked to sign someone in")
    answer = parse_qs(urlsplit(redirect.headers["location"]).query)
    if "code" not in answer:
        raise SignInError(f"the issuer refused: {answer.get('error', ['no reason given'])[0]}")
    if answer.get("state") != [state]:
        raise SignInError("the issuer answered another question")
    return answer["code"][0]
