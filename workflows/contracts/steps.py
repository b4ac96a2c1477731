"""Every step that can be taken in a case: one small class each, named as practitioners say it.

A step carries ids, codes, dates and numbers only. Words go to records first and come back as a note id: every field
whose name ends in `_note_id` is such a text, and over HTTP it is written as the text itself, without `_id`
(`question_note`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

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
    NotHeldReason,
    OnwardSupport,
    PartyRole,
    PauseKind,
    PauseReason,
    ProcessKind,
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
class NamedParty:
    """One person of a referral; what they are called lives in records under `person_id`."""

    person_id: str
    role: PartyRole
    identified: bool = True  # False: the person responsible is not known yet
    knows_of_referral: Answer = Answer.UNKNOWN
    may_be_contacted: Answer = Answer.UNKNOWN  # R-005; unknown and no both mean: do not contact yet
    age_band: AgeBand = AgeBand.UNKNOWN
    interpreter_needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitReferral:
    """T3: a referral arrives and the case begins."""

    kind: Literal["submit_referral"] = "submit_referral"
    channel: Channel
    referrer_kind: ReferrerKind
    initiator: Initiator
    stream: Stream
    harm_type: HarmType
    justice_stage: JusticeStage
    rj_level: RjLevel
    district: District
    funding_stream: FundingStream
    responsibility: Responsibility = Responsibility.UNKNOWN
    reported_on: date | None = None
    parties: tuple[NamedParty, ...] = ()
    narrative_note_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeUp:
    """T8: the hub takes a received referral into screening."""

    kind: Literal["take_up"] = "take_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestInformation:
    """T5: the hub asks the referrer a question; the hub's clock rests."""

    kind: Literal["request_information"] = "request_information"
    question_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvideInformation:
    """T6: the referrer answers."""

    kind: Literal["provide_information"] = "provide_information"
    answer_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessRisk:
    """R-053, R-054: one person's risk, looked at anew; earlier assessments stay."""

    kind: Literal["assess_risk"] = "assess_risk"
    person_id: str
    moment: RiskMoment
    level: RiskLevel
    bars: tuple[Bar, ...] = ()  # all bars now in force; leaving one out means its authority has cleared it
    cleared_by: str = ""  # code of the authority that cleared a bar: court, police, probation, prison
    assessment_note_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptReferral:
    """T9: the hub signs the assessment and takes the case on."""

    kind: Literal["accept_referral"] = "accept_referral"
    handling: Handling
    route: Route
    approach_first_person_id: str  # who is spoken to first; the other side waits for their agreement
    reasons_note_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseReferral:
    """T10: the case goes no further; a victim-led request needs a second signature (invariant 9)."""

    kind: Literal["refuse_referral"] = "refuse_referral"
    reason: ScreeningRefusal
    alternatives_offered: bool = False
    reasons_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountersignRefusal:
    """The second signature under a refused victim-led request, by someone else."""

    kind: Literal["countersign_refusal"] = "countersign_refusal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocate:
    """T13: to a facilitator (and a co-facilitator where needed), or to a satellite unit that names one on accepting."""

    kind: Literal["allocate"] = "allocate"
    facilitator_id: str = ""
    co_facilitator_id: str = ""
    unit_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptAllocation:
    """T14: the facilitator, or the satellite's lead naming one, takes the case."""

    kind: Literal["accept_allocation"] = "accept_allocation"
    facilitator_id: str = ""  # named by a satellite's lead


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineAllocation:
    """T15: the facilitator or satellite hands the case back to the hub."""

    kind: Literal["decline_allocation"] = "decline_allocation"
    reasons_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPermission:
    """R-005: whether this person may be contacted at all."""

    kind: Literal["record_permission"] = "record_permission"
    person_id: str
    may_be_contacted: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyPerson:
    """A person responsible who was not known has been named; their details are in records under the same id."""

    kind: Literal["identify_person"] = "identify_person"
    person_id: str
    may_be_contacted: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class LogContact:
    """R-034: one attempt to reach a person."""

    kind: Literal["log_contact"] = "log_contact"
    person_id: str
    channel: ContactChannel
    outcome: ContactOutcome
    contact_note_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InformPerson:
    """R-046: the person has had full information on the process, their rights and what may follow."""

    kind: Literal["inform_person"] = "inform_person"
    person_id: str
    # For example "2026-04"; the responsible person's pack says that taking part shortens no sentence.
    pack_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordResponsibility:
    """R-051: what the person responsible accepts, as the facilitator judges it."""

    kind: Literal["record_responsibility"] = "record_responsibility"
    person_id: str
    responsibility: Responsibility


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeToApproach:
    """R-042: the side that was spoken to first agrees that the other side is approached (invariant 2)."""

    kind: Literal["agree_to_approach"] = "agree_to_approach"
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConsent:
    """R-040..R-042: one kind of consent, given or taken back; also its re-confirmation at a gate."""

    kind: Literal["record_consent"] = "record_consent"
    person_id: str
    consent: ConsentKind
    given: bool
    method: ConsentMethod
    wording_version: str
    representative: bool = False  # a responsible adult or advocate agrees too


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordExit:
    """6.3: a person leaves, and whose decision it was."""

    kind: Literal["record_exit"] = "record_exit"
    person_id: str
    exit: Exit
    reason: ExitReason
    onward_support: OnwardSupport = OnwardSupport.NOT_OFFERED
    exit_note_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """R-123: the person wants to wait; the offer stays open without an end."""

    kind: Literal["not_now"] = "not_now"
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsiderAgain:
    """A person who had said not now takes the offer up again."""

    kind: Literal["consider_again"] = "consider_again"
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """R-044: a person withdraws, at any time, in one action, and everything to them stops."""

    kind: Literal["withdraw"] = "withdraw"
    person_id: str
    reason: ExitReason = ExitReason.NO_REASON_GIVEN
    onward_support: OnwardSupport = OnwardSupport.NOT_OFFERED
    exit_note_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPreparation:
    """R-080, R-081: one preparation meeting with one person, apart from the others."""

    kind: Literal["record_preparation"] = "record_preparation"
    person_id: str
    attended: bool
    ready: bool  # the facilitator's judgement that this person is prepared
    meeting_note_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanProcess:
    """R-090, R-091: what is to take place and with whom; planning another keeps the history of the one before."""

    kind: Literal["plan_process"] = "plan_process"
    process_kind: ProcessKind
    person_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareReady:
    """T17: every gate before a meeting is passed; a sensitive case needs the lead's countersignature."""

    kind: Literal["declare_ready"] = "declare_ready"
    process_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountersignReady:
    """The lead's signature under a sensitive or specialist case's readiness (R-058)."""

    kind: Literal["countersign_ready"] = "countersign_ready"
    process_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One person's own itinerary: nobody's shows another's (R-085)."""

    person_id: str
    arrive_at: datetime
    entrance: str = "main"  # code of the venue's entrance


@dataclass(frozen=True, slots=True, kw_only=True)
class BookProcess:
    """T19: when and where, with separate arrivals."""

    kind: Literal["book_process"] = "book_process"
    process_id: str
    starts_at: datetime
    venue_id: str = ""  # not needed for video, shuttle or letters
    arrivals: tuple[Arrival, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StartProcess:
    """R-094: the checklist of the day."""

    kind: Literal["start_process"] = "start_process"
    process_id: str
    identity_checked: bool
    risk_rechecked: bool
    consent_reconfirmed_person_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """One undertaking as the people worded it; the words are in records."""

    item_kind: ItemKind
    owner_person_id: str
    for_person_ids: tuple[str, ...]
    due_on: date | None = None
    wording_note_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHeld:
    """T20, T21: it took place; without items is a valid result (R-101). Attendance and facts only (R-095)."""

    kind: Literal["record_held"] = "record_held"
    process_id: str
    attended_person_ids: tuple[str, ...]
    items: tuple[NewItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNotHeld:
    """R-084: it did not take place, why, and through whom."""

    kind: Literal["record_not_held"] = "record_not_held"
    process_id: str
    reason: NotHeldReason
    person_id: str = ""  # empty: nobody's doing


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjournProcess:
    """T22: broken off, to be taken up again after more preparation."""

    kind: Literal["adjourn_process"] = "adjourn_process"
    process_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopProcess:
    """R-094: stopped for safety; the case goes on hold."""

    kind: Literal["stop_process"] = "stop_process"
    process_id: str
    reason: HoldReason


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftExchange:
    """A letter or recording from one person to another; its content is in records."""

    kind: Literal["draft_exchange"] = "draft_exchange"
    process_id: str
    from_person_id: str
    to_person_id: str
    content_note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewExchange:
    """R-092: the facilitator has read it for content, risk and identifiers; not fit means withheld."""

    kind: Literal["review_exchange"] = "review_exchange"
    exchange_id: str
    fit_to_release: bool
    review_note_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeToReceive:
    """R-092: the recipient agrees to receive this very item."""

    kind: Literal["agree_to_receive"] = "agree_to_receive"
    exchange_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseExchange:
    """The item is handed to its recipient."""

    kind: Literal["release_exchange"] = "release_exchange"
    exchange_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseExchange:
    """The recipient answered, or wants no answer."""

    kind: Literal["close_exchange"] = "close_exchange"
    exchange_id: str
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeItem:
    """R-101: one person's free consent to one undertaking."""

    kind: Literal["agree_item"] = "agree_item"
    item_id: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleItem:
    """6.5: how an undertaking ended; the harmed person is told either way (R-103)."""

    kind: Literal["settle_item"] = "settle_item"
    item_id: str
    outcome: Literal[ItemStatus.COMPLETED, ItemStatus.PARTLY, ItemStatus.NOT_COMPLETED, ItemStatus.RELEASED]
    evidence_note_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """T25, T27: the case rests."""

    kind: Literal["pause"] = "pause"
    pause: PauseKind
    reason: PauseReason
    person_id: str = ""  # whose wish; must be a harmed person for a victim's wish
    review_on: date | None = None  # for staff; needed unless it is a victim's wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """T26, T28: a victim's pause is ended by that victim only; staff record it as said by them."""

    kind: Literal["resume"] = "resume"
    person_id: str = ""  # the victim whose wish it is


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldForSafety:
    """T29: anyone who can see the case, at once, from any open state."""

    kind: Literal["hold_for_safety"] = "hold_for_safety"
    reason: HoldReason
    hold_note_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold:
    """T30: two leads, each once, after risk has been looked at anew."""

    kind: Literal["release_hold"] = "release_hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpAnswer:
    """One answered measure (R-113): `measure` is a code, `value` 1 to 5."""

    measure: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFollowUp:
    """6.6: the person answers, by their link or to staff on the phone; `declined` means they would rather not."""

    kind: Literal["answer_follow_up"] = "answer_follow_up"
    point_id: str
    declined: bool = False
    answers: tuple[FollowUpAnswer, ...] = ()
    wants_call: bool = False
    distressed: bool = False
    comment_note_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpFollowUp:
    """A person tried what automation could not and got no reply (6.6)."""

    kind: Literal["give_up_follow_up"] = "give_up_follow_up"
    point_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase:
    """T24, T31, T32: one primary reason, with whose it was (invariant 7)."""

    kind: Literal["close_case"] = "close_case"
    reason: CloseReason
    side: Side
    onward_support: OnwardSupport = OnwardSupport.NOT_OFFERED
    summary_note_id: str = ""


Step = (
    SubmitReferral
    | TakeUp
    | RequestInformation
    | ProvideInformation
    | AssessRisk
    | AcceptReferral
    | RefuseReferral
    | CountersignRefusal
    | Allocate
    | AcceptAllocation
    | DeclineAllocation
    | RecordPermission
    | IdentifyPerson
    | LogContact
    | InformPerson
    | RecordResponsibility
    | AgreeToApproach
    | RecordConsent
    | RecordExit
    | NotNow
    | ConsiderAgain
    | Withdraw
    | RecordPreparation
    | PlanProcess
    | DeclareReady
    | CountersignReady
    | BookProcess
    | StartProcess
    | RecordHeld
    | RecordNotHeld
    | AdjournProcess
    | StopProcess
    | DraftExchange
    | ReviewExchange
    | AgreeToReceive
    | ReleaseExchange
    | CloseExchange
    | AgreeItem
    | SettleItem
    | Pause
    | Resume
    | HoldForSafety
    | ReleaseHold
    | AnswerFollowUp
    | GiveUpFollowUp
    | CloseCase
)

STEPS: dict[str, type[Step]] = {
    step_class.__dataclass_fields__["kind"].default: step_class for step_class in get_args(Step)
}
