"""Turns a region as read into the message that agencies loads."""

from datetime import date

from rjhub.agencies.v1 import agencies_pb2

from deploy.local.region.model import Agency, Person, Practitioner, Region, Unit, Venue


def region_message(region: Region) -> agencies_pb2.Region:
    """The whole region as agencies takes it; dates become ISO text, an absent date an empty text."""
    return agencies_pb2.Region(
        districts=[agencies_pb2.District(district_id=one.id, name=one.name) for one in region.districts],
        agencies=[_agency(one) for one in region.agencies],
        units=[_unit(one) for one in region.units],
        staff=[_person(one) for one in region.staff],
        venues=[_venue(one) for one in region.venues],
    )


def _agency(agency: Agency) -> agencies_pb2.Agency:
    agreement = agency.sharing_agreement
    return agencies_pb2.Agency(
        agency_id=agency.id,
        name=agency.name,
        kind=agencies_pb2.AgencyKind.Value(f"AGENCY_KIND_{agency.kind.upper()}"),
        sharing_agreement_from=_iso(agreement.starts_on if agreement else None),
        sharing_agreement_until=_iso(agreement.ends_on if agreement else None),
    )


def _unit(unit: Unit) -> agencies_pb2.Unit:
    return agencies_pb2.Unit(
        unit_id=unit.id,
        name=unit.name,
        kind=agencies_pb2.UnitKind.Value(f"UNIT_KIND_{unit.kind.upper()}"),
        agency_id=unit.agency,
        district_ids=unit.districts,
    )


def _person(person: Person) -> agencies_pb2.Staff:
    return agencies_pb2.Staff(
        staff_id=person.id,
        name=person.name,
        agency_id=person.agency,
        unit_id=person.unit or "",
        roles=person.roles,
        ends_on=_iso(person.ends_on),
        practitioner=_practitioner(person.practitioner) if person.practitioner else None,
    )


def _practitioner(practitioner: Practitioner) -> agencies_pb2.Practitioner:
    return agencies_pb2.Practitioner(
        level=agencies_pb2.Level.Value(f"LEVEL_{practitioner.level.upper()}"),
        employment=agencies_pb2.EmploymentKind.Value(f"EMPLOYMENT_KIND_{practitioner.employment.upper()}"),
        specialisms=practitioner.specialisms,
        languages=practitioner.languages,
        district_ids=practitioner.districts,
        capacity_cases=practitioner.capacity_cases,
        vetting_expires_on=_iso(practitioner.vetting_expires_on),
    )


def _venue(venue: Venue) -> agencies_pb2.Venue:
    return agencies_pb2.Venue(
        venue_id=venue.id,
        name=venue.name,
        district_id=venue.district,
        separate_entrances=venue.separate_entrances,
        separate_waiting_rooms=venue.separate_waiting_rooms,
        step_free=venue.step_free,
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
