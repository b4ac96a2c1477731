"""The shape of a region's data and the rules it must keep: unique ids, references that exist, roles that fit."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
StaffId = Annotated[str, StringConstraints(pattern=r"^S[0-9]{3,6}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[^\W\d_][^\d@<>]{1,79}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]

Role = Literal[
    "referrer",
    "coordinator",
    "lead",
    "facilitator",
    "unit_lead",
    "specialist",
    "commissioner",
    "administrator",
    "operator",
]
AgencyKind = Literal[
    "hub", "police", "housing", "probation", "prison", "youth_justice", "council", "charity", "commissioner"
]
UnitKind = Literal["hub", "satellite", "specialist"]
Level = Literal["foundation", "intermediate", "advanced"]
Employment = Literal["paid", "volunteer", "police", "partner"]
Specialism = Literal["domestic_abuse", "sexual_harm", "youth", "hate_crime"]


class Entry(BaseModel):
    """One entry of a region file: nothing unknown is accepted and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class District(Entry):
    """One of the region's districts."""

    id: Slug
    name: Name


class SharingAgreement(Entry):
    """The first and the last day of an information-sharing agreement (R-130)."""

    starts_on: date = Field(alias="from")
    ends_on: date = Field(alias="until")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on < self.starts_on:
            raise ValueError("a sharing agreement ends before it starts")
        return self


class Agency(Entry):
    """An organisation that takes part; without a sharing agreement its people are refused (R-130)."""

    id: Slug
    name: Name
    kind: AgencyKind
    sharing_agreement: SharingAgreement | None = None


class Unit(Entry):
    """A team that takes cases: the hub's own, a satellite in an agency, or the specialist unit (R-073)."""

    id: Slug
    name: Name
    kind: UnitKind
    agency: Slug
    districts: tuple[Slug, ...] = Field(min_length=1)


class Practitioner(Entry):
    """What allocation asks about someone who facilitates (R-070, R-071)."""

    employment: Employment
    level: Level
    specialisms: tuple[Specialism, ...]
    languages: tuple[Language, ...] = Field(min_length=1)
    districts: tuple[Slug, ...] = Field(min_length=1)
    capacity_cases: int = Field(ge=1, le=40)
    vetting_expires_on: date | None = None


class Person(Entry):
    """A member of staff or a volunteer; `ends_on` is the last day of access (R-076)."""

    id: StaffId
    name: Name
    roles: tuple[Role, ...] = Field(min_length=1)
    agency: Slug
    unit: Slug | None = None
    ends_on: date | None = None
    practitioner: Practitioner | None = None

    @model_validator(mode="after")
    def _roles_fit(self) -> Self:
        if "facilitator" in self.roles and self.practitioner is None:
            raise ValueError(f"{self.id} facilitates and needs a practitioner entry")
        if "unit_lead" in self.roles and self.unit is None:
            raise ValueError(f"{self.id} leads a unit and needs its id")
        if self.practitioner is not None and self.practitioner.employment == "volunteer" and self.ends_on is None:
            raise ValueError(f"{self.id} is a volunteer and needs the day access ends")
        return self


class Venue(Entry):
    """A place where people may meet, with what matters for their safety (R-085)."""

    id: Slug
    name: Name
    district: Slug
    separate_entrances: bool
    separate_waiting_rooms: bool
    step_free: bool


class Region(Entry):
    """A whole region whose entries refer only to one another."""

    districts: tuple[District, ...] = Field(min_length=1)
    agencies: tuple[Agency, ...] = Field(min_length=1)
    units: tuple[Unit, ...] = Field(min_length=1)
    staff: tuple[Person, ...] = Field(min_length=1)
    venues: tuple[Venue, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems = [
            *_repeated("district", [district.id for district in self.districts]),
            *_repeated("agency", [agency.id for agency in self.agencies]),
            *_repeated("unit", [unit.id for unit in self.units]),
            *_repeated("staff", [person.id for person in self.staff]),
            *_repeated("venue", [venue.id for venue in self.venues]),
            *self._unknown_districts(),
            *self._misplaced(),
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _unknown_districts(self) -> Iterable[str]:
        known = {district.id for district in self.districts}
        named = [(unit.id, unit.districts) for unit in self.units]
        named += [(venue.id, (venue.district,)) for venue in self.venues]
        named += [(person.id, person.practitioner.districts) for person in self.staff if person.practitioner]
        for owner, districts in named:
            for district in districts:
                if district not in known:
                    yield f"{owner} names the unknown district {district}"

    def _misplaced(self) -> Iterable[str]:
        agencies = {agency.id for agency in self.agencies}
        unit_agency = {unit.id: unit.agency for unit in self.units}
        for unit in self.units:
            if unit.agency not in agencies:
                yield f"{unit.id} names the unknown agency {unit.agency}"
        for person in self.staff:
            if person.agency not in agencies:
                yield f"{person.id} names the unknown agency {person.agency}"
            if person.unit is not None and person.unit not in unit_agency:
                yield f"{person.id} names the unknown unit {person.unit}"
            elif person.unit is not None and unit_agency[person.unit] != person.agency:
                yield f"{person.id} works for another agency than the unit {person.unit}"


def _repeated(kind: str, ids: Sequence[str]) -> list[str]:
    return [f"the {kind} id {one} is used more than once" for one in sorted(set(ids)) if ids.count(one) > 1]
