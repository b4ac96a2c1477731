"""What can happen to a follow-up point and to any other message, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workflows.case.core.events import Event
from workflows.contracts.vocabulary import PartyRole, PointKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpPlanned(Event):
    """R-110."""

    point_id: str
    point_kind: PointKind
    person_id: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpDue(Event):
    """6.6 CHECKED: the guard let it pass and the message is on its way."""

    point_id: str
    person_id: str
    point_kind: PointKind
    reminder: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpPostponed(Event):
    """R-031: outside the person's safe times, or resting with the case; it is tried again."""

    point_id: str
    not_before: datetime
    reminder: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpSent(Event):
    """6.6 SENT."""

    point_id: str
    person_id: str
    point_kind: PointKind
    party_role: PartyRole
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSent(Event):
    """The one reminder of a point."""

    point_id: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpHandedToPerson(Event):
    """6.6 HANDED_TO_PERSON with the reason: no automatic message, a person takes it on (R-111)."""

    point_id: str
    person_id: str
    point_kind: PointKind
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpAnswered(Event):
    """6.6 ANSWERED; `measures` and `values` go together (R-113)."""

    point_id: str
    person_id: str
    point_kind: PointKind
    party_role: PartyRole
    measures: tuple[str, ...]
    values: tuple[int, ...]
    satisfaction: int | None
    wants_call: bool
    distressed: bool
    comment_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpDeclined(Event):
    """6.6 DECLINED."""

    point_id: str
    person_id: str
    point_kind: PointKind
    wants_call: bool
    distressed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpUnanswered(Event):
    """6.6 NO_REPLY: by the clock, or because a person gave up."""

    point_id: str
    person_id: str
    point_kind: PointKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpCancelled(Event):
    """A point that will not be asked: a later plan took its place, or the case closed."""

    point_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Event):
    """A message other than a follow-up went out."""

    template: str
    person_id: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePostponed(Event):
    """R-031: it waits for the person's next safe window."""

    message_id: str
    template: str
    person_id: str
    parameter_names: tuple[str, ...]
    parameter_values: tuple[str, ...]
    not_before: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDue(Event):
    """The window has come; the message is on its way again."""

    message_id: str
    template: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageHandedToPerson(Event):
    """It cannot go by itself: someone tells the person (R-111)."""

    message_id: str
    template: str
    person_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDropped(Event):
    """What it said is no longer so, and nobody needs to be told."""

    message_id: str
    template: str
    person_id: str
    reason: str
