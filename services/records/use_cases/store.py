"""What the records service's use cases need kept and found, within one unit of work."""

from __future__ import annotations

from collections.abc import Set
from typing import Protocol

from services.records.domain.case_access import CaseAccess, Grant
from services.records.domain.contact import ContactRule
from services.records.domain.person import CaseRecord, Person
from services.records.domain.read_audit import ReadKind
from services.records.domain.request import NewNote, Referral, Registered, RequestKey


class Store(Protocol):
    """People, notes and access; everything done through one store commits or fails together."""

    async def register(self, request: RequestKey, digest: str, referral: Referral, author_id: str) -> Registered | None:
        """Keep a referral; nothing is kept and nothing answered if the request key or the case id is taken."""

    async def find_registered(self, request: RequestKey) -> tuple[str, Registered] | None:
        """The digest and the answer of a referral registered under a request key."""

    async def add_note(self, request: RequestKey, digest: str, note: NewNote, author_id: str) -> str | None:
        """Keep a note and answer its id; nothing is kept and nothing answered if its slot of the request is taken."""

    async def find_note(self, request: RequestKey, slot: str) -> tuple[str, str] | None:
        """The digest and the id of the note in a slot of a request."""

    async def discard(self, request: RequestKey) -> None:
        """Forget what a request left, except a referral whose case has begun or has been written into since."""

    async def case_access(self, case_id: str, *, writing: bool = False) -> CaseAccess:
        """What is known of a case's visibility; when writing, its referral cannot be discarded until the work ends."""

    async def put_access(self, case_id: str, as_of_sequence: int, grants: Set[Grant]) -> None:
        """Replace the case's grants if the sequence is newer than the one kept."""

    async def find_person(self, case_id: str, person_id: str) -> Person | None:
        """One person of a case."""

    async def case_record(self, case_id: str) -> CaseRecord:
        """Everything kept of a case."""

    async def put_contact_rule(self, person_id: str, rule: ContactRule) -> None:
        """Keep a rule over the one kept for its channel."""

    async def audit_read(self, reader_id: str, case_id: str, kind: ReadKind) -> None:
        """Write down that something was read, now."""
