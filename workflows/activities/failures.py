"""How a service's refusal becomes a failure the engine understands: tried again, or final."""

from __future__ import annotations

from temporalio.exceptions import ApplicationError

from services.runtime.refusal import Kind, Refused

# What another try can mend: the service is away or busy, or our own token has just run out.
_PASSING = frozenset({Kind.UNAVAILABLE, Kind.TOO_MANY, Kind.UNAUTHENTICATED})


def as_failure(refused: Refused) -> ApplicationError:
    """A failure with the refusal's code as its type and nothing else in it; final unless another try can mend it."""
    code = refused.refusals[0].code if refused.refusals else "refused"
    return ApplicationError("refused by the service", type=code, non_retryable=refused.kind not in _PASSING)


def as_passing_failure(refused: Refused) -> ApplicationError:
    """The same, always to be tried again: for work that must not be given up, whatever a service says today."""
    code = refused.refusals[0].code if refused.refusals else "refused"
    return ApplicationError("refused by the service", type=code, non_retryable=False)
