"""The case as a durable workflow: a thin shell that lets the core decide, keeps an outbox, and sleeps on one timer.

Steps come in as updates and are answered without I/O; four lanes do the rest, each at its own pace, so that one slow
service holds up no other step: the ledger, the intentions, the clock, and the roll-over (temporal.md 0 and 1.2).
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from collections.abc import Awaitable, Callable
    from contextlib import suppress
    from dataclasses import replace
    from functools import partial
    from typing import Any

    from workflows.activities.agencies import AgenciesActivities
    from workflows.activities.ledger import LedgerActivities
    from workflows.activities.messages import MessageActivities
    from workflows.activities.records import RecordsActivities
    from workflows.case.core import case as core
    from workflows.case.memory import CaseMemory, CaseStart, is_long
    from workflows.case.search_attributes import PHASE_OF, attributes_of
    from workflows.case.tracing import own_trace, step_span
    from workflows.contracts.actor import Actor
    from workflows.contracts.case_view import CaseView
    from workflows.contracts.intention import (
        Delivery,
        Intention,
        PutAccess,
        ReleaseCapacity,
        Reservation,
        ReserveCapacity,
        SendMessage,
    )
    from workflows.contracts.ledger_entry import LedgerBatch
    from workflows.contracts.names import CASE_WORKFLOW, STEP_UPDATE, VIEW_QUERY
    from workflows.contracts.step_request import STEP_REFUSED, StepReceipt, StepRefusal, StepRequest
    from workflows.contracts.vocabulary import DeliveryOutcome, Stage

# A step waits this long for the ledger; then it is answered as accepted but not yet there (202).
LEDGER_WAIT = timedelta(seconds=2)
# The services that answer in milliseconds when they are well; what reaches people through a provider does not.
LEDGER, RECORDS, AGENCIES = "reporting", "records", "agencies"
QUICK_TIMEOUT = timedelta(seconds=1)
SERVICE_REST = timedelta(seconds=30)
# A case is started by its referral, in one call: without it by then the referral was refused.
BEGIN_WITHIN = timedelta(minutes=1)
ACTIVITY_TIMEOUT = timedelta(seconds=20)
# How much later than the timer a deadline may be before the timer is armed anew.
LATER_AT_MOST = timedelta(days=7)
# Never given up: a service that is down delays, it does not lose.
UNTIL_DONE = RetryPolicy(initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(minutes=1))


@workflow.defn(name=CASE_WORKFLOW)
class CaseWorkflow:
    """One case, from its referral to the end of its follow-up."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        """Take up the memory of the run before, or begin a new case."""
        self._case_id = start.case_id
        self._memory = start.memory or CaseMemory(state=core.new_case(start.case_id))
        self._carrying_out: dict[str, asyncio.Task[None]] = {}
        self._ending = False  # this run is about to end, by roll-over or for good
        self._trying = 0  # quick calls under way
        self._deadline = core.next_deadline(self._memory.state)
        self._phase = PHASE_OF[start.memory.state.stage] if start.memory else ""

    @workflow.run
    async def run(self, start: CaseStart) -> None:
        """Keep the lanes going until the case is over, or its history is long enough for a new run.

        `start` has been taken over by the constructor, which the engine gives the same argument.
        """
        del start
        if not await self._has_begun():
            return
        lanes = [asyncio.create_task(lane) for lane in (self._keep_ledger(), self._keep_promises(), self._keep_time())]
        await workflow.wait_condition(
            lambda: self._is_over() or self._must_roll_over() or any(lane.done() for lane in lanes)
        )
        for lane in lanes:
            if lane.done():
                lane.result()  # a fault of ours: fail the task, so that a mended release goes on from here
        # From here no step waits for the ledger, so that a steady stream of them cannot put the new run off, and no
        # lane begins anything: what they are at is in the memory, and the next run does it again under the same key.
        self._ending = True
        await workflow.wait_condition(lambda: workflow.all_handlers_finished() and not self._trying)
        if not self._is_over():
            workflow.continue_as_new(CaseStart(case_id=self._case_id, memory=self._memory))

    @workflow.update(name=STEP_UPDATE)
    async def step(self, request: StepRequest) -> StepReceipt:
        """Take steps: decide, remember, answer; at most a short wait until the ledger has them."""
        kinds = tuple(step.kind for step in request.steps)
        with step_span(kinds, case_id=self._case_id, traceparent=request.traceparent):
            receipt = self._take(request)
            return replace(receipt, in_ledger=await self._written_soon(receipt.sequence))

    @step.validator
    def validate_step(self, request: StepRequest) -> None:
        """Refuse without a trace in history what the core refuses now."""
        if _update_id() in self._memory.answered:
            return
        outcome = core.take_steps(
            self._memory.state, request.steps, request.actor, workflow.now(), traceparent=request.traceparent
        )
        if not isinstance(outcome, core.Turn):
            raise _refused(outcome)

    def _take(self, request: StepRequest) -> StepReceipt:
        """The answer given before under this key, or what the core decides now; raises its refusals."""
        key = _update_id()
        answered = self._memory.answered.get(key)
        if answered is not None:
            return answered
        outcome = core.take_steps(
            self._memory.state, request.steps, request.actor, workflow.now(), traceparent=request.traceparent
        )
        if not isinstance(outcome, core.Turn):
            raise _refused(outcome)
        self._memory.opened_by = self._memory.opened_by or request.traceparent
        self._absorb(outcome)
        receipt = StepReceipt(
            case_id=self._case_id,
            sequence=outcome.state.sequence,
            stage=outcome.state.stage,
            in_ledger=False,
            request_digest=request.request_digest,
            at=workflow.now(),
            created=outcome.created,
        )
        self._memory.remember(key, receipt)
        return receipt

    @workflow.query(name=VIEW_QUERY)
    def view(self, actor: Actor) -> CaseView | None:
        """The case as this actor may see it; None for someone who has no part in it."""
        state = self._memory.state
        return core.view(state, actor, workflow.now()) if core.may_see(state, actor) else None

    async def _has_begun(self) -> bool:
        """Whether a first step was taken; a refused referral leaves a start with nothing in it, which then ends."""
        with suppress(TimeoutError):
            await workflow.wait_condition(lambda: self._memory.state.sequence > 0, timeout=BEGIN_WITHIN)
        return self._memory.state.sequence > 0

    async def _keep_ledger(self) -> None:
        """Lane one: every entry reaches the ledger, in order."""
        memory = self._memory
        while True:
            await workflow.wait_condition(lambda: bool(memory.unwritten) and not self._ending)
            entries = tuple(memory.unwritten)
            batch = LedgerBatch(
                case_id=self._case_id, entries=entries, summary=core.summarise(memory.state, workflow.now())
            )
            await self._perform(LEDGER, LedgerActivities.append, [batch], summary=entries[-1].kind)
            memory.written(len(entries))

    async def _perform(
        self, service: str, activity: Callable[..., Awaitable[Any]], arguments: list[Any], *, summary: str
    ) -> Any:
        """Call a service that answers quickly: once inside this very task, and if that fails the slow, patient way.

        The quick way costs one event and no further task. It holds up the case's other work while it lasts, so it is
        one short try, and after a failure the service is left alone for a while.
        """
        memory = self._memory
        if not memory.rests(service, workflow.now()):
            self._trying += 1
            try:
                result = await workflow.execute_local_activity_method(
                    activity,
                    args=arguments,
                    start_to_close_timeout=QUICK_TIMEOUT,
                    schedule_to_close_timeout=QUICK_TIMEOUT,
                    retry_policy=RetryPolicy(maximum_attempts=1),
                    summary=summary,
                )
            except FailureError:
                memory.resting[service] = workflow.now() + SERVICE_REST
            else:
                memory.resting.pop(service, None)
                return result
            finally:
                self._trying -= 1
        # Nothing is begun in a run that is about to end: the next one does it.
        await workflow.wait_condition(lambda: not self._ending)
        return await workflow.execute_activity_method(
            activity,
            args=arguments,
            start_to_close_timeout=ACTIVITY_TIMEOUT,
            retry_policy=UNTIL_DONE,
            summary=summary,
        )

    async def _written_soon(self, sequence: int) -> bool:
        """Wait a little until the ledger has the entry, unless it is known to be away."""
        memory = self._memory

        def settled() -> bool:
            return memory.written_through >= sequence or self._ending or memory.rests(LEDGER, workflow.now())

        with suppress(TimeoutError):
            await workflow.wait_condition(settled, timeout=LEDGER_WAIT)
        return memory.written_through >= sequence

    async def _keep_promises(self) -> None:
        """Lane two: carry out intentions side by side, each until it is done."""
        memory = self._memory

        def waiting() -> list[Intention]:
            return [one for one in memory.undone if one.intention_id not in self._carrying_out]

        while True:
            await workflow.wait_condition(
                lambda: not self._ending and (bool(waiting()) or bool(_failed(self._carrying_out)))
            )
            for task in _failed(self._carrying_out):
                task.result()
            for intention in waiting():
                self._carrying_out[intention.intention_id] = asyncio.create_task(self._carry_out(intention))

    async def _carry_out(self, intention: Intention) -> None:
        turn: core.Turn | None = None
        match intention:
            case SendMessage():
                turn = await self._send(intention)
            case ReserveCapacity():
                turn = await self._reserve(intention)
            case PutAccess():
                await self._perform(RECORDS, RecordsActivities.put_access, [intention], summary="who may see it")
            case ReleaseCapacity():
                await self._perform(
                    AGENCIES, AgenciesActivities.release_capacity, [intention], summary="place given back"
                )
        self._memory.done(intention.intention_id)
        self._carrying_out.pop(intention.intention_id, None)
        if turn is not None:
            self._absorb(_traced(turn, intention.traceparent))

    async def _send(self, message: SendMessage) -> core.Turn:
        """The core looks once more, then notifications judges and sends; what became of it goes back to the core."""
        barred = core.may_send(self._memory.state, message, workflow.now())
        if barred:
            return core.learn_delivery(self._memory.state, message, _handed_over(barred), workflow.now())
        sending = workflow.start_activity_method(
            MessageActivities.deliver,
            args=[message, workflow.now()],
            start_to_close_timeout=ACTIVITY_TIMEOUT,
            retry_policy=UNTIL_DONE,
            summary=message.template,
        )
        try:
            delivery = await sending
        except FailureError:
            # Refused for good: nothing was sent, and a person must know.
            delivery = _handed_over("message_refused")
        return core.learn_delivery(self._memory.state, message, delivery, workflow.now())

    async def _reserve(self, wish: ReserveCapacity) -> core.Turn:
        try:
            reservation = await self._perform(
                AGENCIES, AgenciesActivities.reserve_capacity, [wish, workflow.now()], summary="place in a caseload"
            )
        except FailureError:
            reservation = Reservation(reserved=False, reason="reservation_refused")
        return core.learn_reservation(self._memory.state, wish, reservation, workflow.now())

    async def _keep_time(self) -> None:
        """Lane three: one timer, for the earliest deadline.

        A deadline that moves a little later, as at every step, leaves the timer as it is: it wakes once for nothing.
        Arming it anew costs two events each time, waking for nothing five; so it pays once a deadline moved far.
        """
        while True:
            await workflow.wait_condition(lambda: self._deadline is not None and not self._ending)
            due = self._deadline or workflow.now()
            timer = asyncio.create_task(workflow.sleep(_until(due), summary="next deadline"))
            await workflow.wait_condition(partial(self._wakes, timer, due))
            if not timer.done():
                timer.cancel()
            elif self._deadline is not None and self._deadline <= workflow.now():
                with own_trace("PassTime", case_id=self._case_id, opened_by=self._memory.opened_by) as traceparent:
                    self._absorb(_traced(core.pass_time(self._memory.state, workflow.now()), traceparent))

    def _wakes(self, timer: asyncio.Task[None], due: datetime) -> bool:
        moved = self._deadline is not None and not due <= self._deadline <= due + LATER_AT_MOST
        return not self._ending and (timer.done() or moved)

    def _absorb(self, turn: core.Turn) -> None:
        self._memory.absorb(turn)
        self._deadline = core.next_deadline(turn.state)
        if PHASE_OF[turn.state.stage] != self._phase:
            self._phase = PHASE_OF[turn.state.stage]
            workflow.upsert_search_attributes(attributes_of(turn.state))
        workflow.set_current_details(f"{turn.state.stage}, {turn.state.sequence} entries, next due {self._deadline}")

    def _is_over(self) -> bool:
        memory = self._memory
        return memory.state.stage is Stage.CLOSED and not memory.unwritten and not memory.undone

    def _must_roll_over(self) -> bool:
        info = workflow.info()
        return info.is_continue_as_new_suggested() or is_long(info.get_current_history_length())


def _update_id() -> str:
    info = workflow.current_update_info()
    return info.id if info else ""


def _refused(refusals: tuple[StepRefusal, ...]) -> ApplicationError:
    """A refusal as the engine carries it: the details are encrypted, the text says nothing."""
    return ApplicationError("the step is refused", list(refusals), type=STEP_REFUSED, non_retryable=True)


def _handed_over(reason: str) -> Delivery:
    return Delivery(outcome=DeliveryOutcome.HANDED_TO_PERSON, reason=reason)


def _traced(turn: core.Turn, traceparent: str) -> core.Turn:
    """The turn with its entries and intentions belonging to a trace."""
    return replace(
        turn,
        entries=tuple(replace(entry, traceparent=traceparent) for entry in turn.entries),
        intentions=tuple(replace(intention, traceparent=traceparent) for intention in turn.intentions),
    )


def _until(due: datetime) -> timedelta:
    return max(due - workflow.now(), timedelta())


def _failed(tasks: dict[str, asyncio.Task[None]]) -> list[asyncio.Task[None]]:
    return [task for task in tasks.values() if task.done() and not task.cancelled() and task.exception() is not None]
