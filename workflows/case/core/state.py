"""Where one case stands: the coupled machines of case, people, processes, agreement items and follow-up points
(domain 6.1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from workflows.contracts.vocabulary import (
    AgeBand,
    Answer,
    Bar,
    Channel,
    CloseReason,
    ConsentKind,
    ConsentMethod,
    District,
    ExchangeStatus,
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
    NotHeldReason,
    OnwardSupport,
    ParticipationStatus,
    PartyRole,
    PauseKind,
    PauseReason,
    PointKind,
    PointStatus,
    ProcessKind,
    ProcessStatus,
    ReferrerKind,
    Responsibility,
    RiskLevel,
    RiskMoment,
    RjLevel,
    Route,
    ScreeningRefusal,
    Side,
    Stage,
    Stream,
)

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """What the referral said (R-001 to R-006), who sent it and under which policy the case runs."""

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
    referrer_id: str
    referrer_agency_id: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One kind of consent as last recorded (R-040)."""

    given: bool
    at: datetime
    method: ConsentMethod
    wording_version: str
    representative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """The latest risk assessment of one person; earlier ones stay in the ledger (R-054).

    `sequence` orders it against holds and meetings that fell in the same second.
    """

    level: RiskLevel
    moment: RiskMoment
    at: datetime
    bars: tuple[Bar, ...]
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """How a person left, from where, and who recorded it (R-120)."""

    exit: Exit
    reason: ExitReason
    from_status: ParticipationStatus
    at: datetime
    by: str
    onward_support: OnwardSupport


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """One person's way through the case (6.3)."""

    person_id: str
    role: PartyRole
    identified: bool
    knows_of_referral: Answer
    may_be_contacted: Answer
    age_band: AgeBand
    interpreter_needed: bool
    status: ParticipationStatus = ParticipationStatus.NAMED
    responsibility: Responsibility = Responsibility.UNKNOWN
    agreed_to_approach: bool = False
    contact_attempts: int = 0
    unsafe_contact: bool = False  # the last attempt met someone else or danger: a person looks at it first
    informed_pack: str = ""
    consents: dict[ConsentKind, Consent] = field(default_factory=dict)
    risk: Risk | None = None
    first_met: int = 0  # sequence of the first preparation meeting that took place; 0 is none
    prepared: bool = False
    refreshed_after: datetime | None = None  # consent and risk from before this moment no longer count (T26)
    waiting_since: datetime | None = None  # said not now
    wants_call: bool = False
    left: Departure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """One person's own arrival (R-085)."""

    person_id: str
    arrive_at: datetime
    entrance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One conference or alternative (6.4)."""

    process_id: str
    kind: ProcessKind
    status: ProcessStatus
    person_ids: tuple[str, ...]
    ready_proposed_by: str = ""  # first signature under readiness, waiting for the lead's
    starts_at: datetime | None = None
    venue_id: str = ""
    appointments: dict[str, Appointment] = field(default_factory=dict)
    attended: tuple[str, ...] = ()
    not_held_reason: NotHeldReason | None = None
    not_held_person_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One letter or recording on its way from one person to another (R-092)."""

    exchange_id: str
    process_id: str
    from_person_id: str
    to_person_id: str
    content_note_id: str
    status: ExchangeStatus = ExchangeStatus.DRAFTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One undertaking (6.5)."""

    item_id: str
    process_id: str
    kind: ItemKind
    owner_person_id: str
    for_person_ids: tuple[str, ...]
    due_on: date | None
    wording_note_id: str
    status: ItemStatus = ItemStatus.PROPOSED
    agreed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One follow-up point (6.6); `acts_at` is when the clock next does something about it."""

    point_id: str
    kind: PointKind
    person_id: str
    due_at: datetime
    status: PointStatus = PointStatus.PLANNED
    acts_at: datetime | None = None
    reminded: bool = False
    sent_at: datetime | None = None
    handed_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """One pause in force; a harmed person's wish names them (R-123)."""

    kind: PauseKind
    reason: PauseReason
    person_id: str
    began_at: datetime
    review_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyHold:
    """Everything stands still until two leads release it (T29, T30)."""

    reason: HoldReason
    began_at: datetime
    sequence: int
    by: str
    first_release_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRefusal:
    """The first signature under a refused victim-led request (invariant 9)."""

    reason: ScreeningRefusal
    by: str
    by_lead: bool
    alternatives_offered: bool
    reasons_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedMessage:
    """A message that has not reached its person: it waits for `send_at`, or a person has to bring it (`reason`)."""

    message_id: str
    template: str
    person_id: str
    parameters: dict[str, str]
    send_at: datetime | None
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Why the episode closed: exactly one primary reason, whose, and at what stage (invariant 7)."""

    reason: CloseReason
    side: Side
    stage: Stage
    at: datetime
    by: str
    onward_support: OnwardSupport


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseState:
    """The whole case; the one value that crosses from run to run."""

    case_id: str
    schema_version: int = SCHEMA_VERSION
    episode: int = 1
    sequence: int = 0  # of the last ledger entry
    policy_version: str = ""
    stage: Stage = Stage.RECEIVED
    referral: Referral | None = None
    changed_at: datetime | None = None
    active_at: datetime | None = None  # when a person last did something in the case
    nudges: int = 0  # how often the clock has pointed out that nothing happens
    restarted_at: datetime | None = None  # a pause or hold ended: what fell due meanwhile is due from here
    question_asked_at: datetime | None = None  # the hub's clock rests since
    rested_working_days: int = 0
    refusal: ProposedRefusal | None = None
    handling: Handling | None = None
    route: Route | None = None
    approach_first: str = ""
    facilitator_ids: tuple[str, ...] = ()
    unit_id: str = ""
    allocated_at: datetime | None = None
    handed_back: str = ""  # why the last allocation came to nothing
    people: dict[str, Participation] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    points: dict[str, Point] = field(default_factory=dict)
    rests: tuple[Rest, ...] = ()
    hold: SafetyHold | None = None
    owed: dict[str, OwedMessage] = field(default_factory=dict)
    closing: Closing | None = None


def referral_of(state: CaseState) -> Referral:
    """The referral of a case that has one; rules ask only after the case has begun."""
    if state.referral is None:
        raise ValueError("the case has not begun")
    return state.referral
