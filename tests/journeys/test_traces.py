"""One step is one trace from the gateway to SQL, and every ledger entry leads to its trace."""

from __future__ import annotations

import secrets
from typing import Any

from deploy.local.demo.http_world import HttpWorld
from deploy.local.demo.player import Player
from deploy.local.demo.reading import journey_files, read_journey
from tests.support.whole_system import Desk, Silence, eventually

COORDINATOR = "S101"
Span = dict[str, Any]


async def test_every_step_is_one_trace_and_every_entry_keeps_it(world: HttpWorld, desk: Desk) -> None:
    story = Silence()
    journey = read_journey(journey_files()["denial"])
    case_id = await Player(world, secrets.token_hex(3)).play("traces", journey, story)
    entries = await world.timeline(COORDINATOR, case_id)
    assert all(entry["trace_id"] and entry["span_id"] for entry in entries)
    by_step = {entry["trace_id"]: entry for entry in entries if entry["step"]}
    # Noting how someone may be reached is no step of the case; every other accepted act has a trace of its own.
    contact_notes = sum(act.does == "set_contact" for act in journey.acts())
    assert len(by_step) == story.accepted - contact_notes
    for trace_id, entry in by_step.items():
        assert await _faults(desk, trace_id, entry["step"], case_id) == []


async def test_what_happens_by_itself_has_a_trace_that_names_the_case(world: HttpWorld, desk: Desk) -> None:
    journey = read_journey(journey_files()["denial"])
    case_id = await Player(world, secrets.token_hex(3)).play("by-itself", journey, Silence())
    entries = await world.timeline(COORDINATOR, case_id)
    by_clock = {entry["trace_id"] for entry in entries if entry["kind"] == "follow_up_due"}
    steps = {entry["trace_id"] for entry in entries if entry["step"]}
    assert by_clock
    assert not by_clock & steps, "a timer's work hangs on the trace of a step"
    for trace_id in by_clock:

        async def kept(trace_id: str = trace_id) -> list[Span]:
            spans = await desk.spans(trace_id)
            return spans if _reaches_sql(spans) and _case_refs(spans) else []

        spans = await eventually(kept)
        assert _case_refs(spans) == {case_id}
        assert {"worker", "reporting"} <= {span["service"] for span in spans}


async def _faults(desk: Desk, trace_id: str, step: str, case_id: str) -> list[str]:
    """What is wrong with a step's trace once every process has sent its spans; none at best."""
    faults: list[str] = []

    async def whole() -> bool:
        faults[:] = _tree_faults(await desk.spans(trace_id), step, case_id)
        return not faults

    await eventually(whole)
    return faults


def _tree_faults(spans: list[Span], step: str, case_id: str) -> list[str]:
    """Everything in which these spans are not one tree from the gateway over workflow and activity to SQL."""
    ids = {span["span_id"] for span in spans}
    roots = [span for span in spans if span["parent_id"] not in ids]
    names = [span["name"] for span in spans]
    if [root["service"] for root in roots] != ["gateway"]:
        return [f"{step}: the roots are {[root['name'] for root in roots]}"]
    wanted = {
        "case": _attribute(roots[0], "rjhub.case.ref") == case_id,
        "step": _attribute(roots[0], "rjhub.step") == step,
        "workflow": any(span["service"] == "worker" and _attribute(span, "rjhub.step") == step for span in spans),
        "activity": "activity append" in names,
        "reporting and SQL": _reaches_sql(spans),
    }
    return [f"{step}: {name} is missing from {names}" for name, found in wanted.items() if not found]


def _reaches_sql(spans: list[Span]) -> bool:
    """Whether the ledger's own SQL is in the trace, under a call of reporting."""
    calls = {span["span_id"] for span in spans if span["service"] == "reporting" and span["kind"] == "server"}
    return any("db.system" in span["detail"]["attributes"] and span["parent_id"] in calls for span in spans)


def _case_refs(spans: list[Span]) -> set[str]:
    return {ref for span in spans if (ref := _attribute(span, "rjhub.case.ref"))}


def _attribute(span: Span, name: str) -> str:
    return str(span["detail"]["attributes"].get(name, ""))
