"""Cases on the engine: opens one, takes a step in one, views one. Nothing of Temporal is known outside this module."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import fields
from datetime import timedelta
from typing import Any, NoReturn, Protocol, cast

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from services.runtime.refusal import Kind, Refusal, Refused
from workflows.contracts.actor import Actor
from workflows.contracts.case_view import CaseView
from workflows.contracts.names import CASE_WORKFLOW, STEP_UPDATE, TASK_QUEUE, VIEW_QUERY, case_workflow_id
from workflows.contracts.open_case import OpenCase
from workflows.contracts.step_request import STEP_REFUSED, StepReceipt, StepRefusal, StepRequest

# Longer than the step's own bounded wait for the ledger, short enough for a person at a screen.
_STEP_TIMEOUT = timedelta(seconds=8)
_VIEW_TIMEOUT = timedelta(seconds=8)
_HEALTH_TIMEOUT = timedelta(seconds=2)
_TRIES = 2
_READ_OUT_SECONDS = 0.1
# What the server says of a case that has ended, and of a step that was on its way in as it ended.
_OVER = ("already completed", "aborted by closing workflow")
_PASSING = frozenset(
    {
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.ABORTED,
        RPCStatusCode.CANCELLED,
        RPCStatusCode.FAILED_PRECONDITION,
    }
)


class StepTurnedDown(Refused):
    """The case itself refused a step, so that for certain nothing of it happened."""


class CaseNotKept(StepTurnedDown):
    """The engine has no such case: it never was, or it closed so long ago that only the ledger still has it."""

    def __init__(self) -> None:
        """Refuse as for any case that is unknown, until the ledger says more."""
        super().__init__(Kind.NOT_FOUND, *_UNKNOWN)


class CaseEngine(Protocol):
    """Where cases live.

    Every method raises `Refused`: `unknown_case` (as `CaseNotKept` if the engine has no such case),
    `engine_unavailable`, or `StepTurnedDown`.
    """

    async def open_case(self, case_id: str, request: StepRequest, update_id: str) -> StepReceipt:
        """Begin the case, unless it has begun, and take its first step; the same update id again is only answered."""

    async def take_step(self, case_id: str, request: StepRequest, update_id: str) -> StepReceipt:
        """Take one step; the same update id again is only answered."""

    async def view(self, case_id: str, actor: Actor) -> CaseView:
        """The case as the actor may see it; one that is not theirs is unknown to them."""

    async def ready(self) -> bool:
        """Say whether the engine answers now."""


class TemporalCases:
    """The engine as it runs: one workflow per case. Connects on first use, so that the gateway starts without it."""

    def __init__(self, connect: Callable[[], Awaitable[Client]]) -> None:
        """`connect` makes the client; it is called until it once succeeds."""
        self._connect = connect
        self._connected: Client | None = None
        self._connecting = asyncio.Lock()

    async def open_case(self, case_id: str, request: StepRequest, update_id: str) -> StepReceipt:
        """See `CaseEngine`; start and first step are one call to the server."""

        async def attempt(client: Client) -> StepReceipt:
            # A start operation cannot be used twice, so each attempt makes its own.
            start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
                CASE_WORKFLOW,
                OpenCase(case_id=case_id),
                id=case_workflow_id(case_id),
                task_queue=TASK_QUEUE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            )
            try:
                receipt = await client.execute_update_with_start_workflow(
                    STEP_UPDATE,
                    request,
                    start_workflow_operation=start,
                    id=update_id,
                    result_type=StepReceipt,
                    rpc_timeout=_STEP_TIMEOUT,
                )
            except (RPCError, WorkflowAlreadyStartedError, WorkflowUpdateRPCTimeoutOrCancelledError):
                await _read_out(start)
                raise
            return cast(StepReceipt, receipt)

        try:
            return await self._update(case_id, update_id, attempt)
        except _CaseOver:
            raise case_closed() from None

    async def take_step(self, case_id: str, request: StepRequest, update_id: str) -> StepReceipt:
        """See `CaseEngine`."""

        async def attempt(client: Client) -> StepReceipt:
            handle = client.get_workflow_handle(case_workflow_id(case_id))
            receipt = await handle.execute_update(
                STEP_UPDATE, request, id=update_id, result_type=StepReceipt, rpc_timeout=_STEP_TIMEOUT
            )
            return cast(StepReceipt, receipt)

        try:
            return await self._update(case_id, update_id, attempt)
        except _CaseOver:
            await self._refuse_closed(case_id, request.actor)

    async def view(self, case_id: str, actor: Actor) -> CaseView:
        """See `CaseEngine`; a closed case is answered while the engine keeps it."""
        client = await self._client()
        handle = client.get_workflow_handle(case_workflow_id(case_id))
        # The SDK types the argument as a class; the converter takes any annotation.
        view_or_nothing = cast(type, CaseView | None)
        try:
            view = await handle.query(VIEW_QUERY, actor, result_type=view_or_nothing, rpc_timeout=_VIEW_TIMEOUT)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                raise CaseNotKept from None
            if error.status in _PASSING:
                raise engine_unavailable() from None
            raise
        if view is None:
            raise unknown_case()
        return cast(CaseView, view)

    async def ready(self) -> bool:
        """See `CaseEngine`."""
        try:
            client = await self._client()
            return await client.service_client.check_health(timeout=_HEALTH_TIMEOUT)
        except (Refused, RPCError):
            return False

    async def _client(self) -> Client:
        if self._connected is not None:
            return self._connected
        async with self._connecting:
            if self._connected is None:
                try:
                    self._connected = await self._connect()
                except (RPCError, RuntimeError):
                    # The SDK raises a bare RuntimeError when nobody listens at the address.
                    raise engine_unavailable() from None
            return self._connected

    async def _update(
        self, case_id: str, update_id: str, attempt: Callable[[Client], Awaitable[StepReceipt]]
    ) -> StepReceipt:
        """Try twice at most: the update id makes the second try an answer to the first if that one arrived.

        Raises `_CaseOver` if the case has closed and took no such step.
        """
        client = await self._client()
        for _ in range(_TRIES):
            try:
                return await attempt(client)
            except WorkflowUpdateFailedError as error:
                raise _turned_down(error) from None
            except WorkflowAlreadyStartedError:
                return await self._answer_of_closed(client, case_id, update_id)
            except RPCError as error:
                if _is_over(error):
                    return await self._answer_of_closed(client, case_id, update_id)
                if error.status is RPCStatusCode.NOT_FOUND:
                    raise CaseNotKept from None
                if error.status not in _PASSING:
                    raise
            except WorkflowUpdateRPCTimeoutOrCancelledError as error:
                if isinstance(error.__cause__, asyncio.CancelledError):
                    raise error.__cause__ from None
        raise engine_unavailable()

    async def _answer_of_closed(self, client: Client, case_id: str, update_id: str) -> StepReceipt:
        """The receipt of a step taken before the case closed (the closing one, say), else `_CaseOver`."""
        handle = client.get_workflow_handle(case_workflow_id(case_id))
        earlier = handle.get_update_handle(update_id, result_type=StepReceipt)
        try:
            return cast(StepReceipt, await earlier.result(rpc_timeout=_HEALTH_TIMEOUT))
        except WorkflowUpdateFailedError as error:
            raise _turned_down(error) from None
        except WorkflowUpdateRPCTimeoutOrCancelledError:
            raise engine_unavailable() from None
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise engine_unavailable() from None
            raise _CaseOver from None

    async def _refuse_closed(self, case_id: str, actor: Actor) -> NoReturn:
        """Say that the case is closed to whoever may see it; to anyone else it is unknown."""
        try:
            await self.view(case_id, actor)
        except CaseNotKept:
            raise
        except Refused as refused:
            if refused.kind is Kind.NOT_FOUND:
                raise StepTurnedDown(refused.kind, *refused.refusals) from None
            raise
        raise case_closed()


class _CaseOver(Exception):
    """The case has closed."""


def unknown_case() -> Refused:
    """The one answer for a case that does not exist and for one that is not the caller's."""
    return Refused(Kind.NOT_FOUND, *_UNKNOWN)


def case_closed() -> StepTurnedDown:
    """The answer to a step that comes after the case closed, for someone who may see the case."""
    sentence = "The case is closed; no step can be taken in it."
    return StepTurnedDown(Kind.NOT_ALLOWED_NOW, Refusal("case_closed", sentence, field="case_id"))


_UNKNOWN = (Refusal("unknown_case", "There is no such case, or it is not yours to see.", field="case_id"),)


async def _read_out(start: WithStartWorkflowOperation[Any, Any]) -> None:
    """Look at the failure the SDK keeps a second time in the operation; unread, asyncio would report it later."""
    with contextlib.suppress(RPCError, WorkflowAlreadyStartedError, TimeoutError):
        async with asyncio.timeout(_READ_OUT_SECONDS):
            await start.workflow_handle()


def _is_over(error: RPCError) -> bool:
    """Whether the case has ended; the server says only in words whether it did or never was."""
    return error.status is RPCStatusCode.NOT_FOUND and any(words in error.message for words in _OVER)


def engine_unavailable() -> Refused:
    """The answer when the case cannot be reached; what was asked may have happened."""
    sentence = "The case could not be reached just now. Send the same request again with the same key."
    return Refused(Kind.UNAVAILABLE, Refusal("engine_unavailable", sentence, who="operator"))


def _turned_down(error: WorkflowUpdateFailedError) -> Exception:
    """What a failed update stands for: the case's refusal word for word, or the failure as it is."""
    cause = error.cause
    if not isinstance(cause, ApplicationError) or cause.type != STEP_REFUSED or not cause.details:
        return error
    reasons = [_step_refusal(reason) for reason in cause.details[0]]
    if any(reason.code == _UNKNOWN[0].code for reason in reasons):
        # The same words as for a case that does not exist, whatever the worker's are.
        return StepTurnedDown(Kind.NOT_FOUND, *_UNKNOWN)
    kind = Kind.FORBIDDEN if any(reason.forbidden for reason in reasons) else Kind.NOT_ALLOWED_NOW
    return StepTurnedDown(kind, *(Refusal(r.code, r.sentence, field=r.field, who=r.who) for r in reasons))


def _step_refusal(reason: dict[str, object]) -> StepRefusal:
    """One reason as the engine carries it; what a newer worker adds is left out."""
    known = {field.name for field in fields(StepRefusal)}
    return StepRefusal(**{name: value for name, value in reason.items() if name in known})  # type: ignore[arg-type]  # JSON of ours
