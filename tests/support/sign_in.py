"""Signs a fictional person in at the local issuer, as a browser and the public client `demo` would."""

import base64
import hashlib
import secrets
from urllib.parse import parse_qs, urlsplit

import httpx2

CLIENT_ID = "demo"
REDIRECT_URI = "http://127.0.0.1:1/signed-in"  # never followed: the answer is read off the redirect


async def sign_in(issuer_url: str, staff_id: str) -> str:
    """The person's access token, by authorization code with PKCE; raises AssertionError when the issuer refuses."""
    verifier = secrets.token_urlsafe(48)
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
    async with httpx2.AsyncClient(base_url=issuer_url.rstrip("/"), trust_env=False, timeout=10.0) as client:
        redirect = await client.get("/authorize", params=question, follow_redirects=False)
        assert redirect.status_code == 303, f"the issuer answered {redirect.status_code}"
        answer = parse_qs(urlsplit(redirect.headers["location"]).query)
        assert "code" in answer, f"the issuer refused: {answer.get('error')}"
        assert answer["state"] == [state], "the issuer answered another question"
        exchange = {
            "grant_type": "authorization_code",
            "client_id": CLIENT_ID,
            "code": answer["code"][0],
            "redirect_uri": REDIRECT_URI,
            "code_verifier": verifier,
        }
        tokens = await client.post("/token", data=exchange)
        assert tokens.status_code == 200, f"the issuer answered {tokens.status_code}"
        return str(tokens.json()["access_token"])
