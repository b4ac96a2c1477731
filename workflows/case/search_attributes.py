"""What operators can search cases by on the engine: codes only, since these are kept in clear."""

from __future__ import annotations

from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from workflows.case.core.state import CaseState
from workflows.contracts.names import DISTRICT_ATTRIBUTE, PHASE_ATTRIBUTE
from workflows.contracts.vocabulary import Stage

PHASE_KEY = SearchAttributeKey.for_keyword(PHASE_ATTRIBUTE)
DISTRICT_KEY = SearchAttributeKey.for_keyword(DISTRICT_ATTRIBUTE)
# Each change costs an event and a write to the engine's index, so they follow the few phases a case has and not its
# stages; which stage it is stands in the case's current details.
_PHASES = {
    "intake": (Stage.RECEIVED, Stage.INFO_REQUESTED, Stage.SCREENING, Stage.ACCEPTED, Stage.ALLOCATED),
    "preparation": (Stage.ENGAGING, Stage.PREPARING, Stage.READY),
    "delivery": (Stage.DELIVERING, Stage.MONITORING),
    "follow_up": (Stage.FOLLOW_UP,),
    "closed": (Stage.CLOSED,),
}
PHASE_OF = {stage: phase for phase, stages in _PHASES.items() for stage in stages}


def attributes_of(state: CaseState) -> list[SearchAttributeUpdate[Any]]:
    """The search attributes of a case, set anew when its phase changes."""
    updates: list[SearchAttributeUpdate[Any]] = [PHASE_KEY.value_set(PHASE_OF[state.stage])]
    if state.referral is not None:
        updates.append(DISTRICT_KEY.value_set(str(state.referral.district)))
    return updates
