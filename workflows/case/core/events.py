"""Everything that can happen in a case, in the past tense; flat, so that each event is one ledger entry (codes,
ids, dates).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from workflows.contracts.vocabulary import (
    AgeBand,
    Answer,
    Bar,
    Channel,
    CloseReason,
    ConsentKind,
    ConsentMethod,
    ContactChannel,
    ContactOutcome,
    District,
    Exit,
    ExitReason,
    FundingStream,
    Handling,
    HarmType,
    HoldReason,
    Initiator,
    ItemKind,
    ItemStatus,
    JusticeStage,
    OnwardSupport,
    PartyRole,
    PauseKind,
    PauseReason,
    ReferrerKind,
    Responsibility,
    RiskLevel,
    RiskMoment,
    RjLevel,
    Route,
    ScreeningRefusal,
    Side,
    Stream,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at a moment of the case's own time; `by` is empty when it was the clock."""

    at: datetime
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralReceived(Event):
    """T3."""

    channel: Channel
    referrer_kind: ReferrerKind
    initiator: Initiator
    stream: Stream
    harm_type: HarmType
    justice_stage: JusticeStage
    rj_level: RjLevel
    district: District
    funding_stream: FundingStream
    responsibility: Responsibility
    reported_on: date | None
    agency_id: str
    policy_version: str
    narrative_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNamed(Event):
    """One party of the referral."""

    person_id: str
    role: PartyRole
    identified: bool
    knows_of_referral: Answer
    may_be_contacted: Answer
    age_band: AgeBand
    interpreter_needed: bool
    referred_themselves: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenUp(Event):
    """T8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationRequested(Event):
    """T5."""

    question_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationProvided(Event):
    """T6."""

    answer_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAssessed(Event):
    """R-053, R-054."""

    person_id: str
    moment: RiskMoment
    level: RiskLevel
    bars: tuple[Bar, ...]
    cleared_by: str
    assessment_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralAccepted(Event):
    """T9."""

    handling: Handling
    route: Route
    approach_first_person_id: str
    reasons_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalProposed(Event):
    """T10, first signature under a victim-led request."""

    reason: ScreeningRefusal
    alternatives_offered: bool
    by_lead: bool
    reasons_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRefused(Event):
    """T10, with every signature it needs."""

    reason: ScreeningRefusal
    alternatives_offered: bool
    first_signature: str
    reasons_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocated(Event):
    """T13, and later changes of who works the case (R-079)."""

    facilitator_ids: tuple[str, ...]
    unit_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationAccepted(Event):
    """T14."""

    facilitator_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationDeclined(Event):
    """T15, by a person."""

    reasons_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationLapsed(Event):
    """T15, by the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationRefused(Event):
    """The facilitator's caseload has no place; the allocation falls back to the hub."""

    staff_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionRecorded(Event):
    """R-005."""

    person_id: str
    may_be_contacted: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonIdentified(Event):
    """R-006."""

    person_id: str
    may_be_contacted: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLogged(Event):
    """R-034."""

    person_id: str
    channel: ContactChannel
    outcome: ContactOutcome
    contact_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInformed(Event):
    """R-046."""

    person_id: str
    pack_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibilityRecorded(Event):
    """R-051."""

    person_id: str
    responsibility: Responsibility


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproachAgreed(Event):
    """Invariant 2."""

    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(Event):
    """R-040 to R-042."""

    person_id: str
    consent: ConsentKind
    method: ConsentMethod
    wording_version: str
    representative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Event):
    """R-044, for one kind of consent; a person who leaves altogether has PersonWithdrew."""

    person_id: str
    consent: ConsentKind
    method: ConsentMethod
    wording_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonExited(Event):
    """6.3, every exit but a withdrawal."""

    person_id: str
    role: PartyRole
    exit: Exit
    reason: ExitReason
    from_status: str
    onward_support: OnwardSupport
    exit_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWithdrew(Event):
    """R-044."""

    person_id: str
    role: PartyRole
    reason: ExitReason
    from_status: str
    onward_support: OnwardSupport
    exit_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPairLost(Event):
    """6.3, multi-party rule: nobody is left who could meet anybody; the service proposes to close or an
    alternative (T32).
    """

    person_id: str
    role: PartyRole


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLeftOpen(Event):
    """R-123: not now."""

    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTakenUpAgain(Event):
    """R-123."""

    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparationRecorded(Event):
    """R-080, R-081."""

    person_id: str
    attended: bool
    ready: bool
    meeting_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemProposed(Event):
    """R-100."""

    item_id: str
    process_id: str
    item_kind: ItemKind
    owner_person_id: str
    for_person_ids: tuple[str, ...]
    due_on: date | None
    wording_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAgreed(Event):
    """R-101: one person's consent; `by_all` when nobody's is missing any more."""

    item_id: str
    person_id: str
    by_all: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSettled(Event):
    """6.5."""

    item_id: str
    outcome: ItemStatus
    on_time: bool
    evidence_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePaused(Event):
    """T25, T27."""

    pause: PauseKind
    reason: PauseReason
    person_id: str
    review_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResumed(Event):
    """T26, T28: one pause has ended; another may still be in force."""

    pause: PauseKind
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldForSafety(Event):
    """T29."""

    reason: HoldReason
    person_id: str
    hold_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReleaseSigned(Event):
    """T30, first signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReleased(Event):
    """T30, both signatures."""

    first_signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityLapsed(Event):
    """R-077: nobody has done anything for a while."""

    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(Event):
    """T10, T24, T31, T32."""

    reason: CloseReason
    side: Side
    from_stage: str
    onward_support: OnwardSupport
    summary_note_id: str
