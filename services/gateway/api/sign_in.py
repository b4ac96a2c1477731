"""Who is asking: the bearer token of a request, and the actor it makes in a case."""

from __future__ import annotations

from functools import lru_cache

from starlette.requests import Request

from services.gateway.access import facts_of
from services.gateway.api.admission import Admission
from services.runtime.identity import Caller, TokenVerifier
from services.runtime.refusal import Kind, Refusal, Refused
from workflows.contracts.actor import Actor
from workflows.contracts.vocabulary import Role

# A participant acts through a link and the public without a token: a token that claims either role gets nowhere by it.
STAFF_ROLES = frozenset(Role) - {Role.PARTICIPANT, Role.PUBLIC}
_WORDS = {str(role): role for role in STAFF_ROLES}


class SignIn:
    """Lets people of the agencies in; services have no business at this API."""

    def __init__(self, verifier: TokenVerifier, admission: Admission) -> None:
        """Check tokens with `verifier`, and with `admission` whether their owner gets in at all."""
        self._verifier = verifier
        self._admission = admission

    async def caller(self, request: Request, urgent: bool = False) -> Caller:
        """The signed-in person. What is `urgent` goes on while agencies is away.

        Raises `Refused`: UNAUTHENTICATED `token_*`, FORBIDDEN `role_not_allowed` or as agencies says, UNAVAILABLE.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        caller = await self._verifier.verify(token.strip() if scheme.lower() == "bearer" else "")
        facts_of(request).caller = caller.subject
        if caller.roles.isdisjoint(_WORDS):
            sentence = "None of your roles may use this. An administrator can give you one."
            raise Refused(Kind.FORBIDDEN, Refusal("role_not_allowed", sentence, who="administrator"))
        await self._admission.admit(caller, urgent)
        return caller

    async def check_admitted(self, caller: Caller) -> None:
        """Raise `Refused` for a caller of an urgent request that turns out to be none, as if it had never been."""
        await self._admission.admit(caller)


def actor_of(caller: Caller) -> Actor:
    """The caller as an actor in a case, with the roles of people only."""
    return Actor(
        actor_id=caller.subject, roles=_roles(caller.roles), agency_id=caller.agency_id, unit_id=caller.unit_id
    )


@lru_cache(maxsize=256)
def _roles(words: frozenset[str]) -> tuple[Role, ...]:
    return tuple(_WORDS[word] for word in sorted(words & _WORDS.keys()))
