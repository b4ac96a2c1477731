"""What an entry's data may hold."""

import json

import pytest

from services.reporting.domain.entry import DataTooFreeError, read_data


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"reason": "own_choice", "count": 3, "share": 0.5, "agreed": True, "reported_on": None},
        {"person_ids": ["p-1", "p-2"], "values": [1, 5, None]},
        {"code": "x" * 80},
    ],
)
def test_codes_numbers_dates_and_lists_of_them_are_kept(data: object) -> None:
    assert read_data(json.dumps(data)) == data


def test_nothing_is_an_empty_object() -> None:
    assert read_data("") == {}


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '"text"',
        "null",
        "{",
        '{"a": NaN}',
        '{"a": 1e999}',
        '{"a": {"b": 1}}',
        '{"a": [[1]]}',
        '{"": 1}',
        json.dumps({"a": "x" * 81}),
        json.dumps({"a": ["x" * 81]}),
        json.dumps({"a": "two\nlines"}),
        json.dumps({"a": "nul\x00"}),
        '{"a": "\\ud800"}',
        json.dumps({"x" * 81: 1}),
        json.dumps({str(number): 1 for number in range(65)}),
        json.dumps({"a": list(range(201))}),
        '{"a":' * 1500,
        '{"a": "' + "x" * 9000 + '"}',
        '{"a": ' + "9" * 7000 + "}",
    ],
)
def test_anything_a_story_could_hide_in_is_refused(text: str) -> None:
    with pytest.raises(DataTooFreeError):
        read_data(text)
