"""What staff read: work, cases, one case, contact, referral, figures; and what they read when something is away."""

import re
from pathlib import Path

import pytest

from services.console.form_guard import FormGuard
from services.console.gateway import Gateway
from services.console.pages import Pages
from services.console.sessions import Sessions, SignedIn
from services.console.sign_in import SignIn
from services.console.staff.desk import Desk
from tests.support.console_desk import ConsoleDesk, console_desk, hidden_fields
from tests.support.fake_region import CASE, HARMED, HELD_CASE, REFERRERS_CASE

COORDINATOR, REFERRER, FACILITATOR, OPERATOR = "S101", "S111", "S131", "S106"


async def test_my_work_shows_tasks_cases_and_counts(desk: ConsoleDesk) -> None:
    page = (await (await desk.signed_in(COORDINATOR)).get("/work")).text
    for words in ("Make welfare call", "Urgent", "Held up: second signature", "28 March 2026, 10:00", "First contact"):
        assert words in page
    assert 'href="/cases?stage=closed"' in page
    queries = {one.path: one.query for one in desk.gateway.received}
    assert queries["/v1/tasks"]["mine"] == "true"


async def test_filters_reach_the_gateway_and_nonsense_does_not(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(COORDINATOR)
    await browser.get("/cases?stage=ready&district=dudley&mine=yes&cursor=next-one")
    query = next(one.query for one in desk.gateway.received if one.path == "/v1/cases")
    assert {"stage": "ready", "district": "dudley", "mine": "true", "open": "true", "cursor": "next-one"}.items() <= (
        query.items()
    )
    page = await browser.get("/cases?stage=<script>&district=atlantis")
    assert page.status_code == 200
    assert "&lt;script" not in page.text, "an unknown filter is dropped, not shown"


async def test_the_case_page_tells_where_it_stands_and_what_is_next(desk: ConsoleDesk) -> None:
    page = (await (await desk.signed_in(COORDINATOR)).get(f"/cases/{CASE}")).text
    for words in (
        "Burglary, Birmingham", 'aria-current="step">Agreement',
        "Waiting for a second signature: countersign readiness",
        "Face-to-face conference", "Canal Street Meeting Rooms", "Mend the back gate", "Jasper Inkwell",
        "Agreed so far by Amara Oyelowe-Finch", "Welfare check", "Petra Windlass", "Westmarch Police", "20/000147/26",
    ):  # fmt: skip
        assert words in page


async def test_a_held_and_paused_case_says_so(desk: ConsoleDesk) -> None:
    page = (await (await desk.signed_in(COORDINATOR)).get(f"/cases/{HELD_CASE}")).text
    assert "Safety hold: a threat" in page
    assert "Paused" in page
    assert "Episode 2" in page
    assert "Release the safety hold" in page


async def test_people_are_shown_by_side_with_how_to_reach_them(desk: ConsoleDesk) -> None:
    page = (await (await desk.signed_in(COORDINATOR)).get(f"/cases/{CASE}/people")).text
    assert page.index("Amara Oyelowe-Finch") < page.index("Jasper Inkwell") < page.index("Supporter, name not known")
    for words in ("Being contacted, Taking part", "Risk: high", "Licence condition", "from 10 to 16", "Not safe"):
        assert words in page


async def test_someone_who_may_not_see_the_record_sees_no_names(desk: ConsoleDesk) -> None:
    desk.gateway.refuse("/record", 403, "not_allowed", {"sentence": "No."})
    browser = await desk.signed_in(REFERRER)
    page = await browser.get(f"/cases/{CASE}")
    assert page.status_code == 200
    assert "Inkwell" not in page.text
    coarse = (await browser.get(f"/cases/{REFERRERS_CASE}")).text
    assert "Waiting for information" in coarse
    assert f"/cases/{REFERRERS_CASE}/notes" not in coarse


async def test_the_timeline_says_who_when_and_why_and_leads_to_traces(desk: ConsoleDesk) -> None:
    page = (await (await desk.signed_in(FACILITATOR)).get(f"/cases/{CASE}/timeline")).text
    assert page.index("Follow up due") < page.index("Consent recorded") < page.index("Referral received")
    for words in ("by the clock", "by Petra Windlass (facilitator)", "Person: Amara Oyelowe-Finch", "Given: yes"):
        assert words in page
    assert f"http://127.0.0.1:8012/traces/{'c' * 32}" in page
    assert f"http://127.0.0.1:8034/namespaces/rjhub/workflows/case-{CASE}" in page


@pytest.mark.parametrize(("roles", "shown"), [({"facilitator"}, False), ({"operator"}, True)])
def test_away_from_local_development_traces_are_the_operators(roles: set[str], shown: bool) -> None:
    gateway, pages = Gateway("http://127.0.0.1:9"), Pages()
    sign_in = SignIn(issuer_url="https://issuer.example.org", client_id="c", client_secret="s",
                     public_url="https://console.example.org", sessions=Sessions())  # fmt: skip
    desk = Desk(gateway, sign_in, pages, FormGuard("a" * 32, "https://console.example.org"), is_local=False)
    person = SignedIn("S1", "", frozenset(roles), "", "", 0.0)
    assert desk.operator_links(person) is shown


async def test_contact_rules_are_shown_and_saved(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(COORDINATOR)
    path = f"/cases/{CASE}/people/{HARMED}/contact/email"
    page = (await browser.get(path)).text
    assert "amara.oyelowe@example.org" in page
    typed = {
        "address": "amara@example.org", "safety": "not_safe", "confirmed_on-day": "3", "confirmed_on-month": "4",
        "confirmed_on-year": "2026", "safe_from_hour": "10", "safe_until_hour": "16", "safe_weekdays": ["1", "5"],
        "may_name_service": "no",
    }  # fmt: skip
    answer = await browser.post(path, data=hidden_fields(page) | typed)
    assert answer.status_code == 303
    sent = desk.gateway.sent[-1]
    assert (sent.method, sent.path) == ("PUT", f"/v1/cases/{CASE}/people/{HARMED}/contact/email")
    assert sent.body == {
        "address": "amara@example.org", "safety": "not_safe", "confirmed_on": "2026-04-03", "safe_from_hour": 10,
        "safe_until_hour": 16, "safe_weekdays": [1, 5], "may_name_service": False,
    }  # fmt: skip
    refused = await browser.post(path, data=hidden_fields(page) | typed | {"safe_from_hour": "25"})
    assert refused.status_code == 422
    assert (await browser.get(path.replace("email", "pigeon"))).status_code == 404
    assert (await browser.get(path.replace(HARMED, "p-99"))).status_code == 404


async def test_a_referral_is_sent_with_its_people(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(REFERRER)
    page = (await browser.get("/referrals/new")).text
    assert re.search(r'value="police"\s+selected', page), "the person's own agency is chosen beforehand"
    typed = {
        "channel": "online", "referrer_kind": "police", "initiator": "victim_led", "stream": "crime",
        "harm_type": "burglary", "justice_stage": "reported", "rj_level": "level_2", "district": "dudley",
        "funding_stream": "victims_grant", "responsibility": "unknown", "narrative": "The back window was forced.",
        "agency_reference": "20/000999/26",
        "people-0-role": "harmed", "people-0-name": "Amara Oyelowe-Finch", "people-0-identified": "yes",
        "people-0-email": "amara@example.org", "people-0-email_safety": "safe", "people-0-phone": "01632 960001",
        "people-0-sms_safety": "not_safe", "people-0-contact_confirmed_on-day": "2",
        "people-0-contact_confirmed_on-month": "3", "people-0-contact_confirmed_on-year": "2026",
        "people-0-may_be_contacted": "yes", "people-1-role": "responsible", "people-1-identified": "no",
        "people-2-identified": "yes",
    }  # fmt: skip
    answer = await browser.post("/referrals/new", data=hidden_fields(page) | typed)
    assert answer.status_code == 303, answer.text
    body = desk.gateway.sent[-1].body
    harmed, responsible = body["people"]
    assert harmed["contact"] == [
        {"channel": "phone", "address": "01632 960001", "safety": "unknown"},
        {"channel": "sms", "address": "01632 960001", "safety": "not_safe", "confirmed_on": "2026-03-02"},
        {"channel": "email", "address": "amara@example.org", "safety": "safe", "confirmed_on": "2026-03-02"},
    ]
    assert responsible == {"role": "responsible", "identified": False, "contact": []}
    assert body["narrative"] == "The back window was forced."
    half = await browser.post("/referrals/new", data=hidden_fields(page) | {**typed, "harm_type": ""})
    assert half.status_code == 422
    assert "Amara Oyelowe-Finch" in half.text


async def test_the_gateway_away_is_a_readable_page(tmp_path: Path, assets: Path) -> None:
    async with console_desk(tmp_path, assets, gateway_url="http://127.0.0.1:9") as desk:
        browser = await desk.signed_in(COORDINATOR)
        page = await browser.get("/work")
        assert page.status_code == 503
        assert "Nothing was lost" in page.text
        public = desk.browser()
        form = await public.get("/ask")
        typed = {"harm_type": "noise", "district": "dudley", "name": "Amara", "age_band": "adult",
                 "phone": "01632 960001", "narrative": "Every night"}  # fmt: skip
        sent = await public.post("/ask", data=hidden_fields(form.text) | typed)
        assert sent.status_code == 503
        assert "Nothing has been sent" in sent.text
        assert "Every night" in sent.text


async def test_a_gateway_that_answers_nonsense_is_a_readable_page(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(COORDINATOR)
    desk.gateway.refuse("/v1/tasks", 502, "bad_gateway")
    page = await browser.get("/work")
    assert page.status_code == 503
    assert "Traceback" not in page.text
    desk.gateway.refuse("/v1/tasks", 403, "agreement_lapsed", {"sentence": "Your agency's agreement has lapsed."})
    page = await browser.get("/work")
    assert page.status_code == 403
    assert "agreement has lapsed" in page.text
    desk.gateway.refuse("/v1/tasks", 401, "token_expired", {"sentence": "Sign in again."})
    assert (await browser.get("/work")).headers["location"].startswith("/sign-in")


async def test_figures_are_asked_for_a_period_and_bad_dates_are_said(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(COORDINATOR)
    period = "from-day=1&from-month=1&from-year=2026&until-day=31&until-month=3&until-year=2026"
    page = await browser.get(f"/figures?{period}")
    assert "1 January 2026 to 31 March 2026" in page.text
    assert desk.gateway.received[-1].query == {"from": "2026-01-01", "until": "2026-03-31"}
    bad = await browser.get(f"/figures?{period.replace('from-day=1', 'from-day=99')}")
    assert bad.status_code == 422
    assert "write a real date" in bad.text
