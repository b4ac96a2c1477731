"""Signing in and out through the local issuer, and what the session's cookie holds."""

from pathlib import Path

import httpx2
import pytest

from services.console.sessions import COOKIE
from tests.support.console_desk import ConsoleDesk, console_desk, hidden_fields

COORDINATOR, COMMISSIONER, REFERRER = "S101", "S161", "S111"


async def test_the_cookie_is_a_signed_key_and_no_more(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(COORDINATOR)
    cookie = browser.cookies[COOKIE]
    assert len(cookie) < 100
    assert "ey" not in cookie[:2], "no token in the cookie"
    answer = await desk.browser().get("/sign-in")
    attributes = answer.headers["set-cookie"]
    assert "HttpOnly" in attributes
    assert "SameSite=Lax" in attributes


async def test_signing_in_makes_a_new_session(desk: ConsoleDesk) -> None:
    browser = desk.browser()
    away = await browser.get("/sign-in?next=/figures")
    before = browser.cookies[COOKIE]
    chosen = await choose(browser, desk, away.headers["location"])
    back = await browser.get(chosen)
    assert back.headers["location"] == "/figures"
    assert browser.cookies[COOKIE] != before
    browser.cookies.clear()
    assert (await browser.get("/work", headers={"cookie": f"{COOKIE}={before}"})).status_code == 303


async def choose(browser: httpx2.AsyncClient, desk: ConsoleDesk, address: str) -> str:
    handle = hidden_fields((await browser.get(address)).text)["request"]
    chosen = await browser.post(f"{desk.issuer_url}/authorize/choice", data={"request": handle, "staff": COORDINATOR})
    return str(chosen.headers["location"])


async def test_an_answer_for_another_browser_is_refused(desk: ConsoleDesk) -> None:
    browser = desk.browser()
    back = await choose(browser, desk, (await browser.get("/sign-in")).headers["location"])
    other = await desk.browser().get(back)
    assert other.status_code == 400
    assert "could not be signed in" in other.text


async def test_a_page_asked_for_comes_after_signing_in(desk: ConsoleDesk) -> None:
    answer = await desk.browser().get("/cases?stage=ready")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/cases%3Fstage%3Dready"


async def test_the_gateway_is_asked_with_the_persons_own_token(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(COORDINATOR)
    await browser.get("/work")
    assert all(one.headers["authorization"].startswith("Bearer ey") for one in desk.gateway.received)


async def test_signing_out_ends_the_session_and_goes_by_the_issuer(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(COORDINATOR)
    cookie = browser.cookies[COOKIE]
    page = await browser.get("/work")
    refused = await browser.post("/sign-out", data={"form_token": "made-up"})
    assert refused.status_code == 403
    answer = await browser.post("/sign-out", data=hidden_fields(page.text, 1))
    assert answer.headers["location"].startswith(f"{desk.issuer_url}/end-session?")
    assert "id_token_hint" not in answer.headers["location"]
    assert answer.headers["clear-site-data"] == '"cache"'
    home = await browser.get(answer.headers["location"])
    assert home.headers["location"].startswith(f"{desk.url}/")
    browser.cookies.clear()
    assert (await browser.get("/work", headers={"cookie": f"{COOKIE}={cookie}"})).status_code == 303


@pytest.mark.parametrize("cookie", ["nonsense", "a.b", "x" * 4000, ""])
async def test_a_cookie_not_of_ours_is_no_session(desk: ConsoleDesk, cookie: str) -> None:
    answer = await desk.browser().get("/work", headers={"cookie": f"{COOKIE}={cookie}"})
    assert answer.status_code == 303


async def test_a_commissioner_is_led_to_the_figures_alone(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(COMMISSIONER)
    for path in ("/work", "/cases"):
        assert (await browser.get(path)).headers["location"] == "/figures"
    page = await browser.get("/figures")
    assert page.status_code == 200
    assert 'href="/cases"' not in page.text
    assert "fewer than 5" in page.text


async def test_an_issuer_that_is_away_is_said(tmp_path: Path, assets: Path) -> None:
    async with console_desk(tmp_path, assets, issuer_url="http://127.0.0.1:9") as desk:
        answer = await desk.browser().get("/sign-in")
        assert answer.status_code == 503
        assert "cannot be reached" in answer.text
