"""Taking a step through its page: sent once, refusals in plain words, everything typed kept."""

import json

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.console.staff.steps import STEP_FORMS
from tests.support.console_desk import ConsoleDesk, hidden_fields
from tests.support.fake_region import CASE, HARMED, NASTY, REFERRERS_CASE
from tests.support.spans import keep_spans

COORDINATOR = "S101"
ACCEPT = f"/cases/{CASE}/steps/accept-referral"
ANSWERS = {"handling": "sensitive", "route": "hub", "approach_first_person_id": HARMED, "reasons_note": NASTY}


async def test_every_step_has_a_page(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(COORDINATOR)
    for form in STEP_FORMS.values():
        page = await browser.get(f"/cases/{CASE}/steps/{form.path}")
        assert page.status_code == 200, form.kind
        assert form.button in page.text
        assert page.headers["cache-control"] == "private, no-cache"


async def test_a_step_is_sent_and_leads_back_to_the_case(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(COORDINATOR)
    hidden = hidden_fields((await browser.get(ACCEPT)).text)
    answer = await browser.post(ACCEPT, data=hidden | ANSWERS)
    assert answer.status_code == 303
    sent = desk.gateway.sent[-1]
    assert sent.path == f"/v1/cases/{CASE}/steps/accept-referral"
    assert sent.body == ANSWERS
    assert sent.headers["idempotency-key"] == hidden["form_key"]
    done = await browser.get(answer.headers["location"])
    assert "Done: accept the referral." in done.text


async def test_a_request_is_one_trace_and_no_span_shows_an_address(desk: ConsoleDesk) -> None:
    spans = InMemorySpanExporter()
    keep_spans(spans)
    await desk.browser().get("/r/good-link-token", headers={"traceparent": f"00-{'1' * 32}-{'2' * 16}-01"})
    root, call = (next(one for one in spans.get_finished_spans() if one.name == name)
                  for name in ("GET /r/{token}", "GET /v1/links/{token_in_link}"))  # fmt: skip
    assert root.parent is None, "what a browser says of traces is not believed"
    assert call.parent is not None
    assert call.parent.span_id == root.context.span_id
    parent = desk.gateway.received[-1].headers["traceparent"]
    assert parent.startswith(f"00-{root.context.trace_id:032x}-{call.context.span_id:016x}-")
    assert "good-link-token" not in "".join(one.to_json() for one in spans.get_finished_spans())


async def test_a_second_press_sends_the_same_step_once(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(COORDINATOR)
    hidden = hidden_fields((await browser.get(ACCEPT)).text)
    for _ in range(2):
        assert (await browser.post(ACCEPT, data=hidden | ANSWERS)).status_code == 303
    assert len(desk.gateway.answers) == 1
    changed = await browser.post(ACCEPT, data=hidden | ANSWERS | {"handling": "ordinary"})
    assert changed.status_code == 409
    assert "had been sent before with other answers" in changed.text
    assert hidden_fields(changed.text)["form_key"] != hidden["form_key"]


async def test_refusals_are_shown_with_who_can_help_and_everything_typed(desk: ConsoleDesk) -> None:
    desk.gateway.refuse(
        "/steps/accept-referral",
        409,
        "risk_missing",
        {"code": "risk_missing", "sentence": "Risk has not been assessed.", "who": "coordinator"},
        {"code": "permission", "sentence": "Not to be contacted yet.", "field": "approach_first_person_id"},
    )
    browser = await desk.signed_in(COORDINATOR)
    hidden = hidden_fields((await browser.get(ACCEPT)).text)
    page = await browser.post(ACCEPT, data=hidden | ANSWERS)
    assert page.status_code == 409
    assert "<title>Error: Accept the referral" in page.text
    assert "Risk has not been assessed. A hub coordinator can do it." in page.text
    assert 'href="#approach_first_person_id"' in page.text
    assert 'value="sensitive" checked' in page.text.replace("\n", " ").replace("        ", " ")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<script>alert" not in page.text
    assert "{{ 7*7 }}" in page.text
    assert hidden_fields(page.text)["form_key"] != hidden["form_key"], "what was refused is not the next request"


async def test_a_missing_answer_is_asked_for_before_anything_is_sent(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(COORDINATOR)
    hidden = hidden_fields((await browser.get(ACCEPT)).text)
    page = await browser.post(ACCEPT, data=hidden | {"reasons_note": NASTY})
    assert page.status_code == 422
    assert 'href="#handling"' in page.text
    assert desk.gateway.sent == []


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (503, "engine_unavailable", "cannot tell whether this arrived"),
        (500, "internal_error", "cannot tell whether this arrived"),
    ],
)
async def test_an_uncertain_step_is_sent_again_under_the_same_key(
    desk: ConsoleDesk, status: int, code: str, sentence: str
) -> None:
    desk.gateway.refuse("/steps/accept-referral", status, code, {"sentence": "Down."})
    browser = await desk.signed_in(COORDINATOR)
    hidden = hidden_fields((await browser.get(ACCEPT)).text)
    page = await browser.post(ACCEPT, data=hidden | ANSWERS)
    assert page.status_code == 503
    assert sentence in page.text
    again = hidden_fields(page.text)
    assert again["form_key"] == hidden["form_key"]
    desk.gateway.refusals.clear()
    assert (await browser.post(ACCEPT, data=again | ANSWERS)).status_code == 303


async def test_a_hold_stands_though_its_words_could_not_be_kept(desk: ConsoleDesk) -> None:
    desk.gateway.note_kept = False
    browser = await desk.signed_in(COORDINATOR)
    path = f"/cases/{CASE}/steps/hold-for-safety"
    hidden = hidden_fields((await browser.get(path)).text)
    page = await browser.post(path, data=hidden | {"reason": "threat", "hold_note": "He was at the door"})
    assert "This is in force" in page.text
    assert "He was at the door" in page.text
    assert hidden_fields(page.text)["form_key"] == hidden["form_key"]


async def test_what_was_typed_survives_a_case_that_cannot_be_read(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(COORDINATOR)
    hidden = hidden_fields((await browser.get(ACCEPT)).text)
    desk.gateway.refuse(f"/v1/cases/{CASE}", 503, "engine_unavailable", {"sentence": "Down."})
    page = await browser.post(ACCEPT, data=hidden | ANSWERS)
    assert page.status_code == 503
    assert "nothing was changed" in page.text
    assert "مرحبا بالعالم" in page.text
    assert hidden_fields(page.text)["form_key"] == hidden["form_key"]


async def test_a_long_narrative_arrives_as_typed(desk: ConsoleDesk) -> None:
    narrative = (NASTY + "\n") * (20_000 // (len(NASTY) + 1))
    browser = await desk.signed_in(COORDINATOR)
    path = f"/cases/{CASE}/steps/request-information"
    hidden = hidden_fields((await browser.get(path)).text)
    typed = narrative.replace("\n", "\r\n")
    assert (await browser.post(path, data=hidden | {"question_note": typed})).status_code == 303
    assert json.dumps(desk.gateway.sent[-1].body) == json.dumps({"question_note": narrative})


@pytest.mark.parametrize("change", [{"form_token": "made-up"}, {"form_token": ""}])
async def test_a_form_without_its_token_is_refused(desk: ConsoleDesk, change: dict[str, str]) -> None:
    browser = await desk.signed_in(COORDINATOR)
    hidden = hidden_fields((await browser.get(ACCEPT)).text)
    answer = await browser.post(ACCEPT, data=hidden | ANSWERS | change)
    assert answer.status_code == 403
    assert "Nothing was sent" in answer.text
    assert desk.gateway.sent == []


async def test_another_sessions_form_is_refused(desk: ConsoleDesk) -> None:
    theirs = await desk.signed_in(COORDINATOR)
    hidden = hidden_fields((await theirs.get(ACCEPT)).text)
    browser = await desk.signed_in("S102")
    assert (await browser.post(ACCEPT, data=hidden | ANSWERS)).status_code == 403


async def test_a_form_sent_after_the_session_ended_is_shown_to_copy(desk: ConsoleDesk) -> None:
    answer = await desk.browser().post(ACCEPT, data=ANSWERS)
    assert answer.status_code == 401
    assert "What you had typed" in answer.text
    assert "مرحبا بالعالم" in answer.text
    foreign = await desk.browser().post(ACCEPT, data=ANSWERS, headers={"sec-fetch-site": "cross-site"})
    assert "What you had typed" not in foreign.text


async def test_the_person_in_the_address_is_chosen_beforehand(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(COORDINATOR)
    page = await browser.get(f"/cases/{CASE}/steps/withdraw?person={HARMED}")
    assert f'value="{HARMED}" checked' in " ".join(page.text.split())


async def test_unknown_steps_and_cases_are_pages_not_found(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(COORDINATOR)
    for path in (f"/cases/{CASE}/steps/no-such-step", "/cases/no-such-case", f"/cases/{CASE}/steps/submit-referral"):
        answer = await browser.get(path)
        assert answer.status_code == 404
        assert "Page not found" in answer.text


async def test_safety_is_one_action_away_on_every_page_of_a_case(desk: ConsoleDesk) -> None:
    browser = await desk.signed_in(COORDINATOR)
    for path in ("", "/people", "/notes", "/timeline", "/steps/take-up"):
        page = await browser.get(f"/cases/{CASE}{path}")
        assert f"/cases/{CASE}/steps/hold-for-safety" in page.text
        assert f"/cases/{CASE}/steps/withdraw" in page.text
    coarse = await browser.get(f"/cases/{REFERRERS_CASE}")
    assert "steps/withdraw" not in coarse.text
    assert "steps/provide-information" in coarse.text
