"""Reads where one case stands, open or closed, as far as the viewer may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from services.reporting.domain.case_summary import CaseSummary
from services.reporting.domain.coarse_view import coarse_summary
from services.reporting.domain.viewer import Scope, Viewer, unknown_case


@dataclass(frozen=True, slots=True)
class SummaryRead:
    """One kept summary; `whole` is False for a coarse view."""

    whole: bool
    summary: CaseSummary


class SummaryReader(Protocol):
    """Where one summary is read."""

    async def case(self, scope: Scope, case_id: str) -> SummaryRead | None:
        """The case's summary; None when there is no such case within the scope."""


class GetCase:
    """One case's summary."""

    def __init__(self, reader: SummaryReader) -> None:
        self._reader = reader

    async def __call__(self, viewer: Viewer, case_id: str) -> CaseSummary:
        """Raises `Refused(NOT_FOUND, unknown_case)`, the same for a case that is not the viewer's to see."""
        read = await self._reader.case(viewer.scope(), case_id)
        if read is None:
            raise unknown_case()
        return read.summary if read.whole else coarse_summary(read.summary)
