"""Where a case stands after an entry: what lists and task pages show of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something a person has to do; `task_id` is unique in the case, an empty `owner_id` means anyone in the role."""

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
    case_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """One case as of entry `sequence`; an empty `closed_reason` means open, an empty `unit_id` the hub."""

    sequence: int
    episode: int
    stage: str
    handling: str = ""
    stream: str = ""
    harm_type: str = ""
    district_id: str = ""
    referrer_agency_id: str = ""
    referrer_id: str = ""
    unit_id: str = ""
    facilitator_ids: tuple[str, ...] = ()
    paused: bool = False
    held: bool = False
    opened_at: datetime
    changed_at: datetime | None  # None: not the viewer's to know
    next_due_at: datetime | None = None
    closed_reason: str = ""
    tasks: tuple[Task, ...] = ()
