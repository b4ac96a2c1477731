"""No name, address or note of a whole journey is found anywhere but in records, however it may be written."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Callable

import httpx2
import pytest

from deploy.local.demo.player import Player
from deploy.local.demo.reading import journey_files, read_journey
from deploy.local.demo.system import RunningSystem
from tests.support.artefacts import KINDS, Artefacts
from tests.support.canaries import Canaries, found_in, has_unplanted_text, new_mark, searched_words, unmarked_places
from tests.support.whole_system import Desk, Silence, eventually, world_of

# A meeting, letters, and a self-referral: together they use every kind of text but a few.
JOURNEYS = ("burglary", "assault", "self_referral")
MISPLACED = (
    *("field name", "code", "id", "step", "case id", "query", "link", "half a form"),
    *("link page", "page", "path"),
)
_TOKEN = re.compile(r"/([A-Za-z0-9_-]{43})\b")


ENCODERS: dict[str, Callable[[str], bytes]] = {
    "text": lambda word: f"x{word.upper()}y".encode(),
    "hex": lambda word: f"x{word}y".encode().hex().upper().encode(),
    "utf-16-le": lambda word: f"x{word}y".encode("utf-16-le"),
    "utf-16-be": lambda word: f"x{word}y".encode("utf-16-be"),
    "base64+0": lambda word: base64.b64encode(f"{word}yz".encode()),
    "base64+1": lambda word: base64.b64encode(f"x{word}yz".encode()),
    "base64+2": lambda word: base64.b64encode(f"xy{word}yz".encode()),
    "base64url+2": lambda word: base64.urlsafe_b64encode(f"xy{word}yz".encode()),
}


@pytest.mark.parametrize("form", ENCODERS)
@pytest.mark.parametrize("length", [12, 13, 14])
def test_the_search_finds_a_word_in_every_form(form: str, length: int) -> None:
    word = new_mark()[:length]
    assert f"{word} ({form})" in found_in(b"\1\2" + ENCODERS[form](word) + b"\3", [word])
    assert found_in(b"\1\2\3", [word]) == []


async def test_nothing_personal_is_found_outside_records(
    system: RunningSystem, capsys: pytest.CaptureFixture[str]
) -> None:
    canaries, control = Canaries(), new_mark()
    tokens = await _play(system, canaries)
    misplaced = await _misplace(system, canaries)
    artefacts = Artefacts(system)
    await artefacts.plant(control)
    left_behind = await artefacts.gather()

    kept = await artefacts.dump("records")
    unkept = canaries.refused | misplaced
    expected = {word: place for word, place in canaries.planted.items() if word not in unkept}
    missing = [place for word, place in expected.items() if word.encode() not in kept]
    assert missing == [], "planted but never kept: the search would prove nothing"
    assert [word for word in unkept if word.encode() in kept] == [], "words of a refused request were kept"
    assert unmarked_places(canaries.planted, canaries.mark) == {"phone number", "date of birth"}

    for kind in KINDS:
        assert any(found_in(one.content, [control]) for one in left_behind if one.kind == kind), f"no control in {kind}"
    wanted = searched_words(canaries, tokens)
    leaks = [f"{one.kind} {one.name}: {found}" for one in left_behind for found in found_in(one.content, wanted)]
    assert leaks == []
    megabytes = sum(len(one.content) for one in left_behind) / 1e6
    with capsys.disabled():
        print(
            f"\n{len(canaries.planted)} canaries and {len(tokens)} links, none found in {len(left_behind)} artefacts "
            f"({megabytes:.0f} MB); the control was found in all {len(KINDS)} kinds."
        )


async def _play(system: RunningSystem, canaries: Canaries) -> list[str]:
    """Play the journeys with canaries in them; answers the tokens of the links that were sent."""
    async with world_of(system) as world, httpx2.AsyncClient(trust_env=False) as client:
        for name in JOURNEYS:
            journey = read_journey(journey_files()[name])
            assert has_unplanted_text(journey) == []
            case_id = await Player(world, secrets.token_hex(3)).play(name, canaries.journey(name, journey), Silence())
        entries = await world.timeline("S101", case_id)
        desk = Desk(system, client)

        async def last_span() -> bool:
            services = {span["service"] for span in await desk.spans(entries[-1]["trace_id"])}
            return {"gateway", "worker", "reporting"} <= services

        assert await eventually(last_span), "the last step's spans never arrived"
        messages = (await client.get(f"{system.addresses.outbox_url}/messages", params={"limit": 1000})).json()
        found = [token for message in messages["messages"] for token in _TOKEN.findall(message["body"])]
        assert found, "no message held a link"
        return found


async def _misplace(system: RunningSystem, canaries: Canaries) -> set[str]:
    """Write words where none belong, as a careless client does; they are refused and never repeated."""
    async with httpx2.AsyncClient(trust_env=False, timeout=20.0) as client:
        desk = Desk(system, client)
        receipt = await desk.refer("S111")
        case = f"/v1/cases/{receipt['case_id']}"
        words = {place: canaries.new(f"misplaced: {place}") for place in MISPLACED}
        answers = [
            await desk.ask("POST", "S101", f"{case}/steps/take-up", {f"{words['field name']} Road": "x"}),
            await desk.ask("POST", "S101", f"{case}/steps/accept-referral", {"handling": words["code"]}),
            await desk.ask("POST", "S101", f"{case}/steps/log-contact", {"person_id": f"{words['id']} and more"}),
            await desk.ask("POST", "S101", f"{case}/steps/{words['step']}", {}),
            await desk.ask("GET", "S101", f"/v1/cases/{words['case id']}"),
            await desk.ask("GET", "S101", f"/v1/cases?district={words['query']}"),
            await desk.ask("GET", "", f"/v1/links/{words['link']}"),
            await desk.ask("POST", "", "/v1/self-referrals", {"name": words["half a form"]}),
        ]
        console = system.ports.url("console")
        answers += [
            await client.get(f"{console}/r/{words['link page']}"),
            await client.get(f"{console}/{words['page']}"),
            await client.get(f"{system.addresses.gateway_url}/{words['path']}"),
        ]
    for answer in answers:
        assert 400 <= answer.status_code < 500, f"{answer.request.url.path}: {answer.status_code}"
        assert found_in(answer.content, [canaries.mark]) == [], f"repeated by {answer.request.url.path}"
    return set(words.values())
