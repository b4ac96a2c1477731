"""Checks the fields of a journey's steps against the contracts, before anything runs."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from workflows.contracts.steps import STEPS, Step

_TEXT, _NOTE_ID = "_note", "_note_id"


def step_of(kind: str, fields: Mapping[str, Any]) -> Step:
    """The step that fields as the API takes them stand for; a text's id is the text's own name.

    Raises ValidationError, or ValueError naming fields that the step does not have.
    """
    step_class = STEPS[kind]
    unknown = [".".join(path) for path in _unknown(step_class, fields)]
    if unknown:
        raise ValueError(f"`{kind}` has no {', '.join(f'`{name}`' for name in unknown)}")
    step: Step = TypeAdapter(step_class).validate_python(_with_note_ids(fields))
    return step


def fault_of(kind: str, fields: Mapping[str, Any]) -> str:
    """What is wrong with a step's fields, as a sentence; empty when nothing is."""
    try:
        step_of(kind, fields)
    except ValidationError as error:
        places = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_input=False))
        return f"`{kind}`: {'; '.join(places)}"
    except ValueError as error:
        return str(error)
    return ""


def _with_note_ids(fields: Any) -> Any:
    if isinstance(fields, Mapping):
        return {
            f"{name}_id" if name.endswith(_TEXT) else name: name if name.endswith(_TEXT) else _with_note_ids(value)
            for name, value in fields.items()
        }
    if isinstance(fields, list | tuple):
        return [_with_note_ids(one) for one in fields]
    return fields


def _unknown(step_class: type[Any], fields: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The path of every field that the API's form of the class does not have."""
    known = {field.name: field.type for field in dataclasses.fields(step_class) if field.name != "kind"}
    written = {f"{name}_id" if name.endswith(_TEXT) else name: (name, value) for name, value in fields.items()}
    for name, (shown, value) in written.items():
        if name not in known or shown.endswith(_NOTE_ID):
            yield (shown,)
        elif isinstance(value, list | tuple):
            entry = _entry_class(step_class, name)
            for one in value:
                if entry is not None and isinstance(one, Mapping):
                    yield from ((shown, *path) for path in _unknown(entry, one))


def _entry_class(step_class: type[Any], name: str) -> type[Any] | None:
    """The dataclass a list is of, if it is of one."""
    entry = next(iter(get_args(get_type_hints(step_class)[name])), None)
    return entry if isinstance(entry, type) and dataclasses.is_dataclass(entry) else None
