"""The tables of the ledger: entries that never change, and two projections that can be rebuilt from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Boolean, DateTime, ForeignKey, Index, Integer, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_Moment = DateTime(timezone=True)


class Table(DeclarativeBase):
    """The declarative base every table of this database stands on."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text, datetime: _Moment, bool: Boolean, int: Integer}


class EntryRow(Table):
    """One thing that happened. `happened_at` is the case's own time, `recorded_at` when it was written here."""

    __tablename__ = "entry"
    __table_args__ = (Index("entry_kind_happened_at", "kind", "happened_at"),)

    case_id: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    episode: Mapped[int]
    kind: Mapped[str]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor_id: Mapped[str]
    actor_role: Mapped[str]
    step: Mapped[str]
    stage: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    trace_id: Mapped[str]
    span_id: Mapped[str]
    # Only the last entry of a batch has it: where the case stood then, from which both projections are rebuilt.
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class CaseSummaryRow(Table):
    """Where a case stands now; a projection of the newest entry's summary."""

    __tablename__ = "case_summary"
    __table_args__ = (
        Index("case_summary_changed_at", "changed_at", "case_id"),
        Index("case_summary_stage", "stage", "changed_at", "case_id"),
        Index("case_summary_district", "district_id", "changed_at", "case_id"),
        Index("case_summary_unit", "unit_id", "changed_at", "case_id", postgresql_where=text("unit_id <> ''")),
        Index("case_summary_referrer_agency", "referrer_agency_id", "opened_at", "case_id"),
        Index("case_summary_facilitators", "facilitator_ids", postgresql_using="gin"),
    )

    case_id: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    episode: Mapped[int]
    stage: Mapped[str]
    handling: Mapped[str]
    stream: Mapped[str]
    harm_type: Mapped[str]
    district_id: Mapped[str]
    referrer_agency_id: Mapped[str]
    referrer_id: Mapped[str]
    unit_id: Mapped[str]
    facilitator_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))
    paused: Mapped[bool]
    held: Mapped[bool]
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    next_due_at: Mapped[datetime | None]
    closed_reason: Mapped[str]


class TaskRow(Table):
    """One open task of a case; a projection of the newest entry's summary."""

    __tablename__ = "task"
    __table_args__ = (
        Index("task_due_at", "due_at", "case_id", "task_id"),
        Index("task_owner", "owner_id", postgresql_where=text("owner_id <> ''")),
        Index("task_pool", "owner_role", "unit_id", postgresql_where=text("owner_id = ''")),
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("case_summary.case_id"), primary_key=True)
    task_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    owner_role: Mapped[str]
    owner_id: Mapped[str]
    unit_id: Mapped[str]
    person_id: Mapped[str]
    due_at: Mapped[datetime | None]
    blocked_by: Mapped[str]
    urgent: Mapped[bool]
    reason: Mapped[str]
