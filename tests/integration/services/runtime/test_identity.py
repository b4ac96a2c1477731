"""Only a token the issuer signed for us, still good, makes a caller; every other one gets its own code."""

import base64
import json
import time
from collections.abc import Iterator

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from services.runtime.identity import ServiceTokens, TokenVerifier
from services.runtime.refusal import Kind, Refused
from tests.support.tokens import TestIssuer

CLIENT: dict[str, tuple[str, tuple[str, ...]]] = {"worker": ("s3cret", ("service.worker",))}


class Clock:
    """Time a test sets."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def issuer() -> Iterator[TestIssuer]:
    with TestIssuer(CLIENT) as issuer:
        yield issuer


@pytest.fixture
def verifier(issuer: TestIssuer) -> TokenVerifier:
    return TokenVerifier(issuer.url)


async def code_of(verifier: TokenVerifier, token: str) -> str:
    with pytest.raises(Refused) as refused:
        await verifier.verify(token)
    assert refused.value.kind is Kind.UNAUTHENTICATED
    (code,) = refused.value.codes
    return code


def unsigned(header: dict[str, object], claims: dict[str, object]) -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims))
    return ".".join([*parts, ""])


async def test_a_good_token_makes_its_caller(issuer: TestIssuer, verifier: TokenVerifier) -> None:
    token = issuer.token("staff-7", ["coordinator", "lead"], agency="agency-1", unit="unit-2")
    caller = await verifier.verify(token)
    assert (caller.subject, caller.roles) == ("staff-7", frozenset({"coordinator", "lead"}))
    assert (caller.agency_id, caller.unit_id, caller.token) == ("agency-1", "unit-2", token)
    assert token not in repr(caller)


async def test_a_token_is_checked_once_and_forgotten_when_it_expires(issuer: TestIssuer) -> None:
    clock = Clock(time.time())
    verifier = TokenVerifier(issuer.url, clock=clock)
    token = issuer.token("staff-7", [], lifetime_seconds=60)
    assert await verifier.verify(token) is await verifier.verify(token)
    clock.now += 66
    assert await code_of(verifier, token) == "token_expired"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lifetime_seconds": -60}, "token_expired"),
        ({"audience": "another"}, "token_audience"),
        ({"issuer": "http://issuer.example.org"}, "token_issuer"),
        ({"nbf": time.time() + 3600}, "token_malformed"),
        ({"exp": "soon"}, "token_malformed"),
        ({"sub": ""}, "token_malformed"),
        ({"exp": float("nan")}, "token_malformed"),
        ({"exp": True}, "token_malformed"),
        ({"exp": 10**400}, "token_malformed"),
    ],
)
async def test_a_wrong_claim(issuer: TestIssuer, verifier: TokenVerifier, change: dict[str, object], code: str) -> None:
    arguments = {"roles": ["lead"], **change}
    subject = str(arguments.pop("sub", "staff-7"))
    assert await code_of(verifier, issuer.token(subject, **arguments)) == code  # type: ignore[arg-type]  # on purpose


async def test_roles_of_a_wrong_kind(issuer: TestIssuer, verifier: TokenVerifier) -> None:
    assert await code_of(verifier, issuer.token("staff-7", [1])) == "token_malformed"  # type: ignore[list-item]  # on purpose


@pytest.mark.parametrize("token", ["x", "a.b.c", "....", "é.é.é", "a" * 9000, "bnVsbA.e30.x", "\udc80.a.b"])
async def test_garbage(verifier: TokenVerifier, token: str) -> None:
    assert await code_of(verifier, token) == "token_malformed"


async def test_nothing(verifier: TokenVerifier) -> None:
    assert await code_of(verifier, "") == "token_missing"


async def test_no_signature_at_all(issuer: TestIssuer, verifier: TokenVerifier) -> None:
    claims = {"iss": issuer.url, "aud": "rjhub", "sub": "staff-7", "exp": time.time() + 60, "roles": ["administrator"]}
    for algorithm in ("none", "None", "HS256", None):
        token = unsigned({"alg": algorithm, "kid": "test-key-1"}, claims)
        assert await code_of(verifier, token) == "token_algorithm"
    assert await code_of(verifier, unsigned({"alg": "ES256", "kid": "test-key-1"}, claims)) == "token_signature"


async def test_forged_with_another_key_of_the_same_name(issuer: TestIssuer, verifier: TokenVerifier) -> None:
    claims = {"iss": issuer.url, "aud": "rjhub", "sub": "staff-7", "exp": int(time.time()) + 60, "roles": []}
    forged = jwt.encode({"alg": "ES256", "kid": "test-key-1"}, claims, ECKey.generate_key("P-256"))
    assert await code_of(verifier, forged) == "token_signature"
    other_type = jwt.encode({"alg": "RS256", "kid": "test-key-1"}, claims, RSAKey.generate_key(2048))
    assert await code_of(verifier, other_type) == "token_signature"
    confused = jwt.encode({"alg": "HS256", "kid": "test-key-1"}, claims, OctKey.generate_key(256))
    assert await code_of(verifier, confused) == "token_algorithm"


async def test_changed_on_the_way(issuer: TestIssuer, verifier: TokenVerifier) -> None:
    header, _, signature = issuer.token("staff-7", ["referrer"]).split(".")
    claims = unsigned({}, {"iss": issuer.url, "aud": "rjhub", "sub": "x", "exp": time.time() + 60, "roles": ["lead"]})
    assert await code_of(verifier, f"{header}.{claims.split('.')[1]}.{signature}") == "token_signature"


async def test_an_unknown_key_costs_one_refresh_only(issuer: TestIssuer, verifier: TokenVerifier) -> None:
    claims = {"iss": issuer.url, "aud": "rjhub", "sub": "staff-7", "exp": int(time.time()) + 60, "roles": []}
    for number in range(20):
        forged = jwt.encode({"alg": "ES256", "kid": f"no-such-{number}"}, claims, ECKey.generate_key("P-256"))
        assert await code_of(verifier, forged) == "token_key_unknown"
    assert issuer.key_requests == 1


async def test_a_rotated_key_is_fetched(issuer: TestIssuer) -> None:
    clock = Clock(time.time())
    verifier = TokenVerifier(issuer.url, clock=clock)
    await verifier.verify(issuer.token("staff-7", []))
    issuer.rotate()
    clock.now += 6
    assert (await verifier.verify(issuer.token("staff-8", []))).subject == "staff-8"
    assert issuer.key_requests == 2


async def test_an_issuer_that_is_away_stops_only_new_keys(issuer: TestIssuer) -> None:
    clock = Clock(time.time())
    verifier = TokenVerifier(issuer.url, clock=clock)
    await verifier.verify(issuer.token("staff-7", []))
    later = issuer.token("staff-8", [], lifetime_seconds=7200)
    issuer.rotate()
    with_new_key = issuer.token("staff-9", [], lifetime_seconds=7200)
    issuer.close()
    clock.now += 700
    assert (await verifier.verify(later)).subject == "staff-8"
    clock.now += 6
    with pytest.raises(Refused) as refused:
        await verifier.verify(with_new_key)
    assert (refused.value.kind, refused.value.codes) == (Kind.UNAVAILABLE, ("issuer_unavailable",))


async def test_a_service_signs_in_once_and_renews_in_time(issuer: TestIssuer) -> None:
    clock = Clock(0)
    tokens = ServiceTokens(issuer.url, "worker", "s3cret", clock=clock)
    first = await tokens.token()
    assert await tokens.token() == first
    clock.now = 481
    await tokens.token()
    assert issuer.token_requests == 2


async def test_a_service_keeps_its_token_while_the_issuer_is_away() -> None:
    clock = Clock(0)
    away = False

    def answer(request: httpx2.Request) -> httpx2.Response:
        if away:
            raise httpx2.ConnectError("away")
        if request.method == "GET":
            return httpx2.Response(200, json={"token_endpoint": "http://issuer.example.org/token"})
        return httpx2.Response(200, json={"access_token": "t", "expires_in": 100})

    tokens = ServiceTokens("http://issuer.example.org", "a", "b", transport=httpx2.MockTransport(answer), clock=clock)
    assert await tokens.token() == "t"
    away, clock.now = True, 90
    assert await tokens.token() == "t"
    clock.now = 96
    with pytest.raises(Refused) as refused:
        await tokens.token()
    assert refused.value.codes == ("issuer_unavailable",)


async def test_a_service_with_wrong_credentials(issuer: TestIssuer) -> None:
    with pytest.raises(Refused) as refused:
        await ServiceTokens(issuer.url, "worker", "wrong").token()
    assert (refused.value.kind, refused.value.codes) == (Kind.UNAUTHENTICATED, ("service_credentials",))


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"jwks_uri": "http://i.example.org/jwks", "keys": 5}'])
async def test_an_issuer_that_talks_nonsense(body: bytes) -> None:
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(200, content=body))
    token = unsigned({"alg": "ES256", "kid": "k"}, {}) + "x"
    with pytest.raises(Refused) as refused:
        await TokenVerifier("http://i.example.org", transport=transport).verify(token)
    assert refused.value.kind is Kind.UNAVAILABLE
