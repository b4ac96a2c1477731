"""A whole region as it is loaded, and the rule that everything it points at exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.agencies.domain.agency import Agency, Unit
from services.agencies.domain.place import District, Venue
from services.agencies.domain.staff import Staff
from services.runtime.refusal import Kind, Refusal, Refused

_LOADER = "administrator"


@dataclass(frozen=True, slots=True)
class Region:
    """Everything one load names; what it leaves out stays as it was."""

    districts: tuple[District, ...]
    agencies: tuple[Agency, ...]
    units: tuple[Unit, ...]
    staff: tuple[Staff, ...]
    venues: tuple[Venue, ...]


@dataclass(frozen=True, slots=True)
class RegionIds:
    """The ids that can be pointed at."""

    districts: frozenset[str]
    agencies: frozenset[str]
    units: frozenset[str]

    def with_those_of(self, region: Region) -> RegionIds:
        """These ids and those a region brings."""
        return RegionIds(
            districts=self.districts | {district.district_id for district in region.districts},
            agencies=self.agencies | {agency.agency_id for agency in region.agencies},
            units=self.units | {unit.unit_id for unit in region.units},
        )


def check_region(region: Region, kept: RegionIds) -> None:
    """Raise `Refused(INVALID)` for ids given twice and for agencies, units and districts that nobody has named."""
    refusals = [*_repeated_ids(region), *_unknown_ids(region, kept.with_those_of(region))]
    if refusals:
        raise Refused(Kind.INVALID, *refusals)


def _repeated_ids(region: Region) -> Iterator[Refusal]:
    lists: tuple[tuple[str, str, list[str]], ...] = (
        ("districts", "district_id", [district.district_id for district in region.districts]),
        ("agencies", "agency_id", [agency.agency_id for agency in region.agencies]),
        ("units", "unit_id", [unit.unit_id for unit in region.units]),
        ("staff", "staff_id", [person.staff_id for person in region.staff]),
        ("venues", "venue_id", [venue.venue_id for venue in region.venues]),
    )
    for name, id_name, ids in lists:
        seen: set[str] = set()
        for index, given in enumerate(ids):
            if given in seen:
                field = f"region.{name}[{index}].{id_name}"
                yield Refusal(f"{id_name}_repeated", "This id is given twice.", field=field, who=_LOADER)
            seen.add(given)


def _unknown_ids(region: Region, known: RegionIds) -> Iterator[Refusal]:
    for index, unit in enumerate(region.units):
        path = f"region.units[{index}]"
        yield from _unknown("agency", (unit.agency_id,), known.agencies, f"{path}.agency_id")
        yield from _unknown("district", unit.district_ids, known.districts, f"{path}.district_ids")
    for index, person in enumerate(region.staff):
        path = f"region.staff[{index}]"
        yield from _unknown("agency", (person.agency_id,), known.agencies, f"{path}.agency_id")
        if person.unit_id:
            yield from _unknown("unit", (person.unit_id,), known.units, f"{path}.unit_id")
        if person.practitioner is not None:
            districts = person.practitioner.district_ids
            yield from _unknown("district", districts, known.districts, f"{path}.practitioner.district_ids")
    for index, venue in enumerate(region.venues):
        yield from _unknown("district", (venue.district_id,), known.districts, f"region.venues[{index}].district_id")


def _unknown(what: str, ids: Iterable[str], known: frozenset[str], field: str) -> Iterator[Refusal]:
    if not known.issuperset(ids):
        yield Refusal(f"unknown_{what}", f"This names no {what} of the region.", field=field, who=_LOADER)
