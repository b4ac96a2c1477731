"""Reads what happened in a case, as far as the viewer may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from services.reporting.domain.coarse_view import coarse_entry
from services.reporting.domain.entry import Entry
from services.reporting.domain.viewer import Scope, Viewer, unknown_case


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Entries in order, and whether more follow."""

    entries: tuple[Entry, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class TimelineRead:
    """Kept entries, one more than asked for if there are more; `whole` is False for a coarse view."""

    whole: bool
    entries: tuple[Entry, ...]


class TimelineReader(Protocol):
    """Where entries are read."""

    async def timeline(self, scope: Scope, case_id: str, after_sequence: int, limit: int) -> TimelineRead | None:
        """Up to `limit` + 1 entries; None when there is no such case within the scope.

        In a coarse view sequence numbers count the entries of that view, since gaps would tell how much else happened.
        """


class GetTimeline:
    """One case's timeline."""

    def __init__(self, reader: TimelineReader) -> None:
        self._reader = reader

    async def __call__(self, viewer: Viewer, case_id: str, after_sequence: int, limit: int) -> TimelinePage:
        """Raises `Refused(NOT_FOUND, unknown_case)`, the same for a case that is not the viewer's to see."""
        read = await self._reader.timeline(viewer.scope(), case_id, after_sequence, limit)
        if read is None:
            raise unknown_case()
        entries = read.entries[:limit]
        if not read.whole:
            entries = tuple(coarse_entry(entry) for entry in entries)
        return TimelinePage(entries, more=len(read.entries) > limit)
