"""What operators can search cases by on the engine: codes only, since these are kept in clear."""

from __future__ import annotations

from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from workflows.case.core.state import CaseState
from workflows.contracts.names import DISTRICT_ATTRIBUTE, STAGE_ATTRIBUTE

STAGE_KEY = SearchAttributeKey.for_keyword(STAGE_ATTRIBUTE)
DISTRICT_KEY = SearchAttributeKey.for_keyword(DISTRICT_ATTRIBUTE)


def attributes_of(state: CaseState) -> list[SearchAttributeUpdate[Any]]:
    """The search attributes of a case, set anew when its stage changes."""
    updates: list[SearchAttributeUpdate[Any]] = [STAGE_KEY.value_set(str(state.stage))]
    if state.referral is not None:
        updates.append(DISTRICT_KEY.value_set(str(state.referral.district)))
    return updates
