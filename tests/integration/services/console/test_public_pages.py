"""What anyone may open: neutral titles, nothing stored, safe headers, and the page behind a single-use link."""

import re

import pytest

from tests.support.console_desk import ConsoleDesk, hidden_fields
from tests.support.fake_region import NASTY

PAGES = ["/", "/help", "/ask", "/request-received", "/thank-you", "/thank-you?for=call", "/thank-you?for=upset",
         "/r/good-link-token", "/r/used-link-token", "/r/ended-link-token", "/r/no-such-link", "/nowhere"]  # fmt: skip
GOOD = "/r/good-link-token"


async def test_public_pages_are_safe_to_have_opened(desk: ConsoleDesk) -> None:
    for path in PAGES:
        answer = await desk.browser().get(path)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers
        title = re.search(r"<title[^>]*>(.*?)</title>", answer.text, re.DOTALL)
        assert title
        assert not re.search(r"justice|crime|victim|police|restorative|harm", title[1], re.IGNORECASE)
        assert 'href="https://www.bbc.co.uk/weather" rel="noreferrer nofollow"' in answer.text
        assert "localStorage" not in answer.text


async def test_every_answer_has_the_safe_headers(desk: ConsoleDesk) -> None:
    for path in [*PAGES, "/sign-in", "/work", "/healthz", "/assets/console.css"]:
        answer = await desk.browser().get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        nonce = re.search(r"'nonce-([^']+)'", policy)
        assert nonce
        for script in re.findall(r"<script[^>]*>", answer.text):
            assert f'nonce="{nonce[1]}"' in script
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=", answer.text)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not re.search(r'(src|href)="(https?:)?//(?!www\.bbc\.co\.uk/weather")', answer.text), "no third party"


async def test_two_pages_never_share_a_nonce(desk: ConsoleDesk) -> None:
    browser = desk.browser()
    policies = {(await browser.get("/")).headers["content-security-policy"] for _ in range(2)}
    assert len(policies) == 2


async def test_someone_can_ask_for_themselves(desk: ConsoleDesk) -> None:
    browser = desk.browser()
    form = await browser.get("/ask")
    typed = {
        "harm_type": "noise", "district": "dudley", "name": "Amara", "age_band": "adult", "language": "pa",
        "interpreter_needed": "yes", "phone": "01632 960001", "phone_safety": "safe", "sms_safety": "not_safe",
        "narrative": NASTY, "other_person_name": "Jasper Inkwell",
    }  # fmt: skip
    hidden = hidden_fields(form.text)
    answer = await browser.post("/ask", data=hidden | typed)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/request-received"
    sent = desk.gateway.sent[-1]
    assert sent.path == "/v1/self-referrals"
    assert sent.headers["x-forwarded-for"] == "127.0.0.1"
    assert sent.headers["idempotency-key"] == hidden["form_key"]
    assert sent.body["stream"] == "non_crime"
    assert [(rule["channel"], rule["safety"]) for rule in sent.body["contact"]] == [
        ("phone", "safe"),
        ("sms", "not_safe"),
    ]
    assert sent.body["narrative"] == NASTY
    await browser.post("/ask", data=hidden | typed)
    assert len(desk.gateway.answers) == 1


async def test_someone_must_be_reachable(desk: ConsoleDesk) -> None:
    browser = desk.browser()
    form = await browser.get("/ask")
    typed = {"harm_type": "noise", "district": "dudley", "name": "Amara", "age_band": "adult", "narrative": NASTY}
    page = await browser.post("/ask", data=hidden_fields(form.text) | typed)
    assert page.status_code == 422
    assert "at least one way to reach you" in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert desk.gateway.sent == []


async def test_too_many_requests_are_said_and_what_was_typed_stays(desk: ConsoleDesk) -> None:
    desk.gateway.refuse("/v1/self-referrals", 429, "too_many_requests", {"sentence": "Wait a minute."})
    browser = desk.browser()
    form = await browser.get("/ask")
    typed = {"harm_type": "noise", "district": "dudley", "name": "Amara", "age_band": "adult", "email": "a@example.org"}
    page = await browser.post("/ask", data=hidden_fields(form.text) | typed)
    assert page.status_code == 429
    assert "Wait a minute." in page.text
    assert "a@example.org" in page.text


@pytest.mark.parametrize(
    ("token", "asked", "not_asked"),
    [
        ("good-link-token", "wellbeing", "would_recommend"),
        ("questionnaire-token", "would_recommend", "confidence_in_justice"),
        ("outcome-link-token", "confidence_in_justice", "well_informed"),
    ],
)
async def test_a_link_asks_what_its_moment_wants(desk: ConsoleDesk, token: str, asked: str, not_asked: str) -> None:
    page = (await desk.browser().get(f"/r/{token}")).text
    assert page.count(f'name="{asked}" type="radio"') == 5
    assert f'name="{not_asked}"' not in page


@pytest.mark.parametrize(
    ("typed", "body", "leads_to"),
    [
        (
            {"wellbeing": "4", "felt_safe": "5", "comment": NASTY},
            {"declined": False, "answers": {"wellbeing": 4, "felt_safe": 5}, "wants_call": False, "distressed": False,
             "comment": NASTY},
            "/thank-you",
        ),
        (
            {"wishes": "declined", "wellbeing": "2"},
            {"declined": True, "answers": {}, "wants_call": False, "distressed": False, "comment": ""},
            "/thank-you",
        ),
        (
            {"wishes": ["wants_call"]},
            {"declined": False, "answers": {}, "wants_call": True, "distressed": False, "comment": ""},
            "/thank-you?for=call",
        ),
        (
            {"wishes": ["wants_call", "distressed"], "wellbeing": "1"},
            {"declined": False, "answers": {"wellbeing": 1}, "wants_call": True, "distressed": True, "comment": ""},
            "/thank-you?for=upset",
        ),
    ],
)  # fmt: skip
async def test_answers_arrive(desk: ConsoleDesk, typed: dict[str, str], body: dict[str, object], leads_to: str) -> None:
    browser = desk.browser()
    hidden = hidden_fields((await browser.get(GOOD)).text)
    answer = await browser.post(GOOD, data=hidden | typed)
    assert answer.headers["location"] == leads_to
    assert desk.gateway.sent[-1].body == body
    assert "good-link-token" not in (await browser.get(leads_to)).text


@pytest.mark.parametrize(
    ("token", "status", "words"),
    [
        ("used-link-token", 410, "This link has been used"),
        ("ended-link-token", 410, "This link has run out"),
        ("no-such-link", 404, "This link does not work"),
    ],
)
async def test_a_link_of_no_use_says_why(desk: ConsoleDesk, token: str, status: int, words: str) -> None:
    page = await desk.browser().get(f"/r/{token}")
    assert page.status_code == status
    assert words in page.text


async def test_a_link_used_meanwhile_says_so(desk: ConsoleDesk) -> None:
    browser = desk.browser()
    hidden = hidden_fields((await browser.get(GOOD)).text)
    desk.gateway.refuse("/answer", 409, "link_used", {"sentence": "Used."})
    page = await browser.post(GOOD, data=hidden | {"wellbeing": "3"})
    assert "This link has been used" in page.text


async def test_an_empty_answer_is_asked_again(desk: ConsoleDesk) -> None:
    browser = desk.browser()
    page = await browser.post(GOOD, data=hidden_fields((await browser.get(GOOD)).text))
    assert page.status_code == 422
    assert "rather not" in page.text


@pytest.mark.parametrize("value", ["0", "6", "x", "1.5", "-1"])
async def test_only_one_to_five_is_an_answer(desk: ConsoleDesk, value: str) -> None:
    browser = desk.browser()
    hidden = hidden_fields((await browser.get(GOOD)).text)
    assert (await browser.post(GOOD, data=hidden | {"wellbeing": value})).status_code == 422


async def test_an_answer_while_the_service_is_away_is_kept_on_the_page(desk: ConsoleDesk) -> None:
    browser = desk.browser()
    hidden = hidden_fields((await browser.get(GOOD)).text)
    desk.gateway.refuse("/answer", 503, "service_unavailable", {"sentence": "Down."})
    page = await browser.post(GOOD, data=hidden | {"wellbeing": "3", "comment": "I slept well"})
    assert page.status_code == 503
    assert "I slept well" in page.text
    assert hidden_fields(page.text)["form_key"] == hidden["form_key"]


async def test_one_links_form_is_of_no_use_on_another(desk: ConsoleDesk) -> None:
    browser = desk.browser()
    hidden = hidden_fields((await browser.get(GOOD)).text)
    assert (await browser.post("/r/outcome-link-token", data=hidden | {"wellbeing": "3"})).status_code == 403
    across = {"sec-fetch-site": "cross-site"}
    assert (await browser.post(GOOD, data=hidden | {"wellbeing": "3"}, headers=across)).status_code == 403
