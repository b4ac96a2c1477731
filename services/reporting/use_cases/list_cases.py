"""Lists the cases a viewer may see, newest change first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.reporting.domain.case_summary import CaseSummary
from services.reporting.domain.coarse_view import coarse_summary
from services.reporting.domain.cursor import Cursor
from services.reporting.domain.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """Which cases are asked for; empty text and False leave a condition out."""

    stage: str
    open_only: bool
    mine_only: bool
    district_id: str
    limit: int
    after: Cursor | None


@dataclass(frozen=True, slots=True)
class CaseRead:
    """One kept summary, whether it may be seen whole, and the time it is ordered by."""

    case_id: str
    summary: CaseSummary
    whole: bool
    ordered_at: datetime


@dataclass(frozen=True, slots=True)
class CasesRead:
    """Kept summaries, one more than asked for if there are more, and how many there are at each stage."""

    cases: tuple[CaseRead, ...]
    count_by_stage: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of the list; an empty `next_cursor` means it is the last."""

    cases: tuple[tuple[str, CaseSummary], ...]
    next_cursor: str
    count_by_stage: Mapping[str, int]


class CaseReader(Protocol):
    """Where summaries are read."""

    async def cases(self, viewer: Viewer, query: CaseQuery) -> CasesRead:
        """Up to `query.limit` + 1 cases within the viewer's scope.

        Cases seen coarsely are filtered and counted by their coarse stage and ordered by when they were opened: when
        they last changed is not the viewer's to know.
        """


class ListCases:
    """A viewer's caseload."""

    def __init__(self, reader: CaseReader) -> None:
        self._reader = reader

    async def __call__(self, viewer: Viewer, query: CaseQuery) -> CasePage:
        """Answer one page."""
        read = await self._reader.cases(viewer, query)
        shown = read.cases[: query.limit]
        cases = tuple((case.case_id, case.summary if case.whole else coarse_summary(case.summary)) for case in shown)
        more = len(read.cases) > query.limit
        next_cursor = Cursor(shown[-1].ordered_at, shown[-1].case_id).encode() if more else ""
        return CasePage(cases, next_cursor, read.count_by_stage)
