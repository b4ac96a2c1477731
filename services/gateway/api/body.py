"""How a request's body is read: bounded, as JSON, into a form, with a coded refusal for each fault in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from pydantic import ValidationError
from starlette.requests import ClientDisconnect, Request

from services.gateway.backends.cases import unknown_case
from services.gateway.backends.form import Form
from services.runtime.refusal import Kind, Refusal, Refused

BODY_BYTES_MAX = 1024 * 1024
TEXT_CHARACTERS_MAX = 20_000
# Tab, line feed and carriage return are writing; the other control characters are not, and no database keeps a NUL.
WRITING = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

_REASONS_MAX = 50
_QUOTED = re.compile(r"'([^']*)'")
# A field's name is the caller's own text when it is none of ours: shown only if it looks like a field's name.
_FIELD_NAME = re.compile(r"[a-z][a-z_]{0,39}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

FormT = TypeVar("FormT", bound=Form)


async def read_form(request: Request, form: type[FormT], tag_at: int | None = None) -> FormT:
    """The body as the form. Raises `Refused`: `body_too_large`, `body_malformed`, or INVALID naming every fault.

    No body at all is an empty object: a step without fields needs none. `tag_at` is the depth at which the form has a
    union of forms: there pydantic puts the chosen one's tag into a fault's location, which is no field.
    """
    body = await _read(request)
    try:
        return form.__pydantic_validator__.validate_json(body or b"{}", strict=True)  # type: ignore[no-any-return]  # pydantic-core
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=True, include_input=False)
        raise Refused(Kind.INVALID, *refusals_of(faults, tag_at=tag_at)) from None


def case_id_of(request: Request) -> str:
    """The case id in the path; what is no id of ours is a case that does not exist."""
    case_id = str(request.path_params["case_id"])
    if not _UUID.fullmatch(case_id):
        raise unknown_case()
    return case_id


def case_id_from(digest: bytes) -> str:
    """A case id made from a digest, so that the same request always reaches the same case."""
    return str(UUID(bytes=digest[:16], version=5))


def refusals_of(faults: Iterable[Mapping[str, Any]], skip: int = 0, tag_at: int | None = None) -> list[Refusal]:
    """Pydantic's faults as refusals.

    `skip` leaves out the first parts of each location, `tag_at` (counted after those) the one part that is a tag.
    """
    said = _without_echoes(list(faults))
    return [_refusal(fault, _location(fault, skip, tag_at)) for fault in said][:_REASONS_MAX]


async def _read(request: Request) -> bytes:
    """The whole body, given up as soon as it is too large."""
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and len(declared) < 20 and int(declared) > BODY_BYTES_MAX:
        raise _too_large()
    body = b""
    try:
        async for chunk in request.stream():
            body = body + chunk if body else chunk
            if len(body) > BODY_BYTES_MAX:
                raise _too_large()
    except ClientDisconnect:
        raise _malformed() from None
    return body


def _too_large() -> Refused:
    return Refused(Kind.TOO_LARGE, Refusal("body_too_large", "At most 1 MiB is taken at once.", who="caller"))


def _malformed() -> Refused:
    return Refused(Kind.INVALID, _BODY_MALFORMED)


_BODY_MALFORMED = Refusal("body_malformed", "The body must be one JSON object in UTF-8.", who="caller")


def _without_echoes(faults: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The faults without lists that are too short only because pydantic does not count their faulty entries."""
    faulty = {tuple(fault["loc"])[:depth] for fault in faults for depth in range(1, len(fault["loc"]))}
    return [fault for fault in faults if fault["type"] != "too_short" or tuple(fault["loc"]) not in faulty]


def _location(fault: Mapping[str, Any], skip: int, tag_at: int | None) -> tuple[int | str, ...]:
    location = tuple(fault["loc"])[skip:]
    return location if tag_at is None else location[:tag_at] + location[tag_at + 1 :]


def _refusal(fault: Mapping[str, Any], location: tuple[int | str, ...]) -> Refusal:
    kind = str(fault["type"])
    context = fault.get("ctx") or {}
    if not location and kind in ("json_invalid", "model_type"):
        return _BODY_MALFORMED
    if kind == "extra_forbidden":
        return Refusal("field_unknown", "This request has no such field.", field_path(location), who="caller")
    if kind.startswith("union_tag"):
        location = (*location, str(context.get("discriminator", "")).strip("'"))
    field = field_path(location)
    if kind in ("missing", "string_too_short", "too_short", "union_tag_not_found"):
        return Refusal("field_missing", "This must be given.", field, who="caller")
    if kind in ("enum", "literal_error", "union_tag_invalid"):
        allowed = ", ".join(_QUOTED.findall(str(context.get("expected", context.get("expected_tags", "")))))
        return Refusal("value_not_in_list", f"This must be one of: {allowed}.", field, who="caller")
    if kind == "string_too_long":
        sentence = f"At most {context.get('max_length')} characters are taken here."
        return Refusal("text_too_long", sentence, field, who="caller")
    return Refusal("field_malformed", _sentence(kind, context), field, who="caller")


def _sentence(kind: str, context: Mapping[str, Any]) -> str:
    """What the field must be, from the kind of fault alone; pydantic's own texts may quote the input."""
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = "at least" if kind == "greater_than_equal" else "at most"
        return f"This is a whole number of {bound} {context.get('ge', context.get('le'))}."
    if kind == "too_long":
        return f"At most {context.get('max_length')} entries are taken here."
    if kind == "string_pattern_mismatch" and context.get("pattern") == WRITING:
        return "This holds characters that are not writing."
    if kind == "string_pattern_mismatch":
        return "This is a code or an id: letters, digits, dots, dashes and underscores, at most 64."
    for beginning, sentence in _SENTENCES.items():
        if kind.startswith(beginning):
            return sentence
    return "This is not written as it should be."


_SENTENCES = {
    "bool": "This is true or false.",
    "int": "This is a whole number.",
    "date_": "A date is written as year-month-day, such as 2026-03-31.",
    "datetime": "A time is written with its zone, such as 2026-03-31T14:00:00Z.",
    "timezone": "A time is written with its zone, such as 2026-03-31T14:00:00Z.",
    "tuple": "This is a list.",
    "string": "This is a text.",
    "model": "This is an object.",
    "dict": "This is an object.",
}


def field_path(location: Iterable[int | str]) -> str:
    """A location as people write it, `people[0].name`, up to the first part that is no field's name."""
    path = ""
    for part in location:
        if isinstance(part, str) and not _FIELD_NAME.fullmatch(part):
            break
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path.removeprefix(".")
