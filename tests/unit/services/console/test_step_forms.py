"""Every step has a form that asks for exactly what its body takes, in the vocabulary's own codes."""

import dataclasses
import json
from enum import StrEnum
from typing import Any, get_args, get_type_hints

import pytest

from services.console.form.choices import options_of
from services.console.form.field import Field, Kind, Offered, Option
from services.console.form.reading import read_posted
from services.console.staff.steps import STEP_FORMS, StepForm
from services.gateway.api.step_form import STEP_FORMS as GATEWAY_FORMS
from workflows.contracts.steps import STEPS, Arrival, FollowUpAnswer, NewItem

OFFERED: Offered = {
    f"@{name}": [Option(f"{name}-1", "One"), Option(f"{name}-2", "Two")]
    for name in ("people", "processes", "exchanges", "items", "points", "units", "venues", "facilitators",
                 "co_facilitators")
}  # fmt: skip
ROWS = {"arrivals": Arrival, "items": NewItem, "answers": FollowUpAnswer}
KINDS = sorted(STEP_FORMS)


def typed(field: Field, element: str) -> dict[str, list[str]]:
    """What a browser sends when this field is filled in."""
    if field.kind is Kind.GROUP:
        return {
            name: value for inner in field.fields for name, value in typed(inner, f"{element}-0-{inner.name}").items()
        }
    date = {f"{element}-day": ["3"], f"{element}-month": ["4"], f"{element}-year": ["2026"]}
    plain: dict[Kind, dict[str, list[str]]] = {
        Kind.TEXT: {element: ["2026-04"]},
        Kind.LONG_TEXT: {element: ["line one\r\nline <two>"]},
        Kind.DATE: date,
        Kind.MOMENT: {**date, f"{element}-time": ["14:30"]},
        Kind.YES_NO: {element: ["yes"]},
        Kind.SCORE: {element: ["4"]},
    }
    if field.source:
        values = [option.value for option in options_of(field, OFFERED)]
        return {element: values if field.kind is Kind.MANY else values[:1]}
    return plain[field.kind]


def test_every_step_but_the_referral_has_a_form() -> None:
    assert set(STEP_FORMS) == set(STEPS) - {"submit_referral"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_asks_for_the_steps_fields(kind: str) -> None:
    assert names_of(STEP_FORMS[kind].fields) == body_names(STEPS[kind])
    for field in STEP_FORMS[kind].fields:
        if field.kind is Kind.GROUP:
            asked = names_of(field.fields) | ({field.row_key} if field.row_key else set())
            assert asked == body_names(ROWS[field.name])


@pytest.mark.parametrize("kind", KINDS)
def test_required_fields_are_asked_for(kind: str) -> None:
    for field in dataclasses.fields(STEPS[kind]):
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            asked = next(one for one in STEP_FORMS[kind].fields if one.name == body_name(field.name))
            assert asked.required


@pytest.mark.parametrize("kind", KINDS)
def test_closed_choices_are_the_vocabularys(kind: str) -> None:
    hints = get_type_hints(STEPS[kind])
    for field in STEP_FORMS[kind].fields:
        codes = codes_of(hints.get(field.name))
        if codes:
            assert {option.value for option in options_of(field, OFFERED)} == codes


@pytest.mark.parametrize("kind", KINDS)
def test_a_filled_form_becomes_a_body_the_gateway_takes(kind: str) -> None:
    step = STEP_FORMS[kind]
    posted = {name: value for field in step.fields for name, value in typed(field, field.name).items()}
    reading = read_posted(step.fields, posted, OFFERED)
    assert reading.errors == ()
    assert set(reading.body) == {field.name for field in step.fields}
    GATEWAY_FORMS[kind].form.model_validate_json(json.dumps(reading.body), strict=True)


@pytest.mark.parametrize("kind", KINDS)
def test_the_least_a_form_takes_is_a_body_the_gateway_takes(kind: str) -> None:
    step = STEP_FORMS[kind]
    posted = {
        name: value for field in step.fields if field.required for name, value in typed(field, field.name).items()
    }
    reading = read_posted(step.fields, posted, OFFERED)
    assert reading.errors == ()
    GATEWAY_FORMS[kind].form.model_validate_json(json.dumps(reading.body), strict=True)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if any(field.required for field in STEP_FORMS[kind].fields)])
def test_an_empty_form_is_refused_field_by_field(kind: str) -> None:
    step: StepForm = STEP_FORMS[kind]
    errors = read_posted(step.fields, {}, OFFERED).errors
    assert [error.element for error in errors] == [field.name for field in step.fields if field.required]


def names_of(fields: tuple[Field, ...]) -> set[str]:
    return {field.name for field in fields}


def body_names(content: Any) -> set[str]:
    return {body_name(field.name) for field in dataclasses.fields(content)} - {"kind"}


def body_name(name: str) -> str:
    return name.removesuffix("_id") if name.endswith("_note_id") else name


def codes_of(hint: Any) -> set[str]:
    """The codes a field takes: an enum, a tuple of one, or some of its members."""
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return set(hint)
    inner = [one for one in get_args(hint) if one is not Ellipsis]
    if inner and all(isinstance(one, StrEnum) for one in inner):
        return {str(one) for one in inner}
    return codes_of(inner[0]) if len(inner) == 1 else set()
