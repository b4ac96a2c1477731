"""Rows of the records database as domain values and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from services.records.domain.contact import Channel, ContactRule, Safety
from services.records.domain.person import Note, PartyRole, Person
from services.records.domain.request import NewNote, RequestKey

AnyRow = Row[*tuple[Any, ...]]


def person_from(row: AnyRow, contact: Sequence[ContactRule]) -> Person:
    """A person row and their rules as a person."""
    return Person(
        person_id=str(row.person_id),
        role=PartyRole(row.role),
        name=row.name,
        date_of_birth=row.date_of_birth,
        language=row.language,
        interpreter_needed=row.interpreter_needed,
        needs=row.needs,
        contact=tuple(contact),
    )


def contact_rule_from(row: AnyRow) -> ContactRule:
    """A contact rule row as a rule."""
    return ContactRule(
        channel=Channel(row.channel),
        address=row.address,
        safety=Safety(row.safety),
        confirmed_on=row.confirmed_on,
        safe_from_hour=row.safe_from_hour,
        safe_until_hour=row.safe_until_hour,
        safe_weekdays=frozenset(row.safe_weekdays),
        may_name_service=row.may_name_service,
    )


def note_from(row: AnyRow) -> Note:
    """A note row as a note."""
    return Note(
        note_id=str(row.note_id),
        person_id=str(row.person_id) if row.person_id is not None else "",
        author_id=row.author_id,
        written_at=row.written_at,
        text=row.text,
    )


def person_values(request: RequestKey, case_id: str, position: int, person: Person) -> dict[str, object]:
    """A person of a referral as their row's values; the database makes the id."""
    return {
        "case_id": case_id,
        "subject": request.subject,
        "request_key": request.key,
        "position": position,
        "role": person.role.value,
        "name": person.name,
        "date_of_birth": person.date_of_birth,
        "language": person.language,
        "interpreter_needed": person.interpreter_needed,
        "needs": person.needs,
    }


def contact_rule_values(person_id: UUID, rule: ContactRule) -> dict[str, object]:
    """A rule as its row's values."""
    return {
        "person_id": person_id,
        "channel": rule.channel.value,
        "address": rule.address,
        "safety": rule.safety.value,
        "confirmed_on": rule.confirmed_on,
        "safe_from_hour": rule.safe_from_hour,
        "safe_until_hour": rule.safe_until_hour,
        "safe_weekdays": sorted(rule.safe_weekdays),
        "may_name_service": rule.may_name_service,
    }


def note_values(request: RequestKey, digest: str, note: NewNote, author_id: str) -> dict[str, object]:
    """A new note as its row's values; the database makes the id and writes down the time."""
    return {
        "case_id": note.case_id,
        "person_id": UUID(note.person_id) if note.person_id else None,
        "author_id": author_id,
        "text": note.text,
        "subject": request.subject,
        "request_key": request.key,
        "slot": note.slot,
        "digest": digest,
    }
