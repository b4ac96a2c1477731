"""Every page in a real browser: accessible, nothing wider than a phone, no script or policy error."""

from collections.abc import Sequence

from playwright.async_api import ConsoleMessage, Page, Route

from services.console.staff.steps import STEP_FORMS
from tests.support.console_desk import ConsoleDesk
from tests.support.fake_region import CASE, HARMED, HELD_CASE, REFERRERS_CASE

PUBLIC = ("/", "/help", "/ask", "/request-received", "/thank-you?for=upset", "/r/good-link-token",
          "/r/questionnaire-token", "/r/outcome-link-token", "/r/used-link-token", "/r/ended-link-token",
          "/r/no-such-link", "/nowhere")  # fmt: skip
STAFF = ("/work", "/work?tasks=all", "/cases", f"/cases/{CASE}", f"/cases/{CASE}/people", f"/cases/{CASE}/notes",
         f"/cases/{CASE}/timeline", f"/cases/{REFERRERS_CASE}", f"/cases/{HELD_CASE}", "/referrals/new", "/figures",
         f"/cases/{CASE}/people/{HARMED}/contact/email", "/cases/no-such-case")  # fmt: skip
STEPS = tuple(f"/cases/{CASE}/steps/{form.path}" for form in STEP_FORMS.values())
WIDTHS = (1280, 320)


async def sign_in(page: Page, staff_id: str = "S101") -> None:
    await page.goto("/sign-in")
    await page.click(f"button[value={staff_id}]")
    await page.wait_for_url("**/work")


async def look_at(page: Page, axe: str, paths: Sequence[str]) -> list[str]:
    """What is wrong with the pages, at both widths; empty when nothing is."""
    wrong: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            wrong.append(f"{page.url}: {message.text}")

    page.on("console", heard)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    for path in paths:
        await page.goto(path)
        wrong += await faults(page, axe)
    return wrong


async def faults(page: Page, axe: str) -> list[str]:
    wrong = []
    await page.evaluate(axe)
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 800})
        if await page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{page.url} is wider than {width} px")
        found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert found["passes"], "the checker ran"
        wrong += [f"{page.url} at {width} px: {one['id']} {one['nodes'][0]['target']}" for one in found["violations"]]
    return wrong


async def test_public_pages(page: Page, axe: str) -> None:
    assert await look_at(page, axe, PUBLIC) == []


async def test_staff_pages(page: Page, axe: str) -> None:
    await sign_in(page)
    assert await look_at(page, axe, STAFF) == []


async def test_step_pages(page: Page, axe: str) -> None:
    await sign_in(page)
    assert await look_at(page, axe, STEPS) == []


async def test_errors_take_the_focus_and_lead_to_their_field(desk: ConsoleDesk, page: Page, axe: str) -> None:
    await page.goto("/ask")
    await page.click("main button[type=submit]")
    await page.wait_for_selector(".govuk-error-summary:focus")
    assert await faults(page, axe) == []
    await page.click('a[href="#name"]')
    assert await page.evaluate("document.activeElement.id") == "name"
    desk.gateway.refuse("/steps/take-up", 409, "stage", {"code": "stage", "sentence": "Screening has begun."})
    await sign_in(page)
    await page.goto(f"/cases/{CASE}/steps/take-up")
    await page.click("main form button[type=submit]")
    assert "Screening has begun." in await page.inner_text(".govuk-error-summary")
    assert await faults(page, axe) == []


async def test_leaving_quickly_leaves_no_way_back(page: Page) -> None:
    await page.context.route("https://www.bbc.co.uk/**", weather)
    for leave in (press_exit, press_shift_three_times):
        await page.goto("about:blank")
        await page.goto("/r/good-link-token")
        length = await page.evaluate("history.length")
        await leave(page)
        await page.wait_for_url("https://www.bbc.co.uk/weather")
        assert await page.evaluate("history.length") == length, "the page was replaced, not left behind"
        await page.go_back()
        assert page.url == "about:blank"


async def press_exit(page: Page) -> None:
    await page.click("[data-quick-exit]")


async def weather(route: Route) -> None:
    await route.fulfill(content_type="text/html", body="<title>Weather</title>")


async def press_shift_three_times(page: Page) -> None:
    for _ in range(3):
        await page.keyboard.press("Shift")


async def test_nothing_is_stored_and_nobody_else_is_asked(desk: ConsoleDesk, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PUBLIC:
        await page.goto(path)
    assert await page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert await page.context.cookies() == []
    assert all(url.startswith(desk.url) for url in asked)


async def test_a_step_by_a_double_click_is_taken_once(desk: ConsoleDesk, page: Page) -> None:
    await sign_in(page)
    await page.goto(f"/cases/{CASE}/steps/hold-for-safety")
    await page.check("input[name=reason][value=threat]")
    await page.dblclick("main form button[type=submit]")
    await page.wait_for_url(f"**/cases/{CASE}?done=hold_for_safety")
    assert "Done: hold for safety." in await page.inner_text("main")
    assert len(desk.gateway.answers) == 1


async def test_back_brings_what_was_typed_and_sends_it_once(desk: ConsoleDesk, page: Page) -> None:
    await sign_in(page)
    await page.goto(f"/cases/{CASE}/steps/request-information")
    await page.fill("#question_note", "Which of the two gates?")
    await page.click("main form button[type=submit]")
    await page.wait_for_url("**?done=request_information")
    await page.go_back()
    assert await page.input_value("#question_note") == "Which of the two gates?"
    await page.click("main form button[type=submit]")
    await page.wait_for_url("**?done=request_information")
    assert len(desk.gateway.answers) == 1


async def test_without_script_everything_still_works(desk: ConsoleDesk, page: Page) -> None:
    browser = page.context.browser
    assert browser
    context = await browser.new_context(base_url=desk.url, java_script_enabled=False)
    plain = await context.new_page()
    await plain.goto("/r/good-link-token")
    assert await plain.get_attribute("[data-quick-exit]", "href") == "https://www.bbc.co.uk/weather"
    await plain.check("input[name=wellbeing][value='4']")
    await plain.check("input[name=wishes][value=wants_call]")
    await plain.click("main button[type=submit]")
    assert plain.url == f"{desk.url}/thank-you?for=call"
    assert desk.gateway.sent[-1].body["answers"] == {"wellbeing": 4}
    await sign_in(plain)
    await plain.goto(f"/cases/{CASE}/steps/withdraw")
    await plain.check(f"input[name=person_id][value={HARMED}]")
    await plain.click("main form button[type=submit]")
    assert plain.url.endswith("?done=withdraw")
    await plain.click("text=Sign out")
    assert plain.url.startswith(f"{desk.url}/")
    await plain.goto("/work")
    assert "/authorize" in plain.url
    await context.close()
