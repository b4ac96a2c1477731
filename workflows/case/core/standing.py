"""When a step can be taken at all: the stages it belongs to (6.2), and what a pause or a safety hold still allows."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.case.core.refusals import refusal
from workflows.case.core.state import CaseState
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import Pause, RecordConsent, RecordPermission, Step
from workflows.contracts.vocabulary import Answer, CloseReason, PauseKind, Stage

ALL_OPEN = tuple(stage for stage in Stage if stage != Stage.CLOSED)
FROM_SCREENING = tuple(stage for stage in ALL_OPEN if stage != Stage.RECEIVED)
CASEWORK = (
    Stage.ENGAGING,
    Stage.PREPARING,
    Stage.READY,
    Stage.DELIVERING,
    Stage.MONITORING,
    Stage.FOLLOW_UP,
)
UNDER_WAY = (Stage.PREPARING, Stage.READY, Stage.DELIVERING)

STAGES: dict[str, tuple[Stage, ...]] = {
    "submit_referral": (Stage.RECEIVED,),
    "take_up": (Stage.RECEIVED,),
    "request_information": (Stage.RECEIVED, Stage.SCREENING),
    "provide_information": (Stage.INFO_REQUESTED,),
    "assess_risk": ALL_OPEN,
    "accept_referral": (Stage.SCREENING,),
    "refuse_referral": (Stage.SCREENING,),
    "countersign_refusal": (Stage.SCREENING,),
    "allocate": (Stage.ACCEPTED, *CASEWORK),
    "accept_allocation": (Stage.ALLOCATED,),
    "decline_allocation": (Stage.ALLOCATED,),
    "record_permission": ALL_OPEN,
    "identify_person": ALL_OPEN,
    "log_contact": ALL_OPEN,
    "inform_person": CASEWORK,
    "record_responsibility": CASEWORK,
    "agree_to_approach": CASEWORK,
    "record_consent": CASEWORK,
    "record_exit": ALL_OPEN,
    "not_now": CASEWORK,
    "consider_again": CASEWORK,
    "withdraw": ALL_OPEN,
    "record_preparation": (Stage.ENGAGING, *UNDER_WAY),
    "plan_process": CASEWORK,
    "declare_ready": (Stage.PREPARING,),
    "countersign_ready": (Stage.PREPARING,),
    "book_process": (Stage.READY,),
    "start_process": (Stage.DELIVERING,),
    "record_held": (Stage.DELIVERING,),
    "record_not_held": (Stage.DELIVERING,),
    "adjourn_process": (Stage.DELIVERING,),
    "stop_process": (Stage.DELIVERING,),
    "draft_exchange": UNDER_WAY,
    "review_exchange": UNDER_WAY,
    "agree_to_receive": UNDER_WAY,
    "release_exchange": (Stage.DELIVERING,),
    "close_exchange": (Stage.DELIVERING,),
    "agree_item": CASEWORK,
    "settle_item": CASEWORK,
    "pause": ALL_OPEN,
    "resume": ALL_OPEN,
    "hold_for_safety": ALL_OPEN,
    "release_hold": ALL_OPEN,
    "answer_follow_up": CASEWORK,
    "give_up_follow_up": CASEWORK,
    "close_case": ALL_OPEN,
}

# On a hold nothing goes forward; what keeps people safe, and what they say themselves, is still taken down.
ALLOWED_WHILE_HELD = frozenset(
    {
        "log_contact",
        "assess_risk",
        "withdraw",
        "record_exit",
        "not_now",
        "hold_for_safety",
        "release_hold",
        "answer_follow_up",
        "close_case",  # as unsafe only
    }
)
ALLOWED_WHILE_PAUSED = ALLOWED_WHILE_HELD | {"pause", "resume", "give_up_follow_up"}


def standing_refusals(state: CaseState, step: Step) -> Iterator[StepRefusal]:
    """Why the case, as it stands, does not take this kind of step."""
    if state.stage == Stage.CLOSED:
        yield refusal("case_closed")
        return
    if state.stage not in STAGES[step.kind]:
        yield refusal("not_at_this_stage")
    takes_back = _takes_something_back(step)
    if state.hold is not None and step.kind not in ALLOWED_WHILE_HELD and not takes_back:
        yield refusal("case_held")
    if state.hold is not None and step.kind == "close_case" and getattr(step, "reason", "") != CloseReason.UNSAFE:
        yield refusal("case_held")
    if state.rests and step.kind not in ALLOWED_WHILE_PAUSED and not takes_back:
        yield refusal("case_paused")


def _takes_something_back(step: Step) -> bool:
    """Permission or consent taken back, and a harmed person's wish to rest, are never refused for the case's
    standing.
    """
    match step:
        case RecordConsent(given=False):
            return True
        case RecordPermission(may_be_contacted=answer):
            return answer != Answer.YES
        case Pause(pause=PauseKind.VICTIM_WISH):
            return True
        case _:
            return False


def fits_standing(state: CaseState, step_kind: str) -> bool:
    """Whether a step of this kind could be taken as the case stands, some form of it at least."""
    if (state.referral is None) != (step_kind == "submit_referral"):
        return False
    if state.stage not in STAGES[step_kind] or state.stage == Stage.CLOSED:
        return False
    taking_back = ("record_consent", "record_permission", "pause")
    if state.hold is not None and step_kind not in ALLOWED_WHILE_HELD and step_kind not in taking_back:
        return False
    if state.rests and step_kind not in ALLOWED_WHILE_PAUSED and step_kind not in taking_back:
        return False
    return _has_its_overlay(state, step_kind)


def _has_its_overlay(state: CaseState, step_kind: str) -> bool:
    """Steps that end something need that something."""
    match step_kind:
        case "release_hold":
            return state.hold is not None
        case "resume":
            return bool(state.rests)
        case "countersign_refusal":
            return state.refusal is not None
        case "countersign_ready":
            return any(process.ready_proposed_by for process in state.processes.values())
        case _:
            return True
