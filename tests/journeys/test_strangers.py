"""Whoever has no part in a case learns nothing of it and changes nothing in it, on the real parts."""

from __future__ import annotations

import pytest

from tests.support.whole_system import Desk

REFERRER = "S111"  # of the police
COORDINATOR = "S101"
STRANGERS = {
    "referrer of another agency": "S113",
    "facilitator of another case": "S132",
    "lead of another unit": "S124",
    "commissioner": "S161",
    "agency whose agreement has lapsed": "S120",
    "volunteer whose time has ended": "S146",
}
READS = ("", "/timeline", "/record", "/facilitators")
STEPS = {
    "take-up": {},
    "hold-for-safety": {"reason": "threat"},
    "request-information": {"question_note": "Who is this about?"},
    "allocate": {"facilitator_id": "S132"},
    "close-case": {"reason": "duplicate", "side": "service"},
}


@pytest.mark.parametrize("staff_id", STRANGERS.values(), ids=STRANGERS.keys())
async def test_a_stranger_gets_nowhere(desk: Desk, staff_id: str) -> None:
    receipt = await desk.refer(REFERRER)
    case = f"/v1/cases/{receipt['case_id']}"
    for read in READS:
        answer = await desk.ask("GET", staff_id, case + read)
        assert answer.status_code in (403, 404), read
        assert "Testwell" not in answer.text
    for kind, body in STEPS.items():
        answer = await desk.ask("POST", staff_id, f"{case}/steps/{kind}", body)
        assert answer.status_code in (403, 404), kind
    rule = {"address": "elsewhere@example.org", "safety": "safe", "confirmed_on": receipt["at"][:10]}
    person = f"{case}/people/{receipt['person_ids'][0]}/contact/email"
    assert (await desk.ask("PUT", staff_id, person, rule)).status_code in (403, 404)
    after = (await desk.ask("GET", COORDINATOR, case)).json()
    assert after["sequence"] == receipt["sequence"]
    assert after["stage"] == "received"
    record = (await desk.ask("GET", COORDINATOR, f"{case}/record")).json()
    assert "elsewhere@example.org" not in str(record)


async def test_a_referrer_sees_an_outline_and_no_record(desk: Desk) -> None:
    receipt = await desk.refer(REFERRER)
    case = f"/v1/cases/{receipt['case_id']}"
    view = (await desk.ask("GET", REFERRER, case)).json()
    assert view["coarse"]
    assert not view["people"]
    assert (await desk.ask("GET", REFERRER, f"{case}/record")).status_code in (403, 404)


async def test_without_a_token_nothing_is_answered(desk: Desk) -> None:
    receipt = await desk.refer(REFERRER)
    answer = await desk.ask("GET", "", f"/v1/cases/{receipt['case_id']}")
    assert answer.status_code == 401
    assert answer.json()["code"] == "token_missing"
