"""What the agencies service's use cases need kept and found, within one unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.agencies.domain.agency import Agency
from services.agencies.domain.facilitator import Facilitator
from services.agencies.domain.region import Region, RegionIds
from services.agencies.domain.reservation import Reservation
from services.agencies.domain.staff import Staff


class Store(Protocol):
    """The region and its reservations; everything done through one store commits or fails together."""

    async def region_ids(self) -> RegionIds:
        """Every id that can be pointed at."""

    async def put_region(self, region: Region) -> None:
        """Keep what a region names, over what was kept under the same ids."""

    async def find_staff(self, staff_id: str) -> Staff | None:
        """One member of staff."""

    async def find_agency(self, agency_id: str) -> Agency | None:
        """One agency."""

    async def facilitators(self, unit_id: str) -> Sequence[Facilitator]:
        """The facilitators of a unit, or of every unit if it is empty."""

    async def lock_facilitator(self, staff_id: str) -> Facilitator | None:
        """One facilitator whose capacity nobody else can change until this unit of work ends."""

    async def is_reserved(self, reservation: Reservation) -> bool:
        """Whether the place is held."""

    async def reserve(self, reservation: Reservation, at: datetime) -> None:
        """Hold the place, as taken at the case's own time."""

    async def release(self, reservation: Reservation) -> None:
        """Give the place back; nothing happens if it is not held."""
