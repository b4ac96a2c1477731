"""Organisations that take part, the units within them, and the agreements under which they may share information."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AgencyKind(StrEnum):
    """What sort of organisation an agency is."""

    HUB = "hub"
    POLICE = "police"
    HOUSING = "housing"
    PROBATION = "probation"
    PRISON = "prison"
    YOUTH_JUSTICE = "youth_justice"
    COUNCIL = "council"
    CHARITY = "charity"
    COMMISSIONER = "commissioner"


class UnitKind(StrEnum):
    """Where in the hub-and-spoke service a unit stands."""

    HUB = "hub"
    SATELLITE = "satellite"
    SPECIALIST = "specialist"


@dataclass(frozen=True, slots=True)
class SharingAgreement:
    """An information-sharing agreement, in force from its first to its last day, both included (R-130)."""

    starts_on: date
    ends_on: date

    def covers(self, day: date) -> bool:
        """Whether the agreement is in force on a day."""
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Agency:
    """An organisation; without a sharing agreement on file nobody of it gets in (R-130)."""

    agency_id: str
    name: str
    kind: AgencyKind
    sharing_agreement: SharingAgreement | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A team of an agency that takes cases from some districts."""

    unit_id: str
    name: str
    kind: UnitKind
    agency_id: str
    district_ids: tuple[str, ...]
