"""Who is asking: the bearer token of a request, and the actor it makes in a case."""

from __future__ import annotations

from functools import lru_cache

from starlette.requests import Request

from services.gateway.access import facts_of
from services.runtime.identity import Caller, TokenVerifier
from services.runtime.refusal import Kind, Refusal, Refused
from workflows.contracts.actor import Actor
from workflows.contracts.vocabulary import Role

# A participant acts through a link and the public without a token: a token that claims either role gets nowhere by it.
STAFF_ROLES = frozenset(Role) - {Role.PARTICIPANT, Role.PUBLIC}
_WORDS = {str(role): role for role in STAFF_ROLES}


class SignIn:
    """Lets people of the agencies in; services have no business at this API."""

    def __init__(self, verifier: TokenVerifier) -> None:
        """Check tokens with `verifier`."""
        self._verifier = verifier

    async def caller(self, request: Request) -> Caller:
        """The signed-in person; raises `Refused`: UNAUTHENTICATED `token_*`, or FORBIDDEN `role_not_allowed`."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        caller = await self._verifier.verify(token.strip() if scheme.lower() == "bearer" else "")
        facts_of(request).caller = caller.subject
        if caller.roles.isdisjoint(_WORDS):
            sentence = "None of your roles may use this. An administrator can give you one."
            raise Refused(Kind.FORBIDDEN, Refusal("role_not_allowed", sentence, who="administrator"))
        return caller


def actor_of(caller: Caller) -> Actor:
    """The caller as an actor in a case, with the roles of people only."""
    return Actor(
        actor_id=caller.subject, roles=_roles(caller.roles), agency_id=caller.agency_id, unit_id=caller.unit_id
    )


@lru_cache(maxsize=256)
def _roles(words: frozenset[str]) -> tuple[Role, ...]:
    return tuple(_WORDS[word] for word in sorted(words & _WORDS.keys()))
