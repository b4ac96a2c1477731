"""The outcome agreement: each undertaking agreed to by its people, watched over, and settled (R-100 to R-104;
6.5, T23).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from workflows.case.core.contact import present
from workflows.case.core.events import Event, ItemAgreed, ItemProposed, ItemSettled
from workflows.case.core.refusals import refusal
from workflows.case.core.state import CaseState, Item
from workflows.case.core.working_days import local_day
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.steps import AgreeItem, SettleItem
from workflows.contracts.vocabulary import ItemStatus, Stage

OPEN = (ItemStatus.PROPOSED, ItemStatus.AGREED)


def open_items(state: CaseState) -> list[Item]:
    """Items that have not ended."""
    return [item for item in state.items.values() if item.status in OPEN]


def people_of(item: Item) -> tuple[str, ...]:
    """Owner and beneficiaries: each must agree (R-101)."""
    return tuple(dict.fromkeys((item.owner_person_id, *item.for_person_ids)))


def may_agree(state: CaseState, step: AgreeItem, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """R-101: freely, one by one."""
    item = state.items.get(step.item_id)
    if item is None:
        yield refusal("unknown_item", "item_id")
        return
    yield from present(state, step.person_id)
    if item.status not in OPEN:
        yield refusal("item_settled", "item_id")
    if step.person_id not in people_of(item):
        yield refusal("not_in_item", "person_id")
    if step.person_id in item.agreed_by:
        yield refusal("already_agreed", "person_id")


def agree(state: CaseState, step: AgreeItem, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """R-101."""
    item = state.items[step.item_id]
    agreed = (*item.agreed_by, step.person_id)
    by_all = all(person_id in agreed for person_id in people_of(item))
    return (ItemAgreed(at=at, by=actor.actor_id, item_id=step.item_id, person_id=step.person_id, by_all=by_all),)


def may_settle(state: CaseState, step: SettleItem, actor: Actor, at: datetime) -> Iterator[StepRefusal]:
    """6.5: what nobody fully agreed to can only be released."""
    item = state.items.get(step.item_id)
    if item is None:
        yield refusal("unknown_item", "item_id")
        return
    if item.status not in OPEN:
        yield refusal("item_settled", "item_id")
    if item.status == ItemStatus.PROPOSED and step.outcome != ItemStatus.RELEASED:
        yield refusal("item_not_agreed", "outcome")


def settle(state: CaseState, step: SettleItem, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """6.5."""
    due_on = state.items[step.item_id].due_on
    return (
        ItemSettled(
            at=at,
            by=actor.actor_id,
            item_id=step.item_id,
            outcome=step.outcome,
            on_time=due_on is None or local_day(at) <= due_on,
            evidence_note_id=step.evidence_note_id,
        ),
    )


def after_proposed(state: CaseState, event: ItemProposed) -> CaseState:
    """R-100."""
    item = Item(
        item_id=event.item_id,
        process_id=event.process_id,
        kind=event.item_kind,
        owner_person_id=event.owner_person_id,
        for_person_ids=event.for_person_ids,
        due_on=event.due_on,
        wording_note_id=event.wording_note_id,
    )
    return replace(state, items={**state.items, event.item_id: item})


def after_agreed(state: CaseState, event: ItemAgreed) -> CaseState:
    """R-101."""
    item = state.items[event.item_id]
    status = ItemStatus.AGREED if event.by_all else item.status
    agreed = replace(item, agreed_by=(*item.agreed_by, event.person_id), status=status)
    return replace(state, items={**state.items, event.item_id: agreed})


def after_settled(state: CaseState, event: ItemSettled) -> CaseState:
    """T23: once every item has ended."""
    settled = replace(state.items[event.item_id], status=event.outcome)
    state = replace(state, items={**state.items, event.item_id: settled})
    if state.stage == Stage.MONITORING and not open_items(state):
        return replace(state, stage=Stage.FOLLOW_UP)
    return state
