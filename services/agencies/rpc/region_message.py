"""Reads a region from its message."""

from __future__ import annotations

from datetime import date

from rjhub.agencies.v1 import agencies_pb2

from services.agencies.domain.agency import Agency, AgencyKind, SharingAgreement, Unit, UnitKind
from services.agencies.domain.place import District, Venue
from services.agencies.domain.region import Region
from services.agencies.domain.staff import SPECIALISMS, STAFF_ROLES, Employment, Level, Practitioner, Staff
from services.runtime.fields import FieldReader, reading_fields

_NAME_CHARACTERS_MAX = 200
_ITEMS_MAX = 5000
_LIST_MAX = 100
_CAPACITY_MAX = 500
_LOADER = "administrator"

AGENCY_KINDS: dict[int, AgencyKind] = {
    agencies_pb2.AGENCY_KIND_HUB: AgencyKind.HUB,
    agencies_pb2.AGENCY_KIND_POLICE: AgencyKind.POLICE,
    agencies_pb2.AGENCY_KIND_HOUSING: AgencyKind.HOUSING,
    agencies_pb2.AGENCY_KIND_PROBATION: AgencyKind.PROBATION,
    agencies_pb2.AGENCY_KIND_PRISON: AgencyKind.PRISON,
    agencies_pb2.AGENCY_KIND_YOUTH_JUSTICE: AgencyKind.YOUTH_JUSTICE,
    agencies_pb2.AGENCY_KIND_COUNCIL: AgencyKind.COUNCIL,
    agencies_pb2.AGENCY_KIND_CHARITY: AgencyKind.CHARITY,
    agencies_pb2.AGENCY_KIND_COMMISSIONER: AgencyKind.COMMISSIONER,
}
UNIT_KINDS: dict[int, UnitKind] = {
    agencies_pb2.UNIT_KIND_HUB: UnitKind.HUB,
    agencies_pb2.UNIT_KIND_SATELLITE: UnitKind.SATELLITE,
    agencies_pb2.UNIT_KIND_SPECIALIST: UnitKind.SPECIALIST,
}
LEVELS: dict[int, Level] = {
    agencies_pb2.LEVEL_FOUNDATION: Level.FOUNDATION,
    agencies_pb2.LEVEL_INTERMEDIATE: Level.INTERMEDIATE,
    agencies_pb2.LEVEL_ADVANCED: Level.ADVANCED,
}
EMPLOYMENTS: dict[int, Employment] = {
    agencies_pb2.EMPLOYMENT_KIND_PAID: Employment.PAID,
    agencies_pb2.EMPLOYMENT_KIND_VOLUNTEER: Employment.VOLUNTEER,
    agencies_pb2.EMPLOYMENT_KIND_POLICE: Employment.POLICE,
    agencies_pb2.EMPLOYMENT_KIND_PARTNER: Employment.PARTNER,
}


def read_region(request: agencies_pb2.LoadRegionRequest) -> Region:
    """The region to load, or `Refused(INVALID)` naming every field that is wrong."""
    region = request.region
    with reading_fields(_LOADER) as fields:
        if not request.HasField("region"):
            fields.refuse("region_missing", "A region must be given.", "region")
        for name in ("districts", "agencies", "units", "staff", "venues"):
            fields.at_most(len(getattr(region, name)), f"region.{name}", high=_ITEMS_MAX)
        districts = [_district(fields, item, f"region.districts[{i}]") for i, item in enumerate(region.districts)]
        agencies = [_agency(fields, item, f"region.agencies[{i}]") for i, item in enumerate(region.agencies)]
        units = [_unit(fields, item, f"region.units[{i}]") for i, item in enumerate(region.units)]
        staff = [_staff(fields, item, f"region.staff[{i}]") for i, item in enumerate(region.staff)]
        venues = [_venue(fields, item, f"region.venues[{i}]") for i, item in enumerate(region.venues)]
    return Region(tuple(districts), tuple(agencies), tuple(units), tuple(staff), tuple(venues))


def read_specialisms(fields: FieldReader, given: list[str], field: str) -> tuple[str, ...]:
    """The specialisms in a list; any other word is refused."""
    return _words(fields, given, field, SPECIALISMS)


def read_languages(fields: FieldReader, given: list[str], field: str) -> tuple[str, ...]:
    """The language tags in a list."""
    fields.at_most(len(given), field, high=_LIST_MAX)
    return tuple(dict.fromkeys(fields.language(tag, f"{field}[{i}]") for i, tag in enumerate(given)))


def _name(fields: FieldReader, value: str, path: str) -> str:
    return fields.text(value, f"{path}.name", characters_max=_NAME_CHARACTERS_MAX, one_line=True)


def _words(fields: FieldReader, given: list[str], field: str, allowed: frozenset[str]) -> tuple[str, ...]:
    fields.at_most(len(given), field, high=_LIST_MAX)
    if not allowed.issuperset(given):
        fields.refuse(f"{field.rpartition('.')[2]}_unknown", f"Each is one of: {', '.join(sorted(allowed))}.", field)
    return tuple(dict.fromkeys(given))


def _identifiers(fields: FieldReader, given: list[str], field: str) -> tuple[str, ...]:
    fields.at_most(len(given), field, high=_LIST_MAX)
    return tuple(dict.fromkeys(fields.identifier(value, f"{field}[{i}]") for i, value in enumerate(given)))


def _district(fields: FieldReader, message: agencies_pb2.District, path: str) -> District:
    district_id = fields.identifier(message.district_id, f"{path}.district_id")
    return District(district_id, _name(fields, message.name, path))


def _agency(fields: FieldReader, message: agencies_pb2.Agency, path: str) -> Agency:
    return Agency(
        agency_id=fields.identifier(message.agency_id, f"{path}.agency_id"),
        name=_name(fields, message.name, path),
        kind=fields.choice(message.kind, f"{path}.kind", AGENCY_KINDS),
        sharing_agreement=_agreement(fields, message, path),
    )


def _agreement(fields: FieldReader, message: agencies_pb2.Agency, path: str) -> SharingAgreement | None:
    """Neither date means no agreement on file; one alone says too little to let anybody in."""
    on_file = bool(message.sharing_agreement_from or message.sharing_agreement_until)
    starts_on = fields.day(message.sharing_agreement_from, f"{path}.sharing_agreement_from", optional=not on_file)
    ends_on = fields.day(message.sharing_agreement_until, f"{path}.sharing_agreement_until", optional=not on_file)
    if starts_on is None or ends_on is None:
        return None
    if ends_on < starts_on:
        sentence = "The agreement ends before it begins."
        fields.refuse("sharing_agreement_until_too_early", sentence, f"{path}.sharing_agreement_until")
    return SharingAgreement(starts_on, ends_on)


def _unit(fields: FieldReader, message: agencies_pb2.Unit, path: str) -> Unit:
    return Unit(
        unit_id=fields.identifier(message.unit_id, f"{path}.unit_id"),
        name=_name(fields, message.name, path),
        kind=fields.choice(message.kind, f"{path}.kind", UNIT_KINDS),
        agency_id=fields.identifier(message.agency_id, f"{path}.agency_id"),
        district_ids=_identifiers(fields, list(message.district_ids), f"{path}.district_ids"),
    )


def _staff(fields: FieldReader, message: agencies_pb2.Staff, path: str) -> Staff:
    practitioner = None
    if message.HasField("practitioner"):
        practitioner = _practitioner(fields, message.practitioner, f"{path}.practitioner")
    if not message.roles:
        fields.refuse("roles_missing", "A member of staff has at least one role.", f"{path}.roles")
    return Staff(
        staff_id=fields.identifier(message.staff_id, f"{path}.staff_id"),
        name=_name(fields, message.name, path),
        agency_id=fields.identifier(message.agency_id, f"{path}.agency_id"),
        unit_id=fields.identifier(message.unit_id, f"{path}.unit_id", optional=True),
        roles=_words(fields, list(message.roles), f"{path}.roles", STAFF_ROLES),
        ends_on=fields.day(message.ends_on, f"{path}.ends_on", optional=True),
        practitioner=practitioner,
    )


def _practitioner(fields: FieldReader, message: agencies_pb2.Practitioner, path: str) -> Practitioner:
    vetting_expires_on: date | None = fields.day(
        message.vetting_expires_on, f"{path}.vetting_expires_on", optional=True
    )
    return Practitioner(
        level=fields.choice(message.level, f"{path}.level", LEVELS),
        employment=fields.choice(message.employment, f"{path}.employment", EMPLOYMENTS),
        specialisms=read_specialisms(fields, list(message.specialisms), f"{path}.specialisms"),
        languages=read_languages(fields, list(message.languages), f"{path}.languages"),
        district_ids=_identifiers(fields, list(message.district_ids), f"{path}.district_ids"),
        capacity_cases=fields.number(message.capacity_cases, f"{path}.capacity_cases", low=0, high=_CAPACITY_MAX),
        vetting_expires_on=vetting_expires_on,
    )


def _venue(fields: FieldReader, message: agencies_pb2.Venue, path: str) -> Venue:
    return Venue(
        venue_id=fields.identifier(message.venue_id, f"{path}.venue_id"),
        name=_name(fields, message.name, path),
        district_id=fields.identifier(message.district_id, f"{path}.district_id"),
        separate_entrances=message.separate_entrances,
        separate_waiting_rooms=message.separate_waiting_rooms,
        step_free=message.step_free,
    )
