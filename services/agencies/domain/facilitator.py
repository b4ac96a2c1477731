"""A facilitator as allocation sees them: the person, what they are trained for, and how many cases they carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.agencies.domain.agency import SharingAgreement
from services.agencies.domain.staff import Practitioner, Staff


@dataclass(frozen=True, slots=True)
class Facilitator:
    """A member of staff who facilitates, with their agency's agreement and the places of capacity already taken."""

    staff: Staff
    practitioner: Practitioner
    sharing_agreement: SharingAgreement | None
    open_cases: int

    @property
    def has_capacity(self) -> bool:
        """Whether one more case fits."""
        return self.open_cases < self.practitioner.capacity_cases

    @property
    def load(self) -> float:
        """The share of the capacity that is taken; someone with no capacity at all is fully loaded."""
        if self.practitioner.capacity_cases == 0:
            return 1.0
        return self.open_cases / self.practitioner.capacity_cases

    def agreement_on(self, day: date) -> bool:
        """Whether their agency may share information on a day (R-130)."""
        return self.sharing_agreement is not None and self.sharing_agreement.covers(day)
