"""The tables of the records database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_CONSTRAINT_NAMES = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "uq": "%(table_name)s_%(column_0_name)s_key",
    "ix": "%(table_name)s_%(column_0_name)s_idx",
}
# Made by the database: opaque, and in the order of writing so that pages of an index stay together.
_NEW_ID = text("uuidv7()")
_NOW = text("now()")


class Table(DeclarativeBase):
    """What every table of this database shares: the names of its constraints and the types of its columns."""

    metadata = MetaData(naming_convention=_CONSTRAINT_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        list[int]: ARRAY(Integer),
        datetime: DateTime(timezone=True),
    }


class ReferralRequestRow(Table):
    """A registered referral, by the request that brought it; one per case."""

    __tablename__ = "referral_request"

    subject: Mapped[str] = mapped_column(primary_key=True)
    request_key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    case_id: Mapped[str] = mapped_column(unique=True)
    agency_reference: Mapped[str]
    registered_at: Mapped[datetime] = mapped_column(server_default=_NOW)


class PersonRow(Table):
    """A person of a case, in the order the referral named them."""

    __tablename__ = "person"
    __table_args__ = (
        ForeignKeyConstraint(
            ["subject", "request_key"], ["referral_request.subject", "referral_request.request_key"], ondelete="CASCADE"
        ),
        UniqueConstraint("subject", "request_key", "position"),
    )

    person_id: Mapped[UUID] = mapped_column(primary_key=True, server_default=_NEW_ID)
    case_id: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    request_key: Mapped[str]
    position: Mapped[int]
    role: Mapped[str]
    name: Mapped[str]
    date_of_birth: Mapped[date | None]
    language: Mapped[str]
    interpreter_needed: Mapped[bool]
    needs: Mapped[str]


class ContactRuleRow(Table):
    """How a person may be reached on one channel."""

    __tablename__ = "contact_rule"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.person_id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    safety: Mapped[str]
    confirmed_on: Mapped[date | None]
    safe_from_hour: Mapped[int]
    safe_until_hour: Mapped[int]
    safe_weekdays: Mapped[list[int]]
    may_name_service: Mapped[bool]


class NoteRow(Table):
    """One text of a case, by the request and the slot of it that brought it."""

    __tablename__ = "note"
    __table_args__ = (UniqueConstraint("subject", "request_key", "slot"),)

    note_id: Mapped[UUID] = mapped_column(primary_key=True, server_default=_NEW_ID)
    case_id: Mapped[str] = mapped_column(index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.person_id"), index=True)
    author_id: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(server_default=_NOW)
    text: Mapped[str]
    subject: Mapped[str]
    request_key: Mapped[str]
    slot: Mapped[str]
    digest: Mapped[str]


class CaseAccessRow(Table):
    """How far into a case's ledger its grants are up to date."""

    __tablename__ = "case_access"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    as_of_sequence: Mapped[int] = mapped_column(BigInteger)


class CaseGrantRow(Table):
    """One grant of sight of a case."""

    __tablename__ = "case_grant"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_access.case_id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[str] = mapped_column(primary_key=True)


class ReadAuditRow(Table):
    """Who read what of which case, and when."""

    __tablename__ = "read_audit"

    read_id: Mapped[UUID] = mapped_column(primary_key=True, server_default=_NEW_ID)
    case_id: Mapped[str] = mapped_column(index=True)
    reader_id: Mapped[str] = mapped_column(index=True)
    what: Mapped[str]
    read_at: Mapped[datetime] = mapped_column(server_default=_NOW)
