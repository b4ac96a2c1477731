"""What a case wants done outside itself, each with a key of its own so that doing it twice is doing it once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from workflows.contracts.vocabulary import DeliveryOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage:
    """A message to one person; the address is found at the moment of sending, by notifications alone."""

    kind: Literal["send_message"] = "send_message"
    intention_id: str
    case_id: str
    person_id: str
    template: str
    parameters: dict[str, str] = field(default_factory=dict)
    point_id: str = ""
    traceparent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAccess:
    """Who may see the case's records from now on: named staff, a unit, and always the hub."""

    kind: Literal["put_access"] = "put_access"
    intention_id: str
    case_id: str
    as_of_sequence: int
    staff_ids: tuple[str, ...] = ()
    unit_ids: tuple[str, ...] = ()
    traceparent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveCapacity:
    """A place in a facilitator's caseload (T13); refused means the allocation falls back to the hub."""

    kind: Literal["reserve_capacity"] = "reserve_capacity"
    intention_id: str
    case_id: str
    episode: int
    staff_id: str
    traceparent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCapacity:
    """Gives that place back."""

    kind: Literal["release_capacity"] = "release_capacity"
    intention_id: str
    case_id: str
    episode: int
    staff_id: str
    traceparent: str = ""


Intention = SendMessage | PutAccess | ReserveCapacity | ReleaseCapacity


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of a message: sent by a channel, not before a time, or handed to a person for a reason."""

    outcome: DeliveryOutcome
    channel: str = ""
    not_before: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """What became of a reservation."""

    reserved: bool
    reason: str = ""
