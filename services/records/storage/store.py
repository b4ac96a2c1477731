"""People, notes and access to cases in PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.records.domain.case_access import CaseAccess, Grant, GrantSubject
from services.records.domain.contact import ContactRule
from services.records.domain.person import CaseRecord, Person
from services.records.domain.read_audit import ReadKind
from services.records.domain.request import NewNote, Referral, Registered, RequestKey
from services.records.storage import rows
from services.records.storage.tables import (
    CaseAccessRow,
    CaseGrantRow,
    ContactRuleRow,
    NoteRow,
    PersonRow,
    ReadAuditRow,
    ReferralRequestRow,
)
from services.runtime.fields import parse_uuid

# No caller can name it: a slot given from outside has no dot.
_NARRATIVE_SLOT = "referral.narrative"


class SqlStore:
    """The store of one unit of work; whoever opened the connection commits it."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work within the transaction of `connection`."""
        self._connection = connection

    async def register(self, request: RequestKey, digest: str, referral: Referral, author_id: str) -> Registered | None:
        """Keep a referral; nothing is kept and nothing answered if the request key or the case id is taken."""
        place = insert(ReferralRequestRow).values(
            subject=request.subject,
            request_key=request.key,
            digest=digest,
            case_id=referral.case_id,
            agency_reference=referral.agency_reference,
        )
        # Without a target: waits for a rival under either unique key, then gives way to it.
        placed = await self._connection.execute(place.on_conflict_do_nothing().returning(ReferralRequestRow.case_id))
        if placed.first() is None:
            return None
        person_ids = [
            str(await self._add_person(request, referral.case_id, position, person))
            for position, person in enumerate(referral.people)
        ]
        narrative_note_id = None
        if referral.narrative:
            note = NewNote(_NARRATIVE_SLOT, referral.case_id, "", referral.narrative)
            narrative_note_id = await self.add_note(request, digest, note, author_id)
        return Registered(tuple(person_ids), narrative_note_id or "")

    async def find_registered(self, request: RequestKey) -> tuple[str, Registered] | None:
        """The digest and the answer of a referral registered under a request key."""
        wanted = select(ReferralRequestRow.digest).where(*_of(ReferralRequestRow, request))
        digest = await self._connection.scalar(wanted)
        if digest is None:
            return None
        people = select(PersonRow.person_id).where(*_of(PersonRow, request)).order_by(PersonRow.position)
        person_ids = tuple(map(str, await self._connection.scalars(people)))
        narrative = await self.find_note(request, _NARRATIVE_SLOT)
        return digest, Registered(person_ids, narrative[1] if narrative else "")

    async def add_note(self, request: RequestKey, digest: str, note: NewNote, author_id: str) -> str | None:
        """Keep a note and answer its id; nothing is kept and nothing answered if its slot of the request is taken."""
        place = insert(NoteRow).values(rows.note_values(request, digest, note, author_id))
        note_id = await self._connection.scalar(place.on_conflict_do_nothing().returning(NoteRow.note_id))
        return str(note_id) if note_id is not None else None

    async def find_note(self, request: RequestKey, slot: str) -> tuple[str, str] | None:
        """The digest and the id of the note in a slot of a request."""
        wanted = select(NoteRow.digest, NoteRow.note_id).where(*_of(NoteRow, request), NoteRow.slot == slot)
        row = (await self._connection.execute(wanted)).one_or_none()
        return (row.digest, str(row.note_id)) if row is not None else None

    async def discard(self, request: RequestKey) -> None:
        """Forget what a request left, except a referral whose case has begun or has been written into since."""
        referral = select(ReferralRequestRow.case_id).where(*_of(ReferralRequestRow, request)).with_for_update()
        case_id = await self._connection.scalar(referral)
        if case_id is not None and await self._is_relied_on(case_id, request):
            return
        await self._connection.execute(delete(NoteRow).where(*_of(NoteRow, request)))
        await self._connection.execute(delete(ReferralRequestRow).where(*_of(ReferralRequestRow, request)))

    async def case_access(self, case_id: str, *, writing: bool = False) -> CaseAccess:
        """What is known of a case's visibility; when writing, its referral cannot be discarded until the work ends."""
        registrant = select(ReferralRequestRow.subject).where(ReferralRequestRow.case_id == case_id)
        if writing:
            registrant = registrant.with_for_update(read=True)
        registered_by = await self._connection.scalar(registrant)
        as_of = await self._connection.scalar(
            select(CaseAccessRow.as_of_sequence).where(CaseAccessRow.case_id == case_id)
        )
        if as_of is None:
            return CaseAccess(registered_by or "", None)
        granted = await self._connection.execute(
            select(CaseGrantRow.subject, CaseGrantRow.subject_id).where(CaseGrantRow.case_id == case_id)
        )
        grants = frozenset(Grant(GrantSubject(row.subject), row.subject_id) for row in granted)
        return CaseAccess(registered_by or "", grants)

    async def put_access(self, case_id: str, as_of_sequence: int, grants: Set[Grant]) -> None:
        """Replace the case's grants if the sequence is newer than the one kept."""
        # The referral is held first, as in every other write to a case, so that it cannot be discarded meanwhile.
        await self._connection.execute(
            select(ReferralRequestRow.case_id).where(ReferralRequestRow.case_id == case_id).with_for_update(read=True)
        )
        place = insert(CaseAccessRow).values(case_id=case_id, as_of_sequence=as_of_sequence)
        newer = place.on_conflict_do_update(
            index_elements=[CaseAccessRow.case_id],
            set_={"as_of_sequence": place.excluded.as_of_sequence},
            where=CaseAccessRow.as_of_sequence < place.excluded.as_of_sequence,
        ).returning(CaseAccessRow.case_id)
        if await self._connection.scalar(newer) is None:
            return
        await self._connection.execute(delete(CaseGrantRow).where(CaseGrantRow.case_id == case_id))
        values = [
            {"case_id": case_id, "subject": grant.subject.value, "subject_id": grant.subject_id} for grant in grants
        ]
        if values:
            await self._connection.execute(insert(CaseGrantRow), values)

    async def find_person(self, case_id: str, person_id: str) -> Person | None:
        """One person of a case."""
        known_id = parse_uuid(person_id)
        wanted = select(PersonRow.__table__).where(PersonRow.person_id == known_id, PersonRow.case_id == case_id)
        row = (await self._connection.execute(wanted)).one_or_none() if known_id is not None else None
        if row is None:
            return None
        rules = await self._contact_rules(PersonRow.person_id == known_id)
        return rows.person_from(row, rules[row.person_id])

    async def case_record(self, case_id: str) -> CaseRecord:
        """Everything kept of a case."""
        people = await self._connection.execute(
            select(PersonRow.__table__).where(PersonRow.case_id == case_id).order_by(PersonRow.position)
        )
        notes = await self._connection.execute(
            select(NoteRow.__table__).where(NoteRow.case_id == case_id).order_by(NoteRow.written_at, NoteRow.note_id)
        )
        reference = await self._connection.scalar(
            select(ReferralRequestRow.agency_reference).where(ReferralRequestRow.case_id == case_id)
        )
        rules = await self._contact_rules(PersonRow.case_id == case_id)
        return CaseRecord(
            people=tuple(rows.person_from(row, rules[row.person_id]) for row in people),
            notes=tuple(rows.note_from(row) for row in notes),
            agency_reference=reference or "",
        )

    async def put_contact_rule(self, person_id: str, rule: ContactRule) -> None:
        """Keep a rule over the one kept for its channel."""
        values = rows.contact_rule_values(UUID(person_id), rule)
        keys = ["person_id", "channel"]
        place = insert(ContactRuleRow).values(values)
        changed = {name: place.excluded[name] for name in values if name not in keys}
        await self._connection.execute(place.on_conflict_do_update(index_elements=keys, set_=changed))

    async def audit_read(self, reader_id: str, case_id: str, kind: ReadKind) -> None:
        """Write down that something was read, now."""
        await self._connection.execute(
            insert(ReadAuditRow).values(reader_id=reader_id, case_id=case_id, what=kind.value)
        )

    async def _add_person(self, request: RequestKey, case_id: str, position: int, person: Person) -> UUID:
        place = insert(PersonRow).values(rows.person_values(request, case_id, position, person))
        person_id = (await self._connection.execute(place.returning(PersonRow.person_id))).scalar_one()
        rules = [rows.contact_rule_values(person_id, rule) for rule in person.contact]
        if rules:
            await self._connection.execute(insert(ContactRuleRow), rules)
        return person_id

    async def _is_relied_on(self, case_id: str, request: RequestKey) -> bool:
        """Whether a case has begun or holds notes of other requests."""
        begun = exists().where(CaseAccessRow.case_id == case_id)
        others = or_(NoteRow.subject != request.subject, NoteRow.request_key != request.key)
        written = exists().where(NoteRow.case_id == case_id, others)
        return bool(await self._connection.scalar(select(or_(begun, written))))

    async def _contact_rules(self, condition: Any) -> dict[UUID, list[ContactRule]]:
        wanted = (
            select(ContactRuleRow.__table__)
            .join(PersonRow, PersonRow.person_id == ContactRuleRow.person_id)
            .where(condition)
            .order_by(ContactRuleRow.channel)
        )
        rules: dict[UUID, list[ContactRule]] = defaultdict(list)
        for row in await self._connection.execute(wanted):
            rules[row.person_id].append(rows.contact_rule_from(row))
        return rules


def _of(table: type[ReferralRequestRow | PersonRow | NoteRow], request: RequestKey) -> tuple[Any, ...]:
    return table.subject == request.subject, table.request_key == request.key
