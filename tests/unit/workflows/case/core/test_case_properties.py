"""Random actors, steps and times against multi-party cases: the invariants of 6.7 the core can hold, and replay."""

from __future__ import annotations

import os
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support import case_walk as w
from workflows.case.core import case as core
from workflows.case.core.apply import apply
from workflows.case.core.case import Turn
from workflows.case.core.consequences import consequences
from workflows.case.core.decide import decide
from workflows.case.core.events import Event
from workflows.case.core.people import approach_is_agreed, has_reached, may_be_contacted, was_approached
from workflows.case.core.permissions import acting_role, relations
from workflows.case.core.state import CaseState, Participation
from workflows.contracts import steps as s
from workflows.contracts import vocabulary as v
from workflows.contracts.actor import Actor
from workflows.contracts.intention import Delivery, PutAccess, Reservation, ReserveCapacity, SendMessage

CASES = int(os.environ.get("RJHUB_CORE_STEPS", "1200")) // 40
PEOPLE = (
    (w.HARMED, v.PartyRole.HARMED),
    (w.HARMED_2, v.PartyRole.HARMED),
    (w.RESPONSIBLE, v.PartyRole.RESPONSIBLE),
    (w.RESPONSIBLE_2, v.PartyRole.BOTH),
    (w.SUPPORTER, v.PartyRole.SUPPORTER),
)
STAFF = (w.REFERRER, w.COORDINATOR, w.LEAD, w.OTHER_LEAD, w.FACILITATOR, w.CO_FACILITATOR, w.UNIT_LEAD, w.STRANGER)
ACTORS = (*STAFF, *(w.participant(person_id) for person_id, _ in PEOPLE))
START = (v.Stage.RECEIVED, v.Stage.SCREENING, v.Stage.ACCEPTED, *tuple(w.WAY)[2:-1])

person_ids = st.sampled_from([person_id for person_id, _ in PEOPLE])
ids = {
    "person_id": person_ids,
    "approach_first_person_id": person_ids,
    "owner_person_id": person_ids,
    "from_person_id": person_ids,
    "to_person_id": person_ids,
    "process_id": st.sampled_from(["P1", "P2"]),
    "exchange_id": st.sampled_from(["X1", "X2"]),
    "item_id": st.sampled_from(["A1", "A2"]),
    "point_id": st.sampled_from([f"F{n}" for n in range(1, 16)]),
    "facilitator_id": st.sampled_from(["", w.FACILITATOR.actor_id, w.CO_FACILITATOR.actor_id]),
    "co_facilitator_id": st.sampled_from(["", w.CO_FACILITATOR.actor_id]),
    "unit_id": st.sampled_from(["", "unit-east"]),
    "cleared_by": st.sampled_from(["", "court"]),
    "measure": st.sampled_from(["satisfaction", "felt_safe"]),
}
groups = st.lists(person_ids, unique=True, max_size=4).map(tuple)


FIELDS: dict[str, st.SearchStrategy[object]] = {
    "review_on": st.just((w.BEGAN_AT + timedelta(days=400)).date()),
    "bars": st.sampled_from([(), (), (v.Bar.BAIL_CONDITION,)]),
    "answers": st.just((s.FollowUpAnswer(measure="satisfaction", value=4),)),
    "items": st.sampled_from([(), (w.item(),)]),
    "arrivals": st.just(()),
    "parties": st.just(()),
    "pack_version": st.just("2026-04"),
    "wording_version": st.just("2026-04"),
    "venue_id": st.just("venue-library"),
    "starts_at": st.integers(1, 60).map(lambda days: w.BEGAN_AT + timedelta(days=days)),
}


def of_field(name: str) -> st.SearchStrategy[object] | None:
    """What a field of this name is drawn from; None leaves it to its type."""
    if name.endswith("_note_id"):
        return st.just("note-1")
    if name.endswith("person_ids"):
        return groups
    return ids[name] if name in ids else FIELDS.get(name)


def a_step(kind: str) -> st.SearchStrategy[s.Step]:
    """Any step of a kind, its ids drawn from the case's own."""
    step_class = s.STEPS[kind]
    drawn = {name: of_field(name) for name in step_class.__dataclass_fields__}
    known = {name: strategy for name, strategy in drawn.items() if strategy is not None}
    return st.builds(step_class, **known)


any_step = st.sampled_from([kind for kind in s.STEPS if kind != "submit_referral"]).flatmap(a_step)
Move = int | tuple[Actor, list[s.Step]]
hours = st.sampled_from([0, 0, 1, 24, 24 * 8, 24 * 31])
# A few steps to try in turn, so that many are taken: the first by anyone at all, the others by who may.
moves: st.SearchStrategy[Move] = st.one_of(
    st.tuples(st.sampled_from(ACTORS), st.lists(any_step, min_size=1, max_size=5)), hours
)


class World:
    """One case with everything around it: it sends what may be sent, reserves, lets time pass, and watches."""

    def __init__(self, stage: v.Stage) -> None:
        initiator = v.Initiator.VICTIM_LED
        way = w.walk(stage, people=PEOPLE, initiator=initiator)
        self.at = way.at
        self.state = way.state
        self.count = len(way.entries)
        self.replayed = self.state
        self.withdrew: dict[str, int] = {}

    def step(self, actor: Actor, step: s.Step) -> bool:
        """Whether it was taken."""
        before = self.state
        outcome = core.take_step(before, step, actor, self.at)
        if not isinstance(outcome, Turn):
            assert outcome
            assert all(one.sentence for one in outcome)
            self.may_always_stop(actor, step, [one.code for one in outcome])
            return False
        decision = decide(before, step, actor, self.at)
        assert self.replay(before, decision.events) == outcome.state
        if isinstance(step, s.Resume) and step.person_id and v.Role.PARTICIPANT in actor.roles:
            assert actor.person_id == step.person_id  # invariant 5
        if isinstance(step, (s.LogContact, s.InformPerson)):
            person = before.people[step.person_id]
            assert may_be_contacted(person)
            assert was_approached(person) or approach_is_agreed(before, person)  # invariant 2
        self.take(outcome)
        return True

    def replay(self, state: CaseState, events: tuple[Event, ...]) -> CaseState:
        """Events alone give the state."""
        for event in events:
            earlier, state = state, apply(state, event)
            state = self.replay(state, consequences(earlier, state, event))
        return state

    def may_always_stop(self, actor: Actor, step: s.Step, codes: list[str]) -> None:
        """Invariant 14 and R-044: a hold or a withdrawal is refused only to strangers, or when it is over."""
        if self.state.stage == v.Stage.CLOSED:
            return
        if isinstance(step, s.HoldForSafety):
            assert not core.may_see(self.state, actor), codes
            assert relations(self.state, actor) == ()
        assert (codes == ["unknown_case"]) is not core.may_see(self.state, actor)
        if isinstance(step, s.Withdraw) and codes not in (["not_your_step"], ["unknown_case"]):
            assert codes == ["person_left"]

    def let_pass(self, hours_passed: int) -> None:
        self.at += timedelta(hours=hours_passed)
        deadline = core.next_deadline(self.state)
        turn = core.pass_time(self.state, self.at)
        if turn.entries:
            assert deadline is not None
            assert deadline <= self.at
        else:
            assert deadline is None or deadline > self.at
        assert self.state.stage == v.Stage.CLOSED or turn.state.stage != v.Stage.CLOSED  # time closes nothing
        after = core.next_deadline(turn.state)
        assert after is None or after > self.at
        self.take(turn)

    def take(self, turn: Turn) -> None:
        for entry in turn.entries:
            self.count += 1
            assert entry.sequence == self.count
        self.state = turn.state
        self.look()
        for wanted in turn.intentions:
            if isinstance(wanted, SendMessage):
                self.send(wanted)
            elif isinstance(wanted, ReserveCapacity):
                refused = self.count % 7 == 0
                self.take(core.learn_reservation(self.state, wanted, Reservation(reserved=not refused), self.at))
            elif isinstance(wanted, PutAccess):
                assert wanted.as_of_sequence <= self.state.sequence

    def send(self, message: SendMessage) -> None:
        barred = core.may_send(self.state, message, self.at)
        person = self.state.people[message.person_id]
        if not barred:
            assert may_be_contacted(person)  # invariant 1, as far as the core knows
            assert person.left is None or person.left.exit != v.Exit.WITHDREW  # invariant 4
            assert self.state.hold is None
        outcome = v.DeliveryOutcome.HANDED_TO_PERSON if barred else v.DeliveryOutcome.SENT
        if not barred and self.count % 5 == 0:
            outcome = v.DeliveryOutcome.NOT_YET
        delivery = Delivery(
            outcome=outcome, channel="sms", reason=barred, not_before=self.at + timedelta(hours=self.count % 3)
        )
        self.take(core.learn_delivery(self.state, message, delivery, self.at))

    @staticmethod
    def may_meet(person: Participation) -> bool:
        """Invariant 3 said anew, so that the gate is not its own witness."""
        consent = person.consents.get(v.ConsentKind.PARTICIPATION)
        written = consent is not None and consent.given and consent.method != v.ConsentMethod.VERBAL
        safe = person.risk is not None and person.risk.level != v.RiskLevel.UNSAFE and not person.risk.bars
        answers = person.role in (v.PartyRole.HARMED, v.PartyRole.SUPPORTER) or person.responsibility in (
            v.Responsibility.ACCEPTS,
            v.Responsibility.PARTLY,
        )
        return written and safe and answers and person.prepared and person.left is None

    def look(self) -> None:
        state = self.state
        for process in state.processes.values():
            if process.status == v.ProcessStatus.CONFIRMED:  # invariant 3; staleness is the clock's to notice
                assert all(self.may_meet(state.people[person_id]) for person_id in process.person_ids)
        if state.stage == v.Stage.CLOSED:  # invariant 7
            assert state.closing is not None
            assert core.summarise(state, self.at).tasks == ()
            if state.closing.side == v.Side.SERVICE and state.closing.reason == v.CloseReason.NOT_SUITABLE:
                assert state.closing.by  # invariant 9: signed twice, see test_screening
        else:
            assert state.closing is None
            summary = core.summarise(state, self.at)
            assert all(task.owner_role for task in summary.tasks)  # invariant 10
            assert len({task.task_id for task in summary.tasks}) == len(summary.tasks)
        for person_id, _ in PEOPLE:  # invariant 6
            seen = repr(core.view(state, w.participant(person_id), self.at))
            others = [other for other, _ in PEOPLE if other != person_id]
            assert not any(other in seen for other in others)
        for person in state.people.values():
            assert (person.left is not None) == (person.status == v.ParticipationStatus.EXITED)
            if has_reached(person, v.ParticipationStatus.PREPARED) and person.left is None:
                assert person.informed_pack


@settings(
    max_examples=CASES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(st.sampled_from(START), st.lists(moves, min_size=10, max_size=40))
def test_invariants_hold_whatever_people_do(stage: v.Stage, happened: list[Move]) -> None:
    world = World(stage)
    for move in happened:
        if isinstance(move, int):
            world.let_pass(move)
        else:
            actor, candidates = move
            for step in candidates:
                if world.step(actor, step):
                    break
                actor = next((one for one in ACTORS if acting_role(world.state, step.kind, one)), actor)
