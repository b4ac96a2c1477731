"""The moves of a burglary case from referral to closing, as data for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tests.support.people import COORDINATOR, FACILITATOR, HARMED_ID, REFERRER, RESPONSIBLE_ID
from workflows.contracts import steps
from workflows.contracts.actor import Actor
from workflows.contracts.vocabulary import (
    AgeBand,
    Answer,
    Channel,
    ConsentKind,
    ConsentMethod,
    ContactChannel,
    ContactOutcome,
    District,
    FundingStream,
    Handling,
    HarmType,
    Initiator,
    ItemKind,
    JusticeStage,
    PartyRole,
    ProcessKind,
    ReferrerKind,
    Responsibility,
    RiskLevel,
    RiskMoment,
    RjLevel,
    Route,
    Stream,
)

Move = tuple[Actor, steps.Step]


def referral() -> Move:
    """A police officer refers a burglary; both people agreed to be contacted."""
    return REFERRER, steps.SubmitReferral(
        channel=Channel.ONLINE,
        referrer_kind=ReferrerKind.POLICE,
        initiator=Initiator.VICTIM_LED,
        stream=Stream.CRIME,
        harm_type=HarmType.BURGLARY,
        justice_stage=JusticeStage.POST_SENTENCE_COMMUNITY,
        rj_level=RjLevel.LEVEL_3,
        district=District.BIRMINGHAM,
        funding_stream=FundingStream.VICTIMS_GRANT,
        responsibility=Responsibility.ACCEPTS,
        parties=(
            steps.NamedParty(
                person_id=HARMED_ID,
                role=PartyRole.HARMED,
                knows_of_referral=Answer.YES,
                may_be_contacted=Answer.YES,
                age_band=AgeBand.ADULT,
            ),
            steps.NamedParty(
                person_id=RESPONSIBLE_ID,
                role=PartyRole.RESPONSIBLE,
                knows_of_referral=Answer.YES,
                may_be_contacted=Answer.YES,
                age_band=AgeBand.ADULT,
            ),
        ),
        narrative_note_id="note-1",
    )


def to_engaging() -> list[Move]:
    """Screening, allocation and acceptance."""
    return [
        referral(),
        (COORDINATOR, steps.TakeUp()),
        *((COORDINATOR, _risk(one, RiskMoment.SCREENING)) for one in (HARMED_ID, RESPONSIBLE_ID)),
        (
            COORDINATOR,
            steps.AcceptReferral(handling=Handling.ORDINARY, route=Route.HUB, approach_first_person_id=HARMED_ID),
        ),
        (COORDINATOR, steps.Allocate(facilitator_id=FACILITATOR.actor_id)),
        (FACILITATOR, steps.AcceptAllocation()),
    ]


def to_preparing() -> list[Move]:
    """Both sides reached, informed and willing."""
    return [
        *to_engaging(),
        *_engaged(HARMED_ID),
        (FACILITATOR, steps.AgreeToApproach(person_id=HARMED_ID)),
        *_engaged(RESPONSIBLE_ID),
        (
            FACILITATOR,
            steps.RecordResponsibility(person_id=RESPONSIBLE_ID, responsibility=Responsibility.ACCEPTS),
        ),
    ]


def to_ready() -> list[Move]:
    """Both prepared apart, and every gate passed."""
    return [
        *to_preparing(),
        *(
            move
            for one in (HARMED_ID, RESPONSIBLE_ID)
            for move in (
                (FACILITATOR, steps.RecordPreparation(person_id=one, attended=True, ready=True)),
                (FACILITATOR, _risk(one, RiskMoment.FIRST_MEETING)),
            )
        ),
        (
            FACILITATOR,
            steps.PlanProcess(process_kind=ProcessKind.FACE_TO_FACE, person_ids=(HARMED_ID, RESPONSIBLE_ID)),
        ),
        (FACILITATOR, steps.DeclareReady(process_id="P1")),
    ]


def to_monitoring(now: datetime) -> list[Move]:
    """The conference is held and ends in an agreement of one item."""
    starts_at = (now + timedelta(days=14)).astimezone(UTC).replace(hour=14, minute=0, second=0, microsecond=0)
    return [
        *to_ready(),
        (
            FACILITATOR,
            steps.BookProcess(
                process_id="P1",
                starts_at=starts_at,
                venue_id="venue-1",
                arrivals=(
                    steps.Arrival(person_id=HARMED_ID, arrive_at=starts_at - timedelta(minutes=30)),
                    steps.Arrival(
                        person_id=RESPONSIBLE_ID, arrive_at=starts_at - timedelta(minutes=10), entrance="side"
                    ),
                ),
            ),
        ),
        *conference(date(starts_at.year, starts_at.month, starts_at.day) + timedelta(days=30)),
    ]


def conference(due_on: date) -> list[Move]:
    """The day itself, and both people's consent to the one undertaking."""
    return [
        (
            FACILITATOR,
            steps.StartProcess(
                process_id="P1",
                identity_checked=True,
                risk_rechecked=True,
                consent_reconfirmed_person_ids=(HARMED_ID, RESPONSIBLE_ID),
            ),
        ),
        (
            FACILITATOR,
            steps.RecordHeld(
                process_id="P1",
                attended_person_ids=(HARMED_ID, RESPONSIBLE_ID),
                items=(
                    steps.NewItem(
                        item_kind=ItemKind.APOLOGY,
                        owner_person_id=RESPONSIBLE_ID,
                        for_person_ids=(HARMED_ID,),
                        due_on=due_on,
                    ),
                ),
            ),
        ),
        (FACILITATOR, steps.AgreeItem(item_id="A1", person_id=RESPONSIBLE_ID)),
        (FACILITATOR, steps.AgreeItem(item_id="A1", person_id=HARMED_ID)),
    ]


def _risk(person_id: str, moment: RiskMoment) -> steps.AssessRisk:
    return steps.AssessRisk(person_id=person_id, moment=moment, level=RiskLevel.LOW)


def _engaged(person_id: str) -> list[Move]:
    consent = (ConsentKind.PARTICIPATION, ConsentKind.FEEDBACK)
    return [
        (
            FACILITATOR,
            steps.LogContact(person_id=person_id, channel=ContactChannel.PHONE, outcome=ContactOutcome.REACHED),
        ),
        (FACILITATOR, steps.InformPerson(person_id=person_id, pack_version="2026-04")),
        *(
            (
                FACILITATOR,
                steps.RecordConsent(
                    person_id=person_id,
                    consent=one,
                    given=True,
                    method=ConsentMethod.WRITTEN,
                    wording_version="2026-04",
                ),
            )
            for one in consent
        ),
    ]
