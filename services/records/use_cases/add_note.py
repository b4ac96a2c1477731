"""Adds one note to a case."""

from __future__ import annotations

from services.records.domain.case_access import GATEWAY, unknown_case, unknown_person
from services.records.domain.request import NewNote, RequestKey, check_repeat, digest
from services.records.use_cases.store import Store
from services.runtime.identity import Caller
from services.runtime.refusal import Kind, Refusal, Refused

_DISCARDED = Refusal(
    "request_discarded", "An earlier try of this request was just being discarded. Try again.", who="caller"
)


async def add_note(store: Store, caller: Caller, request_key: str, note: NewNote) -> str:
    """Keep the note and answer its id; the same request again is answered with the same id.

    A note by the gateway has no author: the person wrote it themselves. Raises `Refused`: NOT_FOUND `unknown_case` or
    `unknown_person`, CONFLICT `idempotency_key_reused`.
    """
    access = await store.case_access(note.case_id, writing=True)
    if not access.may_be_written_by(caller):
        raise unknown_case()
    if note.person_id and await store.find_person(note.case_id, note.person_id) is None:
        raise unknown_person()
    request = RequestKey(caller.subject, request_key)
    given = digest(note)
    author_id = "" if GATEWAY in caller.roles else caller.subject
    note_id = await store.add_note(request, given, note, author_id)
    if note_id is not None:
        return note_id
    kept = await store.find_note(request, note.slot)
    if kept is None:
        raise Refused(Kind.UNAVAILABLE, _DISCARDED)
    check_repeat(kept[0], given)
    return kept[1]
