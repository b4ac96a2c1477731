"""Every step has a form, made from its dataclass and nothing else."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from services.gateway.api.idempotency import request_digest
from services.gateway.api.step_examples import STEP_EXAMPLES
from services.gateway.api.step_form import STEP_FORMS, StepForm, address_of
from services.gateway.backends.form import Form
from workflows.contracts.steps import STEPS, Arrival, BookProcess, DraftExchange, SettleItem, SubmitReferral
from workflows.contracts.vocabulary import ItemStatus

REFERRAL = next(kind for kind, step_class in STEPS.items() if step_class is SubmitReferral)


def read(kind: str, body: Any) -> Form:
    return STEP_FORMS[kind].form.model_validate_json(json.dumps(body), strict=True)


def test_every_step_but_the_referral_has_a_form_and_an_example() -> None:
    assert set(STEP_FORMS) == set(STEP_EXAMPLES) == set(STEPS) - {REFERRAL}


@pytest.mark.parametrize("kind", STEP_FORMS)
def test_an_example_makes_the_step_it_stands_for(kind: str) -> None:
    form = read(kind, STEP_EXAMPLES[kind])
    note_ids = {note.slot: f"n-{number}" for number, note in enumerate(STEP_FORMS[kind].notes(form))}
    step = STEP_FORMS[kind].step(form, note_ids)
    assert type(step) is STEPS[kind]
    assert repr(step).count("n-") >= len(note_ids)
    assert all(note.text not in repr(step) for note in STEP_FORMS[kind].notes(form))


@pytest.mark.parametrize("step_form", STEP_FORMS.values(), ids=lambda one: one.content.__name__)
def test_no_form_takes_the_id_of_a_text(step_form: StepForm) -> None:
    fields = {field.name for field in dataclasses.fields(step_form.content)} - {"kind"}
    texts = {name for name in fields if name.endswith("_note_id")}
    expected = {name.removesuffix("_id") if name in texts else name for name in fields}
    assert set(step_form.form.model_fields) == expected


def test_a_text_is_needed_where_its_id_is() -> None:
    assert STEP_FORMS["request_information"].form.model_fields["question_note"].is_required()
    assert not STEP_FORMS["hold_for_safety"].form.model_fields["hold_note"].is_required()


def test_lists_of_dataclasses_and_narrowed_enums_are_read() -> None:
    booked = STEP_FORMS["book_process"].step(read("book_process", STEP_EXAMPLES["book_process"]), {})
    assert isinstance(booked, BookProcess)
    assert isinstance(booked.arrivals[0], Arrival)
    settled = STEP_FORMS["settle_item"].step(read("settle_item", STEP_EXAMPLES["settle_item"]), {})
    assert isinstance(settled, SettleItem)
    assert settled.outcome is ItemStatus.COMPLETED
    with pytest.raises(ValueError, match="outcome"):
        read("settle_item", {"item_id": "i-1", "outcome": "proposed"})


def test_words_belong_to_the_side_of_whoever_wrote_them() -> None:
    form = read("draft_exchange", STEP_EXAMPLES["draft_exchange"])
    step = STEP_FORMS["draft_exchange"].step(form, {})
    assert isinstance(step, DraftExchange)
    (note,) = STEP_FORMS["draft_exchange"].notes(form)
    assert note.person_id == step.from_person_id


@pytest.mark.parametrize("name", ["Rowena Fictional", "rowena@example.org", "01632 960001", "x" * 65, ""])
def test_nothing_that_reads_like_words_passes_for_an_id(name: str) -> None:
    with pytest.raises(ValueError, match="person_id"):
        read("not_now", {"person_id": name})


def test_addresses_are_the_kinds_with_dashes() -> None:
    assert address_of("hold_for_safety") == "hold-for-safety"


def test_a_digest_is_of_the_meaning() -> None:
    short, long = {"reason": "threat"}, {"hold_note": "", "reason": "threat"}
    assert request_digest("r", read("hold_for_safety", short)) == request_digest("r", read("hold_for_safety", long))
    other = read("hold_for_safety", {"reason": "distress"})
    assert request_digest("r", other) != request_digest("r", read("hold_for_safety", short))
    assert request_digest("r", other) != request_digest("q", other)
