"""Every journey of the demo, played over HTTP on the whole system, ends as its story says."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from deploy.local.demo.http_world import HttpWorld
from deploy.local.demo.player import Player
from deploy.local.demo.reading import journey_files, read_journey
from tests.support.whole_system import Silence

JOURNEYS = journey_files()


@pytest.mark.parametrize("name", JOURNEYS)
async def test_a_journey_ends_as_its_story_says(world: HttpWorld, name: str) -> None:
    story = Silence()
    file: Path = JOURNEYS[name]
    case_id = await Player(world, secrets.token_hex(3)).play(name, read_journey(file), story)
    assert case_id == story.case_id
    assert story.accepted
