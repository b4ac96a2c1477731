"""Who may take which step: one table of step, role and relation to the case, and who may see the case at all
(R-131).
"""

from __future__ import annotations

from enum import StrEnum

from workflows.case.core.refusals import refusal
from workflows.case.core.standing import fits_standing
from workflows.case.core.state import CaseState
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import STEPS, AgreeItem, AnswerFollowUp, Step
from workflows.contracts.vocabulary import Handling, PauseKind, Role


class Relation(StrEnum):
    """How someone stands to a case."""

    NEWCOMER = "newcomer"  # the case has not begun
    HUB = "hub"  # any hub coordinator or lead
    ALLOCATED = "allocated"  # its facilitator or co-facilitator
    HOLDING_UNIT = "holding_unit"  # lead of the satellite that holds it
    SPECIALIST = "specialist"  # the specialist unit, in a specialist case
    REFERRING = "referring"  # of the agency that referred it
    SELF = "self"  # one of its people, for themselves


Row = dict[Role, Relation]

ANY_REFERRER: Row = {
    Role.REFERRER: Relation.NEWCOMER,
    Role.COORDINATOR: Relation.NEWCOMER,
    Role.LEAD: Relation.NEWCOMER,
    Role.FACILITATOR: Relation.NEWCOMER,
    Role.UNIT_LEAD: Relation.NEWCOMER,
    Role.PUBLIC: Relation.NEWCOMER,
    Role.PARTICIPANT: Relation.NEWCOMER,
}
HUB_STAFF: Row = {Role.COORDINATOR: Relation.HUB, Role.LEAD: Relation.HUB}
HUB_LEAD: Row = {Role.LEAD: Relation.HUB}
WORKING: Row = {Role.FACILITATOR: Relation.ALLOCATED, Role.SPECIALIST: Relation.ALLOCATED}
UNIT: Row = {Role.UNIT_LEAD: Relation.HOLDING_UNIT}
SPECIALISTS: Row = {Role.SPECIALIST: Relation.SPECIALIST}
REFERRING: Row = {Role.REFERRER: Relation.REFERRING}
THEMSELVES: Row = {Role.PARTICIPANT: Relation.SELF}

STAFF: Row = HUB_STAFF | UNIT | WORKING
CASEWORK: Row = HUB_LEAD | UNIT | WORKING

TABLE: dict[str, Row] = {
    "submit_referral": ANY_REFERRER,
    "take_up": HUB_STAFF,
    "request_information": HUB_STAFF,
    "provide_information": HUB_STAFF | REFERRING,
    "accept_referral": HUB_STAFF,
    "refuse_referral": HUB_STAFF,
    "countersign_refusal": HUB_STAFF,  # one of the two signatures is a lead's
    "allocate": HUB_STAFF,
    "accept_allocation": WORKING | UNIT,
    "decline_allocation": WORKING | UNIT,
    "assess_risk": STAFF | SPECIALISTS,
    "record_permission": STAFF | REFERRING,
    "identify_person": STAFF | REFERRING,
    "log_contact": STAFF,
    "inform_person": STAFF,
    "record_responsibility": CASEWORK,
    "agree_to_approach": STAFF,
    "record_consent": STAFF,
    "record_exit": STAFF,
    "not_now": STAFF | THEMSELVES,
    "consider_again": STAFF | THEMSELVES,
    "withdraw": STAFF | SPECIALISTS | THEMSELVES,
    "record_preparation": CASEWORK,
    "plan_process": CASEWORK,
    "declare_ready": CASEWORK,
    "countersign_ready": HUB_LEAD,
    "book_process": CASEWORK,
    "start_process": CASEWORK,
    "record_held": CASEWORK,
    "record_not_held": CASEWORK,
    "adjourn_process": CASEWORK,
    "stop_process": CASEWORK,
    "draft_exchange": CASEWORK,
    "review_exchange": CASEWORK,
    "agree_to_receive": CASEWORK,
    "release_exchange": CASEWORK,
    "close_exchange": CASEWORK,
    "agree_item": CASEWORK | THEMSELVES,
    "settle_item": STAFF,
    "pause": STAFF | THEMSELVES,
    "resume": STAFF | THEMSELVES,
    "hold_for_safety": STAFF | SPECIALISTS | REFERRING | THEMSELVES,  # invariant 14: all who can see the case
    "release_hold": HUB_LEAD | UNIT,
    "answer_follow_up": STAFF | THEMSELVES,
    "give_up_follow_up": STAFF,
    "close_case": HUB_STAFF | UNIT | WORKING,
}


def relations(state: CaseState, actor: Actor) -> tuple[Relation, ...]:
    """Every way in which the actor stands to the case."""
    if state.referral is None:
        return (Relation.NEWCOMER,)
    roles = actor.roles
    found = (
        (Relation.HUB, Role.COORDINATOR in roles or Role.LEAD in roles),
        (Relation.ALLOCATED, actor.actor_id in state.facilitator_ids),
        (Relation.HOLDING_UNIT, Role.UNIT_LEAD in roles and bool(state.unit_id) and actor.unit_id == state.unit_id),
        (Relation.SPECIALIST, Role.SPECIALIST in roles and state.handling == Handling.SPECIALIST),
        (Relation.REFERRING, _refers(state, actor)),
        (Relation.SELF, Role.PARTICIPANT in roles and actor.person_id in state.people),
    )
    return tuple(relation for relation, holds in found if holds)


def _refers(state: CaseState, actor: Actor) -> bool:
    if state.referral is None or Role.REFERRER not in actor.roles:
        return False
    agency_id = state.referral.referrer_agency_id
    return bool(agency_id) and actor.agency_id == agency_id


def may_see(state: CaseState, actor: Actor) -> bool:
    """Anyone with a relation to a case that has begun; nobody else learns that it exists (R-144)."""
    return state.referral is not None and bool(relations(state, actor))


def hidden(state: CaseState, actor: Actor) -> StepRefusal | None:
    """The refusal of someone to whom a case that has begun does not exist (R-144); None when they may see it."""
    if state.referral is None or may_see(state, actor):
        return None
    return refusal("unknown_case", "case_id")


def acting_role(state: CaseState, step_kind: str, actor: Actor) -> str:
    """The role in which the actor may take this step; empty when in none. Working roles come before one's own
    affairs.
    """
    held = relations(state, actor)
    for role, relation in TABLE[step_kind].items():
        if role in actor.roles and relation in held:
            return role.value
    return ""


def forbidden(state: CaseState, step: Step, actor: Actor) -> StepRefusal | None:
    """The refusal of someone who may not take this step here at all; None when they may."""
    role = acting_role(state, step.kind, actor)
    if role == "" or (role == Role.PARTICIPANT and not _is_own_affair(state, step, actor)):
        return refusal("not_your_step")
    return None


def _is_own_affair(state: CaseState, step: Step, actor: Actor) -> bool:
    """A participant acts for themselves only (invariant 5, R-143)."""
    match step:
        case AnswerFollowUp(point_id=point_id):
            point = state.points.get(point_id)
            return point is not None and point.person_id == actor.person_id
        case AgreeItem(item_id=item_id, person_id=person_id):
            item = state.items.get(item_id)
            concerned = item is not None and actor.person_id in (item.owner_person_id, *item.for_person_ids)
            return concerned and person_id == actor.person_id
        case _ if step.kind == "pause" or step.kind == "resume":
            wish = getattr(step, "pause", PauseKind.VICTIM_WISH) == PauseKind.VICTIM_WISH
            return wish and getattr(step, "person_id", "") == actor.person_id
        case _ if step.kind in ("hold_for_safety", "submit_referral"):
            return True
        case _:
            return getattr(step, "person_id", "") == actor.person_id


def steps_now(state: CaseState, actor: Actor) -> tuple[str, ...]:
    """The kinds of step this actor may try as the case stands; what each still needs, its refusals say."""
    return tuple(kind for kind in STEPS if fits_standing(state, kind) and acting_role(state, kind, actor) != "")
