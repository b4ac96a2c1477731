"""A person of a case, and what was written about or by them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from services.records.domain.contact import ContactRule


class PartyRole(StrEnum):
    """What a person is in a case; in neighbour disputes one may be both."""

    HARMED = "harmed"
    RESPONSIBLE = "responsible"
    BOTH = "both"
    SUPPORTER = "supporter"


@dataclass(frozen=True, slots=True)
class Person:
    """A person of a case; the id is empty until they are registered, the name while they are not identified."""

    person_id: str
    role: PartyRole
    name: str = field(repr=False)
    date_of_birth: date | None = field(repr=False)
    language: str = field(repr=False)
    interpreter_needed: bool = field(repr=False)
    needs: str = field(repr=False)
    contact: tuple[ContactRule, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """One text; without a person it is the hub's own, without an author the person wrote it themselves."""

    note_id: str
    person_id: str
    author_id: str
    written_at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """Everything kept of a case."""

    people: tuple[Person, ...]
    notes: tuple[Note, ...]
    agency_reference: str = field(repr=False)
