"""Facilitators and needs to vary in tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from services.agencies.domain.agency import SharingAgreement
from services.agencies.domain.facilitator import Facilitator
from services.agencies.domain.matching import CaseNeeds
from services.agencies.domain.staff import Employment, Level, Practitioner, Staff

AT = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
AGREEMENT = SharingAgreement(date(2026, 1, 1), date(2026, 12, 31))
PRACTITIONER = Practitioner(
    level=Level.INTERMEDIATE,
    employment=Employment.PAID,
    specialisms=("youth",),
    languages=("en", "pa"),
    district_ids=("walsall",),
    capacity_cases=4,
    vetting_expires_on=date(2026, 12, 31),
)
NEEDS = CaseNeeds("walsall", Level.FOUNDATION, frozenset({"youth"}), frozenset({"pa"}), AT)


def facilitator(staff_id: str = "S1", open_cases: int = 0, **changes: Any) -> Facilitator:
    """Someone who fits `NEEDS`, but for the changes: of the practitioner's fields, `ends_on` or `agreement`."""
    ends_on = changes.pop("ends_on", None)
    agreement = changes.pop("agreement", AGREEMENT)
    practitioner = replace(PRACTITIONER, **changes)
    staff = Staff(staff_id, "Ida Invented", "hub", "", ("facilitator",), ends_on, practitioner)
    return Facilitator(staff, practitioner, agreement, open_cases)
