"""The case workflow on a real engine: steps are durable, refusals leave nothing, slow services hold up nobody."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowUpdateFailedError
from temporalio.testing import TimeSkipper

from tests.support import burglary
from tests.support.case_client import CaseClient, StepRefusedError
from tests.support.case_worker import running_worker
from tests.support.fake_services import FakeServices
from tests.support.people import COMMISSIONER, COORDINATOR, FACILITATOR, HARMED_ID, LEAD, REFERRER, STRANGER
from workflows.case import memory
from workflows.contracts import steps
from workflows.contracts.step_request import StepReceipt
from workflows.contracts.vocabulary import ExitReason, HoldReason, ItemStatus, Stage


async def test_a_step_is_answered_when_it_is_in_the_ledger(engine: Client, services: FakeServices) -> None:
    """A referral opens the case, and its entries are in the ledger when it is answered."""
    case = CaseClient(engine)
    receipt = await case.open(burglary.referral())
    assert receipt.in_ledger
    assert receipt.stage is Stage.RECEIVED
    assert services.kinds(case.case_id)[0] == "referral_received"
    assert receipt.sequence == len(services.ledger[case.case_id])


async def test_a_staff_step_costs_seven_events_at_most(engine: Client, services: FakeServices) -> None:
    """An update and one local activity: what a step must cost, and no more."""
    case = CaseClient(engine)
    await case.take(burglary.to_engaging())
    await services.until(lambda: case.case_id in services.access)
    await asyncio.sleep(0.3)
    before = len(await case.events())
    await case.step(FACILITATOR, burglary.to_preparing()[7][1])
    assert len(await case.events()) - before <= 7


async def test_a_refused_step_leaves_no_trace(engine: Client, services: FakeServices) -> None:
    """The validator refuses before anything is written, and says what is missing and who can supply it."""
    case = CaseClient(engine)
    await case.open(burglary.referral())
    before = await case.events()
    with pytest.raises(StepRefusedError) as refused:
        await case.step(COORDINATOR, steps.Allocate(facilitator_id="S201"))
    assert refused.value.codes
    assert all(refusal["sentence"] for refusal in refused.value.refusals)
    assert await case.events() == before


async def test_a_repeated_key_is_answered_not_repeated(engine: Client, services: FakeServices) -> None:
    """The same key gives the first answer, with the first request's digest; nothing happens twice."""
    case = CaseClient(engine)
    await case.open(burglary.referral())
    first = await case.step(COORDINATOR, steps.TakeUp(), key="again")
    second = await case.step(COORDINATOR, steps.HoldForSafety(reason=HoldReason.OTHER), key="again")
    assert second == first
    assert services.kinds(case.case_id).count("taken_up") == 1
    assert "held_for_safety" not in services.kinds(case.case_id)


async def test_the_ledger_being_away_delays_and_loses_nothing(engine: Client, services: FakeServices) -> None:
    """Accepted means durable: the answer says it is not in the ledger yet, later it is, once."""
    case = CaseClient(engine)
    await case.open(burglary.referral())
    services.ledger_is_down = True
    taken = await case.step(COORDINATOR, steps.TakeUp())
    assert not taken.in_ledger
    started = asyncio.get_running_loop().time()
    held = await case.step(COORDINATOR, steps.HoldForSafety(reason=HoldReason.THREAT))
    assert not held.in_ledger
    assert asyncio.get_running_loop().time() - started < 1.5, "a step waited for a ledger known to be away"
    services.ledger_is_down = False
    await services.until(lambda: held.sequence in services.ledger[case.case_id])
    assert sorted(services.ledger[case.case_id]) == list(range(1, held.sequence + 1))


async def test_notifications_being_away_holds_up_no_step(engine: Client, services: FakeServices) -> None:
    """Withdrawal and everything else goes on while messages wait; the message is not lost."""
    case = CaseClient(engine)
    services.messages_are_down = True
    now = (await case.open(burglary.referral())).at
    for actor, step in burglary.to_monitoring(now)[1:-4]:
        await case.step(actor, step)
    withdrawn = await case.step(FACILITATOR, steps.Withdraw(person_id=HARMED_ID, reason=ExitReason.OWN_CHOICE))
    assert withdrawn.in_ledger
    services.messages_are_down = False
    await services.until(lambda: "person_withdrew" in services.kinds(case.case_id))


async def test_months_pass_and_the_follow_up_happens_by_itself(engine: Client, services: FakeServices) -> None:
    """R-110: after the conference nobody touches anything, and both people are asked three times."""
    case = CaseClient(engine)
    now = (await case.open(burglary.referral())).at
    for actor, step in burglary.to_monitoring(now)[1:]:
        await case.step(actor, step)
    await case.step(FACILITATOR, steps.SettleItem(item_id="A1", outcome=ItemStatus.COMPLETED))
    skipper = TimeSkipper(engine)
    for _ in range(14):
        await skipper.fast_forward(case.handle, timedelta(days=15))
    follow_ups = [message.template for message, _ in services.messages if message.template.startswith("follow_up")]
    assert {"follow_up_welfare", "follow_up_questionnaire", "follow_up_outcome"} <= set(follow_ups)
    view = await case.view(LEAD)
    assert view is not None
    assert view.now - now > timedelta(days=180)


async def test_a_stranger_sees_no_case(engine: Client, services: FakeServices) -> None:
    """Someone with no part in the case is told what they would be told of a case that does not exist."""
    case = CaseClient(engine)
    await case.take(burglary.to_engaging())
    assert await case.view(STRANGER) is None
    own = await case.view(FACILITATOR)
    assert own is not None
    coarse = await case.view(REFERRER)
    assert coarse is not None
    assert coarse.coarse
    assert not coarse.people


async def test_every_task_replayed_from_the_start_gives_the_same_case(engine: Client, fakes: FakeServices) -> None:
    """With no cache each workflow task replays the whole history: the cheapest detector of nondeterminism."""
    async with running_worker(engine, fakes, cached_cases_max=0):
        case = CaseClient(engine)
        await case.take(burglary.to_ready())
        await case.step(FACILITATOR, steps.Withdraw(person_id=HARMED_ID, reason=ExitReason.OWN_CHOICE))
        await TimeSkipper(engine).fast_forward(case.handle, timedelta(days=10))
        view = await case.view(LEAD)
    assert view is not None
    assert sorted(fakes.ledger[case.case_id]) == list(range(1, view.sequence + 1))


async def test_steps_sent_throughout_roll_overs_are_neither_lost_nor_doubled(
    engine: Client, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs end and begin under steady traffic; the keys of the run before are still known in the next."""
    monkeypatch.setattr(memory, "ROLL_OVER_EVENTS", 120)
    case = CaseClient(engine)
    await case.take(burglary.to_engaging())
    first_run = (await case.handle.describe()).run_id
    attempt = burglary.to_preparing()[7][1]
    receipts = await asyncio.gather(
        *(_five_in_a_row(case, attempt, number) for number in range(8)),
    )
    assert (await case.handle.describe()).run_id != first_run, "it never rolled over, so this test tests nothing"
    taken = [receipt.sequence for row in receipts for receipt in row]
    assert len(set(taken)) == len(taken) == 40
    again = await case.step(FACILITATOR, attempt, key="0-0")
    assert again.sequence == receipts[0][0].sequence
    await services.until(lambda: services.kinds(case.case_id).count("contact_logged") >= 40)
    assert services.kinds(case.case_id).count("contact_logged") == 40


async def _five_in_a_row(case: CaseClient, step: steps.Step, row: int) -> list[StepReceipt]:
    return [await case.step(FACILITATOR, step, key=f"{row}-{number}") for number in range(5)]


async def test_steps_taken_together_are_taken_all_or_none(engine: Client, services: FakeServices) -> None:
    """What one conversation gave is one update; if one of its steps is refused, none of them happened."""
    case = CaseClient(engine)
    await case.take(burglary.to_engaging())
    conversation = [step for _, step in burglary.to_preparing()[7:11]]
    before = services.kinds(case.case_id)
    with pytest.raises(StepRefusedError) as refused:
        await case.together(FACILITATOR, *conversation, steps.DeclareReady(process_id="P1"))
    assert all(str(refusal["field"]).startswith("steps[4]") for refusal in refused.value.refusals)
    assert services.kinds(case.case_id) == before
    receipt = await case.together(FACILITATOR, *conversation)
    assert receipt.in_ledger
    assert len(services.kinds(case.case_id)) >= len(before) + len(conversation)


async def test_a_refused_referral_leaves_no_case_open(engine: Client, services: FakeServices) -> None:
    """The start that came with it ends by itself."""
    case = CaseClient(engine)
    with pytest.raises(WorkflowUpdateFailedError):
        await case.open((COMMISSIONER, burglary.referral()[1]))
    await TimeSkipper(engine).fast_forward(case.handle, timedelta(minutes=2))
    description = await case.handle.describe()
    assert description.status is WorkflowExecutionStatus.COMPLETED
    assert case.case_id not in services.ledger
