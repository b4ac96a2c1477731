"""Writes domain values as the agencies service's messages."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from rjhub.agencies.v1 import agencies_pb2

from services.agencies.domain.agency import Agency, Unit
from services.agencies.domain.matching import Candidate
from services.agencies.domain.place import Venue
from services.agencies.domain.staff import Practitioner, Staff, StaffName
from services.agencies.rpc.region_message import AGENCY_KINDS, EMPLOYMENTS, LEVELS, UNIT_KINDS

Choice = TypeVar("Choice")


def _numbers(choices: dict[int, Choice]) -> dict[Choice, int]:
    return {choice: number for number, choice in choices.items()}


_AGENCY_KINDS = _numbers(AGENCY_KINDS)
_UNIT_KINDS = _numbers(UNIT_KINDS)
_LEVELS = _numbers(LEVELS)
_EMPLOYMENTS = _numbers(EMPLOYMENTS)


def write_agency(agency: Agency) -> agencies_pb2.Agency:
    """An agency as its message."""
    agreement = agency.sharing_agreement
    return agencies_pb2.Agency(
        agency_id=agency.agency_id,
        name=agency.name,
        kind=agencies_pb2.AgencyKind.ValueType(_AGENCY_KINDS[agency.kind]),
        sharing_agreement_from=_day(agreement.starts_on if agreement else None),
        sharing_agreement_until=_day(agreement.ends_on if agreement else None),
    )


def write_unit(unit: Unit) -> agencies_pb2.Unit:
    """A unit as its message."""
    return agencies_pb2.Unit(
        unit_id=unit.unit_id,
        name=unit.name,
        kind=agencies_pb2.UnitKind.ValueType(_UNIT_KINDS[unit.kind]),
        agency_id=unit.agency_id,
        district_ids=unit.district_ids,
    )


def write_venue(venue: Venue) -> agencies_pb2.Venue:
    """A venue as its message."""
    return agencies_pb2.Venue(
        venue_id=venue.venue_id,
        name=venue.name,
        district_id=venue.district_id,
        separate_entrances=venue.separate_entrances,
        separate_waiting_rooms=venue.separate_waiting_rooms,
        step_free=venue.step_free,
    )


def write_staff(staff: Staff) -> agencies_pb2.Staff:
    """A member of staff as their message."""
    return agencies_pb2.Staff(
        staff_id=staff.staff_id,
        name=staff.name,
        agency_id=staff.agency_id,
        unit_id=staff.unit_id,
        roles=staff.roles,
        ends_on=_day(staff.ends_on),
        practitioner=_practitioner(staff.practitioner) if staff.practitioner else None,
    )


def write_staff_name(staff: StaffName) -> agencies_pb2.StaffName:
    """A colleague's name as its message."""
    return agencies_pb2.StaffName(staff_id=staff.staff_id, name=staff.name, agency_id=staff.agency_id)


def write_candidate(candidate: Candidate) -> agencies_pb2.Candidate:
    """A candidate as its message."""
    facilitator = candidate.facilitator
    return agencies_pb2.Candidate(
        staff_id=facilitator.staff.staff_id,
        name=facilitator.staff.name,
        unit_id=facilitator.staff.unit_id,
        level=agencies_pb2.Level.ValueType(_LEVELS[facilitator.practitioner.level]),
        open_cases=facilitator.open_cases,
        capacity_cases=facilitator.practitioner.capacity_cases,
        reasons_for=candidate.reasons_for,
        reasons_against=candidate.reasons_against,
        fit=candidate.fit,
    )


def _practitioner(practitioner: Practitioner) -> agencies_pb2.Practitioner:
    return agencies_pb2.Practitioner(
        level=agencies_pb2.Level.ValueType(_LEVELS[practitioner.level]),
        employment=agencies_pb2.EmploymentKind.ValueType(_EMPLOYMENTS[practitioner.employment]),
        specialisms=practitioner.specialisms,
        languages=practitioner.languages,
        district_ids=practitioner.district_ids,
        capacity_cases=practitioner.capacity_cases,
        vetting_expires_on=_day(practitioner.vetting_expires_on),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
