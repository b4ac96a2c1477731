"""Reserves one place of a facilitator's capacity for a case."""

from __future__ import annotations

from datetime import datetime

from services.agencies.domain.reservation import Bar, Reservation, bar_to_reserving
from services.agencies.use_cases.store import Store


async def reserve_capacity(store: Store, reservation: Reservation, at: datetime) -> Bar | None:
    """Take the place exactly once and answer nothing, or answer why it cannot be taken.

    A place already held is answered as taken whatever has changed since: the case counts on it.
    """
    # Locked before anything is counted: of two requests for the last place, the second waits and then finds it gone.
    facilitator = await store.lock_facilitator(reservation.staff_id)
    if await store.is_reserved(reservation):
        return None
    bar = bar_to_reserving(facilitator, at)
    if bar is None:
        await store.reserve(reservation, at)
    return bar
