"""The closed lists of words the hub uses: one enum each, the field's standard terms (domain 6)."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a signed-in person or service does here."""

    REFERRER = "referrer"
    COORDINATOR = "coordinator"
    LEAD = "lead"
    FACILITATOR = "facilitator"
    UNIT_LEAD = "unit_lead"
    SPECIALIST = "specialist"
    COMMISSIONER = "commissioner"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
    PARTICIPANT = "participant"  # a harmed or responsible person, on their own page
    PUBLIC = "public"  # someone referring themselves


class Stage(StrEnum):
    """Where a case stands (6.2). Pause and safety hold are overlays, not stages."""

    RECEIVED = "received"
    INFO_REQUESTED = "info_requested"
    SCREENING = "screening"
    ACCEPTED = "accepted"
    ALLOCATED = "allocated"
    ENGAGING = "engaging"
    PREPARING = "preparing"
    READY = "ready"
    DELIVERING = "delivering"
    MONITORING = "monitoring"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"


class Channel(StrEnum):
    """How a referral reached the hub (R-001)."""

    ONLINE = "online"
    PHONE = "phone"
    API = "api"
    SELF_REFERRAL = "self_referral"


class ReferrerKind(StrEnum):
    """Who refers (R-003)."""

    POLICE = "police"
    HOUSING = "housing"
    PROBATION = "probation"
    PRISON = "prison"
    YOUTH_JUSTICE = "youth_justice"
    COUNCIL = "council"
    CHARITY = "charity"
    SCHOOL = "school"
    COURT = "court"
    VICTIM = "victim"
    RESPONSIBLE_PERSON = "responsible_person"


class Initiator(StrEnum):
    """Whose wish the referral follows (R-004)."""

    VICTIM_LED = "victim_led"
    RESPONSIBLE_LED = "responsible_led"
    AGENCY_LED = "agency_led"


class Stream(StrEnum):
    """Crime or not: different funders, different rates (R-018)."""

    CRIME = "crime"
    NON_CRIME = "non_crime"


class HarmType(StrEnum):
    """What happened (R-006)."""

    BURGLARY = "burglary"
    ASSAULT = "assault"
    ROBBERY = "robbery"
    THEFT = "theft"
    CRIMINAL_DAMAGE = "criminal_damage"
    ARSON = "arson"
    HATE_CRIME = "hate_crime"
    HARASSMENT = "harassment"
    STALKING = "stalking"
    DOMESTIC_ABUSE = "domestic_abuse"
    SEXUAL_HARM = "sexual_harm"
    TRAFFICKING = "trafficking"
    DRIVING = "driving"
    FRAUD = "fraud"
    ANTI_SOCIAL_BEHAVIOUR = "anti_social_behaviour"
    NEIGHBOUR_DISPUTE = "neighbour_dispute"
    NOISE = "noise"
    SCHOOL_INCIDENT = "school_incident"
    OTHER = "other"


class JusticeStage(StrEnum):
    """How far the criminal justice process has come (R-006)."""

    NO_CRIME = "no_crime"
    REPORTED = "reported"
    OUT_OF_COURT = "out_of_court"
    CHARGED = "charged"
    PRE_SENTENCE = "pre_sentence"
    POST_SENTENCE_CUSTODY = "post_sentence_custody"
    POST_SENTENCE_COMMUNITY = "post_sentence_community"
    RELEASED = "released"
    UNKNOWN = "unknown"


class RjLevel(StrEnum):
    """ACPO levels as the 2016 study defines them."""

    LEVEL_1 = "level_1"
    LEVEL_2 = "level_2"
    LEVEL_3 = "level_3"


class FundingStream(StrEnum):
    """Who pays (R-018); the victims' grant may never pay for non-crime."""

    VICTIMS_GRANT = "victims_grant"
    HOUSING_FEE = "housing_fee"
    COUNCIL_GRANT = "council_grant"
    OTHER = "other"


class District(StrEnum):
    """The region's seven districts."""

    BIRMINGHAM = "birmingham"
    COVENTRY = "coventry"
    DUDLEY = "dudley"
    SANDWELL = "sandwell"
    SOLIHULL = "solihull"
    WALSALL = "walsall"
    WOLVERHAMPTON = "wolverhampton"


class PartyRole(StrEnum):
    """A person's part in the harm. In neighbour disputes one person can have both (R-142)."""

    HARMED = "harmed"
    RESPONSIBLE = "responsible"
    BOTH = "both"
    SUPPORTER = "supporter"


class AgeBand(StrEnum):
    """Enough to know who must be asked besides the person (R-045)."""

    ADULT = "adult"
    UNDER_18 = "under_18"
    UNKNOWN = "unknown"


class Answer(StrEnum):
    """Yes, no, or not known: unknown is never read as yes."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Responsibility(StrEnum):
    """Whether responsibility is accepted (R-051); accepting the basic facts is enough."""

    ACCEPTS = "accepts"
    PARTLY = "partly"
    DENIES = "denies"
    UNKNOWN = "unknown"


class Handling(StrEnum):
    """How strictly a case is gated (6.1)."""

    ORDINARY = "ordinary"
    SENSITIVE = "sensitive"
    SPECIALIST = "specialist"


class Route(StrEnum):
    """Who is to hold an accepted case (R-060)."""

    HUB = "hub"
    SATELLITE = "satellite"
    SPECIALIST = "specialist"


class ScreeningRefusal(StrEnum):
    """Why a referral goes no further at screening (T10)."""

    OUT_OF_SCOPE = "out_of_scope"
    SIGNPOSTED = "signposted"
    NOT_SUITABLE = "not_suitable"
    DUPLICATE = "duplicate"


class RiskLevel(StrEnum):
    """A facilitator's judgement for one person."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    UNSAFE = "unsafe"


class RiskMoment(StrEnum):
    """When risk is looked at anew (R-054)."""

    SCREENING = "screening"
    FIRST_MEETING = "first_meeting"
    BEFORE_EVENT = "before_event"
    AFTER_EVENT = "after_event"
    INCIDENT = "incident"


class Bar(StrEnum):
    """Orders and conditions that forbid contact until a named authority clears them (R-056)."""

    RESTRAINING_ORDER = "restraining_order"
    BAIL_CONDITION = "bail_condition"
    LICENCE_CONDITION = "licence_condition"
    LIVE_PROCEEDINGS = "live_proceedings"


class ParticipationStatus(StrEnum):
    """How far one person has come (6.3)."""

    NAMED = "named"
    PERMITTED = "permitted"
    CONTACTING = "contacting"
    INFORMED = "informed"
    CONSIDERING = "considering"
    CONSENTED = "consented"
    PREPARED = "prepared"
    CONFIRMED = "confirmed"
    TOOK_PART = "took_part"
    FOLLOWED_UP = "followed_up"
    NOT_NOW = "not_now"
    EXITED = "exited"


class Exit(StrEnum):
    """How a person leaves (6.3): whose decision and why are kept with it (R-120)."""

    NOT_IDENTIFIED = "not_identified"
    NOT_PERMITTED = "not_permitted"
    NO_SAFE_CONTACT = "no_safe_contact"
    UNREACHABLE = "unreachable"
    DECLINED = "declined"
    DENIES = "denies"
    UNSUITABLE = "unsuitable"
    UNSAFE = "unsafe"
    WITHDREW = "withdrew"
    CAPACITY_OR_AGE = "capacity_or_age"
    EXTERNAL = "external"


class ExitReason(StrEnum):
    """Finer than the exit, for the record and for reports (R-121)."""

    OWN_CHOICE = "own_choice"
    NO_REASON_GIVEN = "no_reason_given"
    TOO_SOON = "too_soon"
    TOO_DISTRESSING = "too_distressing"
    AFRAID = "afraid"
    NO_LONGER_NEEDED = "no_longer_needed"
    DENIES_RESPONSIBILITY = "denies_responsibility"
    MOTIVATION = "motivation"
    HEALTH = "health"
    MANIPULATION = "manipulation"
    NO_ANSWER = "no_answer"
    WRONG_DETAILS = "wrong_details"
    SOMEONE_ELSE_ANSWERS = "someone_else_answers"
    MOVED_AWAY = "moved_away"
    ACQUITTED = "acquitted"
    RECALLED = "recalled"
    DIED = "died"
    NOT_IDENTIFIED = "not_identified"
    NEEDS_REPRESENTATIVE = "needs_representative"
    OTHER = "other"


class ContactChannel(StrEnum):
    """How someone tried to reach a person (R-034)."""

    PHONE = "phone"
    VISIT = "visit"
    LETTER = "letter"
    EMAIL = "email"
    SMS = "sms"
    THIRD_PARTY = "third_party"


class ContactOutcome(StrEnum):
    """What came of it (R-034)."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    SOMEONE_ELSE = "someone_else"
    UNSAFE = "unsafe"
    WRONG_DETAILS = "wrong_details"


class ConsentKind(StrEnum):
    """Four different things, never one tick box (R-040)."""

    CONTACT = "contact"
    PARTICIPATION = "participation"
    SHARING = "sharing"
    FEEDBACK = "feedback"


class ConsentMethod(StrEnum):
    """How consent was given; participation needs it in writing (R-041)."""

    WRITTEN = "written"
    VERBAL = "verbal"
    ONLINE = "online"


class ProcessKind(StrEnum):
    """Conference and alternatives (R-090)."""

    FACE_TO_FACE = "face_to_face"
    COMMUNITY_CONFERENCE = "community_conference"
    SHUTTLE = "shuttle"
    LETTER_EXCHANGE = "letter_exchange"
    RECORDED_MESSAGE = "recorded_message"
    LIVE_VIDEO = "live_video"
    MESSENGER = "messenger"
    SURROGATE = "surrogate"
    NO_SEND_LETTER = "no_send_letter"


class ProcessStatus(StrEnum):
    """How far one process has come (6.4)."""

    PLANNED = "planned"
    READY = "ready"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in_progress"
    HELD = "held"
    ADJOURNED = "adjourned"
    STOPPED = "stopped"
    NOT_HELD = "not_held"


class NotHeldReason(StrEnum):
    """Why a booked process did not take place (R-084)."""

    WITHDRAWAL = "withdrawal"
    ILLNESS = "illness"
    NO_SHOW = "no_show"
    LOGISTICS = "logistics"
    SAFETY = "safety"
    SWITCHED = "switched"


class ExchangeStatus(StrEnum):
    """How far one letter or recording has come (6.4, R-092)."""

    DRAFTED = "drafted"
    REVIEWED = "reviewed"
    ACCEPTED_TO_RECEIVE = "accepted_to_receive"
    RELEASED = "released"
    ANSWERED = "answered"
    NO_ANSWER_WANTED = "no_answer_wanted"
    WITHHELD = "withheld"


class ItemKind(StrEnum):
    """What someone undertakes (R-100)."""

    APOLOGY = "apology"
    FINANCIAL_REPARATION = "financial_reparation"
    PRACTICAL_REPARATION = "practical_reparation"
    BEHAVIOUR = "behaviour"
    CONTACT_ARRANGEMENT = "contact_arrangement"
    PROGRAMME = "programme"
    OTHER = "other"


class ItemStatus(StrEnum):
    """How far an agreement item has come (6.5)."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    COMPLETED = "completed"
    PARTLY = "partly"
    NOT_COMPLETED = "not_completed"
    RELEASED = "released"


class PauseKind(StrEnum):
    """Whose pause: only the harmed person ends their own (R-123)."""

    VICTIM_WISH = "victim_wish"
    OTHER = "other"


class PauseReason(StrEnum):
    """Why a case rests."""

    PERSON_WISH = "person_wish"
    COURT = "court"
    ILLNESS = "illness"
    PRISON_MOVE = "prison_move"
    NO_FACILITATOR = "no_facilitator"
    OTHER = "other"


class HoldReason(StrEnum):
    """Why everything stops at once (T29)."""

    DISTRESS = "distress"
    UNSAFE_CONTACT = "unsafe_contact"
    NEW_ORDER = "new_order"
    NEW_OFFENCE = "new_offence"
    THREAT = "threat"
    SAFEGUARDING = "safeguarding"
    OTHER = "other"


class PointKind(StrEnum):
    """The moments of the follow-up plan (R-110)."""

    WELFARE = "welfare"
    QUESTIONNAIRE = "questionnaire"
    OUTCOME = "outcome"


class PointStatus(StrEnum):
    """How far a follow-up point has come (6.6)."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    HANDED_TO_PERSON = "handed_to_person"
    ANSWERED = "answered"
    NO_REPLY = "no_reply"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class CloseReason(StrEnum):
    """The one primary reason an episode closes with (6.7 invariant 7)."""

    COMPLETED = "completed"
    DUPLICATE = "duplicate"
    NO_INFORMATION = "no_information"
    OUT_OF_SCOPE = "out_of_scope"
    SIGNPOSTED = "signposted"
    NOT_SUITABLE = "not_suitable"
    UNSAFE = "unsafe"
    DECLINED = "declined"
    DENIES = "denies"
    WITHDREW = "withdrew"
    UNREACHABLE = "unreachable"
    NO_SAFE_CONTACT = "no_safe_contact"
    NOT_IDENTIFIED = "not_identified"
    NOT_PERMITTED = "not_permitted"
    EXTERNAL = "external"
    CAPACITY_OR_AGE = "capacity_or_age"
    UNSUITABLE = "unsuitable"


class Side(StrEnum):
    """Whose decision or circumstance closed the case."""

    HARMED = "harmed"
    RESPONSIBLE = "responsible"
    BOTH = "both"
    SERVICE = "service"


class OnwardSupport(StrEnum):
    """Support offered to a harmed person who leaves (R-126)."""

    NOT_OFFERED = "not_offered"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class DeliveryOutcome(StrEnum):
    """What became of an intended message."""

    SENT = "sent"
    NOT_YET = "not_yet"
    HANDED_TO_PERSON = "handed_to_person"
