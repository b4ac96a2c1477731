"""Counts what happened in the whole region in a period, by the counting dictionary."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from services.reporting.domain.figures import FIGURES, Count, Figure, suppress_small
from services.reporting.domain.viewer import Viewer
from services.runtime.refusal import Kind, Refusal, Refused

_LAST_YEAR = 2200


class Counter(Protocol):
    """Where entries are counted."""

    async def count(self, figures: tuple[Figure, ...], from_date: date, until_date: date) -> tuple[Count, ...]:
        """One count per figure, over both days and those between, as the region's clocks had them."""


class GetFigures:
    """The figures of one period."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def __call__(self, viewer: Viewer, from_date: date, until_date: date) -> tuple[Count, ...]:
        """Small numbers are hidden from whoever is a commissioner, whatever else they are."""
        if until_date < from_date:
            sentence = "The last day must not be before the first."
            raise Refused(Kind.INVALID, Refusal("period_reversed", sentence, field="until_date", who="caller"))
        if until_date.year > _LAST_YEAR:
            sentence = f"Nothing is counted after the year {_LAST_YEAR}."
            raise Refused(Kind.INVALID, Refusal("period_too_late", sentence, field="until_date", who="caller"))
        counts = await self._counter.count(FIGURES, from_date, until_date)
        return suppress_small(counts) if "commissioner" in viewer.roles else counts
