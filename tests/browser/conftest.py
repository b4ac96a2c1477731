"""A real browser: Debian's Chromium, driven by Playwright; without it this tier fails and says what to install."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from services.console.app import BUILT
from tests.support.console_desk import ConsoleDesk, console_desk

CHROMIUM = Path("/usr/bin/chromium")
AXE = BUILT.parent / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[ConsoleDesk]:
    """The console with its built assets."""
    assert (BUILT / "console.css").is_file(), (
        "Build the assets first: npm ci and npm run build in services/console/assets."
    )
    async with console_desk(tmp_path) as running:
        yield running


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium, without a sandbox since tests may run as root in a container."""
    assert CHROMIUM.is_file(), "The browser tests need Chromium at /usr/bin/chromium: apt-get install chromium."
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        await running.close()


@pytest.fixture
async def page(desk: ConsoleDesk, browser: Browser) -> AsyncIterator[Page]:
    """A page of a fresh browser, at the console's address."""
    context = await browser.new_context(base_url=desk.url)
    yield await context.new_page()
    await context.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's source, given to pages by the driver: their policy lets no script in."""
    assert AXE.is_file(), "The browser tests need axe-core: npm ci in services/console/assets."
    return AXE.read_text(encoding="utf-8")
