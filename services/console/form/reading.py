"""Reads what a browser sent for a form: the API's body, or what to mend. Shape only; the rules are the case's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.console.form.choices import options_of
from services.console.form.field import Field, Kind, Offered
from services.console.gateway import Json
from services.runtime.refusal import Refusal

Posted = Mapping[str, Sequence[str]]

LOCAL_TIME = ZoneInfo("Europe/London")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})")
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class FormError:
    """What has to be mended: the page's element, the sentence, who can supply it, and the id of whom it is about.

    `who` is one of our codes or the core's own words ("the facilitator"); it and `about` may be empty.
    """

    element: str
    sentence: str
    who: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The body that may be sent when there are no errors."""

    body: Json
    errors: tuple[FormError, ...]


def read_posted(fields: Sequence[Field], posted: Posted, offered: Offered) -> Reading:
    """Read every field; fields left empty are left out of the body."""
    errors: list[FormError] = []
    body = _read_fields(fields, posted, offered, "", errors)
    return Reading(body, tuple(errors))


def errors_of(refusals: Sequence[Refusal], elements: frozenset[str]) -> tuple[FormError, ...]:
    """The gateway's refusals placed on the page: `items[0].due_on` and `question_note_id` find their elements.

    The core names whom a refusal is about behind the field: `person_id:<id>`.
    """
    errors = []
    for refusal in refusals:
        field, _, about = refusal.field.partition(":")
        errors.append(FormError(_element(field, elements), refusal.sentence, refusal.who, about))
    return tuple(errors)


def first(posted: Posted, name: str) -> str:
    """The one value of a field, or nothing."""
    values = posted.get(name, ())
    return values[0] if values else ""


def _element(field: str, elements: frozenset[str]) -> str:
    name = re.sub(r"\[(\d+)\]", r"-\1", field).replace(".", "-")
    for candidate in (name, name.removesuffix("_id"), name.rpartition("-")[2]):
        if candidate in elements:
            return candidate
    return ""


def _read_fields(
    fields: Sequence[Field], posted: Posted, offered: Offered, prefix: str, errors: list[FormError]
) -> Json:
    body: Json = {}
    for field in fields:
        element = prefix + field.name
        if field.kind is Kind.GROUP:
            value: object = _read_rows(field, posted, offered, element, errors)
        else:
            value = _read_one(field, posted, offered, element, errors)
        if value is not _NOTHING:
            body[field.name] = value
    return body


def _read_rows(field: Field, posted: Posted, offered: Offered, element: str, errors: list[FormError]) -> list[Json]:
    keys = [option.value for option in options_of(field, offered)] if field.source else [""] * field.rows
    rows = []
    for index, key in enumerate(keys):
        prefix = f"{element}-{index}-"
        if is_blank_row(field, posted, prefix):
            continue
        row = _read_fields(field.fields, posted, offered, prefix, errors)
        rows.append({field.row_key: key, **row} if field.row_key else row)
    if not rows and field.required:
        errors.append(FormError(element, f"{field.label}: at least one is needed."))
    return rows


def is_blank_row(group: Field, posted: Posted, prefix: str) -> bool:
    """Whether nothing was typed into a row; what was chosen beforehand does not count."""
    return all(_is_blank(field, posted, prefix) for field in group.fields if not field.default)


def _is_blank(field: Field, posted: Posted, prefix: str) -> bool:
    names = [prefix + field.name + part for part in ("", "-day", "-month", "-year", "-time")]
    return not any(value.strip() for name in names for value in posted.get(name, ()))


def _read_one(field: Field, posted: Posted, offered: Offered, element: str, errors: list[FormError]) -> object:
    value, problem = _READERS[field.kind](field, posted, element)
    if field.source and value is not _NOTHING:
        allowed = {option.value for option in options_of(field, offered)}
        if not allowed.issuperset(value if isinstance(value, list) else [value]):
            value, problem = _NOTHING, "choose from the list."
    if value is _NOTHING and not problem and field.required:
        problem = "this is needed."
    if problem:
        errors.append(FormError(element, f"{field.label.rstrip('?')}: {problem}"))
    return value


_Answer = tuple[object, str]


def _read_text(field: Field, posted: Posted, element: str) -> _Answer:
    # Forms send line breaks as CR LF whatever was typed.
    value = first(posted, element).replace("\r\n", "\n")
    if field.kind is Kind.TEXT:
        value = value.strip()
    return (value, "") if value.strip() else (_NOTHING, "")


def _read_many(field: Field, posted: Posted, element: str) -> _Answer:
    values = [value for value in posted.get(element, ()) if value]
    return (values, "") if values or not field.required else (_NOTHING, "")


def _read_yes_no(field: Field, posted: Posted, element: str) -> _Answer:
    return {"yes": (True, ""), "no": (False, "")}.get(first(posted, element), (_NOTHING, ""))


def _read_number(field: Field, posted: Posted, element: str) -> _Answer:
    written = first(posted, element).strip()
    if not written:
        return _NOTHING, ""
    if written.isascii() and written.isdigit() and len(written) < 7 and field.low <= int(written) <= field.high:
        return int(written), ""
    return _NOTHING, f"this is a whole number from {field.low} to {field.high}."


def _read_date(field: Field, posted: Posted, element: str) -> _Answer:
    found, problem = _date(posted, element)
    return (found.isoformat() if found else _NOTHING), problem


def _read_moment(field: Field, posted: Posted, element: str) -> _Answer:
    written = first(posted, f"{element}-time").strip()
    found, problem = _date(posted, element)
    if problem or (found is None and not written):
        return _NOTHING, problem
    time = _TIME.fullmatch(written)
    if found is None:
        return _NOTHING, "the date is missing."
    if not time or int(time[1]) > 23 or int(time[2]) > 59:
        return _NOTHING, "write the time of day like 14:30."
    local = datetime(found.year, found.month, found.day, int(time[1]), int(time[2]), tzinfo=LOCAL_TIME)
    return local.isoformat(), ""


def _date(posted: Posted, element: str) -> tuple[date | None, str]:
    written = [first(posted, f"{element}-{part}").strip() for part in ("year", "month", "day")]
    if not any(written):
        return None, ""
    try:
        year, month, number = (int(part) for part in written)
        if year >= 1900:
            return date(year, month, number), ""
    except ValueError:
        pass
    return None, "write a real date, like 27 3 2026."


_READERS = {
    Kind.TEXT: _read_text,
    Kind.LONG_TEXT: _read_text,
    Kind.DATE: _read_date,
    Kind.MOMENT: _read_moment,
    Kind.ONE: _read_text,
    Kind.MANY: _read_many,
    Kind.YES_NO: _read_yes_no,
    Kind.SCORE: _read_number,
    Kind.NUMBER: _read_number,
}
