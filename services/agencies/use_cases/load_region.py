"""Loads or refreshes a region."""

from __future__ import annotations

from services.agencies.domain.region import Region, check_region
from services.agencies.use_cases.store import Store


async def load_region(store: Store, region: Region) -> None:
    """Keep the region whole, or raise `Refused(INVALID)` and keep nothing of it."""
    check_region(region, await store.region_ids())
    await store.put_region(region)
