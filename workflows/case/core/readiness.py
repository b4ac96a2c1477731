"""The gate before people meet: everything that must be true of every attendee (T17, invariant 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from workflows.case.core.people import (
    STRICT_HANDLING,
    consent_in_force,
    counts_as_responsible,
    is_active,
    is_fresh,
    may_be_contacted,
    pairs,
)
from workflows.case.core.policy import policy_of
from workflows.case.core.refusals import about, refusal
from workflows.case.core.state import CaseState, Participation, Process
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.vocabulary import (
    AgeBand,
    ConsentKind,
    ConsentMethod,
    ParticipationStatus,
    PartyRole,
    ProcessKind,
    Responsibility,
    RiskLevel,
)

# Without somebody of the other side present.
ONE_SIDED = frozenset({ProcessKind.SURROGATE, ProcessKind.NO_SEND_LETTER})
IN_WRITING = (ConsentMethod.WRITTEN, ConsentMethod.ONLINE)


def enough_people(kind: ProcessKind, people: Iterable[Participation]) -> bool:
    """A pair of two sides, or for one-sided kinds anybody harmed or responsible."""
    present = [person for person in people if is_active(person)]
    if kind in ONE_SIDED:
        return any(person.role != PartyRole.SUPPORTER for person in present)
    return bool(pairs(present))


def attendees(state: CaseState, process: Process) -> list[Participation]:
    """The people expected at a process."""
    return [state.people[person_id] for person_id in process.person_ids]


def readiness_refusals(state: CaseState, process: Process, at: datetime) -> Iterator[StepRefusal]:
    """One refusal per missing thing and person; none means ready at this moment."""
    if not enough_people(process.kind, attendees(state, process)):
        yield refusal("nobody_attends" if process.kind in ONE_SIDED else "no_pair_attends", "person_ids")
    for person in attendees(state, process):
        yield from _consent_refusals(state, person, at)
        yield from _person_refusals(state, person)
        yield from _risk_refusals(state, person, at)
    if state.handling in STRICT_HANDLING and len(state.facilitator_ids) < 2:
        yield refusal("co_facilitator_missing")


def _consent_refusals(state: CaseState, person: Participation, at: datetime) -> Iterator[StepRefusal]:
    """R-041, R-042, R-045: written, fresh, and with a representative for the young."""
    field = about("person_id", person.person_id)
    consent = consent_in_force(person, ConsentKind.PARTICIPATION)
    if consent is None:
        yield refusal("consent_missing", field)
        return
    if consent.method not in IN_WRITING:
        yield refusal("consent_not_written", field)
    if not is_fresh(state, person, consent.at, at):
        yield refusal("consent_stale", field)
    if person.age_band == AgeBand.UNDER_18 and not consent.representative:
        yield refusal("representative_missing", field)


def _person_refusals(state: CaseState, person: Participation) -> Iterator[StepRefusal]:
    """R-005, R-051, R-080."""
    field = about("person_id", person.person_id)
    if not may_be_contacted(person):
        yield refusal("no_permission", field)
    if person.status == ParticipationStatus.NOT_NOW:
        yield refusal("waits_for_person", field)
    if not person.prepared:
        yield refusal("not_prepared", field)
    accepted = person.responsibility in (Responsibility.ACCEPTS, Responsibility.PARTLY)
    if counts_as_responsible(person.role) and not accepted:
        yield refusal("responsibility_not_accepted", field)


def _risk_refusals(state: CaseState, person: Participation, at: datetime) -> Iterator[StepRefusal]:
    """R-054, R-056: looked at since the first meeting, fresh, not unsafe, and nothing forbids contact."""
    field = about("person_id", person.person_id)
    risk = person.risk
    if risk is None:
        yield refusal("risk_missing", field)
        return
    if risk.level == RiskLevel.UNSAFE:
        yield refusal("risk_unsafe", field)
    if risk.sequence < person.first_met:
        yield refusal("risk_before_meeting", field)
    if not is_fresh(state, person, risk.at, at):
        yield refusal("risk_stale", field)
    for _bar in risk.bars:
        yield refusal("bar_in_force", field)


def goes_stale_at(state: CaseState, process: Process) -> datetime | None:
    """When the first consent or risk of an attendee stops counting (T18)."""
    recorded: list[datetime] = []
    for person in attendees(state, process):
        consent = consent_in_force(person, ConsentKind.PARTICIPATION)
        if consent is not None:
            recorded.append(consent.at)
        if person.risk is not None:
            recorded.append(person.risk.at)
    return min(recorded) + timedelta(days=policy_of(state).fresh_days) if recorded else None
