"""Every journey file is a valid path through the case core, and ends there as its story says."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deploy.local.demo.journey import Act, Look, Wait
from deploy.local.demo.player import Player
from deploy.local.demo.reading import journey_files, read_journey
from tests.support.core_world import CoreWorld

JOURNEYS = journey_files()
# Weekends, bank holidays, nights and short months all move deadlines; a story must hold on any day it is told.
BEGINNINGS = {
    "monday": datetime(2026, 3, 2, 10, 30, tzinfo=UTC),
    "night": datetime(2026, 11, 20, 23, 5, tzinfo=UTC),
    "christmas": datetime(2026, 12, 24, 6, 5, tzinfo=UTC),
    "january": datetime(2027, 1, 15, 13, 47, tzinfo=UTC),
    "august": datetime(2026, 8, 12, 12, 46, tzinfo=UTC),
}


class Listener:
    """Counts what it is told."""

    def __init__(self) -> None:
        """Nothing told yet."""
        self.case_id = ""
        self.acts: list[str] = []
        self.by_itself: list[str] = []

    def opened(self, case_id: str) -> None:
        """See `Story`."""
        self.case_id = case_id

    def did(self, at: datetime, act: Act, about: str, result: str) -> None:
        """See `Story`."""
        self.acts.append(act.does)

    def waited(self, until: datetime, step: Wait, happened: list[Mapping[str, Any]]) -> None:
        """See `Story`."""
        self.by_itself += [str(entry["kind"]) for entry in happened]

    def looked(self, step: Look) -> None:
        """See `Story`."""


@pytest.mark.parametrize("file", JOURNEYS.values(), ids=JOURNEYS.keys())
@pytest.mark.parametrize("began", BEGINNINGS.values(), ids=BEGINNINGS.keys())
async def test_a_journey_is_a_valid_path_through_the_core(file: Path, began: datetime) -> None:
    listener = Listener()
    case_id = await Player(CoreWorld(began), "unit").play(file.stem, read_journey(file), listener)
    assert listener.case_id == case_id
    assert "close_case" in listener.acts
    assert "follow_up_due" in listener.by_itself or "follow_up_handed_to_person" in listener.by_itself
