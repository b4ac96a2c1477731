"""Finds a case for a caller, or answers as if there were none."""

from __future__ import annotations

from services.records.domain.case_access import unknown_case
from services.records.use_cases.store import Store
from services.runtime.identity import Caller


async def find_visible_case(store: Store, caller: Caller, case_id: str, *, writing: bool = False) -> None:
    """Raise `Refused(NOT_FOUND, unknown_case)` unless the caller may see the case."""
    access = await store.case_access(case_id, writing=writing)
    if not access.may_be_seen_by(caller):
        raise unknown_case()
