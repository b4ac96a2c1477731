"""How much an HTTP step that is also in the ledger costs against a bare update with one local activity, in turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import uuid4

from temporalio.client import Client, WorkflowHandle

from tests.bench.bare import QUEUE, BareStep
from tests.bench.http_case import HttpCase
from tests.bench.percentile import percentile

CASES = 12
STEPS_EACH = 25
WARM_UP = 20


async def measure_steps(cases: list[HttpCase], engine: Client, progress: Callable[[str], None]) -> dict[str, float]:
    """Step and bare update by turns on `cases` open cases; every answer must be 200, which means in the ledger."""
    bare = [await _start_bare(engine) for _ in cases]
    ours: list[float] = []
    theirs: list[float] = []
    late = 0
    for number in range(WARM_UP + len(cases) * STEPS_EACH):
        case, handle = cases[number % len(cases)], bare[number % len(cases)]
        began = time.perf_counter()
        status = await case.log_contact()
        between = time.perf_counter()
        await handle.execute_update("step", BareStep(text="x" * 40), id=str(uuid4()), result_type=str)
        ended = time.perf_counter()
        late += status == 202
        if number >= WARM_UP:
            ours.append((between - began) * 1000)
            theirs.append((ended - between) * 1000)
        if number % 60 == 0:
            progress(f"step {number} of {WARM_UP + len(cases) * STEPS_EACH}")
    for handle in bare:
        await handle.signal("end")
    return {
        "step_ratio_p50": percentile(ours, 0.5) / percentile(theirs, 0.5),
        "step_ratio_p99": percentile(ours, 0.99) / percentile(theirs, 0.99),
        "step_p50_ms": percentile(ours, 0.5),
        "step_p99_ms": percentile(ours, 0.99),
        "bare_p50_ms": percentile(theirs, 0.5),
        "bare_p99_ms": percentile(theirs, 0.99),
        "steps_measured": float(len(ours)),
        "steps_not_yet_in_ledger": float(late),
    }


async def _start_bare(engine: Client) -> WorkflowHandle[object, object]:
    return await engine.start_workflow("Bare", id=f"bare-{uuid4()}", task_queue=QUEUE)
