"""Gets what is kept of a case for someone who may see it."""

from __future__ import annotations

from services.records.domain.person import CaseRecord
from services.records.domain.read_audit import ReadKind
from services.records.use_cases.find_case import find_visible_case
from services.records.use_cases.store import Store
from services.runtime.identity import Caller


async def get_case_record(store: Store, caller: Caller, case_id: str) -> CaseRecord:
    """Answer people and notes and audit the read; raises `Refused(NOT_FOUND, unknown_case)`."""
    await find_visible_case(store, caller, case_id)
    record = await store.case_record(case_id)
    await store.audit_read(caller.subject, case_id, ReadKind.CASE_RECORD)
    return record
