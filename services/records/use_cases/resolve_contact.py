"""Resolves, at the moment of sending, whether and where a message may go."""

from __future__ import annotations

from datetime import datetime

from services.records.domain.read_audit import ReadKind
from services.records.domain.safe_contact import Blocked, BlockedReason, Resolution, safe_contact
from services.records.use_cases.store import Store
from services.runtime.identity import Caller


async def resolve_contact(
    store: Store, caller: Caller, case_id: str, person_id: str, at: datetime
) -> tuple[Resolution, str]:
    """Answer the resolution and the person's language, and audit the read; whatever is unknown blocks."""
    if not (await store.case_access(case_id)).known:
        return Blocked(BlockedReason.UNKNOWN_CASE), ""
    person = await store.find_person(case_id, person_id)
    if person is None:
        return Blocked(BlockedReason.UNKNOWN_PERSON), ""
    await store.audit_read(caller.subject, case_id, ReadKind.SAFE_CONTACT)
    return safe_contact(person.contact, at), person.language
