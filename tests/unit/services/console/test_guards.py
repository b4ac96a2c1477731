"""What keeps a session and a form where they belong."""

import asyncio

import pytest
from starlette.requests import Request

from services.console.form.reading import Posted
from services.console.form_guard import CSRF, KEY, FormGuard, FormRefused
from services.console.sessions import Sessions, SignedIn
from services.console.sign_in import _safe_path

ORIGIN = "https://console.example.org"
FORM = "application/x-www-form-urlencoded"


def post(body: bytes, **headers: str) -> Request:
    named = {"content-type": FORM, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {"type": "http", "method": "POST", "path": "/ask", "query_string": b"",
             "headers": [(name.encode(), value.encode()) for name, value in named.items()]}  # fmt: skip

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(scope, receive)


def read(body: bytes, owner: str = "me", **headers: str) -> Posted:
    return asyncio.run(FormGuard("a" * 32, ORIGIN).read(post(body, **headers), owner))


def token(owner: str = "me", secret: str = "a" * 32) -> bytes:
    return f"{CSRF}={FormGuard(secret, ORIGIN).hidden(owner)[CSRF]}&answer=yes".encode()


def test_a_form_of_ours_is_read() -> None:
    assert read(token())["answer"] == ["yes"]
    assert read(token(), sec_fetch_site="same-origin", origin="null")["answer"] == ["yes"]
    assert read(token(), origin=ORIGIN)["answer"] == ["yes"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"answer=yes", {}, 403),
        (token("someone-else"), {}, 403),
        (token(secret="b" * 32), {}, 403),
        (token(), {"sec_fetch_site": "cross-site"}, 403),
        (token(), {"sec_fetch_site": "same-site"}, 403),
        (token(), {"origin": "https://evil.example.org"}, 403),
        (token(), {"content_type": "text/plain"}, 400),
        (b"a=%ff", {}, 400),
        (b"a=1&" * 1001, {}, 400),
        (b"a=" + b"x" * 1_100_000, {}, 413),
    ],
)
def test_a_form_that_is_not_ours_is_refused(body: bytes, headers: dict[str, str], status: int) -> None:
    with pytest.raises(FormRefused) as refused:
        read(body, **headers)
    assert refused.value.status == status


def test_a_key_is_made_once_and_kept_when_given() -> None:
    guard = FormGuard("a" * 32, ORIGIN)
    assert guard.hidden("me")[KEY] != guard.hidden("me")[KEY]
    assert guard.hidden("me", "kept")[KEY] == "kept"


@pytest.mark.parametrize("wanted", ["https://evil.example.org", "//evil.example.org", "/\\evil", "", "work", "/a\nb"])
def test_signing_in_leads_nowhere_else(wanted: str) -> None:
    assert _safe_path(wanted) == "/work"
    assert _safe_path("/cases?stage=ready") == "/cases?stage=ready"


def test_sessions_end_when_unused_and_after_a_day_at_work() -> None:
    now = 1000.0
    sessions = Sessions(lambda: now)
    session = sessions.begin()
    session.person = SignedIn("S1", "", frozenset(), "access", "refresh", 0.0)
    now += 3600
    assert sessions.find(session.key) is session
    now += 2 * 3600 + 1
    assert sessions.find(session.key) is None
    session = sessions.begin()
    session.person = SignedIn("S1", "", frozenset(), "access", "refresh", 0.0)
    for _ in range(12):
        now += 3600
        sessions.find(session.key)
    now += 1
    assert sessions.find(session.key) is None
    assert "access" not in repr(session.person)


def test_a_session_without_anyone_is_short() -> None:
    now = 0.0
    sessions = Sessions(lambda: now)
    session = sessions.begin()
    now = 901.0
    assert sessions.find(session.key) is None
