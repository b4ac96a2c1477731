"""Walks a case to a stage in the core, step by step as staff would, for tests that begin in the middle of a story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from workflows.case.core import case as core
from workflows.case.core.case import Turn
from workflows.case.core.state import CaseState
from workflows.contracts import steps as s
from workflows.contracts import vocabulary as v
from workflows.contracts.actor import Actor
from workflows.contracts.intention import Delivery, Intention, SendMessage
from workflows.contracts.ledger_entry import LedgerEntry
from workflows.contracts.step_request import StepRefusal

BEGAN_AT = datetime(2026, 4, 7, 9, 0, tzinfo=UTC)  # the Tuesday after Easter

REFERRER = Actor(actor_id="staff-referrer", roles=(v.Role.REFERRER,), agency_id="agency-police")
COORDINATOR = Actor(actor_id="staff-coordinator", roles=(v.Role.COORDINATOR,), agency_id="hub")
LEAD = Actor(actor_id="staff-lead", roles=(v.Role.LEAD,), agency_id="hub")
OTHER_LEAD = Actor(actor_id="staff-other-lead", roles=(v.Role.LEAD,), agency_id="hub")
FACILITATOR = Actor(actor_id="staff-facilitator", roles=(v.Role.FACILITATOR,), agency_id="hub")
CO_FACILITATOR = Actor(actor_id="staff-co-facilitator", roles=(v.Role.FACILITATOR,), agency_id="hub")
UNIT_LEAD = Actor(actor_id="staff-unit-lead", roles=(v.Role.UNIT_LEAD,), agency_id="unit", unit_id="unit-east")
STRANGER = Actor(actor_id="staff-stranger", roles=(v.Role.FACILITATOR,), agency_id="hub")

HARMED, HARMED_2, RESPONSIBLE, RESPONSIBLE_2, SUPPORTER = (
    "harmed-1",
    "harmed-2",
    "responsible-1",
    "responsible-2",
    "friend-1",
)
PAIR = ((HARMED, v.PartyRole.HARMED), (RESPONSIBLE, v.PartyRole.RESPONSIBLE))
EXCHANGES = (v.ProcessKind.LETTER_EXCHANGE, v.ProcessKind.RECORDED_MESSAGE)


def participant(person_id: str) -> Actor:
    """A person of the case, acting for themselves."""
    return Actor(actor_id=person_id, roles=(v.Role.PARTICIPANT,), person_id=person_id)


def party(person_id: str, role: v.PartyRole, **said: object) -> s.NamedParty:
    """An adult who knows of the referral and may be contacted, unless said otherwise."""
    told: dict[str, object] = {
        "knows_of_referral": v.Answer.YES,
        "may_be_contacted": v.Answer.YES,
        "age_band": v.AgeBand.ADULT,
        **said,
    }
    return s.NamedParty(person_id=person_id, role=role, **told)  # type: ignore[arg-type]  # values as the caller said


@dataclass(slots=True)
class Walk:
    """A case on its way: takes steps that must succeed, keeps every entry and intention, and moves its own time."""

    state: CaseState = field(default_factory=lambda: core.new_case("case-1"))
    at: datetime = BEGAN_AT
    entries: list[LedgerEntry] = field(default_factory=list)
    intentions: list[Intention] = field(default_factory=list)
    people: tuple[tuple[str, v.PartyRole], ...] = PAIR
    handling: v.Handling = v.Handling.ORDINARY
    process_kind: v.ProcessKind = v.ProcessKind.FACE_TO_FACE

    def take(self, actor: Actor, *taken: s.Step) -> Turn:
        """Takes the steps, each a minute after the one before; a refusal is a fault of the story."""
        turn = Turn(state=self.state, entries=(), intentions=())
        for step in taken:
            outcome = core.take_step(self.state, step, actor, self.at)
            assert isinstance(outcome, Turn), f"{step.kind}: {[(one.code, one.field) for one in outcome]}"
            turn = self.absorb(outcome)
            self.at += timedelta(minutes=1)
        return turn

    def codes(self, actor: Actor, step: s.Step) -> list[str]:
        """The codes with which the step is refused now; none when it would be taken."""
        outcome = core.take_step(self.state, step, actor, self.at)
        return [] if isinstance(outcome, Turn) else [one.code for one in outcome]

    def refusals(self, actor: Actor, step: s.Step) -> tuple[StepRefusal, ...]:
        """The refusals themselves."""
        outcome = core.take_step(self.state, step, actor, self.at)
        return () if isinstance(outcome, Turn) else outcome

    def absorb(self, turn: Turn) -> Turn:
        """Takes over a turn."""
        self.state = turn.state
        self.entries.extend(turn.entries)
        self.intentions.extend(turn.intentions)
        return turn

    def wait(self, **time: float) -> Turn:
        """Lets time pass to the end of it in one go."""
        self.at += timedelta(**time)
        return self.absorb(core.pass_time(self.state, self.at))

    def wait_until(self, moment: datetime) -> Turn:
        """Lets time pass until then."""
        self.at = moment
        return self.absorb(core.pass_time(self.state, moment))

    def learn(self, message: SendMessage, delivery: Delivery) -> Turn:
        """What became of a message."""
        return self.absorb(core.learn_delivery(self.state, message, delivery, self.at))

    def messages(self, template: str = "") -> list[SendMessage]:
        """Every message wanted so far, or those of one template."""
        return [one for one in self.intentions if isinstance(one, SendMessage) and template in ("", one.template)]

    def stands_at(self, stage: v.Stage) -> bool:
        """Whether the case is at this stage now."""
        return self.state.stage == stage

    def kinds(self) -> list[str]:
        """The kinds of all entries so far."""
        return [entry.kind for entry in self.entries]

    def person_ids(self) -> tuple[str, ...]:
        """Everyone named."""
        return tuple(person_id for person_id, _ in self.people)


def referral(walk: Walk, **said: object) -> s.SubmitReferral:
    """A victim-led burglary referred by the police, unless said otherwise."""
    told: dict[str, object] = {
        "channel": v.Channel.ONLINE,
        "referrer_kind": v.ReferrerKind.POLICE,
        "initiator": v.Initiator.VICTIM_LED,
        "stream": v.Stream.CRIME,
        "harm_type": v.HarmType.BURGLARY,
        "justice_stage": v.JusticeStage.OUT_OF_COURT,
        "rj_level": v.RjLevel.LEVEL_2,
        "district": v.District.COVENTRY,
        "funding_stream": v.FundingStream.VICTIMS_GRANT,
        "parties": tuple(party(person_id, role) for person_id, role in walk.people),
        **said,
    }
    return s.SubmitReferral(**told)  # type: ignore[arg-type]  # values as the caller said


def risk(person_id: str, level: v.RiskLevel = v.RiskLevel.LOW, *bars: v.Bar, cleared_by: str = "") -> s.AssessRisk:
    """An assessment of one person."""
    return s.AssessRisk(
        person_id=person_id, moment=v.RiskMoment.INCIDENT, level=level, bars=bars, cleared_by=cleared_by
    )


def consent(
    person_id: str, kind: v.ConsentKind = v.ConsentKind.PARTICIPATION, *, given: bool = True
) -> s.RecordConsent:
    """A written consent, or its withdrawal."""
    return s.RecordConsent(
        person_id=person_id, consent=kind, given=given, method=v.ConsentMethod.WRITTEN, wording_version="2026-04"
    )


def contact(person_id: str, outcome: v.ContactOutcome = v.ContactOutcome.REACHED) -> s.LogContact:
    """A telephone call."""
    return s.LogContact(person_id=person_id, channel=v.ContactChannel.PHONE, outcome=outcome)


def booking(walk: Walk, process_id: str = "P1", days: int = 14) -> s.BookProcess:
    """Two weeks ahead, everyone a quarter of an hour after the one before."""
    starts_at = walk.at + timedelta(days=days)
    person_ids = walk.state.processes[process_id].person_ids
    return s.BookProcess(
        process_id=process_id,
        starts_at=starts_at,
        venue_id="venue-library",
        arrivals=tuple(
            s.Arrival(
                person_id=person_id, arrive_at=starts_at - timedelta(minutes=15 * place), entrance=f"door-{place}"
            )
            for place, person_id in enumerate(person_ids, start=1)
        ),
    )


def start(walk: Walk, process_id: str = "P1") -> s.StartProcess:
    """With the whole checklist."""
    return s.StartProcess(
        process_id=process_id,
        identity_checked=True,
        risk_rechecked=True,
        consent_reconfirmed_person_ids=walk.state.processes[process_id].person_ids,
    )


def item(due_on: date | None = None) -> s.NewItem:
    """An apology by the first responsible person to the first harmed person."""
    return s.NewItem(item_kind=v.ItemKind.APOLOGY, owner_person_id=RESPONSIBLE, for_person_ids=(HARMED,), due_on=due_on)


def engage(walk: Walk, person_id: str, *, feedback: bool = True) -> None:
    """Reached, informed and consenting."""
    walk.take(FACILITATOR, contact(person_id), s.InformPerson(person_id=person_id, pack_version="2026-04"))
    walk.take(FACILITATOR, consent(person_id))
    if feedback:
        walk.take(FACILITATOR, consent(person_id, v.ConsentKind.FEEDBACK))


def prepare(walk: Walk, person_id: str) -> None:
    """Met once, ready, risk looked at afterwards, responsibility accepted where it is theirs."""
    if walk.state.people[person_id].role in (v.PartyRole.RESPONSIBLE, v.PartyRole.BOTH):
        walk.take(FACILITATOR, s.RecordResponsibility(person_id=person_id, responsibility=v.Responsibility.ACCEPTS))
    walk.take(FACILITATOR, s.RecordPreparation(person_id=person_id, attended=True, ready=True), risk(person_id))


def _to_screening(walk: Walk) -> None:
    walk.take(COORDINATOR, s.TakeUp())


def _to_accepted(walk: Walk) -> None:
    for person_id in walk.person_ids():
        walk.take(COORDINATOR, risk(person_id))
    route = v.Route.SPECIALIST if walk.handling == v.Handling.SPECIALIST else v.Route.HUB
    walk.take(
        COORDINATOR,
        s.AcceptReferral(handling=walk.handling, route=route, approach_first_person_id=walk.people[0][0]),
    )


def _to_allocated(walk: Walk) -> None:
    second = "" if walk.handling == v.Handling.ORDINARY else CO_FACILITATOR.actor_id
    walk.take(COORDINATOR, s.Allocate(facilitator_id=FACILITATOR.actor_id, co_facilitator_id=second))


def _to_engaging(walk: Walk) -> None:
    walk.take(FACILITATOR, s.AcceptAllocation())


def _to_preparing(walk: Walk) -> None:
    first = walk.people[0][0]
    engage(walk, first)
    walk.take(FACILITATOR, s.AgreeToApproach(person_id=first))
    for person_id in walk.person_ids()[1:]:
        engage(walk, person_id)


def _to_ready(walk: Walk) -> None:
    walk.take(FACILITATOR, s.PlanProcess(process_kind=walk.process_kind, person_ids=walk.person_ids()))
    for person_id in walk.person_ids():
        prepare(walk, person_id)
    walk.take(FACILITATOR, s.DeclareReady(process_id="P1"))
    if walk.handling != v.Handling.ORDINARY:
        walk.take(LEAD, s.CountersignReady(process_id="P1"))


def _to_delivering(walk: Walk) -> None:
    walk.take(FACILITATOR, booking(walk))


def _hold_it(walk: Walk, items: tuple[s.NewItem, ...]) -> None:
    walk.wait(days=14)
    walk.take(FACILITATOR, start(walk))
    if walk.process_kind in EXCHANGES:
        walk.take(
            FACILITATOR,
            s.DraftExchange(process_id="P1", from_person_id=RESPONSIBLE, to_person_id=HARMED, content_note_id="note-1"),
            s.ReviewExchange(exchange_id="X1", fit_to_release=True),
            s.AgreeToReceive(exchange_id="X1"),
            s.ReleaseExchange(exchange_id="X1"),
            s.CloseExchange(exchange_id="X1", answered=False),
        )
    walk.take(FACILITATOR, s.RecordHeld(process_id="P1", attended_person_ids=walk.person_ids(), items=items))


def _to_monitoring(walk: Walk) -> None:
    _hold_it(walk, (item(walk.at.date() + timedelta(days=60)),))
    for person_id in (RESPONSIBLE, HARMED):
        walk.take(FACILITATOR, s.AgreeItem(item_id="A1", person_id=person_id))


def _to_follow_up(walk: Walk) -> None:
    walk.take(FACILITATOR, s.SettleItem(item_id="A1", outcome=v.ItemStatus.COMPLETED))


def finish_follow_up(walk: Walk) -> None:
    """Every point is sent when due and answered the day after."""
    while (deadline := core.next_deadline(walk.state)) is not None:
        turn = walk.wait_until(max(deadline, walk.at))
        for message in turn.intentions:
            if isinstance(message, SendMessage) and message.point_id:
                walk.learn(message, Delivery(outcome=v.DeliveryOutcome.SENT, channel="email"))
        walk.at += timedelta(days=1)
        for point in list(walk.state.points.values()):
            if point.status == v.PointStatus.SENT:
                answers = (s.FollowUpAnswer(measure="satisfaction", value=5),)
                walk.take(participant(point.person_id), s.AnswerFollowUp(point_id=point.point_id, answers=answers))


def _to_closed(walk: Walk) -> None:
    finish_follow_up(walk)
    walk.take(FACILITATOR, s.CloseCase(reason=v.CloseReason.COMPLETED, side=v.Side.BOTH))


WAY = {
    v.Stage.SCREENING: _to_screening,
    v.Stage.ACCEPTED: _to_accepted,
    v.Stage.ALLOCATED: _to_allocated,
    v.Stage.ENGAGING: _to_engaging,
    v.Stage.PREPARING: _to_preparing,
    v.Stage.READY: _to_ready,
    v.Stage.DELIVERING: _to_delivering,
    v.Stage.MONITORING: _to_monitoring,
    v.Stage.FOLLOW_UP: _to_follow_up,
    v.Stage.CLOSED: _to_closed,
}


def stages_up_to(stage: v.Stage) -> Iterator[v.Stage]:
    """The stages to walk through, in order."""
    if stage == v.Stage.RECEIVED:
        return
    for one in WAY:
        yield one
        if one == stage:
            return


def walk(
    stage: v.Stage,
    *,
    people: tuple[tuple[str, v.PartyRole], ...] = PAIR,
    handling: v.Handling = v.Handling.ORDINARY,
    process_kind: v.ProcessKind = v.ProcessKind.FACE_TO_FACE,
    **said: object,
) -> Walk:
    """The whole walk to a stage; the first of `people` is spoken to first, `said` changes the referral."""
    way = Walk(people=people, handling=handling, process_kind=process_kind)
    way.take(REFERRER, referral(way, **said))
    if stage == v.Stage.INFO_REQUESTED:
        way.take(COORDINATOR, s.RequestInformation(question_note_id="note-question"))
        return way
    for one in stages_up_to(stage):
        WAY[one](way)
    assert way.state.stage == stage
    return way


def walk_to(
    stage: v.Stage,
    *,
    people: tuple[tuple[str, v.PartyRole], ...] = PAIR,
    handling: v.Handling = v.Handling.ORDINARY,
    process_kind: v.ProcessKind = v.ProcessKind.FACE_TO_FACE,
    **said: object,
) -> CaseState:
    """The case at a stage."""
    return walk(stage, people=people, handling=handling, process_kind=process_kind, **said).state
