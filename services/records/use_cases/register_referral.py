"""Registers a referral's people and words before its case begins."""

from __future__ import annotations

from services.records.domain.case_access import GATEWAY, case_taken
from services.records.domain.request import Referral, Registered, RequestKey, check_repeat, digest
from services.records.use_cases.store import Store
from services.runtime.identity import Caller


async def register_referral(store: Store, caller: Caller, request_key: str, referral: Referral) -> Registered:
    """Keep the referral and answer its new ids; the same request again is answered with the same ids.

    Raises `Refused(CONFLICT)`: `idempotency_key_reused`, or `case_id_taken` by another request.
    """
    request = RequestKey(caller.subject, request_key)
    given = digest(referral)
    author_id = "" if GATEWAY in caller.roles else caller.subject
    registered = await store.register(request, given, referral, author_id)
    if registered is not None:
        return registered
    kept = await store.find_registered(request)
    if kept is None:
        raise case_taken()
    check_repeat(kept[0], given)
    return kept[1]
