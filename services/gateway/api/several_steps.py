"""The HTTP form of several steps at once: every kind's own form, told apart by `step`."""

from __future__ import annotations

import operator
import types
from functools import reduce
from typing import Annotated, Any, Literal, cast

from pydantic import Field, create_model

from services.gateway.api.step_form import STEP_FORMS, address_of
from services.gateway.api.step_taking import WrittenStep
from services.gateway.backends.form import Form
from workflows.contracts.step_request import STEPS_AT_ONCE_MAX

_KINDS = {address_of(kind): kind for kind in STEP_FORMS}
# Where the kind that pydantic chose stands in a fault's location: steps, number, kind, field.
KIND_AT = 2


class StepNamed(Form):
    """One of several steps, with the address of its kind."""

    step: str


def _named(kind: str) -> type[Form]:
    """The form of a kind of step, with its address in `step`."""
    form = STEP_FORMS[kind].form
    # Built while running, which a type checker does not follow.
    word = cast(Any, Literal)[address_of(kind)]
    return create_model(f"{form.__name__}Step", __base__=form, __doc__=form.__doc__, step=(word, ...))


class StepsInOrder(Form):
    """Steps in their order, taken all or none: what one conversation or one day gave."""

    steps: tuple[StepNamed, ...]


_ANY: Any = reduce(operator.or_, map(_named, STEP_FORMS))
_LIST: Any = types.GenericAlias(tuple, (Annotated[_ANY, Field(discriminator="step")], ...))
SEVERAL_STEPS = create_model(
    "SeveralSteps",
    __base__=StepsInOrder,
    __doc__=StepsInOrder.__doc__,
    steps=(_LIST, Field(min_length=1, max_length=STEPS_AT_ONCE_MAX)),
)


def written_steps(form: StepsInOrder) -> list[WrittenStep]:
    """The steps of a request, each with its number before the names of its texts."""
    steps = enumerate(form.steps)
    return [WrittenStep(STEP_FORMS[_KINDS[step.step]], step, f"steps-{number}-") for number, step in steps]


def kinds_of(form: StepsInOrder) -> list[str]:
    """The kinds of the steps of a request, in their order."""
    return [_KINDS[step.step] for step in form.steps]
