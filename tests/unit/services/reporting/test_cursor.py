"""The place where a list goes on."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.cursor import Cursor


@given(st.datetimes(timezones=st.just(UTC)), st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True))
def test_a_cursor_comes_back_as_it_was(at: datetime, case_id: str) -> None:
    cursor = Cursor(at, case_id)
    assert Cursor.decode(cursor.encode()) == cursor


@given(st.text(max_size=400))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Cursor.decode(text)


@pytest.mark.parametrize("content", [b"[]", b"{}", b'[true,"c"]', b'["1","c"]', b"[1,2]", b'[1e3,"c"]', b"[9" * 60])
def test_other_contents_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError):
        Cursor.decode(base64.urlsafe_b64encode(content).decode())


def test_a_time_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError):
        Cursor.decode(base64.urlsafe_b64encode(b'[999999999999999999999,"c"]').decode())
