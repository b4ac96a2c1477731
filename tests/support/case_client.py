"""Takes steps in cases on a real engine, the way the gateway does."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

from temporalio.client import Client, WithStartWorkflowOperation, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError

from tests.support.burglary import Move
from workflows.contracts.actor import Actor
from workflows.contracts.case_view import CaseView
from workflows.contracts.names import CASE_WORKFLOW, STEP_UPDATE, TASK_QUEUE, VIEW_QUERY, case_workflow_id
from workflows.contracts.open_case import OpenCase
from workflows.contracts.step_request import STEP_REFUSED, StepReceipt, StepRequest
from workflows.contracts.steps import Step

_RPC_TIMEOUT = timedelta(seconds=30)


class StepRefusedError(Exception):
    """The core refused; `codes` says why."""

    def __init__(self, refusals: list[dict[str, object]]) -> None:
        """Keep the refusals as they came."""
        super().__init__(refusals)
        self.refusals = refusals
        self.codes = [str(refusal["code"]) for refusal in refusals]


class CaseClient:
    """One case on the engine."""

    def __init__(self, client: Client, case_id: str | None = None) -> None:
        """A new case unless an id is given."""
        self._client = client
        self.case_id = case_id or str(uuid4())
        self._numbers = itertools.count(1)

    @property
    def handle(self) -> WorkflowHandle[object, object]:
        """The case's workflow."""
        return self._client.get_workflow_handle(case_workflow_id(self.case_id))

    async def open(self, move: Move, key: str = "open") -> StepReceipt:
        """Begin the case with its referral, in one call."""
        actor, step = move
        start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            CASE_WORKFLOW,
            OpenCase(case_id=self.case_id),
            id=case_workflow_id(self.case_id),
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )
        receipt = await self._client.execute_update_with_start_workflow(
            STEP_UPDATE,
            _request(actor, step),
            start_workflow_operation=start,
            id=f"{self.case_id}-{key}",
            result_type=StepReceipt,
            rpc_timeout=_RPC_TIMEOUT,
        )
        return cast(StepReceipt, receipt)

    async def step(self, actor: Actor, step: Step, key: str = "") -> StepReceipt:
        """Take a step; raises StepRefusedError with the core's refusals."""
        return await self._update(_request(actor, step), key or str(next(self._numbers)))

    async def together(self, actor: Actor, *steps: Step) -> StepReceipt:
        """Take several steps at once, all or none."""
        return await self._update(_request(actor, *steps), str(next(self._numbers)))

    async def _update(self, request: StepRequest, key: str) -> StepReceipt:
        try:
            receipt = await self.handle.execute_update(
                STEP_UPDATE,
                request,
                id=f"{self.case_id}-{key}",
                result_type=StepReceipt,
                rpc_timeout=_RPC_TIMEOUT,
            )
            return cast(StepReceipt, receipt)
        except WorkflowUpdateFailedError as error:
            cause = error.cause
            if isinstance(cause, ApplicationError) and cause.type == STEP_REFUSED:
                raise StepRefusedError(list(cause.details[0])) from None
            raise

    async def take(self, moves: Iterable[Move]) -> list[StepReceipt]:
        """Open with the first move, then take the others in order."""
        receipts = []
        for number, (actor, step) in enumerate(moves):
            receipts.append(await (self.open((actor, step)) if number == 0 else self.step(actor, step)))
        return receipts

    async def view(self, actor: Actor) -> CaseView | None:
        """The case as the actor sees it."""
        # The SDK types the argument as a class; the converter takes any annotation.
        view = await self.handle.query(VIEW_QUERY, actor, result_type=cast(type, CaseView | None))
        return cast(CaseView | None, view)

    async def events(self) -> list[str]:
        """The names of the history events of the current run."""
        history = await self.handle.fetch_history()
        return [str(event.WhichOneof("attributes")).removesuffix("_event_attributes") for event in history.events]


def _request(actor: Actor, *steps: Step) -> StepRequest:
    digest = hashlib.sha256(repr((steps, actor)).encode()).hexdigest()
    return StepRequest(steps=steps, actor=actor, request_digest=digest)
