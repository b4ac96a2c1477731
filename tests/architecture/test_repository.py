"""The repository stands alone: no machine's paths, no registry's hosts, no real people's contact data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, repository_files

TEXTS = [
    path
    for path in repository_files()
    if path.suffix
    in {".py", ".md", ".toml", ".txt", ".in", ".yaml", ".yml", ".json", ".html", ".js", ".scss", ".proto", ""}
    and not str(path).startswith("protos/gen/")
]
# Written in pieces so that this very file does not hold what it looks for.
HOSTS = re.compile("|".join((r"pypi\." + "org", r"python" + "hosted", r"registry\." + "npmjs", r"npmjs\." + "com")))
MACHINE = re.compile("|".join(("/" + r"work/\w", "/" + r"root/\w", "/" + r"farm/\w", "/" + "home/[a-z]+/")))
EMAIL = re.compile(r"[\w.+-]+@([\w-]+\.)+[a-z]{2,}")
FICTIONAL = re.compile(r"@([\w-]+\.)*(example\.(org|com|net)|example|invalid|test)$")


@pytest.mark.parametrize("path", TEXTS, ids=str)
def test_file_speaks_of_the_product_alone(path: Path) -> None:
    """What is specific to a machine or a registry does not belong here."""
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not HOSTS.search(text), path
    assert not MACHINE.search(text), path
    assert not [match.group() for match in EMAIL.finditer(text) if not FICTIONAL.search(match.group())], path


def test_locks_hold_no_addresses() -> None:
    """npm's locks leave out where packages came from."""
    locks = [path for path in repository_files() if path.name == "package-lock.json"]
    assert locks
    for path in locks:
        assert '"resolved"' not in (ROOT / path).read_text(encoding="utf-8"), path


def test_python_locks_are_hashed() -> None:
    """Every locked package carries hashes."""
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        pins = re.findall(r"^[a-zA-Z0-9_.\[\]-]+==", text, re.MULTILINE)
        assert len(pins) <= text.count("--hash=sha256:"), path
