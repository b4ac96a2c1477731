"""What the ledger keeps of a case: its entries, and where it stands after them. Codes, ids, numbers and dates only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

Scalar = str | int | bool | None
Data = dict[str, "Scalar | list[Scalar]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One thing that happened; `(case, sequence)` is its identity for ever."""

    sequence: int
    episode: int
    kind: str
    happened_at: datetime
    stage: str
    actor_id: str = ""  # empty: the clock
    actor_role: str = ""
    step: str = ""
    data: Data = field(default_factory=dict)
    traceparent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """Something a person has to do, by when, and what holds it up."""

    task_id: str
    kind: str
    owner_role: str
    owner_id: str = ""
    unit_id: str = ""
    person_id: str = ""
    due_at: datetime | None = None
    blocked_by: str = ""
    urgent: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """Where the case stands after an entry: what lists and task pages show."""

    sequence: int
    episode: int
    stage: str
    handling: str
    stream: str
    harm_type: str
    district: str
    referrer_agency_id: str
    referrer_id: str
    unit_id: str
    facilitator_ids: tuple[str, ...]
    paused: bool
    held: bool
    opened_at: datetime
    changed_at: datetime
    next_due_at: datetime | None
    closed_reason: str
    tasks: tuple[OpenTask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerBatch:
    """What one call appends."""

    case_id: str
    entries: tuple[LedgerEntry, ...]
    summary: CaseSummary

    @property
    def traceparent(self) -> str:
        """The trace of what caused the newest entry."""
        return self.entries[-1].traceparent
