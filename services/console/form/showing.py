"""Turns described fields and what was typed into the parameters of GOV.UK components."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as of
from typing import Any

from services.console.form.choices import options_of
from services.console.form.field import NARRATIVE_CHARACTERS_MAX, Field, Kind, Offered
from services.console.form.reading import FormError, Posted, first, is_blank_row

_RADIOS_MAX = 7
_ROWS_IN_SIGHT = 2
_INLINE_RADIOS_MAX = 3
_INLINE_CHARACTERS_MAX = 11
# Scores are questions nobody has to answer, and their pages say so once.
_NEVER_NEEDED = frozenset({Kind.GROUP, Kind.SCORE})
_SCORES = tuple(str(number) for number in range(1, 6))


@dataclass(frozen=True, slots=True)
class Part:
    """One component of a page: which macro draws it and with what; a group holds rows of parts."""

    macro: str
    params: Mapping[str, Any]
    rows: tuple[Row, ...] = of(default=())


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a group; `folded` away while it is spare and empty."""

    label: str
    parts: tuple[Part, ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A form ready to be drawn, with its error summary."""

    parts: tuple[Part, ...]
    errors: tuple[Mapping[str, str], ...]
    hidden: Mapping[str, str]

    def part(self, element: str) -> Part:
        """The part of one element; raises KeyError when the form has none."""
        for part in self.parts:
            if part.params.get("element") == element:
                return part
        raise KeyError(element)


def show_form(
    fields: Sequence[Field],
    offered: Offered,
    posted: Posted,
    errors: Sequence[FormError] = (),
    hidden: Mapping[str, str] | None = None,
    who_words: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> Shown:
    """Draw every field with what was typed in it; `who_words` say who can help, `names` whom a refusal is about."""
    parts = tuple(_part(field, offered, posted, errors, "") for field in fields)
    anchors = dict(_anchors(fields, offered))
    summary = []
    for error in errors:
        line = {"text": _sentence(error, who_words, names or {})}
        if error.element in anchors:
            line["href"] = f"#{anchors[error.element]}"
        summary.append(line)
    return Shown(parts, tuple(summary), hidden or {})


def _sentence(error: FormError, who_words: Mapping[str, str] | None, names: Mapping[str, str]) -> str:
    about = f"{names[error.about]}: " if error.about in names else ""
    who = ""
    if who_words is not None and error.who:
        who = who_words.get(error.who, f"It is for {error.who}.")
    return f"{about}{error.sentence} {who}".strip()


def elements_of(fields: Sequence[Field], offered: Offered) -> frozenset[str]:
    """The names of all elements of a form, rows of groups included."""
    return frozenset(name for name, _ in _anchors(fields, offered))


def _anchors(fields: Sequence[Field], offered: Offered, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Each element with the id that the error summary leads to."""
    for field in fields:
        element = prefix + field.name
        if field.kind is Kind.GROUP:
            yield element, element
            for index in range(len(options_of(field, offered)) if field.source else field.rows):
                yield from _anchors(field.fields, offered, f"{element}-{index}-")
        elif field.kind in (Kind.DATE, Kind.MOMENT):
            yield element, f"{element}-day"
        else:
            yield element, element


def _part(field: Field, offered: Offered, posted: Posted, errors: Sequence[FormError], prefix: str) -> Part:
    element = prefix + field.name
    if field.kind is Kind.GROUP:
        return _group(field, offered, posted, errors, element)
    macro, params = _DRAWN[field.kind](field, offered, posted, element)
    message = next((error.sentence for error in errors if error.element == element), "")
    if message:
        params["errorMessage"] = {"text": message}
        if macro == "dateInput":
            for item in params["items"]:
                item["classes"] += " govuk-input--error"
    if field.hint:
        params["hint"] = {"text": field.hint}
    return Part(macro, {"element": element, **params})


def _group(field: Field, offered: Offered, posted: Posted, errors: Sequence[FormError], element: str) -> Part:
    labels = [option.text for option in options_of(field, offered)] if field.source else []
    labels = labels or [f"{field.row_label} {number + 1}" for number in range(field.rows)]
    rows = []
    for index, label in enumerate(labels):
        prefix = f"{element}-{index}-"
        parts = tuple(_part(inner, offered, posted, errors, prefix) for inner in field.fields)
        is_spare = index >= _ROWS_IN_SIGHT and not field.source and is_blank_row(field, posted, prefix)
        rows.append(Row(label, parts, is_spare))
    message = next((error.sentence for error in errors if error.element == element), "")
    return Part("group", {"element": element, "label": field.label, "hint": field.hint, "error": message}, tuple(rows))


_Drawn = tuple[str, dict[str, Any]]


def _label(field: Field) -> str:
    optional = not field.required and not field.none and not field.default and field.kind not in _NEVER_NEEDED
    return f"{field.label} (optional)" if optional else field.label


def _legend(field: Field) -> dict[str, Any]:
    return {"legend": {"text": _label(field), "classes": "govuk-fieldset__legend--s"}}


def _draw_text(field: Field, offered: Offered, posted: Posted, element: str) -> _Drawn:
    params: dict[str, Any] = {
        "id": element,
        "name": element,
        "label": {"text": _label(field), "classes": "govuk-label--s"},
        "value": first(posted, element) or field.default,
        "attributes": {"dir": "auto"},
    }
    # On the field, not the form: a form with it off comes back empty when Back is pressed.
    params["autocomplete"] = field.autocomplete or "off"
    if field.kind is Kind.NUMBER:
        params |= {"inputmode": "numeric", "classes": "govuk-input--width-3"}
    return "input", params


def _draw_long_text(field: Field, offered: Offered, posted: Posted, element: str) -> _Drawn:
    value = first(posted, element)
    return "characterCount", {
        "id": element,
        "name": element,
        "label": {"text": _label(field), "classes": "govuk-label--s"},
        # HTML drops the first line break of a text area, so one that was typed needs another before it.
        "value": f"\n{value}" if value[:1] in ("\r", "\n") else value,
        "maxlength": NARRATIVE_CHARACTERS_MAX,
        "threshold": 75,
        "rows": 5,
        "attributes": {"dir": "auto"},
    }


def _draw_date(field: Field, offered: Offered, posted: Posted, element: str) -> _Drawn:
    boxes = [("day", "Day", 2), ("month", "Month", 2), ("year", "Year", 4)]
    items = [
        {
            "name": part,
            "label": label,
            "classes": f"govuk-input--width-{width}",
            "value": first(posted, f"{element}-{part}"),
        }
        for part, label, width in boxes
    ]
    if field.kind is Kind.MOMENT:
        time = {"name": "time", "label": "Time", "classes": "govuk-input--width-4", "inputmode": "text"}
        items.append({**time, "value": first(posted, f"{element}-time")})
    return "dateInput", {"id": element, "namePrefix": element, "fieldset": _legend(field), "items": items}


def _draw_one(field: Field, offered: Offered, posted: Posted, element: str) -> _Drawn:
    options = options_of(field, offered)
    chosen = first(posted, element) or (field.default if element not in posted else "")
    items: list[dict[str, Any]] = [{"value": option.value, "text": option.text} for option in options]
    for item, option in zip(items, options, strict=True):
        if option.hint:
            item["hint"] = {"text": option.hint}
    if len(options) > _RADIOS_MAX and not any(option.hint for option in options):
        for item in items:
            item["selected"] = item["value"] == chosen
        label = {"text": _label(field), "classes": "govuk-label--s"}
        empty = {"value": "", "text": field.none or "Choose one", "selected": not chosen}
        return "select", {"id": element, "name": element, "label": label, "items": [empty, *items]}
    if field.none:
        items.append({"value": "", "text": field.none})
    for item in items:
        item["checked"] = item["value"] == chosen and (bool(chosen) or element in posted)
    if field.none and not any(item["checked"] for item in items):
        items[-1]["checked"] = True
    return "radios", _radios(field, element, items)


def _draw_yes_no(field: Field, offered: Offered, posted: Posted, element: str) -> _Drawn:
    chosen = first(posted, element) or field.default
    items = [{"value": "yes", "text": field.yes}, {"value": "no", "text": field.no}]
    return "radios", _radios(field, element, [{**item, "checked": item["value"] == chosen} for item in items])


def _draw_score(field: Field, offered: Offered, posted: Posted, element: str) -> _Drawn:
    chosen = first(posted, element)
    ends = {"1": f"1 {field.no}".strip(), "5": f"5 {field.yes}".strip()}
    items = [{"value": one, "text": ends.get(one, one), "checked": one == chosen} for one in _SCORES]
    params = _radios(field, element, items)
    return "radios", params | {"classes": "govuk-radios--inline", "formGroup": {"classes": "rjhub-scale"}}


def _radios(field: Field, element: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    is_short = len(items) <= _INLINE_RADIOS_MAX and all(len(item["text"]) <= _INLINE_CHARACTERS_MAX for item in items)
    classes = "govuk-radios--inline" if is_short and not any("hint" in item for item in items) else ""
    return {"idPrefix": element, "name": element, "fieldset": _legend(field), "items": items, "classes": classes}


def _draw_many(field: Field, offered: Offered, posted: Posted, element: str) -> _Drawn:
    chosen = set(posted.get(element, ()))
    items = [
        {"value": option.value, "text": option.text, "checked": option.value in chosen}
        for option in options_of(field, offered)
    ]
    return "checkboxes", {"idPrefix": element, "name": element, "fieldset": _legend(field), "items": items}


_DRAWN = {
    Kind.TEXT: _draw_text,
    Kind.NUMBER: _draw_text,
    Kind.LONG_TEXT: _draw_long_text,
    Kind.DATE: _draw_date,
    Kind.MOMENT: _draw_date,
    Kind.ONE: _draw_one,
    Kind.MANY: _draw_many,
    Kind.YES_NO: _draw_yes_no,
    Kind.SCORE: _draw_score,
}
