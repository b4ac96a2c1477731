"""What a refusal is: a kind, stable codes and plain sentences, the same in every process and on every wire.

Standard library only, so that a service's domain may raise it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Why something was refused, in nine words that every wire (gRPC, HTTP, activity failure) can map."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    NOT_ALLOWED_NOW = "not_allowed_now"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason: a stable code, a sentence for a person, the field it is about and who can supply what is missing.

    The sentence never repeats what was sent, since that may be personal.
    """

    code: str
    sentence: str
    field: str = ""
    who: str = ""


class Refused(Exception):
    """A request was turned down for one or more stated reasons; its text is the codes alone."""

    kind: Kind
    refusals: tuple[Refusal, ...]

    def __init__(self, kind: Kind, *refusals: Refusal) -> None:
        """Raise `ValueError` without a reason: a refusal nobody can act on is a fault of ours."""
        if not refusals:
            raise ValueError("a refusal needs at least one reason")
        self.kind = kind
        self.refusals = refusals
        super().__init__(", ".join(self.codes))

    @property
    def codes(self) -> tuple[str, ...]:
        """The stable codes, in the order they were found."""
        return tuple(refusal.code for refusal in self.refusals)

    def __reduce__(self) -> tuple[type[Refused], tuple[Kind | Refusal, ...]]:
        """Pickle by kind and reasons; the default would pass the text to the constructor."""
        return type(self), (self.kind, *self.refusals)
