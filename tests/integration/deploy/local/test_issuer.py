"""The local issuer over real HTTP: the whole sign-in with PKCE, every refusal, services' tokens, rotation, sign-out."""

import base64
import hashlib
import re
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from deploy.local.issuer.app import build_app
from deploy.local.issuer.clients import Client, Clients
from deploy.local.issuer.keys import KeyRing
from deploy.local.issuer.people import People
from deploy.local.region.reading import DEFAULT_FOLDER, read_region
from deploy.local.sign_in import REDIRECT_URI, sign_in
from services.runtime.identity import ServiceTokens, TokenVerifier
from services.runtime.refusal import Refused
from tests.support.local_web import served

BACK = "http://127.0.0.1:9/signed-in"
SECRET = "console-secret"
VERIFIER = secrets.token_urlsafe(48)
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
QUESTION = {
    "response_type": "code", "client_id": "console", "redirect_uri": BACK, "scope": "openid", "state": "s t&ate",
    "nonce": "n-0", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
}  # fmt: skip
CLIENTS = {
    "console": Client(secret=SECRET, redirect_uris=(BACK,), post_logout_redirect_uris=("http://127.0.0.1:9/",)),
    "demo": Client(redirect_uris=(REDIRECT_URI,)),
    "worker": Client(secret="worker-secret", roles=("service.worker",)),
}


class Clock:
    """The real time, moved forward when told to."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class Running:
    """An issuer under test."""

    url: str
    client: httpx2.AsyncClient
    clock: Clock
    keys: KeyRing

    async def ask(self, **changes: str | None) -> httpx2.Response:
        question = {name: value for name, value in {**QUESTION, **changes}.items() if value is not None}
        return await self.client.get("/authorize", params=question)

    async def code(self, **changes: str | None) -> str:
        return answer_of(await self.ask(login_hint="S131", **changes))["code"]

    async def exchange(self, code: str, **changes: str) -> httpx2.Response:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
        return await self.client.post("/token", data={**form, **changes}, auth=("console", SECRET))

    async def token(self, form: dict[str, str], auth: tuple[str, str] | None = None) -> httpx2.Response:
        if auth is None:
            return await self.client.post("/token", data=form)
        return await self.client.post("/token", data=form, auth=auth)

    async def claims(self, token: str) -> tuple[dict[str, object], dict[str, object]]:
        keys = KeySet.import_key_set((await self.client.get("/jwks")).json())
        decoded = jwt.decode(token, keys, algorithms=["ES256"])
        return decoded.header, decoded.claims


@pytest.fixture
async def issuer(tmp_path: Path) -> AsyncIterator[Running]:
    clock, keys = Clock(), KeyRing(tmp_path / "keys")
    people = People(read_region(DEFAULT_FOLDER))
    async with (
        served(lambda url: build_app(url, Clients(CLIENTS), people, keys, clock=clock)) as url,
        httpx2.AsyncClient(base_url=url, trust_env=False) as client,
    ):
        yield Running(url, client, clock, keys)


def answer_of(redirect: httpx2.Response) -> dict[str, str]:
    assert redirect.status_code == 303, redirect.text
    location = redirect.headers["location"]
    assert location.startswith(f"{BACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def refused(response: httpx2.Response, code: str, status_code: int = 400) -> bool:
    assert (response.status_code, response.json()["error"]) == (status_code, code), response.text
    return response.headers["cache-control"] == "no-store"


async def test_a_person_chosen_on_the_page_signs_in(issuer: Running) -> None:
    page = await issuer.ask()
    assert page.status_code == 200
    assert "Choose who to sign in as" in page.text
    assert "Marguerite Oakapple" in page.text
    assert "advanced level, paid" in page.text
    assert "form-action 'self' http://127.0.0.1:9" in page.headers["content-security-policy"]
    handle = re.findall(r'name="request" value="([^"]+)"', page.text)[0]
    answer = answer_of(await issuer.client.post("/authorize/choice", data={"request": handle, "staff": "S131"}))
    assert answer["state"] == "s t&ate"
    assert answer["iss"] == issuer.url
    tokens = (await issuer.exchange(answer["code"])).json()
    header, access = await issuer.claims(tokens["access_token"])
    assert header["alg"] == "ES256"
    assert header["kid"] == issuer.keys.signing_key().kid
    issued_at = int(str(access["iat"]))
    assert access == {
        "iss": issuer.url, "aud": "rjhub", "sub": "S131", "roles": ["facilitator"], "agency": "hub",
        "unit": "hub-central", "iat": issued_at, "exp": issued_at + 3600,
    }  # fmt: skip
    _, identity = await issuer.claims(tokens["id_token"])
    assert (identity["aud"], identity["name"], identity["nonce"]) == ("console", "Marguerite Oakapple", "n-0")
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 3600


async def test_the_page_serves_only_the_browser_it_was_shown_to_and_only_once(issuer: Running) -> None:
    page = await issuer.ask()
    handle = re.findall(r'name="request" value="([^"]+)"', page.text)[0]
    choice = {"request": handle, "staff": "S131"}
    async with httpx2.AsyncClient(base_url=issuer.url, trust_env=False) as elsewhere:
        assert (await elsewhere.post("/authorize/choice", data=choice)).status_code == 400
    assert (await issuer.client.post("/authorize/choice", data={**choice, "staff": "S999"})).status_code == 400
    assert (await issuer.client.post("/authorize/choice", data=choice)).status_code == 303
    assert (await issuer.client.post("/authorize/choice", data=choice)).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "unknown"}, {"client_id": None}, {"redirect_uri": None}, {"redirect_uri": BACK + "/"},
        {"redirect_uri": "http://evil.example.org/"}, {"redirect_uri": BACK + "?a=b"}, {"client_id": "worker"},
    ],
)  # fmt: skip
async def test_an_unregistered_address_is_never_redirected_to(issuer: Running, changes: dict[str, str | None]) -> None:
    response = await issuer.ask(login_hint="S131", **changes)
    assert response.status_code == 400
    assert "location" not in response.headers
    assert "evil" not in response.text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"request": "abc"}, "request_not_supported"),
        ({"state": "x" * 1025}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"login_hint": "S999"}, "access_denied"),
    ],
)
async def test_a_faulty_question_is_refused_at_the_client(
    issuer: Running, changes: dict[str, str | None], code: str
) -> None:
    answer = answer_of(await issuer.ask(**changes))
    assert answer["error"] == code
    assert answer["state"] == changes.get("state", QUESTION["state"])
    assert "code" not in answer


async def test_a_question_with_a_field_twice_is_refused(issuer: Running) -> None:
    assert (await issuer.client.get("/authorize?client_id=console&client_id=demo")).status_code == 400


async def test_a_wrong_verifier_is_refused_and_spends_the_code(issuer: Running) -> None:
    code = await issuer.code()
    assert refused(await issuer.exchange(code, code_verifier="x" * 43), "invalid_grant")
    assert refused(await issuer.exchange(code), "invalid_grant")


async def test_a_code_is_good_once_and_its_second_use_ends_the_sign_in(issuer: Running) -> None:
    code = await issuer.code()
    tokens = (await issuer.exchange(code)).json()
    assert refused(await issuer.exchange(code), "invalid_grant")
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert refused(await issuer.token(form, ("console", SECRET)), "invalid_grant")


async def test_a_code_is_bound_to_client_address_and_time(issuer: Running) -> None:
    assert refused(await issuer.exchange(await issuer.code(), redirect_uri=REDIRECT_URI), "invalid_grant")
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, "code_verifier": VERIFIER, "client_id": "demo"}
    assert refused(await issuer.token({**form, "code": await issuer.code()}), "invalid_grant")
    code = await issuer.code()
    issuer.clock.ahead += 61
    assert refused(await issuer.exchange(code), "invalid_grant")


async def test_a_refresh_token_is_good_once_and_for_its_own_client(issuer: Running) -> None:
    first = (await issuer.exchange(await issuer.code())).json()
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = (await issuer.token(form, ("console", SECRET))).json()
    _, access = await issuer.claims(second["access_token"])
    _, identity = await issuer.claims(second["id_token"])
    assert access["sub"] == "S131"
    assert "nonce" not in identity
    stolen = {**form, "refresh_token": second["refresh_token"], "client_id": "demo"}
    assert refused(await issuer.token(stolen), "invalid_grant")
    assert refused(await issuer.token(form, ("console", SECRET)), "invalid_grant")


async def test_a_service_gets_a_token_of_its_own_roles(issuer: Running) -> None:
    response = await issuer.token({"grant_type": "client_credentials"}, ("worker", "worker-secret"))
    assert "refresh_token" not in response.json()
    _, claims = await issuer.claims(response.json()["access_token"])
    assert (claims["sub"], claims["roles"], claims["aud"]) == ("worker", ["service.worker"], "rjhub")
    assert "agency" not in claims
    assert "name" not in claims


async def test_token_requests_that_break_a_rule_are_refused_by_its_code(issuer: Running) -> None:
    worker, console = ("worker", "worker-secret"), ("console", SECRET)
    wrong = await issuer.token({"grant_type": "client_credentials"}, ("worker", "wrong-secret"))
    assert refused(wrong, "invalid_client", 401)
    assert wrong.headers["www-authenticate"].startswith("Basic")
    assert refused(await issuer.token({"grant_type": "client_credentials"}, console), "unauthorized_client")
    public = {"grant_type": "client_credentials", "client_id": "demo"}
    assert refused(await issuer.token(public), "unauthorized_client")
    assert refused(await issuer.token({"grant_type": "password"}, worker), "unsupported_grant_type")
    assert refused(await issuer.token({"a": "b"}, worker), "invalid_request")
    assert refused(await issuer.token({"grant_type": "authorization_code"}, console), "invalid_request")
    assert refused(await issuer.token({"grant_type": "refresh_token"}, console), "invalid_request")
    as_json = await issuer.client.post("/token", json={"grant_type": "client_credentials"}, auth=worker)
    assert refused(as_json, "invalid_request")
    form = {"content-type": "application/x-www-form-urlencoded"}
    for body in ("grant_type=a&grant_type=b", "grant_type=%ff", "x=" + "y" * 40_000):
        response = await issuer.client.post("/token", content=body, headers=form, auth=worker)
        assert refused(response, "invalid_request")
        assert "yyy" not in response.text


async def test_our_verifier_takes_the_tokens_and_follows_a_rotation(issuer: Running) -> None:
    verifier = TokenVerifier(issuer.url)
    caller = await verifier.verify(await sign_in(issuer.url, "S121"))
    assert (caller.subject, caller.agency_id, caller.unit_id) == ("S121", "westmarch-police", "police-birmingham")
    old = await sign_in(issuer.url, "S101")
    issuer.keys.rotate()
    later = TokenVerifier(issuer.url)
    assert (await later.verify(await sign_in(issuer.url, "S101"))).unit_id == ""
    assert (await later.verify(old)).roles == {"coordinator"}
    token = await ServiceTokens(issuer.url, "worker", "worker-secret").token()
    assert (await later.verify(token)).roles == {"service.worker"}


async def test_an_identity_token_opens_nothing(issuer: Running) -> None:
    tokens = (await issuer.exchange(await issuer.code())).json()
    with pytest.raises(Refused, match="token_audience"):
        await TokenVerifier(issuer.url).verify(tokens["id_token"])


async def test_signing_out_leads_only_to_registered_addresses(issuer: Running) -> None:
    hint = (await issuer.exchange(await issuer.code())).json()["id_token"]
    home = "http://127.0.0.1:9/"
    back = await issuer.client.get(
        "/end-session", params={"id_token_hint": hint, "post_logout_redirect_uri": home, "state": "x"}
    )
    assert (back.status_code, back.headers["location"]) == (303, f"{home}?state=x")
    for question in (
        {"id_token_hint": hint, "post_logout_redirect_uri": "http://evil.example.org/"},
        {"id_token_hint": "a.b.c", "post_logout_redirect_uri": home},
        {"client_id": "demo", "post_logout_redirect_uri": home},
        {},
    ):
        page = await issuer.client.get("/end-session", params=question)
        assert page.status_code == 200
        assert "You have signed out" in page.text


async def test_discovery_names_endpoints_that_answer(issuer: Running) -> None:
    document = (await issuer.client.get("/.well-known/openid-configuration")).json()
    assert document["issuer"] == issuer.url
    assert document["code_challenge_methods_supported"] == ["S256"]
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"):
        response = await issuer.client.request("POST" if name == "token_endpoint" else "GET", document[name])
        assert response.status_code in (200, 400)


async def test_another_host_name_is_refused(issuer: Running) -> None:
    response = await issuer.client.get("/jwks", headers={"host": "rebound.example.org"})
    assert response.status_code == 400
