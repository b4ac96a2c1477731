"""The player notices every way in which a case leaves its story, and says where."""

from pathlib import Path
from typing import Any

import pytest

from deploy.local.demo.journey import Act, Journey, Look
from deploy.local.demo.player import JourneyFailed, Player
from deploy.local.demo.reading import journey_files, read_journey
from tests.support.core_world import CoreWorld
from tests.support.whole_system import Silence

FILES = journey_files()


async def failure(journey: Journey) -> str:
    """Where and why a changed journey fails."""
    with pytest.raises(JourneyFailed) as failed:
        await Player(CoreWorld(), "unit").play("changed", journey, Silence())
    return str(failed.value)


def changed(name: str, number: int, **changes: Any) -> Journey:
    """A journey with one step (counted from 1) changed."""
    file: Path = FILES[name]
    journey = read_journey(file)
    steps = list(journey.steps)
    steps[number - 1] = steps[number - 1].model_copy(update=changes)
    return journey.model_copy(update={"steps": tuple(steps)})


def number_of(name: str, wanted: str) -> int:
    """The first step of a journey that does something, counted from 1."""
    steps = read_journey(FILES[name]).steps
    return next(number for number, step in enumerate(steps, 1) if isinstance(step, Act) and step.does == wanted)


async def test_a_refusal_that_the_story_does_not_know_ends_it() -> None:
    number = number_of("burglary", "accept_referral")
    said = await failure(changed("burglary", number, refused=None))
    assert said.startswith(f"step {number}: accept_referral was refused with 409 not_at_this_stage")


async def test_a_refusal_that_does_not_come_ends_it() -> None:
    number = number_of("burglary", "take_up")
    said = await failure(changed("burglary", number, refused="case_held"))
    assert said == f"step {number}: take_up should have been refused with case_held"


async def test_another_refusal_than_the_storys_ends_it() -> None:
    said = await failure(changed("burglary", number_of("burglary", "accept_referral"), refused="case_held"))
    assert "not_at_this_stage" in said


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ({"stage": "closed"}, "expected the stage closed, it is received"),
        ({"happened": ["process_held"]}, "expected process_held in the ledger"),
        ({"not_happened": ["referral_received"]}, "expected no referral_received in the ledger, found 1"),
        ({"people": {"ines": "consented"}}, "expected ines consented, found permitted"),
        ({"follow_ups": {"welfare of ines": "sent"}}, "expected follow-up welfare of ines sent, found not planned"),
        ({"tasks": ["close_case"]}, "expected an open task close_case"),
        ({"messages": {"ines": 1}}, "expected 1 messages to ines, found 0"),
        ({"reads": {"ines": "hello"}}, "expected the newest message to ines to say `hello`"),
        ({"sees": {"housing_officer": "everything"}}, "expected housing_officer to see everything, they see nothing"),
        ({"paused": True}, "expected the case paused"),
    ],
)
async def test_every_kind_of_expectation_can_fail(expected: dict[str, Any], said: str) -> None:
    steps = read_journey(FILES["burglary"]).steps
    number = next(number for number, step in enumerate(steps, 1) if isinstance(step, Look))
    look = Look.model_validate({"expect": expected})
    assert said in await failure(changed("burglary", number, expect=look.expect))


async def test_words_that_no_message_may_hold_are_noticed() -> None:
    journey = read_journey(FILES["burglary"])
    number = next(
        number for number, step in enumerate(journey.steps, 1) if isinstance(step, Look) and step.expect.never_reads
    )
    step = journey.steps[number - 1]
    assert isinstance(step, Look)
    expect = step.expect.model_copy(update={"never_reads": ("meeting",)})
    assert "expected no message to say `meeting`" in await failure(changed("burglary", number, expect=expect))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": "denies"}, "expected closed_reason denies, found completed"),
        ({"side": "harmed"}, "expected closed_side harmed, found both"),
        ({"counts": {"process_held": 2}}, "expected 2 x process_held in the ledger, found 1"),
        ({"messages": {"ines": 0}}, "expected 0 messages to ines, found 6"),
    ],
)
async def test_every_part_of_an_ending_can_fail(changes: dict[str, Any], said: str) -> None:
    journey = read_journey(FILES["burglary"])
    ends = type(journey.ends).model_validate(journey.ends.model_dump() | changes)
    assert said in await failure(journey.model_copy(update={"ends": ends}))


async def test_a_story_that_stops_early_is_not_passed() -> None:
    journey = read_journey(FILES["burglary"])
    said = await failure(journey.model_copy(update={"steps": journey.steps[:-1]}))
    assert "expected the case closed, it is follow_up" in said
