"""Reading forms: dates, times of the United Kingdom, rows, refusals placed on their fields."""

import pytest

from services.console.form.field import Field, Kind, Option, day, long_text, many, moment, one, text
from services.console.form.reading import errors_of, read_posted
from services.console.form.showing import elements_of, show_form
from services.runtime.refusal import Refusal

PEOPLE = {"@people": [Option("p-1", "Amara"), Option("p-2", "Jasper")]}
ROWS = Field(
    name="items", label="Items", kind=Kind.GROUP, rows=3, row_label="Item", required=False,
    fields=(text("word", "Word"), day("due_on", "Due", required=False), one("sort", "Sort", "Answer", default="no")),
)  # fmt: skip


def date_typed(name: str, year: str, month: str, number: str, time: str = "") -> dict[str, list[str]]:
    return {f"{name}-year": [year], f"{name}-month": [month], f"{name}-day": [number], f"{name}-time": [time]}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (date_typed("at", "2026", "1", "5", "9:05"), "2026-01-05T09:05:00+00:00"),
        (date_typed("at", "2026", "7", "5", "14.30"), "2026-07-05T14:30:00+01:00"),
    ],
)
def test_times_are_those_of_the_united_kingdom(typed: dict[str, list[str]], expected: str) -> None:
    assert read_posted((moment("at", "At"),), typed, {}).body == {"at": expected}


@pytest.mark.parametrize(
    "typed",
    [
        date_typed("at", "2026", "2", "30", "10:00"),
        date_typed("at", "26", "2", "3", "10:00"),
        date_typed("at", "x", "2", "3", "10:00"),
        date_typed("at", "2026", "2", "3", "25:00"),
        date_typed("at", "2026", "2", "3", ""),
        date_typed("at", "", "", "", "10:00"),
        date_typed("at", "٢٠٢٦x", "2", "3", "10:00"),
    ],
)
def test_what_is_no_time_is_said_and_not_guessed(typed: dict[str, list[str]]) -> None:
    reading = read_posted((moment("at", "At", required=False),), typed, {})
    assert [error.element for error in reading.errors] == ["at"]
    assert reading.body == {}


def test_writing_is_kept_as_typed() -> None:
    typed = '  <script>alert("1")</script>\r\n\r\nمرحبا 🕊️ {{ 7*7 }}  '
    assert read_posted((long_text("note", "Note"),), {"note": [typed]}, {}).body["note"] == typed.replace("\r\n", "\n")


def test_a_choice_that_was_not_offered_is_refused() -> None:
    fields = (one("person_id", "Who", "@people"), many("others", "Others", "@people"))
    reading = read_posted(fields, {"person_id": ["p-9"], "others": ["p-1", "p-9"]}, PEOPLE)
    assert [error.element for error in reading.errors] == ["person_id", "others"]


def test_empty_rows_are_left_out_and_the_others_read() -> None:
    typed = {"items-1-word": ["gate"], **date_typed("items-1-due_on", "2026", "5", "1"), "items-1-sort": ["yes"],
             "items-2-sort": ["no"]}  # fmt: skip
    assert read_posted((ROWS,), typed, {}).body == {"items": [{"word": "gate", "due_on": "2026-05-01", "sort": "yes"}]}


def test_a_half_filled_row_says_what_it_lacks() -> None:
    reading = read_posted((ROWS,), date_typed("items-2-due_on", "2026", "5", "1"), {})
    assert [error.element for error in reading.errors] == ["items-2-word", "items-2-sort"]


def test_spare_rows_are_folded_until_something_is_in_them() -> None:
    assert [row.folded for row in show_form((ROWS,), {}, {}).parts[0].rows] == [False, False, True]
    typed = {"items-2-word": ["gate"]}
    assert [row.folded for row in show_form((ROWS,), {}, typed).parts[0].rows] == [False, False, False]


@pytest.mark.parametrize(
    ("field", "element"),
    [("items[1].due_on", "items-1-due_on"), ("question_note_id", "question_note"), ("question_note", "question_note"),
     ("case_id", ""), ("", "")],
)  # fmt: skip
def test_refusals_find_their_fields(field: str, element: str) -> None:
    fields = (long_text("question_note", "Question"), ROWS)
    refusals = [Refusal("some_code", "Something is missing.", field, "referrer")]
    errors = errors_of(refusals, elements_of(fields, {}))
    assert [error.element for error in errors] == [element]
    shown = show_form(fields, {}, {}, errors, {}, {"referrer": "The referrer can give it."})
    assert shown.errors[0]["text"] == "Something is missing. The referrer can give it."
    assert ("href" in shown.errors[0]) == bool(element)
