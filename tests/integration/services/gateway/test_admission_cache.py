"""Who the agencies service lets in is asked once, remembered for a short time, and never guessed (R-130)."""

from __future__ import annotations

import asyncio

import pytest

from services.gateway.api.admission import Admission
from services.runtime.identity import Caller
from services.runtime.refusal import Kind, Refusal, Refused

LAPSED = Refused(Kind.FORBIDDEN, Refusal("agreement_lapsed", "The agreement has run out.", who="administrator"))
AWAY = Refused(Kind.UNAVAILABLE, Refusal("service_unavailable", "Away.", who="operator"))
BROKEN = Refused(Kind.UNAVAILABLE, Refusal("internal_error", "Something failed.", who="operator"))
EXPIRED = Refused(Kind.UNAUTHENTICATED, Refusal("token_expired", "Sign in again.", who="caller"))


class Agencies:
    """Answers as told; while `open` is cleared it hangs."""

    def __init__(self) -> None:
        self.refusal: Exception | None = None
        self.tokens: list[str] = []
        self.open = asyncio.Event()
        self.open.set()

    async def me(self, token: str) -> None:
        self.tokens.append(token)
        await self.open.wait()
        if self.refusal is not None:
            raise self.refusal


class World:
    """An admission, whom it asks, and the time in seconds."""

    def __init__(self) -> None:
        self.agencies = Agencies()
        self.now = 1000.0
        self.admission = Admission(self.agencies.me, remembered_seconds=30, clock=lambda: self.now)

    async def codes(self, subject: str = "S101", *, urgent: bool = False) -> list[str]:
        """The codes with which a person is refused; none when they are let in."""
        try:
            await self.admission.admit(person(subject), urgent=urgent)
        except Refused as refused:
            return list(refused.codes)
        return []


def person(subject: str) -> Caller:
    """Somebody with a token of their own."""
    return Caller(subject, frozenset({"facilitator"}), "hub", "", f"token of {subject}")


@pytest.fixture
def world() -> World:
    return World()


async def test_a_person_is_asked_about_with_their_own_token_and_remembered(world: World) -> None:
    assert await world.codes() == []
    world.agencies.refusal = LAPSED
    world.now += 29.9
    assert await world.codes() == []
    assert world.agencies.tokens == ["token of S101"]
    world.now += 0.2
    assert await world.codes() == ["agreement_lapsed"]
    assert len(world.agencies.tokens) == 2


async def test_a_refusal_is_passed_on_and_remembered_for_five_seconds(world: World) -> None:
    world.agencies.refusal = LAPSED
    for _ in range(3):
        with pytest.raises(Refused) as caught:
            await world.admission.admit(person("S101"))
        assert (caught.value.kind, caught.value.refusals) == (Kind.FORBIDDEN, LAPSED.refusals)
    assert len(world.agencies.tokens) == 1
    world.agencies.refusal = None
    world.now += 5
    assert await world.codes() == []


async def test_a_setting_below_five_seconds_holds_for_refusals_too() -> None:
    world = World()
    world.admission = Admission(world.agencies.me, remembered_seconds=0, clock=lambda: world.now)
    world.agencies.refusal = LAPSED
    assert await world.codes() == ["agreement_lapsed"]
    world.agencies.refusal = None
    assert await world.codes() == []


async def test_many_first_requests_of_one_person_ask_once(world: World) -> None:
    world.agencies.open.clear()
    waiting = [asyncio.create_task(world.codes()) for _ in range(20)]
    other = asyncio.create_task(world.codes("S102"))
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0.01)
    world.agencies.open.set()
    assert await asyncio.gather(*waiting[1:], other) == [[]] * 20
    assert sorted(world.agencies.tokens) == ["token of S101", "token of S102"]


@pytest.mark.parametrize("refusal", [AWAY, BROKEN])
async def test_nobody_unknown_gets_in_while_agencies_is_away(world: World, refusal: Refused) -> None:
    world.agencies.refusal = refusal
    assert await world.codes() == ["service_unavailable"]
    assert await world.codes() == ["service_unavailable"]
    assert len(world.agencies.tokens) == 1
    world.agencies.refusal = None
    world.now += 1
    assert await world.codes() == []


async def test_what_is_urgent_goes_on_while_agencies_is_away(world: World) -> None:
    world.agencies.refusal = AWAY
    assert await world.codes(urgent=True) == []
    assert await world.codes() == ["service_unavailable"]


async def test_what_is_urgent_waits_for_no_service_that_hangs(world: World) -> None:
    world.agencies.open.clear()
    async with asyncio.timeout(3):
        assert await world.codes(urgent=True) == []
    world.agencies.refusal = LAPSED
    world.agencies.open.set()
    assert await world.codes() == ["agreement_lapsed"]
    assert len(world.agencies.tokens) == 1


async def test_a_refusal_by_agencies_holds_for_what_is_urgent_too(world: World) -> None:
    world.agencies.refusal = LAPSED
    assert await world.codes(urgent=True) == ["agreement_lapsed"]


async def test_who_was_let_in_lately_is_let_in_while_agencies_is_away(world: World) -> None:
    assert await world.codes() == []
    world.agencies.refusal = AWAY
    world.now += 15 * 60 - 1
    assert await world.codes() == []
    world.now += 1
    assert await world.codes() == ["service_unavailable"]
    world.agencies.refusal = LAPSED
    world.now += 30
    assert await world.codes() == ["agreement_lapsed"]


async def test_who_was_let_in_lately_does_not_wait_for_a_service_that_hangs(world: World) -> None:
    assert await world.codes() == []
    world.agencies.open.clear()
    world.now += 60
    async with asyncio.timeout(3):
        assert [await world.codes() for _ in range(20)] == [[]] * 20
    world.agencies.open.set()
    await asyncio.sleep(0)


async def test_who_was_refused_since_is_not_let_in_while_agencies_is_away(world: World) -> None:
    assert await world.codes() == []
    world.now += 31
    world.agencies.refusal = LAPSED
    assert await world.codes() == ["agreement_lapsed"]
    world.now += 6
    world.agencies.refusal = AWAY
    assert await world.codes() == ["service_unavailable"]


async def test_a_fault_of_one_token_is_not_remembered_of_the_person(world: World) -> None:
    world.agencies.refusal = EXPIRED
    assert await world.codes() == ["token_expired"]
    assert await world.codes(urgent=True) == ["token_expired"]
    world.agencies.refusal = None
    assert await world.codes() == []


async def test_only_so_many_are_remembered(world: World) -> None:
    world.admission = Admission(world.agencies.me, remembered_seconds=30, people_max=3, clock=lambda: world.now)
    for subject in ("S1", "S2", "S3", "S4"):
        assert await world.codes(subject) == []
    world.agencies.tokens.clear()
    for subject in ("S4", "S3", "S2", "S1"):
        assert await world.codes(subject) == []
    assert world.agencies.tokens == ["token of S1"]
