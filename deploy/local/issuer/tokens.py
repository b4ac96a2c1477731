"""Makes the tokens: what an access token, an ID token and a service's token say, and for how long."""

from collections.abc import Callable

from joserfc import jwt
from joserfc.errors import JoseError

from deploy.local.issuer.keys import KeyRing
from deploy.local.issuer.people import SignInPerson

AUDIENCE = "rjhub"
ACCESS_TOKEN_SECONDS = 3600


class TokenMint:
    """Signs tokens with the newest key."""

    def __init__(self, issuer_url: str, keys: KeyRing, clock: Callable[[], float]) -> None:
        """`clock` answers Unix seconds."""
        self._issuer_url = issuer_url
        self._keys = keys
        self._clock = clock

    def for_person(self, person: SignInPerson) -> str:
        """An access token for a person: ids, roles, agency and unit, never a name."""
        return self._signed({"aud": AUDIENCE, **_who(person)})

    def for_service(self, client_id: str, roles: tuple[str, ...]) -> str:
        """An access token for a service's own calls."""
        return self._signed({"aud": AUDIENCE, "sub": client_id, "roles": list(roles)})

    def identity(self, person: SignInPerson, client_id: str, nonce: str, signed_in_at: float) -> str:
        """An ID token for the application the person signed in to; it alone carries the name, for display."""
        claims = {"aud": client_id, **_who(person), "name": person.name, "auth_time": int(signed_in_at)}
        if nonce:
            claims["nonce"] = nonce
        return self._signed(claims)

    def client_of(self, identity_token: str) -> str:
        """The client an ID token of ours was made for, expired or not; "" when it is not ours."""
        try:
            claims = jwt.decode(identity_token, self._keys.verification_keys(), algorithms=["ES256"]).claims
        except (JoseError, ValueError):
            return ""
        ours = claims.get("iss") == self._issuer_url and isinstance(claims.get("aud"), str)
        return str(claims["aud"]) if ours else ""

    def _signed(self, claims: dict[str, object]) -> str:
        key = self._keys.signing_key()
        now = int(self._clock())
        full = {"iss": self._issuer_url, "iat": now, "exp": now + ACCESS_TOKEN_SECONDS, **claims}
        return jwt.encode({"alg": "ES256", "kid": key.kid}, full, key, algorithms=["ES256"])


def _who(person: SignInPerson) -> dict[str, object]:
    claims: dict[str, object] = {"sub": person.staff_id, "roles": list(person.roles), "agency": person.agency_id}
    if person.unit_id:
        claims["unit"] = person.unit_id
    return claims
