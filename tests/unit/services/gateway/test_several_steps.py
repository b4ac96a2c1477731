"""The form of several steps at once: every kind by its address, and nothing in a list that is no fault of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from services.gateway.api.body import refusals_of
from services.gateway.api.idempotency import request_digest
from services.gateway.api.several_steps import KIND_AT, SEVERAL_STEPS, StepsInOrder, kinds_of, written_steps
from services.gateway.api.step_examples import SEVERAL_STEPS_EXAMPLE, STEP_EXAMPLES
from services.gateway.api.step_form import STEP_FORMS, address_of
from workflows.contracts.steps import STEPS, LogContact


def read(*steps: Any) -> StepsInOrder:
    return SEVERAL_STEPS.model_validate_json(json.dumps({"steps": steps}), strict=True)


@pytest.mark.parametrize("kind", STEP_FORMS)
def test_every_kind_is_read_by_its_address(kind: str) -> None:
    form = read({"step": address_of(kind), **STEP_EXAMPLES[kind]})
    assert kinds_of(form) == [kind]
    (written,) = written_steps(form)
    alone = STEP_FORMS[kind].form.model_validate_json(json.dumps(STEP_EXAMPLES[kind]), strict=True)
    assert type(written.step({})) is STEPS[kind]
    assert written.step({}) == STEP_FORMS[kind].step(alone, {})


def test_texts_are_told_apart_by_the_number_of_their_step() -> None:
    written = written_steps(read(*SEVERAL_STEPS_EXAMPLE["steps"], SEVERAL_STEPS_EXAMPLE["steps"][0]))
    assert [note.slot for one in written for note in one.notes()] == ["steps-0-contact_note", "steps-5-contact_note"]
    step = written[5].step({"steps-5-contact_note": "n-1", "steps-0-contact_note": "n-0"})
    assert isinstance(step, LogContact)
    assert step.contact_note_id == "n-1"


def test_no_slot_is_longer_than_records_takes() -> None:
    held = {"step": "record-held", **STEP_EXAMPLES["record_held"]}
    held["items"] = held["items"] * 50
    written = written_steps(read(*[held] * 20))
    assert max(len(note.slot) for one in written for note in one.notes()) <= 64


def test_a_digest_is_of_all_steps_in_their_order() -> None:
    first, second = {"step": "take-up"}, {"step": "hold-for-safety", "reason": "threat"}
    digests = [request_digest("r", read(*steps)) for steps in ([first, second], [second, first], [first], [second])]
    assert len(set(digests)) == 4
    assert request_digest("r", read({**second, "hold_note": ""})) == digests[3]


def test_a_list_is_not_called_empty_for_a_fault_in_it() -> None:
    with pytest.raises(ValidationError) as caught:
        read({"step": "withdraw"})
    faults = caught.value.errors(include_url=False, include_input=False)
    assert [(one.code, one.field) for one in refusals_of(faults, tag_at=KIND_AT)] == [
        ("field_missing", "steps[0].person_id")
    ]
