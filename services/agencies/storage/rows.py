"""Rows of the agencies database as domain values and back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from services.agencies.domain.agency import Agency, AgencyKind, SharingAgreement, Unit, UnitKind
from services.agencies.domain.facilitator import Facilitator
from services.agencies.domain.place import Venue
from services.agencies.domain.staff import Employment, Level, Practitioner, Staff

# A row of several tables' columns has no useful static type; the column names are checked by the integration tests.
AnyRow = Row[*tuple[Any, ...]]


def agency_from(row: AnyRow) -> Agency:
    """An agency row as an agency."""
    return Agency(row.agency_id, row.name, AgencyKind(row.kind), agreement_from(row))


def agreement_from(row: AnyRow) -> SharingAgreement | None:
    """The agreement of any row that has an agency's two dates."""
    if row.sharing_agreement_from is None or row.sharing_agreement_until is None:
        return None
    return SharingAgreement(row.sharing_agreement_from, row.sharing_agreement_until)


def unit_from(row: AnyRow) -> Unit:
    """A unit row as a unit."""
    return Unit(row.unit_id, row.name, UnitKind(row.kind), row.agency_id, tuple(row.district_ids))


def venue_from(row: AnyRow) -> Venue:
    """A venue row as a venue."""
    return Venue(
        row.venue_id,
        row.name,
        row.district_id,
        separate_entrances=row.separate_entrances,
        separate_waiting_rooms=row.separate_waiting_rooms,
        step_free=row.step_free,
    )


def staff_from(row: AnyRow) -> Staff:
    """A staff row, with its practitioner's columns or nulls in their place, as a member of staff."""
    return Staff(
        staff_id=row.staff_id,
        name=row.name,
        agency_id=row.agency_id,
        unit_id=row.unit_id or "",
        roles=tuple(row.roles),
        ends_on=row.ends_on,
        practitioner=_practitioner_from(row) if row.level is not None else None,
    )


def facilitator_from(row: AnyRow) -> Facilitator:
    """A row of staff, practitioner, agency and count of reservations as a facilitator."""
    return Facilitator(
        staff=staff_from(row),
        practitioner=_practitioner_from(row),
        sharing_agreement=agreement_from(row),
        open_cases=row.open_cases,
    )


def _practitioner_from(row: AnyRow) -> Practitioner:
    return Practitioner(
        level=Level(row.level),
        employment=Employment(row.employment),
        specialisms=tuple(row.specialisms),
        languages=tuple(row.languages),
        district_ids=tuple(row.district_ids),
        capacity_cases=row.capacity_cases,
        vetting_expires_on=row.vetting_expires_on,
    )


def agency_values(agency: Agency) -> dict[str, object]:
    """An agency as its row's values."""
    agreement = agency.sharing_agreement
    return {
        "agency_id": agency.agency_id,
        "name": agency.name,
        "kind": agency.kind.value,
        "sharing_agreement_from": agreement.starts_on if agreement else None,
        "sharing_agreement_until": agreement.ends_on if agreement else None,
    }


def unit_values(unit: Unit) -> dict[str, object]:
    """A unit as its row's values."""
    return {
        "unit_id": unit.unit_id,
        "name": unit.name,
        "kind": unit.kind.value,
        "agency_id": unit.agency_id,
        "district_ids": list(unit.district_ids),
    }


def staff_values(staff: Staff) -> dict[str, object]:
    """A member of staff as their row's values, without the practitioner's."""
    return {
        "staff_id": staff.staff_id,
        "name": staff.name,
        "agency_id": staff.agency_id,
        "unit_id": staff.unit_id or None,
        "roles": list(staff.roles),
        "ends_on": staff.ends_on,
    }


def practitioner_values(staff_id: str, practitioner: Practitioner) -> dict[str, object]:
    """A practitioner as their row's values."""
    return {
        "staff_id": staff_id,
        "level": practitioner.level.value,
        "employment": practitioner.employment.value,
        "specialisms": list(practitioner.specialisms),
        "languages": list(practitioner.languages),
        "district_ids": list(practitioner.district_ids),
        "capacity_cases": practitioner.capacity_cases,
        "vetting_expires_on": practitioner.vetting_expires_on,
    }


def venue_values(venue: Venue) -> dict[str, object]:
    """A venue as its row's values."""
    return {
        "venue_id": venue.venue_id,
        "name": venue.name,
        "district_id": venue.district_id,
        "separate_entrances": venue.separate_entrances,
        "separate_waiting_rooms": venue.separate_waiting_rooms,
        "step_free": venue.step_free,
    }
