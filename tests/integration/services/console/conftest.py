"""The console running between a fake gateway and the local issuer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.console_desk import ConsoleDesk, console_desk


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    """A folder in the place of the built assets, so that these tests need no Node."""
    folder = tmp_path / "assets"
    folder.mkdir()
    (folder / "console.css").write_text("body {}")
    return folder


@pytest.fixture
async def desk(tmp_path: Path, assets: Path) -> AsyncIterator[ConsoleDesk]:
    """All of it, on free ports."""
    async with console_desk(tmp_path, assets) as running:
        yield running
