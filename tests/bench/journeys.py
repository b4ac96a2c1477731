"""Whole journeys: how many events one costs, and how many a second pass against bare workflows of as many steps."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper

from tests.bench.bare import QUEUE, BareStep
from tests.bench.http_case import FACILITATOR, HttpCase, open_case, to_engaging, to_monitoring, to_ready
from tests.bench.http_connection import HttpConnection
from workflows.contracts.names import case_workflow_id

CONCURRENT = 10
JOURNEYS = 40
ROUNDS = 3
MOVING_THE_CLOCK = ("workflow_execution_time_skipping", "workflow_execution_options_updated")


async def measure_events(case: HttpCase, engine: Client) -> dict[str, float]:
    """Events of one staff step without a message, and of a burglary from referral to closing months later.

    What the moving of the case's clock itself writes into the history is left out: real months write nothing.
    """
    handle = engine.get_workflow_handle(case_workflow_id(case.case_id))
    await case.take(to_engaging(case))
    await asyncio.sleep(1)
    before = (await handle.describe()).history_length
    await case.log_contact()
    each = (await handle.describe()).history_length - before
    await case.take(to_ready(case))
    await case.take(to_monitoring(case, await case.now()))
    await case.step(FACILITATOR, "settle-item", {"item_id": "A1", "outcome": "completed"})
    await _follow_up(case, TimeSkipper(engine), handle)
    await case.step(FACILITATOR, "close-case", {"reason": "completed", "side": "service"})
    kinds = await _event_kinds(handle)
    events = sum(count for kind, count in kinds.items() if not kind.startswith(MOVING_THE_CLOCK))
    return {"events_per_step": float(each), "events_per_journey": float(events)}


async def _follow_up(case: HttpCase, skipper: TimeSkipper, handle: WorkflowHandle[Any, Any]) -> None:
    """Months pass; whoever is asked answers the day after, on the phone to the facilitator."""
    for days in (8, 40, 150):
        await skipper.fast_forward(handle, timedelta(days=days))
        _, view = await case.connection.send("GET", f"/v1/cases/{case.case_id}", case.tokens[FACILITATOR])
        for point in view["points"]:
            if point["status"] in ("sent", "handed_to_person"):
                answer = {"point_id": point["point_id"], "answers": [{"measure": "satisfaction", "value": 5}]}
                await case.step(FACILITATOR, "answer-follow-up", answer)


@dataclass(frozen=True, slots=True)
class Calls:
    """What one journey asks of the engine: so much the bare workflow is given to do as well."""

    updates: int
    local_activities: int
    activities: int


async def measure_throughput(
    port: int, tokens: dict[str, str], engine: Client, progress: Callable[[str], None]
) -> dict[str, float]:
    """Journeys per second over HTTP and bare workflows per second, in alternating rounds, same concurrency.

    A journey goes from the referral to the agreement at the end of the conference.
    """
    connection = await HttpConnection.open("127.0.0.1", port)
    calls = await _calls_of(await _walk_one(connection, tokens), engine)
    await connection.close()
    ratios, ours, theirs = [], [], []
    for number in range(ROUNDS):
        progress(f"throughput, round {number + 1} of {ROUNDS}, {calls}")
        ours.append(await _our_round(port, tokens))
        theirs.append(await _bare_round(engine, calls))
        ratios.append(ours[-1] / theirs[-1])
    middle = sorted(range(ROUNDS), key=lambda one: ratios[one])[ROUNDS // 2]
    return {
        "journey_throughput_ratio": ratios[middle],
        "journeys_per_second": ours[middle],
        "bare_per_second": theirs[middle],
    }


async def _walk_one(connection: HttpConnection, tokens: dict[str, str]) -> HttpCase:
    case = await open_case(connection, tokens)
    await case.take(to_engaging(case))
    await case.take(to_ready(case))
    await case.take(to_monitoring(case, datetime.now(UTC)))
    return case


async def _calls_of(case: HttpCase, engine: Client) -> Calls:
    """Counted from the history of a journey just walked."""
    await asyncio.sleep(2)  # its messages are under way
    handle = engine.get_workflow_handle(case_workflow_id(case.case_id))
    kinds = await _event_kinds(handle)
    return Calls(
        updates=kinds["workflow_execution_update_completed_event_attributes"],
        local_activities=kinds["marker_recorded_event_attributes"],
        activities=kinds["activity_task_completed_event_attributes"],
    )


async def _event_kinds(handle: WorkflowHandle[Any, Any]) -> Counter[str]:
    return Counter([str(event.WhichOneof("attributes")) async for event in handle.fetch_history_events()])


async def _our_round(port: int, tokens: dict[str, str]) -> float:
    async def walk(waiting: asyncio.Queue[int]) -> None:
        connection = await HttpConnection.open("127.0.0.1", port)
        while not waiting.empty():
            waiting.get_nowait()
            await _walk_one(connection, tokens)
        await connection.close()

    return await _per_second(walk)


async def _bare_round(engine: Client, calls: Calls) -> float:
    async def walk(waiting: asyncio.Queue[int]) -> None:
        while not waiting.empty():
            waiting.get_nowait()
            handle = await engine.start_workflow("Bare", id=f"bare-{uuid4()}", task_queue=QUEUE)
            for number in range(calls.updates):
                step = BareStep(
                    text="x" * 40,
                    local_activities=_share(calls.local_activities, number, calls.updates),
                    activities=_share(calls.activities, number, calls.updates),
                )
                await handle.execute_update("step", step, id=str(uuid4()), result_type=str)
            await handle.signal("end")

    return await _per_second(walk)


def _share(total: int, number: int, parts: int) -> int:
    """How many of `total` fall to part `number` when they are dealt out evenly."""
    return total * (number + 1) // parts - total * number // parts


async def _per_second(walk: Callable[[asyncio.Queue[int]], Awaitable[None]]) -> float:
    waiting = asyncio.Queue[int]()
    for number in range(JOURNEYS):
        waiting.put_nowait(number)
    began = time.perf_counter()
    await asyncio.gather(*(walk(waiting) for _ in range(CONCURRENT)))
    return JOURNEYS / (time.perf_counter() - began)
