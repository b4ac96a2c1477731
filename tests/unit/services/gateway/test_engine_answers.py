"""What the engine says of cases that ended or are not there, and how a step or a view is answered then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn, cast

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from services.gateway.backends.cases import CaseNotKept, StepTurnedDown, TemporalCases, unknown_case
from services.runtime.refusal import Kind, Refused
from tests.integration.services.gateway.fake_engine import CASE_ID, a_view
from workflows.contracts.actor import Actor
from workflows.contracts.case_view import CaseView
from workflows.contracts.step_request import STEP_REFUSED, StepRequest
from workflows.contracts.steps import TakeUp
from workflows.contracts.vocabulary import PointStatus, Role

ACTOR = Actor(actor_id="S101", roles=(Role.COORDINATOR,), agency_id="hub")
REQUEST = StepRequest(steps=(TakeUp(),), actor=ACTOR, request_digest="d")
NEVER_WAS = "workflow not found for ID: case-1"
OVER = ("workflow execution already completed", "workflow update was aborted by closing workflow")


def not_found(message: str) -> RPCError:
    return RPCError(message, RPCStatusCode.NOT_FOUND, b"")


@dataclass
class Workflow:
    """A case on an engine that says `message` to every update; it is its own client, handle and update handle."""

    message: str
    seen: CaseView | RPCError | None = None
    refused: WorkflowUpdateFailedError | None = None

    def get_workflow_handle(self, workflow_id: str) -> Workflow:
        return self

    def get_update_handle(self, update_id: str, **_: Any) -> Workflow:
        return self

    async def execute_update(self, *_: Any, **__: Any) -> NoReturn:
        raise self.refused or not_found(self.message)

    async def result(self, **_: Any) -> NoReturn:
        raise not_found("update not found")

    async def query(self, *_: Any, **__: Any) -> CaseView | None:
        if isinstance(self.seen, RPCError):
            raise self.seen
        return self.seen


def engine(workflow: Workflow) -> TemporalCases:
    async def connect() -> Client:
        return cast(Client, workflow)

    return TemporalCases(connect)


@pytest.mark.parametrize("message", OVER)
async def test_a_case_that_ended_is_closed_to_whoever_may_see_it(message: str) -> None:
    with pytest.raises(StepTurnedDown, match="case_closed"):
        await engine(Workflow(message, a_view(PointStatus.SENT))).take_step(CASE_ID, REQUEST, "u-1")


@pytest.mark.parametrize("message", OVER)
async def test_a_case_that_ended_is_unknown_to_everyone_else(message: str) -> None:
    with pytest.raises(StepTurnedDown, match="unknown_case") as caught:
        await engine(Workflow(message, None)).take_step(CASE_ID, REQUEST, "u-1")
    assert not isinstance(caught.value, CaseNotKept)


async def test_a_case_dropped_in_between_is_not_kept() -> None:
    with pytest.raises(CaseNotKept):
        await engine(Workflow(OVER[0], not_found(NEVER_WAS))).take_step(CASE_ID, REQUEST, "u-1")


async def test_a_case_the_engine_has_not_is_not_kept() -> None:
    away = engine(Workflow(NEVER_WAS, not_found(NEVER_WAS)))
    with pytest.raises(CaseNotKept):
        await away.take_step(CASE_ID, REQUEST, "u-1")
    with pytest.raises(CaseNotKept):
        await away.view(CASE_ID, ACTOR)


async def test_a_case_that_is_not_theirs_is_unknown_and_kept() -> None:
    with pytest.raises(Refused, match="unknown_case") as caught:
        await engine(Workflow(NEVER_WAS, None)).view(CASE_ID, ACTOR)
    assert not isinstance(caught.value, CaseNotKept)


@pytest.mark.parametrize(("code", "kind"), [("unknown_case", Kind.NOT_FOUND), ("not_your_step", Kind.FORBIDDEN)])
async def test_a_step_of_a_stranger_is_refused_in_the_words_for_a_case_that_is_none(code: str, kind: Kind) -> None:
    reason = {"code": code, "sentence": "The worker's words.", "field": "steps[0]", "who": "the hub", "forbidden": True}
    failure = WorkflowUpdateFailedError(ApplicationError("refused", [reason], type=STEP_REFUSED))
    with pytest.raises(StepTurnedDown) as caught:
        await engine(Workflow("", refused=failure)).take_step(CASE_ID, REQUEST, "u-1")
    assert (caught.value.kind, caught.value.codes) == (kind, (code,))
    assert (caught.value.refusals == unknown_case().refusals) is (code == "unknown_case")
    assert not isinstance(caught.value, CaseNotKept)
