"""Sets how a person may be reached on one channel."""

from __future__ import annotations

from services.records.domain.case_access import unknown_person
from services.records.domain.contact import ContactRule
from services.records.use_cases.find_case import find_visible_case
from services.records.use_cases.store import Store
from services.runtime.identity import Caller


async def set_contact_rule(store: Store, caller: Caller, case_id: str, person_id: str, rule: ContactRule) -> None:
    """Keep the rule for a person of a case the caller sees; raises `Refused(NOT_FOUND)`."""
    await find_visible_case(store, caller, case_id, writing=True)
    person = await store.find_person(case_id, person_id)
    if person is None:
        raise unknown_person()
    await store.put_contact_rule(person.person_id, rule)
