"""Whoever has no part in a case learns nothing of it and changes nothing in it, on the real parts."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.support.whole_system import REFERRAL, Desk

REFERRER = "S111"  # of the police
COORDINATOR = "S101"
STRANGERS = {
    "referrer of another agency": "S113",
    "facilitator of another case": "S132",
    "lead of another unit": "S124",
    "commissioner": "S161",
}
NOT_LET_IN = {
    "agency whose agreement has lapsed": ("S120", "agreement_lapsed"),
    "volunteer whose time has ended": ("S146", "staff_ended"),
}
READS = ("", "/timeline", "/record", "/facilitators")
TAKE_UP = {"step": "take-up"}
HOLD = {"step": "hold-for-safety", "reason": "threat"}
STEPS: dict[str, dict[str, Any]] = {
    "/take-up": {},
    "/hold-for-safety": {"reason": "threat", "hold_note": "They are at the door."},
    "/request-information": {"question_note": "Who is this about?"},
    "/allocate": {"facilitator_id": "S132"},
    "/close-case": {"reason": "duplicate", "side": "service"},
    "": {"steps": [TAKE_UP, HOLD]},
}


@pytest.mark.parametrize("staff_id", STRANGERS.values(), ids=STRANGERS.keys())
async def test_a_stranger_learns_no_more_than_of_a_case_that_does_not_exist(desk: Desk, staff_id: str) -> None:
    receipt = await desk.refer(REFERRER)
    requests = _requests(receipt)
    for method, path, body in requests:
        hidden = await desk.ask(method, staff_id, f"/v1/cases/{receipt['case_id']}{path}", body)
        unknown = await desk.ask(method, staff_id, f"/v1/cases/{uuid4()}{path}", body)
        assert _told(hidden) == _told(unknown), path
        assert "Testwell" not in hidden.text
        if method != "PUT" and path != "/record" and (path, staff_id) != ("/timeline", "S161"):
            assert (hidden.status_code, hidden.json()["code"]) == (404, "unknown_case"), path
    await _is_as_it_was(desk, receipt)


@pytest.mark.parametrize(("staff_id", "code"), NOT_LET_IN.values(), ids=NOT_LET_IN.keys())
async def test_whom_agencies_does_not_let_in_gets_nowhere(desk: Desk, staff_id: str, code: str) -> None:
    receipt = await desk.refer(REFERRER)
    requests = [(method, f"/v1/cases/{receipt['case_id']}{path}", body) for method, path, body in _requests(receipt)]
    others = ("/v1/me", "/v1/cases", "/v1/tasks", "/v1/agencies", "/v1/staff?ids=S101")
    requests += [("GET", path, None) for path in others] + [("POST", "/v1/referrals", dict(REFERRAL))]
    for method, path, body in requests:
        answer = await desk.ask(method, staff_id, path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, code), path
    await _is_as_it_was(desk, receipt)


async def test_who_sees_the_case_is_told_that_the_step_is_not_theirs(desk: Desk) -> None:
    receipt = await desk.refer(REFERRER)
    answer = await desk.ask("POST", REFERRER, f"/v1/cases/{receipt['case_id']}/steps/take-up", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_step")


def _requests(receipt: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """Everything that can be asked of a case, as method, path within it, and body."""
    rule = {"address": "elsewhere@example.org", "safety": "safe", "confirmed_on": receipt["at"][:10]}
    reads = [("GET", read, None) for read in READS]
    steps = [("POST", f"/steps{step}", body) for step, body in STEPS.items()]
    return [*reads, *steps, ("PUT", f"/people/{receipt['person_ids'][0]}/contact/email", rule)]


def _told(answer: httpx2.Response) -> tuple[int, dict[str, Any]]:
    """Everything an answer tells but its trace."""
    return answer.status_code, {**answer.json(), "trace_id": ""}


async def _is_as_it_was(desk: Desk, receipt: dict[str, Any]) -> None:
    case = f"/v1/cases/{receipt['case_id']}"
    after = (await desk.ask("GET", COORDINATOR, case)).json()
    assert after["sequence"] == receipt["sequence"]
    assert after["stage"] == "received"
    record = (await desk.ask("GET", COORDINATOR, f"{case}/record")).json()
    assert "elsewhere@example.org" not in str(record)
    assert len(record["notes"]) == 1


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
