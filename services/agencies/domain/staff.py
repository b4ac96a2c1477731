"""The people who work in the service, and what makes one of them a facilitator (R-070)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum

STAFF_ROLES = frozenset(
    {
        "referrer",
        "coordinator",
        "lead",
        "facilitator",
        "unit_lead",
        "specialist",
        "commissioner",
        "administrator",
        "operator",
    }
)
"""The roles a person can have; service roles are never given to people."""

SPECIALISMS = frozenset({"domestic_abuse", "sexual_harm", "youth", "hate_crime"})
"""What a facilitator can be specially trained for (R-070)."""


class Level(IntEnum):
    """How far a facilitator is trained; a higher level includes the lower ones."""

    FOUNDATION = 1
    INTERMEDIATE = 2
    ADVANCED = 3


class Employment(StrEnum):
    """How a facilitator is engaged."""

    PAID = "paid"
    VOLUNTEER = "volunteer"
    POLICE = "police"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Practitioner:
    """What allocation asks about a facilitator; without a vetting date they are not vetted (R-070, R-071)."""

    level: Level
    employment: Employment
    specialisms: tuple[str, ...]
    languages: tuple[str, ...]
    district_ids: tuple[str, ...]
    capacity_cases: int
    vetting_expires_on: date | None

    def vetted_on(self, day: date) -> bool:
        """Whether the vetting counts on a day; its last day is included."""
        return self.vetting_expires_on is not None and day <= self.vetting_expires_on


@dataclass(frozen=True, slots=True)
class Staff:
    """Someone who works for an agency; without a practitioner's entry they do not facilitate."""

    staff_id: str
    name: str = field(repr=False)
    agency_id: str
    unit_id: str
    roles: tuple[str, ...]
    ends_on: date | None
    practitioner: Practitioner | None

    def ended_by(self, day: date) -> bool:
        """Whether the person's last day lies before a day (R-076)."""
        return self.ends_on is not None and self.ends_on < day


@dataclass(frozen=True, slots=True)
class StaffName:
    """What a screen shows of a colleague."""

    staff_id: str
    name: str = field(repr=False)
    agency_id: str
