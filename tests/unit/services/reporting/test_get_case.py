"""One case is answered whole or coarsely, as it was read, and refused when it was not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.reporting.domain.case_summary import CaseSummary, Task
from services.reporting.domain.viewer import Scope, Viewer
from services.reporting.use_cases.get_case import GetCase, SummaryRead
from services.runtime.refusal import Kind, Refused

AT = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
SUMMARY = CaseSummary(
    sequence=7,
    episode=1,
    stage="closed",
    handling="ordinary",
    facilitator_ids=("S131",),
    opened_at=AT,
    changed_at=AT,
    closed_reason="withdrew",
    tasks=(Task(task_id="t-1", kind="review", owner_role="lead"),),
)
VIEWER = Viewer("S131", frozenset({"facilitator", "referrer"}), "hub", "")


class Kept:
    """Keeps one case; remembers with what scope it was asked."""

    def __init__(self, read: SummaryRead | None) -> None:
        self.read = read
        self.asked: list[tuple[Scope, str]] = []

    async def case(self, scope: Scope, case_id: str) -> SummaryRead | None:
        self.asked.append((scope, case_id))
        return self.read


async def test_a_whole_case_is_answered_as_it_is_kept() -> None:
    kept = Kept(SummaryRead(whole=True, summary=SUMMARY))
    assert await GetCase(kept)(VIEWER, "c-1") is SUMMARY
    assert kept.asked == [(VIEWER.scope(), "c-1")]


async def test_a_coarse_case_says_only_that_it_closed() -> None:
    coarse = await GetCase(Kept(SummaryRead(whole=False, summary=SUMMARY)))(VIEWER, "c-1")
    assert (coarse.stage, coarse.closed_reason, coarse.sequence) == ("closed", "closed", 0)
    assert (coarse.handling, coarse.facilitator_ids, coarse.tasks, coarse.changed_at) == ("", (), (), None)


async def test_a_case_that_was_not_read_is_unknown() -> None:
    with pytest.raises(Refused) as caught:
        await GetCase(Kept(None))(VIEWER, "c-1")
    assert (caught.value.kind, caught.value.codes) == (Kind.NOT_FOUND, ("unknown_case",))
