"""The tables of notifications: no address, no name and no text is in any of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Table(DeclarativeBase):
    """The declarative base both tables stand on."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        bytes: LargeBinary,
        datetime: DateTime(timezone=True),
    }


class IntentionRow(Table):
    """One intention. `status` goes claimed -> sending -> sent, or to handed_to_person, and never back."""

    __tablename__ = "intention"
    __table_args__ = (
        CheckConstraint("status IN ('claimed', 'sending', 'sent', 'handed_to_person')", name="intention_status"),
        Index("intention_case", "case_id"),
    )

    intention_id: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    case_id: Mapped[str]
    person_id: Mapped[str]
    template: Mapped[str]
    template_version: Mapped[int | None]
    language: Mapped[str]
    channel: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str]
    message_id: Mapped[str]
    at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class LinkRow(Table):
    """One single-use link, by the SHA-256 of its token."""

    __tablename__ = "link"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    intention_id: Mapped[str]
    case_id: Mapped[str]
    person_id: Mapped[str]
    point_id: Mapped[str]
    language: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
