"""Taking a place of a facilitator's capacity for a case, and what stands against it (R-071, R-075)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.agencies.domain.facilitator import Facilitator
from services.agencies.domain.service_day import service_day


@dataclass(frozen=True, slots=True)
class Reservation:
    """One place of one facilitator's capacity, held for one episode of a case."""

    case_id: str
    episode: int
    staff_id: str


class Bar(StrEnum):
    """Why a place cannot be taken."""

    UNKNOWN_FACILITATOR = "unknown_facilitator"
    ENDED = "ended"
    AGREEMENT_LAPSED = "agreement_lapsed"
    NOT_VETTED = "not_vetted"
    NO_CAPACITY = "no_capacity"


def bar_to_reserving(facilitator: Facilitator | None, at: datetime) -> Bar | None:
    """The first thing against taking one more case at the case's own time, or nothing."""
    if facilitator is None:
        return Bar.UNKNOWN_FACILITATOR
    day = service_day(at)
    if facilitator.staff.ended_by(day):
        return Bar.ENDED
    if not facilitator.agreement_on(day):
        return Bar.AGREEMENT_LAPSED
    if not facilitator.practitioner.vetted_on(day):
        return Bar.NOT_VETTED
    if not facilitator.has_capacity:
        return Bar.NO_CAPACITY
    return None
