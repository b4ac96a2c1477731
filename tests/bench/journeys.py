"""Whole journeys: how many events one costs, and how many a second pass against bare workflows of as many steps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from temporalio.client import Client
from temporalio.testing import TimeSkipper

from tests.bench.bare import QUEUE, BareStep
from tests.bench.http_case import FACILITATOR, HttpCase, open_case, to_engaging, to_monitoring, to_ready
from tests.bench.http_connection import HttpConnection
from workflows.contracts.names import case_workflow_id

CONCURRENT = 10
JOURNEYS = 40
ROUNDS = 3


async def measure_events(case: HttpCase, engine: Client) -> dict[str, float]:
    """Events of one staff step without a message, and of a burglary from referral to closing months later."""
    handle = engine.get_workflow_handle(case_workflow_id(case.case_id))

    async def events() -> int:
        return (await handle.describe()).history_length

    await case.take(to_engaging(case))
    await asyncio.sleep(1)
    before = await events()
    steps = 3
    for _ in range(steps):
        await case.log_contact()
    each = (await events() - before) / steps
    await case.take(to_ready(case))
    await case.take(to_monitoring(case, await case.now()))
    await case.step(FACILITATOR, "settle-item", {"item_id": "A1", "outcome": "completed"})
    skipper = TimeSkipper(engine)
    for _ in range(17):
        await skipper.fast_forward(handle, timedelta(days=15))
    await _close(case)
    return {
        "events_per_step": each,
        "events_per_journey": float(await events()),
        "journey_steps": float(case.steps_taken),
    }


async def _close(case: HttpCase) -> None:
    """Whatever of the follow-up was handed to a person is given up, then the case is closed."""
    _, view = await case.connection.send("GET", f"/v1/cases/{case.case_id}", case.tokens[FACILITATOR])
    for point in view["points"]:
        if point["status"] not in ("answered", "no_reply", "declined", "cancelled"):
            await case.step(FACILITATOR, "give-up-follow-up", {"point_id": point["point_id"]})
    await case.step(FACILITATOR, "close-case", {"reason": "completed", "side": "service"})


async def measure_throughput(
    port: int, tokens: dict[str, str], engine: Client, progress: Callable[[str], None]
) -> dict[str, float]:
    """Journeys per second over HTTP and bare workflows per second, in alternating rounds, same concurrency."""
    ratios, ours, theirs = [], [], []
    for number in range(ROUNDS):
        progress(f"throughput, round {number + 1} of {ROUNDS}")
        per_second, steps = await _our_round(port, tokens)
        bare_per_second = await _bare_round(engine, steps)
        ours.append(per_second)
        theirs.append(bare_per_second)
        ratios.append(per_second / bare_per_second)
    middle = sorted(range(ROUNDS), key=lambda one: ratios[one])[ROUNDS // 2]
    return {
        "journey_throughput_ratio": ratios[middle],
        "journeys_per_second": ours[middle],
        "bare_per_second": theirs[middle],
    }


# What of a journey's steps also runs ordinary activities: a place reserved, access (twice), two appointments.
ORDINARY_ACTIVITIES = 5


async def _our_round(port: int, tokens: dict[str, str]) -> tuple[float, int]:
    waiting = asyncio.Queue[int]()
    for number in range(JOURNEYS):
        waiting.put_nowait(number)
    steps = 0

    async def walk() -> None:
        nonlocal steps
        connection = await HttpConnection.open("127.0.0.1", port)
        while not waiting.empty():
            waiting.get_nowait()
            case = await open_case(connection, tokens)
            await case.take(to_engaging(case))
            await case.take(to_ready(case))
            await case.take(to_monitoring(case, await case.now()))
            steps = case.steps_taken
        await connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(walk() for _ in range(CONCURRENT)))
    return JOURNEYS / (time.perf_counter() - began), steps


async def _bare_round(engine: Client, steps: int) -> float:
    waiting = asyncio.Queue[int]()
    for number in range(JOURNEYS):
        waiting.put_nowait(number)

    async def walk() -> None:
        while not waiting.empty():
            waiting.get_nowait()
            handle = await engine.start_workflow("Bare", id=f"bare-{uuid4()}", task_queue=QUEUE)
            for number in range(steps):
                step = BareStep(text="x" * 40, with_activity=number < ORDINARY_ACTIVITIES)
                await handle.execute_update("step", step, id=str(uuid4()), result_type=str)
            await handle.signal("end")

    began = time.perf_counter()
    await asyncio.gather(*(walk() for _ in range(CONCURRENT)))
    return JOURNEYS / (time.perf_counter() - began)
