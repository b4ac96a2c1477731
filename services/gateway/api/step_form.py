"""The HTTP form of every step, made from its dataclass: ids of texts become the texts themselves, all else stays."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass
from datetime import datetime
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import AwareDatetime, Field, create_model

from services.gateway.api.body import TEXT_CHARACTERS_MAX, WRITING
from services.gateway.backends.form import Form
from services.gateway.backends.records import NewNote
from workflows.contracts.steps import STEPS, FollowUpAnswer, Step, SubmitReferral

# Steps carry ids and codes and never words, so that nothing personal can reach the engine by this way.
_CODE = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
CODE = Annotated[str, Field(pattern=f"^{_CODE}$")]
OPTIONAL_CODE = Annotated[str, Field(pattern=f"^({_CODE})?$")]
TEXT = Annotated[str, Field(min_length=1, max_length=TEXT_CHARACTERS_MAX, pattern=WRITING)]
OPTIONAL_TEXT = Annotated[str, Field(max_length=TEXT_CHARACTERS_MAX, pattern=WRITING)]

_ENTRIES_MAX = 50
_TEXT_ENDING, _ID_ENDING = "_note", "_id"
_NOTE_ID_ENDING = _TEXT_ENDING + _ID_ENDING
# Whose side a text belongs to, by the fields of what it is part of; without any it is the hub's own.
_SIDES = ("person_id", "owner_person_id", "from_person_id")
_NARROWER: dict[tuple[type, str], Any] = {(FollowUpAnswer, "value"): Annotated[int, Field(ge=1, le=5)]}


@dataclass(frozen=True, slots=True)
class StepForm:
    """One dataclass of the contracts with its form; `nested` are the forms of its lists of dataclasses."""

    content: type[Any]
    form: type[Form]
    plain: tuple[str, ...]
    texts: tuple[str, ...]
    side: str
    nested: Mapping[str, StepForm]

    def notes(self, form: Form, place: str = "") -> Iterator[NewNote]:
        """Every text that was given, with its slot (where it stands in the form) and whose side it belongs to."""
        for name in self.texts:
            if text := getattr(form, name):
                yield NewNote(slot=place + name, person_id=getattr(form, self.side) if self.side else "", text=text)
        for name, entry_form in self.nested.items():
            for number, entry in enumerate(getattr(form, name)):
                yield from entry_form.notes(entry, f"{place}{name}-{number}-")

    def step(self, form: Form, note_ids: Mapping[str, str], place: str = "") -> Any:
        """The dataclass the form stands for, with note ids (by slot) in the place of texts."""
        values: dict[str, Any] = {name: getattr(form, name) for name in self.plain}
        for name in self.texts:
            values[name + _ID_ENDING] = note_ids.get(place + name, "")
        for name, entry_form in self.nested.items():
            entries = enumerate(getattr(form, name))
            values[name] = tuple(entry_form.step(entry, note_ids, f"{place}{name}-{n}-") for n, entry in entries)
        return self.content(**values)


def step_form(content: type[Any], leave_out: frozenset[str] = frozenset({"kind"})) -> StepForm:
    """The form of one dataclass, without the fields to leave out."""
    hints = get_type_hints(content)
    plain: list[str] = []
    texts: list[str] = []
    nested: dict[str, StepForm] = {}
    form_fields: dict[str, Any] = {}
    for field in dataclasses.fields(content):
        if field.name in leave_out:
            continue
        required = field.default is MISSING and field.default_factory is MISSING
        if field.name.endswith(_NOTE_ID_ENDING):
            name = field.name.removesuffix(_ID_ENDING)
            texts.append(name)
            form_fields[name] = (TEXT, ...) if required else (OPTIONAL_TEXT, "")
            continue
        annotation = _NARROWER.get((content, field.name)) or hints[field.name]
        if (entry := _entry_of(annotation)) is not None:
            nested[field.name] = step_form(entry)
            annotation = types.GenericAlias(tuple, (nested[field.name].form, ...))
        else:
            plain.append(field.name)
        form_fields[field.name] = (_checked(annotation, required), ... if required else field.default)
    return StepForm(
        content=content,
        form=create_model(content.__name__, __base__=Form, __doc__=content.__doc__, **form_fields),
        plain=tuple(plain),
        texts=tuple(texts),
        side=next((side for side in _SIDES if side in plain), ""),
        nested=nested,
    )


def _entry_of(annotation: Any) -> type[Any] | None:
    """The dataclass a list is of, nothing if it is no such list."""
    entry = get_args(annotation)[0] if get_origin(annotation) is tuple else None
    return entry if isinstance(entry, type) and dataclasses.is_dataclass(entry) else None


def _checked(annotation: Any, required: bool) -> Any:
    """The annotation with the bounds that keep words and floods out."""
    if annotation is str:
        return CODE if required else OPTIONAL_CODE
    if annotation is datetime:
        return AwareDatetime
    if get_origin(annotation) is tuple:
        entry = get_args(annotation)[0]
        entries = tuple[CODE, ...] if entry is str else annotation
        return Annotated[entries, Field(max_length=_ENTRIES_MAX)]
    return annotation


def address_of(kind: str) -> str:
    """A step's kind as it is written in an address."""
    return kind.replace("_", "-")


# A referral begins a case and has an address of its own.
STEP_FORMS: dict[str, StepForm] = {
    kind: step_form(step_class) for kind, step_class in STEPS.items() if step_class is not SubmitReferral
}

__all__ = ["CODE", "OPTIONAL_TEXT", "STEP_FORMS", "TEXT", "Step", "StepForm", "address_of", "step_form"]
