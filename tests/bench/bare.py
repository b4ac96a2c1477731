"""The yardstick: a bare workflow of the plain SDK, one update handler and no-op activities, in a worker of its own.

`python -m tests.bench.bare ADDRESS NAMESPACE` runs its worker until it is terminated.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

QUEUE = "bench-bare"
_TIMEOUT = timedelta(seconds=10)


@dataclass(frozen=True)
class BareStep:
    """What a bare update carries, and how many no-op activities it runs of each kind."""

    text: str
    local_activities: int = 1
    activities: int = 0


@activity.defn(name="bare_note")
async def bare_note(text: str) -> str:
    """Do nothing."""
    return text


@workflow.defn(name="Bare")
class BareWorkflow:
    """Takes updates until told to end."""

    def __init__(self) -> None:
        """Not over."""
        self._over = False

    @workflow.run
    async def run(self) -> None:
        """Wait for the end."""
        await workflow.wait_condition(lambda: self._over)

    @workflow.update(name="step")
    async def step(self, step: BareStep) -> str:
        """Run them one after the other: local ones as our ledger is, ordinary ones as our messages are."""
        for _ in range(step.local_activities):
            await workflow.execute_local_activity(bare_note, step.text, start_to_close_timeout=_TIMEOUT)
        for _ in range(step.activities):
            await workflow.execute_activity(bare_note, step.text, start_to_close_timeout=_TIMEOUT)
        return step.text

    @workflow.signal(name="end")
    def end(self) -> None:
        """Let the run end."""
        self._over = True


async def main(address: str, namespace: str) -> None:
    """Run the worker with the SDK's own defaults."""
    client = await Client.connect(address, namespace=namespace)
    async with Worker(client, task_queue=QUEUE, workflows=[BareWorkflow], activities=[bare_note]):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
