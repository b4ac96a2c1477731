"""Links in a message become parts of their own; the text itself is never changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.outbox.body_parts import body_parts


@pytest.mark.parametrize(
    ("body", "links"),
    [
        ("Open http://127.0.0.1:8080/v/abc_DEF-1 today", ["http://127.0.0.1:8080/v/abc_DEF-1"]),
        ("(see https://rj.example.org/a?b=c&d=e).", ["https://rj.example.org/a?b=c&d=e"]),
        ("two http://a.example.org, http://b.example.org!", ["http://a.example.org", "http://b.example.org"]),
        ("javascript:alert(1) ftp://example.org www.example.org", []),
        ('"http://a.example.org"<http://b.example.org>', ["http://a.example.org", "http://b.example.org"]),
    ],
)
def test_links_are_found(body: str, links: list[str]) -> None:
    assert [part.text for part in body_parts(body) if part.is_link] == links


@given(st.lists(st.sampled_from(["http://", "https://a", ".", " ", "<", "x", "\n", "é", ")"])).map("".join))
def test_the_parts_are_the_text(body: str) -> None:
    assert "".join(part.text for part in body_parts(body)) == body
