"""Finds the signed-in person's own entry, and refuses those who may not get in."""

from __future__ import annotations

from datetime import datetime

from services.agencies.domain.admission import admit
from services.agencies.domain.agency import Agency
from services.agencies.domain.service_day import service_day
from services.agencies.domain.staff import Staff
from services.agencies.use_cases.store import Store
from services.runtime.identity import Caller


async def get_me(store: Store, caller: Caller, now: datetime) -> tuple[Staff, Agency]:
    """Answer the caller and their agency; raises `Refused(FORBIDDEN)` (R-130).

    `now` is the real time, not a case's: it is a person of today who signs in.
    """
    staff = await store.find_staff(caller.subject)
    agency = await store.find_agency(staff.agency_id) if staff is not None else None
    return admit(staff, agency, service_day(now))
