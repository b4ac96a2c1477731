"""The region and its reservations in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.agencies.domain.agency import Agency, Unit
from services.agencies.domain.facilitator import Facilitator
from services.agencies.domain.place import Venue
from services.agencies.domain.region import Region, RegionIds
from services.agencies.domain.reservation import Reservation
from services.agencies.domain.staff import Staff, StaffName
from services.agencies.storage import rows
from services.agencies.storage.tables import (
    AgencyRow,
    DistrictRow,
    PractitionerRow,
    ReservationRow,
    StaffRow,
    Table,
    UnitRow,
    VenueRow,
)

_STAFF_COLUMNS = (
    StaffRow.staff_id,
    StaffRow.name,
    StaffRow.agency_id,
    StaffRow.unit_id,
    StaffRow.roles,
    StaffRow.ends_on,
)
_PRACTITIONER_COLUMNS = (
    PractitionerRow.level,
    PractitionerRow.employment,
    PractitionerRow.specialisms,
    PractitionerRow.languages,
    PractitionerRow.district_ids,
    PractitionerRow.capacity_cases,
    PractitionerRow.vetting_expires_on,
)


class SqlStore:
    """The store of one unit of work; whoever opened the connection commits it."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work within the transaction of `connection`."""
        self._connection = connection

    async def region_ids(self) -> RegionIds:
        """Every id that can be pointed at."""
        return RegionIds(
            districts=frozenset(await self._connection.scalars(select(DistrictRow.district_id))),
            agencies=frozenset(await self._connection.scalars(select(AgencyRow.agency_id))),
            units=frozenset(await self._connection.scalars(select(UnitRow.unit_id))),
        )

    async def put_region(self, region: Region) -> None:
        """Keep what a region names, over what was kept under the same ids."""
        districts = [{"district_id": district.district_id, "name": district.name} for district in region.districts]
        facilitating = [
            rows.practitioner_values(person.staff_id, person.practitioner)
            for person in region.staff
            if person.practitioner is not None
        ]
        await self._upsert(DistrictRow, districts)
        await self._upsert(AgencyRow, [rows.agency_values(agency) for agency in region.agencies])
        await self._upsert(UnitRow, [rows.unit_values(unit) for unit in region.units])
        await self._upsert(StaffRow, [rows.staff_values(person) for person in region.staff])
        await self._upsert(PractitionerRow, facilitating)
        await self._upsert(VenueRow, [rows.venue_values(venue) for venue in region.venues])
        others = [person.staff_id for person in region.staff if person.practitioner is None]
        await self._connection.execute(delete(PractitionerRow).where(PractitionerRow.staff_id.in_(others)))

    async def agencies(self) -> list[Agency]:
        """Every agency by name."""
        found = await self._connection.execute(select(AgencyRow.__table__).order_by(AgencyRow.name))
        return [rows.agency_from(row) for row in found]

    async def units(self) -> list[Unit]:
        """Every unit by name."""
        found = await self._connection.execute(select(UnitRow.__table__).order_by(UnitRow.name))
        return [rows.unit_from(row) for row in found]

    async def venues(self, district_id: str) -> list[Venue]:
        """The venues of a district, or of all if it is empty, by name."""
        wanted = select(VenueRow.__table__).order_by(VenueRow.name)
        if district_id:
            wanted = wanted.where(VenueRow.district_id == district_id)
        return [rows.venue_from(row) for row in await self._connection.execute(wanted)]

    async def staff_names(self, staff_ids: Sequence[str]) -> list[StaffName]:
        """The names of those staff who are known, by id."""
        wanted = (
            select(StaffRow.staff_id, StaffRow.name, StaffRow.agency_id)
            .where(StaffRow.staff_id.in_(staff_ids))
            .order_by(StaffRow.staff_id)
        )
        return [StaffName(*row) for row in await self._connection.execute(wanted)]

    async def find_staff(self, staff_id: str) -> Staff | None:
        """One member of staff."""
        wanted = (
            select(*_STAFF_COLUMNS, *_PRACTITIONER_COLUMNS)
            .outerjoin(PractitionerRow, PractitionerRow.staff_id == StaffRow.staff_id)
            .where(StaffRow.staff_id == staff_id)
        )
        row = (await self._connection.execute(wanted)).one_or_none()
        return rows.staff_from(row) if row is not None else None

    async def find_agency(self, agency_id: str) -> Agency | None:
        """One agency."""
        wanted = select(AgencyRow.__table__).where(AgencyRow.agency_id == agency_id)
        row = (await self._connection.execute(wanted)).one_or_none()
        return rows.agency_from(row) if row is not None else None

    async def facilitators(self, unit_id: str) -> list[Facilitator]:
        """The facilitators of a unit, or of every unit if it is empty."""
        wanted = _facilitators()
        if unit_id:
            wanted = wanted.where(StaffRow.unit_id == unit_id)
        return [rows.facilitator_from(row) for row in await self._connection.execute(wanted)]

    async def lock_facilitator(self, staff_id: str) -> Facilitator | None:
        """One facilitator whose capacity nobody else can change until this unit of work ends."""
        lock = select(PractitionerRow.staff_id).where(PractitionerRow.staff_id == staff_id).with_for_update()
        await self._connection.execute(lock)
        # A statement of its own: only one begun after the lock was granted sees what its last holder wrote.
        found = await self._connection.execute(_facilitators().where(StaffRow.staff_id == staff_id))
        row = found.one_or_none()
        return rows.facilitator_from(row) if row is not None else None

    async def is_reserved(self, reservation: Reservation) -> bool:
        """Whether the place is held."""
        wanted = select(ReservationRow.reserved_at).where(*_same(reservation))
        return (await self._connection.execute(wanted)).first() is not None

    async def reserve(self, reservation: Reservation, at: datetime) -> None:
        """Hold the place, as taken at the case's own time."""
        place = insert(ReservationRow).values(
            case_id=reservation.case_id, episode=reservation.episode, staff_id=reservation.staff_id, reserved_at=at
        )
        await self._connection.execute(place.on_conflict_do_nothing())

    async def release(self, reservation: Reservation) -> None:
        """Give the place back; nothing happens if it is not held."""
        await self._connection.execute(delete(ReservationRow).where(*_same(reservation)))

    async def _upsert(self, table: type[Table], values: list[dict[str, Any]]) -> None:
        if not values:
            return
        keys = [column.name for column in table.__table__.primary_key]
        statement = insert(table)
        changed = {name: statement.excluded[name] for name in values[0] if name not in keys}
        await self._connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), values)


def _same(reservation: Reservation) -> tuple[Any, ...]:
    return (
        ReservationRow.case_id == reservation.case_id,
        ReservationRow.episode == reservation.episode,
        ReservationRow.staff_id == reservation.staff_id,
    )


def _facilitators() -> Select[*tuple[Any, ...]]:
    taken = (
        select(func.count())
        .where(ReservationRow.staff_id == StaffRow.staff_id)
        .correlate(StaffRow)
        .scalar_subquery()
        .label("open_cases")
    )
    return (
        select(
            *_STAFF_COLUMNS,
            *_PRACTITIONER_COLUMNS,
            AgencyRow.sharing_agreement_from,
            AgencyRow.sharing_agreement_until,
            taken,
        )
        .join(PractitionerRow, PractitionerRow.staff_id == StaffRow.staff_id)
        .join(AgencyRow, AgencyRow.agency_id == StaffRow.agency_id)
    )
