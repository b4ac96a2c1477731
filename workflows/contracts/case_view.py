"""One case as one actor may see it: the answer of the view query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from workflows.contracts.ledger_entry import OpenTask
from workflows.contracts.vocabulary import (
    ConsentKind,
    ExchangeStatus,
    Exit,
    Handling,
    ItemKind,
    ItemStatus,
    ParticipationStatus,
    PartyRole,
    PointKind,
    PointStatus,
    ProcessKind,
    ProcessStatus,
    RiskLevel,
    Stage,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationView:
    """One person's way through the case."""

    person_id: str
    role: PartyRole
    status: ParticipationStatus
    exit: Exit | None
    may_be_contacted: str
    consents: tuple[ConsentKind, ...]  # in force now
    risk: RiskLevel | None
    bars: tuple[str, ...]
    responsibility: str
    agreed_to_approach: bool
    contact_attempts: int
    informed_pack: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessView:
    """One conference or alternative."""

    process_id: str
    kind: ProcessKind
    status: ProcessStatus
    person_ids: tuple[str, ...]
    starts_at: datetime | None
    venue_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeView:
    """One letter or recording."""

    exchange_id: str
    process_id: str
    from_person_id: str
    to_person_id: str
    status: ExchangeStatus
    content_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One undertaking."""

    item_id: str
    process_id: str
    kind: ItemKind
    status: ItemStatus
    owner_person_id: str
    for_person_ids: tuple[str, ...]
    due_on: date | None
    agreed_by: tuple[str, ...]
    wording_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointView:
    """One follow-up point."""

    point_id: str
    kind: PointKind
    person_id: str
    status: PointStatus
    due_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """The case at `now` (its own time). What the actor may not see is empty; `coarse`: a referrer's view (R-013)."""

    case_id: str
    episode: int
    sequence: int
    now: datetime
    coarse: bool
    stage: Stage
    handling: Handling | None
    stream: str
    harm_type: str
    district: str
    initiator: str
    rj_level: str
    justice_stage: str
    referrer_agency_id: str
    unit_id: str
    facilitator_ids: tuple[str, ...]
    paused: str  # kind of pause, empty when not paused
    paused_person_id: str
    held: str  # reason of the safety hold, empty when not held
    waiting_for: str  # code of a second signature that is missing, else empty
    closed_reason: str
    closed_side: str
    opened_at: datetime
    next_due_at: datetime | None
    people: tuple[ParticipationView, ...]
    processes: tuple[ProcessView, ...]
    exchanges: tuple[ExchangeView, ...]
    items: tuple[ItemView, ...]
    points: tuple[PointView, ...]
    tasks: tuple[OpenTask, ...]
    steps_now: tuple[str, ...]  # kinds of step this actor may try now
