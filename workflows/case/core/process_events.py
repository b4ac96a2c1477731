"""What can happen to a process and to the letters and recordings within one, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workflows.case.core.events import Event
from workflows.contracts.vocabulary import HoldReason, NotHeldReason, ProcessKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessPlanned(Event):
    """R-090."""

    process_id: str
    process_kind: ProcessKind
    person_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessProposed(Event):
    """T17 in a sensitive or specialist case: the lead has still to sign (R-058)."""

    process_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessReady(Event):
    """T17."""

    process_id: str
    first_signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessUnready(Event):
    """T18: what made it ready or booked no longer holds; `was_booked` means that people have to be told."""

    process_id: str
    reason: str
    person_id: str
    was_booked: bool
    still_ready: bool  # only the booking fell away


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeRemoved(Event):
    """A person who has left is no longer expected; the others' process goes on."""

    process_id: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentMade(Event):
    """R-085: one person's own arrival."""

    process_id: str
    person_id: str
    arrive_at: datetime
    entrance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessBooked(Event):
    """T19; the appointments come before it."""

    process_id: str
    starts_at: datetime
    venue_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStarted(Event):
    """R-094: with the checklist of the day complete."""

    process_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessHeld(Event):
    """T20, T21."""

    process_id: str
    process_kind: ProcessKind
    attended_person_ids: tuple[str, ...]
    item_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessNotHeld(Event):
    """R-084, T22."""

    process_id: str
    process_kind: ProcessKind
    reason: NotHeldReason
    person_id: str
    was_booked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessAdjourned(Event):
    """T22."""

    process_id: str
    process_kind: ProcessKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStopped(Event):
    """R-094: stopped for safety."""

    process_id: str
    process_kind: ProcessKind
    reason: HoldReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeDrafted(Event):
    """R-092."""

    exchange_id: str
    process_id: str
    from_person_id: str
    to_person_id: str
    content_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeReviewed(Event):
    """R-092: read for content, risk and identifiers; not fit means withheld."""

    exchange_id: str
    fit_to_release: bool
    review_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeAccepted(Event):
    """R-092: the recipient agrees to receive this very item."""

    exchange_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeReleased(Event):
    """R-092."""

    exchange_id: str
    process_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeClosed(Event):
    """6.4: answered, or no answer wanted."""

    exchange_id: str
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeWithheld(Event):
    """Not released and never to be: one of its people has left, or its process has ended."""

    exchange_id: str
    reason: str
