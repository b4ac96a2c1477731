"""The tables of the agencies database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, MetaData, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_CONSTRAINT_NAMES = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "ix": "%(table_name)s_%(column_0_name)s_idx",
}


class Table(DeclarativeBase):
    """What every table of this database shares: the names of its constraints and the types of its columns."""

    metadata = MetaData(naming_convention=_CONSTRAINT_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        list[str]: ARRAY(Text),
        datetime: DateTime(timezone=True),
    }


class DistrictRow(Table):
    """A district of the region."""

    __tablename__ = "district"

    district_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class AgencyRow(Table):
    """An agency with its information-sharing agreement: both dates, or neither."""

    __tablename__ = "agency"
    __table_args__ = (
        CheckConstraint("(sharing_agreement_from is null) = (sharing_agreement_until is null)", name="agreement_whole"),
    )

    agency_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    sharing_agreement_from: Mapped[date | None]
    sharing_agreement_until: Mapped[date | None]


class UnitRow(Table):
    """A unit of an agency."""

    __tablename__ = "unit"

    unit_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.agency_id"))
    district_ids: Mapped[list[str]]


class StaffRow(Table):
    """A member of staff."""

    __tablename__ = "staff"

    staff_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.agency_id"))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.unit_id"), index=True)
    roles: Mapped[list[str]]
    ends_on: Mapped[date | None]


class PractitionerRow(Table):
    """What makes a member of staff a facilitator; its lock guards the capacity."""

    __tablename__ = "practitioner"
    __table_args__ = (CheckConstraint("capacity_cases >= 0", name="capacity"),)

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.staff_id"), primary_key=True)
    level: Mapped[int]
    employment: Mapped[str]
    specialisms: Mapped[list[str]]
    languages: Mapped[list[str]]
    district_ids: Mapped[list[str]]
    capacity_cases: Mapped[int]
    vetting_expires_on: Mapped[date | None]


class VenueRow(Table):
    """A place for a conference."""

    __tablename__ = "venue"

    venue_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    district_id: Mapped[str] = mapped_column(ForeignKey("district.district_id"), index=True)
    separate_entrances: Mapped[bool]
    separate_waiting_rooms: Mapped[bool]
    step_free: Mapped[bool]


class ReservationRow(Table):
    """A place of capacity that is held; a released one is gone, since the case ledger keeps the history."""

    __tablename__ = "reservation"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    episode: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.staff_id"), primary_key=True, index=True)
    reserved_at: Mapped[datetime]
