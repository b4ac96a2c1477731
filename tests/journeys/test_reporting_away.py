"""Reporting may hang: steps are taken all the same, answered as accepted, and are in the ledger later, each once."""

from __future__ import annotations

import time
from typing import Any

from deploy.local.demo.system import RunningSystem
from tests.support.whole_system import Desk, eventually, part_pid, stopped

COORDINATOR = "S101"


async def test_a_step_while_reporting_hangs_is_accepted_and_appears_later(system: RunningSystem, desk: Desk) -> None:
    receipt = await desk.refer("S111")
    case = f"/v1/cases/{receipt['case_id']}"
    with stopped(part_pid(system, "services.reporting")):
        began = time.monotonic()
        taken = await desk.ask("POST", COORDINATOR, f"{case}/steps/take-up", {})
        assert taken.status_code == 202, taken.text
        assert not taken.json()["in_ledger"]
        held = await desk.ask("POST", COORDINATOR, f"{case}/steps/hold-for-safety", {"reason": "threat"})
        assert held.status_code == 202, held.text
        assert time.monotonic() - began < 10
        view = (await desk.ask("GET", COORDINATOR, case)).json()
        assert (view["stage"], view["held"]) == ("screening", "threat")

    async def whole_timeline() -> list[dict[str, Any]]:
        answer = await desk.ask("GET", COORDINATOR, f"{case}/timeline")
        entries: list[dict[str, Any]] = answer.json()["entries"] if answer.is_success else []
        return entries if len(entries) == view["sequence"] else []

    entries = await eventually(whole_timeline, timeout_seconds=60.0)
    assert [entry["sequence"] for entry in entries] == list(range(1, view["sequence"] + 1))
    kinds = [entry["kind"] for entry in entries]
    assert kinds.count("taken_up") == kinds.count("held_for_safety") == 1
    assert all(entry["trace_id"] for entry in entries)
