"""The people of a case: who counts as harmed and who as responsible, who is still in it, who may be approached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from workflows.case.core.policy import policy_of
from workflows.case.core.state import CaseState, Consent, Participation, referral_of
from workflows.contracts.vocabulary import (
    Answer,
    ConsentKind,
    Handling,
    Initiator,
    ParticipationStatus,
    PartyRole,
    Side,
)

# How far a person has come, in order (6.3); NOT_NOW and EXITED are beside the way.
WAY: tuple[ParticipationStatus, ...] = (
    ParticipationStatus.NAMED,
    ParticipationStatus.PERMITTED,
    ParticipationStatus.CONTACTING,
    ParticipationStatus.INFORMED,
    ParticipationStatus.CONSIDERING,
    ParticipationStatus.CONSENTED,
    ParticipationStatus.PREPARED,
    ParticipationStatus.CONFIRMED,
    ParticipationStatus.TOOK_PART,
    ParticipationStatus.FOLLOWED_UP,
)
STRICT_HANDLING = frozenset({Handling.SENSITIVE, Handling.SPECIALIST})


def counts_as_harmed(role: PartyRole) -> bool:
    """Harmed, or both harmed and responsible (R-142)."""
    return role in (PartyRole.HARMED, PartyRole.BOTH)


def counts_as_responsible(role: PartyRole) -> bool:
    """Responsible, or both."""
    return role in (PartyRole.RESPONSIBLE, PartyRole.BOTH)


def is_active(person: Participation) -> bool:
    """Still in the case."""
    return person.status != ParticipationStatus.EXITED


def has_reached(person: Participation, status: ParticipationStatus) -> bool:
    """On the way, and at least as far as this."""
    return person.status in WAY and WAY.index(person.status) >= WAY.index(status)


def was_engaged(person: Participation) -> bool:
    """Was informed, or further, at some time: such a person is followed up (R-110)."""
    return bool(person.informed_pack)


def change(state: CaseState, person_id: str, **changes: Any) -> CaseState:
    """The case with one person changed."""
    person = progressed(replace(state.people[person_id], **changes))
    return replace(state, people={**state.people, person_id: person})


def progressed(person: Participation) -> Participation:
    """The person with the status their consent and preparation give them (6.3); who took part stays so."""
    between = has_reached(person, ParticipationStatus.INFORMED) and not has_reached(
        person, ParticipationStatus.TOOK_PART
    )
    if not between:
        return person
    if not consents(person, ConsentKind.PARTICIPATION):
        had = has_reached(person, ParticipationStatus.CONSENTED)
        return replace(person, status=ParticipationStatus.CONSIDERING if had else person.status)
    if not person.prepared:
        return replace(person, status=ParticipationStatus.CONSENTED)
    if person.status == ParticipationStatus.CONFIRMED:
        return person
    return replace(person, status=ParticipationStatus.PREPARED)


def pairs(people: Iterable[Participation]) -> list[tuple[Participation, Participation]]:
    """Every two different persons of whom one counts as harmed and the other as responsible."""
    present = list(people)
    return [
        (harmed, responsible)
        for harmed in present
        for responsible in present
        if harmed.person_id != responsible.person_id
        and counts_as_harmed(harmed.role)
        and counts_as_responsible(responsible.role)
    ]


def active_people(state: CaseState) -> list[Participation]:
    """Everyone still in the case, in the order in which they were named."""
    return [person for person in state.people.values() if is_active(person)]


def has_viable_pair(state: CaseState) -> bool:
    """Somebody harmed and somebody responsible are still in it; not-now and not-yet-identified keep the way open."""
    return bool(pairs(active_people(state)))


def has_consented_pair(state: CaseState) -> bool:
    """T16: a harmed and a responsible person both consent."""
    return bool(pairs(person for person in active_people(state) if consents(person, ConsentKind.PARTICIPATION)))


def counterparts(state: CaseState, person_id: str) -> list[Participation]:
    """The active people this person would meet: the other half of each pair they are in."""
    person = state.people[person_id]
    return [
        other
        for other in active_people(state)
        if other.person_id != person_id
        and (
            (counts_as_harmed(person.role) and counts_as_responsible(other.role))
            or (counts_as_responsible(person.role) and counts_as_harmed(other.role))
        )
    ]


def consents(person: Participation, kind: ConsentKind) -> bool:
    """This consent is in force now, fresh or not."""
    consent = person.consents.get(kind)
    return consent is not None and consent.given


def consent_in_force(person: Participation, kind: ConsentKind) -> Consent | None:
    """The consent, if it is given and has not been taken back."""
    consent = person.consents.get(kind)
    return consent if consent is not None and consent.given else None


def is_fresh(state: CaseState, person: Participation, recorded_at: datetime, at: datetime) -> bool:
    """Not older than the policy allows, and not from before a pause at this person's own wish (R-042, R-054, T26)."""
    if person.refreshed_after is not None and recorded_at <= person.refreshed_after:
        return False
    return at - recorded_at < timedelta(days=policy_of(state).fresh_days)


def may_be_contacted(person: Participation) -> bool:
    """R-005: unknown and no both mean no."""
    return person.may_be_contacted == Answer.YES


def was_approached(person: Participation) -> bool:
    """The service has already spoken to this person or tried to."""
    return person.contact_attempts > 0 or was_engaged(person)


def first_side(state: CaseState) -> list[Participation]:
    """Those who are spoken to first (invariant 2): the person named at acceptance and others of the same single role.

    Before acceptance it is the initiating side; in an agency-led referral nobody yet.
    """
    first = state.people.get(state.approach_first)
    if first is not None:
        return [
            person
            for person in state.people.values()
            if person.person_id == first.person_id
            or (person.role == first.role and person.role in (PartyRole.HARMED, PartyRole.RESPONSIBLE))
        ]
    match referral_of(state).initiator:
        case Initiator.VICTIM_LED:
            role = PartyRole.HARMED
        case Initiator.RESPONSIBLE_LED:
            role = PartyRole.RESPONSIBLE
        case Initiator.AGENCY_LED:
            return []
    return [person for person in state.people.values() if person.role == role]


def approach_is_agreed(state: CaseState, person: Participation) -> bool:
    """Invariant 2: nobody of another side, supporters included, before someone of the first side who is still in
    agreed.
    """
    first = first_side(state)
    if any(person.person_id == one.person_id for one in first) or was_approached(person):
        return True
    return any(one.agreed_to_approach and is_active(one) for one in first)


def is_side(person: Participation, side: Side) -> bool:
    """Whether the person belongs to a side; `both` is either, the service is nobody's."""
    match side:
        case Side.HARMED:
            return counts_as_harmed(person.role)
        case Side.RESPONSIBLE:
            return counts_as_responsible(person.role)
        case Side.BOTH:
            return person.role != PartyRole.SUPPORTER
        case Side.SERVICE:
            return False


def owner_of(state: CaseState) -> str:
    """The facilitator who works the case, or nobody yet; then it is the hub's (invariant 10)."""
    return state.facilitator_ids[0] if state.facilitator_ids else ""
