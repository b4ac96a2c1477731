"""Who may see a case and who may write into it (R-131, R-076)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from services.runtime.refusal import Kind, Refusal, Refused

GATEWAY = "service.gateway"
_HUB_ROLES = frozenset({"coordinator", "lead"})
# Facilitators see a case through a grant of their own: volunteers of a unit see only their own cases.
_UNIT_ROLES = frozenset({"unit_lead", "specialist"})


class Reader(Protocol):
    """Whoever asks, as their token says."""

    @property
    def subject(self) -> str:
        """Their opaque id."""

    @property
    def roles(self) -> frozenset[str]:
        """Their roles."""

    @property
    def unit_id(self) -> str:
        """Their unit; empty = none."""


class GrantSubject(StrEnum):
    """What a grant is given to."""

    STAFF = "staff"
    UNIT = "unit"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class Grant:
    """Sight of a case for one member of staff, for a unit's lead and specialists, or for the hub (with no id)."""

    subject: GrantSubject
    subject_id: str

    def holds_for(self, reader: Reader) -> bool:
        """Whether the reader is meant."""
        match self.subject:
            case GrantSubject.STAFF:
                return bool(self.subject_id) and self.subject_id == reader.subject
            case GrantSubject.UNIT:
                in_unit = bool(self.subject_id) and self.subject_id == reader.unit_id
                return in_unit and not _UNIT_ROLES.isdisjoint(reader.roles)
            case GrantSubject.HUB:
                return _is_hub(reader)


@dataclass(frozen=True, slots=True)
class CaseAccess:
    """What is known of a case's visibility: who registered it ("" = nobody), and the grants once there are any."""

    registered_by: str
    grants: Set[Grant] | None

    @property
    def known(self) -> bool:
        """Whether there is such a case at all."""
        return bool(self.registered_by) or self.grants is not None

    def may_be_seen_by(self, reader: Reader) -> bool:
        """Whether a reader may see the case; in its first moments, before any grant, only the hub may."""
        if self.grants is None:
            return self.known and _is_hub(reader)
        return any(grant.holds_for(reader) for grant in self.grants)

    def may_be_written_by(self, reader: Reader) -> bool:
        """Whether a reader may add a note: those who see the case, those who registered it, people by the gateway.

        Whoever registered the referral answers questions about it without ever seeing the case (R-013).
        """
        if GATEWAY in reader.roles:
            return self.known
        return self.may_be_seen_by(reader) or (bool(self.registered_by) and self.registered_by == reader.subject)


def unknown_case() -> Refused:
    """The one answer for a case that is not there and for one the caller may not see."""
    sentence = "There is no such case, or it is not yours to see."
    return Refused(Kind.NOT_FOUND, Refusal("unknown_case", sentence, field="case_id"))


def unknown_person() -> Refused:
    """The answer for a person who is not of the case."""
    return Refused(Kind.NOT_FOUND, Refusal("unknown_person", "The case has no such person.", field="person_id"))


def case_taken() -> Refused:
    """The answer to a second registration under one case id: nobody gets into a case by registering it again."""
    sentence = "This case was registered by another request."
    return Refused(Kind.CONFLICT, Refusal("case_id_taken", sentence, field="case_id", who="caller"))


def _is_hub(reader: Reader) -> bool:
    return not _HUB_ROLES.isdisjoint(reader.roles)
