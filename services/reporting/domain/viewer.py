"""Who is looking, and which cases that lets them see: whole, coarsely, or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from services.runtime.refusal import Kind, Refusal, Refused

SEE_ALL_ROLES = frozenset({"coordinator", "lead", "operator"})
OWN_CASES_ROLES = frozenset({"facilitator", "specialist"})


@dataclass(frozen=True, slots=True)
class Scope:
    """The cases someone may see; an empty id opens nothing.

    `everything`, `unit_id` and `facilitator_id` open whole cases, `referrer_agency_id` only their coarse side (R-013).
    """

    everything: bool = False
    unit_id: str = ""
    facilitator_id: str = ""
    referrer_agency_id: str = ""

    @property
    def sees_whole_cases(self) -> bool:
        """Whether any case may be seen whole."""
        return self.everything or bool(self.unit_id or self.facilitator_id)


@dataclass(frozen=True, slots=True)
class Viewer:
    """The caller as reporting needs to know them: subject, roles, agency and satellite unit ("" when none)."""

    subject: str
    roles: frozenset[str]
    agency_id: str
    unit_id: str

    def scope(self) -> Scope:
        """The cases the viewer may see; several roles add up."""
        return Scope(
            everything=not self.roles.isdisjoint(SEE_ALL_ROLES),
            unit_id=self.unit_id if "unit_lead" in self.roles else "",
            facilitator_id=self.subject if not self.roles.isdisjoint(OWN_CASES_ROLES) else "",
            referrer_agency_id=self.agency_id if "referrer" in self.roles else "",
        )


def unknown_case() -> Refused:
    """The one answer for a case that does not exist and for one outside the viewer's scope."""
    return Refused(Kind.NOT_FOUND, Refusal("unknown_case", "There is no such case.", field="case_id"))
